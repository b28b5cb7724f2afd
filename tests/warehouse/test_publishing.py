"""Publishing: whole or not at all, gated, and never in a reader's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.states import Row, changed, document, state
from warehouse.publishing import PublicationRefused, publish
from warehouse.reading import WarehouseError, query
from warehouse.schema import CONTRACT, TABLES

CONTRACT_COLUMNS = {
    "units": "code, name, short_name, level, parent_code, city_code, valid_from, valid_to, unit202",
    "portals": "portal_id, unit_code, name, base_url, dialect",
    "captures": "capture_id, url, portal_id, fetched_at, status, content_sha256, warc_file, warc_offset",
    "documents": "doc_id, url, portal_id, title, published_on, written_on, date_source, source, doc_number, issuers, "
    "text, content_sha256, first_seen, last_seen",
    "document_sources": "doc_id, url, portal_id, published_on",
    "policies": "doc_id, rules_version, industrial, level, types, domains, score, matched",
    "pair_evidence": "evidence_id, doc_id, rules_version, unit_a, unit_b, types, domains, status, direction, via, "
    "year, quote, start, end",
    "city_pairs": "unit_a, unit_b, name_a, name_b, grain, first_year, last_year, documents, portals, types, domains",
    "city_pair_years": "unit_a, unit_b, grain, year, documents",
    "matrix_city": "unit_code, name, period, value, cumulative, documents",
    "matrix_county": "unit_code, name, city_code, period, value, cumulative, documents",
    "region_events": "date, year, title, issuers, doc_id",
    "provincial_agreements": "date, year, title, parties, doc_id",
    "alliances": "date, year, title, parties, doc_id",
    "rules": "rules_version, created_at, source",
    "runs": "run_id, started_at, finished_at, kind, rules_version",
    "portal_health": "run_id, portal_id, pages, new_pages, errors, failure_class, state",
}


def names(folder: Path) -> list[str]:
    return sorted(left.name for left in folder.iterdir())


def documents(path: Path) -> int:
    return int(str(query(path, "SELECT count(*) FROM documents").rows[0][0]))


def test_every_name_of_the_contract_is_there_with_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    publish(path, state())
    assert {table.name for table in CONTRACT} == set(CONTRACT_COLUMNS)
    for name, columns in CONTRACT_COLUMNS.items():
        found = [row[0] for row in query(path, f"SELECT column_name FROM (DESCRIBE {name})").rows]
        assert found[: len(columns.split(", "))] == columns.split(", "), name
    silent = """SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal
                UNION ALL SELECT table_name, '' FROM duckdb_tables() WHERE comment IS NULL"""
    assert query(path, silent).rows == []
    assert {str(row[0]) for row in query(path, "SHOW TABLES").rows} == {table.name for table in TABLES}


@pytest.mark.parametrize(
    ("table", "column", "value", "gate"),
    [
        ("pair_evidence", "quote", "廊坊市和武清区", "quotes-stand-in-texts"),
        ("pair_evidence", "doc_id", "nowhere", "evidence-document"),
        ("pair_evidence", "unit_a", "000000", "pair_evidence-unit_a"),
        ("pair_evidence", "unit_b", "110000", "pairs-ordered"),
        ("policies", "rules_version", "r0", "policies-rules"),
        ("documents", "portal_id", "x", "documents-portal"),
        ("documents", "capture_id", "x", "documents-capture"),
        ("matrix_county", "unit_code", "131000", "matrix_county-complete"),
        ("matrix_city", "period", "晚", "matrix_city-unique"),
        ("matrix_county", "doc_ids", ["nowhere"], "matrix_county-documents"),
        ("matrix_county", "documents", 2, "matrix_county-counted"),
        ("matrix_city", "value", 1, "matrix_city-counted"),
        ("matrix_city", "cumulative", None, "matrix_city-counted"),
        ("city_pairs", "evidence_ids", ["e1", "nowhere"], "pairs-evidence"),
        ("city_pairs", "doc_ids", ["nowhere"], "pairs-documents"),
    ],
)
def test_a_failing_gate_is_named_and_the_old_state_stays(
    tmp_path: Path, table: str, column: str, value: object, gate: str
) -> None:
    path = tmp_path / "warehouse.duckdb"
    publish(path, state())
    before = path.read_bytes()
    with pytest.raises(PublicationRefused) as refused:
        publish(path, changed(state(), table, column, value), force=True)
    assert gate in [reason.split(":")[0] for reason in refused.value.failures]
    assert path.read_bytes() == before
    assert names(tmp_path) == ["states", "warehouse.duckdb"]
    assert names(tmp_path / "states") == ["0001-r1.duckdb"]


@pytest.mark.parametrize("table", ["units", "portals", "matrix_city", "matrix_county"])
def test_gates_do_not_pass_on_nothing(tmp_path: Path, table: str) -> None:
    with pytest.raises(PublicationRefused):
        publish(tmp_path / "warehouse.duckdb", {**state(), table: []}, force=True)


def test_half_the_documents_are_too_few_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    publish(path, state(*(document(f"d{n}") for n in range(5))))
    with pytest.raises(PublicationRefused, match="documents-halved: 2 documents where the published state has 5"):
        publish(path, state(*(document(f"d{n}") for n in range(2))))
    publish(path, state(*(document(f"d{n}") for n in range(3))))
    publish(path, state(document("d1")), force=True)
    assert documents(path) == 1


def spoken(portal: str, count: int) -> dict[str, list[Row]]:
    """A state of `count` documents that all stand on one of two portals."""
    rows = state(*(document(f"d{n}") for n in range(count)))
    second = ("120114", "120114", "武清区人民政府", "http://wq.example", "generic", "county")
    rows["portals"] = [*rows["portals"], second]
    at = 2
    rows["document_sources"] = [(*row[:at], portal, *row[at + 1 :]) for row in rows["document_sources"]]
    return rows


def test_a_portal_that_falls_silent_is_named_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    publish(path, spoken("131000", 5))
    with pytest.raises(PublicationRefused, match=r"portals-silent: 1 × .* 131000 \(5 documents\) .*--force"):
        publish(path, spoken("120114", 5))
    publish(path, spoken("120114", 5), force=True)
    publish(path, spoken("120114", 4))
    publish(path, spoken("131000", 4))


def test_rules_that_find_next_to_nothing_are_refused_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    many = state(*(document(f"d{n}") for n in range(30)))
    (policy,) = many["policies"]
    many["policies"] = [(f"d{n}", *policy[1:]) for n in range(30)]
    publish(path, many)
    few = {**many, "policies": many["policies"][:2]}
    with pytest.raises(PublicationRefused, match="policies-gone: 2 policies where the published state has 30"):
        publish(path, few)
    publish(path, {**many, "policies": many["policies"][:4]})


def test_rows_that_break_while_they_are_made_leave_the_old_state(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    publish(path, state())

    def broken() -> list[Row]:
        raise OSError("disk full")

    class Rows(list[Row]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield from state()["captures"]
            broken()

    with pytest.raises(OSError, match="disk full"):
        publish(path, {**state(), "captures": Rows()})
    assert documents(path) == 1
    assert names(tmp_path) == ["states", "warehouse.duckdb"]


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    for name in ("warehouse.duckdb.new-1-abc", "warehouse.duckdb.new-1-abc.wal"):
        (tmp_path / name).write_bytes(b"half")
    publish(tmp_path / "warehouse.duckdb", state())
    assert names(tmp_path) == ["states", "warehouse.duckdb"]


@pytest.mark.parametrize("force", [True, False])
def test_files_that_must_not_be_replaced(tmp_path: Path, force: bool) -> None:
    newer, foreign, other = (tmp_path / f"{name}.duckdb" for name in ("newer", "foreign", "other"))
    publish(newer, state(version=99))
    foreign.write_bytes(b"somebody's file" * 1000)
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE mine (a INTEGER)")
    for path, said in (
        (newer, "published by a newer xietong"),
        (foreign, "not readable as a warehouse"),
        (other, "not a warehouse of xietong"),
    ):
        before = path.read_bytes()
        with pytest.raises(WarehouseError, match=said):
            publish(path, state(), force)
        assert path.read_bytes() == before


READER = """
import sys, time, duckdb
end, seen = time.monotonic() + float(sys.argv[2]), set()
while time.monotonic() < end:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        counts = []
        for _ in range(3):
            counts.append(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
            counts.append(connection.execute("SELECT count(*) FROM document_sources").fetchone()[0])
            counts.append(int(connection.execute("SELECT min(title) FROM documents").fetchone()[0]))
        assert len(set(counts)) == 1, counts
        seen.add(counts[0])
print(len(seen))
"""


def test_a_second_process_reads_whole_states_while_new_ones_are_published(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"

    def of(count: int) -> dict[str, list[Row]]:
        return state(*(document(f"d{n}", title=str(count)) for n in range(count)))

    publish(path, of(1))
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(path), "5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    count = 1
    while reader.poll() is None:
        count = count % 40 + 1
        publish(path, of(count), force=True)
    said, errors = reader.communicate()
    assert reader.returncode == 0, errors
    assert int(said) > 3
