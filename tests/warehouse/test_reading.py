"""Reading the warehouse: nothing but reading, and errors of one line."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.warehouse.states import state
from warehouse.publishing import publish
from warehouse.reading import WarehouseError, connect, query


@pytest.fixture
def path(tmp_path: Path) -> Path:
    publish(tmp_path / "warehouse.duckdb", state())
    return tmp_path / "warehouse.duckdb"


def test_an_answer_has_columns_and_rows(path: Path) -> None:
    answer = query(path, "SELECT unit_a, year AS jahr FROM pair_evidence")
    assert (answer.columns, answer.rows) == (("unit_a", "jahr"), [("120114", 2014)])


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM units",
        "CREATE TABLE mine (a INTEGER)",
        "COPY units TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM read_text('{folder}/secret.csv')",
        "ATTACH '{folder}/other.duckdb'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD '{folder}/secret.csv'",
        "EXPORT DATABASE '{folder}/all'",
        "SELEC 1",
    ],
)
def test_nothing_can_be_written_and_nothing_else_be_read(path: Path, sql: str) -> None:
    (path.parent / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(WarehouseError) as refused:
        query(path, sql.format(folder=path.parent))
    assert "\n" not in str(refused.value)
    assert {left.name for left in path.parent.iterdir()} == {"secret.csv", "states", "warehouse.duckdb"}


def test_an_absent_or_foreign_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse yet; run `xietong nightly`"):
        query(tmp_path / "warehouse.duckdb", "SELECT 1")
    (tmp_path / "x.duckdb").write_bytes(b"no database" * 500)
    with pytest.raises(WarehouseError, match="not readable as a warehouse"):
        query(tmp_path / "x.duckdb", "SELECT 1")


def test_a_reader_keeps_its_state_while_another_is_published(path: Path) -> None:
    with connect(path) as connection:
        publish(path, {**state(), "region_events": [(None, None, "新", [], "d1")]})
        assert connection.execute("SELECT count(*) FROM region_events").fetchall() == [(0,)]
    assert query(path, "SELECT title FROM region_events").rows == [("新",)]


def test_the_offsets_count_characters_as_python_does(path: Path) -> None:
    rows = query(path, 'SELECT "text", quote, start, "end" FROM pair_evidence JOIN documents USING (doc_id)').rows
    for text, quote, start, end in rows:
        assert str(text)[int(str(start)) : int(str(end))] == quote


def test_other_readers_are_not_disturbed(path: Path) -> None:
    with duckdb.connect(str(path), read_only=True) as other, connect_again(path) as mine:
        assert other.execute("SELECT 1").fetchone() == mine.execute("SELECT 1").fetchone()


def connect_again(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=True)
