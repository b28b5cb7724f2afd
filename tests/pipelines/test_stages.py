"""The whole way over made-up archives: incremental, restartable, the same whatever the order and the workers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from config.loader import Region
from pipelines import stages, state
from pipelines.errors import StageError
from tests.pipelines.made_up import (
    AGREEMENT,
    PARK,
    WEATHER,
    Fetch,
    article,
    fetches,
    write_log,
    write_rows,
    write_warc,
)
from tests.pipelines.made_up import region as made_up_region
from tests.pipelines.whole_way import exports, run
from warehouse.reading import WarehouseError, query

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return made_up_region(tmp_path_factory.mktemp("region"))


def rows(data: Path, sql: str) -> list[tuple[object, ...]]:
    return query(data / "warehouse.duckdb", sql).rows


def more() -> list[Fetch]:
    """The same agreement on a bureau's site, and a later version of a page."""
    return [
        Fetch("http://kw.beijing.example/1.html", article("转载：签署产业合作框架协议", "2015-01-05", *AGREEMENT)),
        Fetch("http://fengtai.example/tq.html", article("丰台与保定", "2018-03-01", *PARK[:2]), "2026-11-05T00:00:00Z"),
    ]


def imported(folder: Path) -> Path:
    texts = ("\n".join(PARK), "\n".join(WEATHER), "石家庄市与天津市滨海新区签署产业转移合作协议，共建产业园区。")
    publishers = ("北京市丰台区人民政府", "某报", "石家庄市人民政府")
    days = ("2016-01-05", "", "2010-06-07")
    return write_rows(
        folder / "collected.jsonl",
        [
            {"id": str(n), "text": text, "publisher": publisher, "title": f"导入{n}", "date": day}
            for n, (text, publisher, day) in enumerate(zip(texts, publishers, days, strict=True))
        ],
    )


def filled(data: Path, names: tuple[str, str] = ("a.warc.gz", "b.warc.gz")) -> Path:
    write_warc(data / "archive" / names[0], fetches())
    write_warc(data / "archive" / names[1], more())
    write_log(data / "archive", "crawl-1", names)
    imported(data)
    return data


@pytest.fixture(scope="module")
def done(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = filled(tmp_path_factory.mktemp("data"))
    run(data, region, files=(data / "collected.jsonl",))
    return data


def test_a_repost_is_one_document_with_all_its_places(done: Path) -> None:
    found = rows(
        done,
        """SELECT place.portal_id, place.published_on::VARCHAR FROM document_sources AS place
           JOIN documents AS one USING (doc_id) WHERE one.portal_id = '131000' ORDER BY place.published_on""",
    )
    assert found == [("131000", "2014-02-25"), ("120114", "2014-02-26"), ("110000-kw", "2015-01-05")]


def test_the_latest_fetch_of_a_page_speaks_and_both_are_kept(done: Path) -> None:
    assert rows(done, "SELECT count(*) FROM captures WHERE url = 'http://fengtai.example/tq.html'") == [(2,)]
    titles = "SELECT title FROM document_sources WHERE url = 'http://fengtai.example/tq.html'"
    assert rows(done, titles) == [("丰台与保定",)]
    seen = rows(
        done,
        """SELECT first_seen::VARCHAR, last_seen::VARCHAR FROM documents
           WHERE doc_id IN (SELECT doc_id FROM document_sources WHERE title = '丰台与保定')""",
    )
    assert seen == [("2026-11-01 02:03:04", "2026-11-05 00:00:00")]


def test_imported_publishers_become_units_and_the_earliest_publication_speaks(done: Path) -> None:
    found = rows(
        done,
        """SELECT title, imported, published_on::VARCHAR, date_source, publisher_unit, sources FROM documents
           WHERE portal_id = 'import' ORDER BY title""",
    )
    assert found == [
        ("导入0", True, "2016-01-05", "import", "110106", 2),
        ("导入1", True, None, None, None, 1),
        ("导入2", True, "2010-06-07", "import", "130100", 1),
    ]
    assert rows(done, "SELECT value FROM matrix_city WHERE unit_code = '130100' AND period = '2008-2014'") == [(1,)]


def test_the_day_of_the_speech_is_a_border(done: Path) -> None:
    marked = rows(
        done,
        """SELECT unit_code, period FROM (FROM matrix_city SELECT unit_code, period, value UNION ALL
           FROM matrix_county SELECT unit_code, period, value) WHERE value = 1 ORDER BY ALL""",
    )
    assert ("131000", "2008-2014") in marked
    assert ("120114", "2014-2016") in marked
    assert ("131000", "2014-2016") not in marked
    assert not [row for row in marked if row[0] == "110000"]


def test_hosts_that_are_not_listed_count_only_when_they_were_asked_for(region: Region, tmp_path: Path) -> None:
    for any_host in (False, True):
        data = tmp_path / str(any_host)
        write_warc(data / "archive" / "a.warc.gz", fetches())
        write_log(data / "archive", "crawl-1", ["a.warc.gz"], any_host)
        run(data, region)
        found = rows(data, "SELECT portal_id FROM document_sources WHERE portal_id LIKE 'host:%'")
        assert found == ([("host:elsewhere.example",)] if any_host else [])
        noted = rows(data, "SELECT count FROM findings WHERE subject = 'unlisted hosts'")
        assert noted == ([] if any_host else [(1,)])


def test_a_second_run_does_nothing_and_gives_the_same_bytes(region: Region, done: Path) -> None:
    before = exports(done)
    assert stages.index_archive(done, region).files_read == 0
    assert stages.read_pages(done, region, 1).now == 0
    assert stages.extract_documents(done, region, 1).now == 0
    run(done, region, files=(done / "collected.jsonl",))
    assert exports(done) == before


def test_order_names_times_and_workers_do_not_matter(region: Region, done: Path, tmp_path: Path) -> None:
    other = tmp_path / "data"
    source = imported(tmp_path)
    stages.import_documents(other, region, [source])
    write_warc(other / "archive" / "b.warc.gz", more())
    run(other, region, workers=2)
    write_warc(other / "archive" / "a.warc.gz", fetches())
    write_log(other / "archive", "crawl-1", ["a.warc.gz", "b.warc.gz"])
    os.utime(other / "archive" / "b.warc.gz", (1, 1))
    run(other, region, workers=2)
    assert exports(other) == exports(done)


def test_names_of_archive_files_show_only_where_they_are_told(region: Region, done: Path, tmp_path: Path) -> None:
    other = filled(tmp_path, ("z.warc.gz", "c.warc.gz"))
    shutil.copyfile(other / "archive" / "z.warc.gz", other / "archive" / "zz-copy.warc.gz")
    run(other, region, files=(other / "collected.jsonl",))
    mine, theirs = exports(other), exports(done)
    assert mine.pop("captures.csv") != theirs.pop("captures.csv")
    assert mine == theirs


def test_a_file_that_grew_and_a_file_that_is_gone(region: Region, tmp_path: Path) -> None:
    path = tmp_path / "archive" / "a.warc.gz"
    write_warc(path, fetches())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 30])
    indexed = stages.index_archive(tmp_path, region)
    assert indexed.captures == 5
    assert indexed.problems[0].startswith("a.warc.gz: offset ")
    path.write_bytes(whole)
    assert stages.index_archive(tmp_path, region) == stages.ArchiveIndexed(1, 1, 6, ())
    path.rename(tmp_path / "elsewhere")
    assert stages.index_archive(tmp_path, region).captures == 0


def test_bad_input_is_named_and_the_rest_goes_on(region: Region, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    huge = Fetch("http://langfang.example/huge.html", b"<html>" + b"x" * 300_000)
    write_warc(archive / "a.warc.gz", [*fetches(), huge])
    (archive / "empty.warc.gz").write_bytes(b"")
    (archive / "x.crawl.json").write_text('{"run_id": "x"', encoding="utf-8")
    (archive / "y.crawl.json").write_text('{"run_id": "y", "kind": "stroll"}', encoding="utf-8")
    published = run(tmp_path, region)
    said = "\n".join(published.findings)
    assert published.documents == 3
    for words in (
        "empty.warc.gz: offset 0: the file is empty",
        "x.crawl.json: not a crawl log",
        "y.crawl.json: kind",
        "larger than 200000 bytes (http://langfang.example/huge.html)",
    ):
        assert words in said


def test_killed_at_any_step_and_run_again_gives_the_same(region: Region, done: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.pipelines.whole_way"]

    def start(data: Path, *step: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, str(data), str(region.folder), *step], cwd=ROOT, capture_output=True, text=True
        )

    lived = start(filled(tmp_path / "whole"))
    assert lived.returncode == 0, lived.stderr
    assert exports(tmp_path / "whole") == exports(done)
    steps = int(lived.stdout)
    for part in range(1, 7):
        data = filled(tmp_path / str(part))
        assert start(data, str(steps * part // 7)).returncode == -signal.SIGKILL
        run(data, region, files=(data / "collected.jsonl",))
        assert exports(data) == exports(done), part
        assert not list(data.glob("*.new*"))


def test_a_state_of_a_newer_version_is_left_alone(region: Region, tmp_path: Path) -> None:
    with state.opened(tmp_path) as opened:
        opened.execute("UPDATE state_version SET version = 99")
    with pytest.raises(StageError, match=r"state\.duckdb: written by a newer xietong \(state version 99"):
        stages.index_archive(tmp_path, region)


def test_a_warehouse_of_a_newer_version_is_refused_at_once_and_kept(region: Region, tmp_path: Path) -> None:
    write_warc(tmp_path / "archive" / "a.warc.gz", fetches())
    run(tmp_path, region)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("UPDATE warehouse_state SET schema_version = 99")
    before = (tmp_path / "warehouse.duckdb").read_bytes()
    for stage in (lambda: stages.index_archive(tmp_path, region), lambda: stages.publish(tmp_path, region, force=True)):
        with pytest.raises(WarehouseError, match=r"warehouse\.duckdb: published by a newer xietong \(schema 99"):
            stage()
    assert (tmp_path / "warehouse.duckdb").read_bytes() == before


def test_another_run_on_the_same_folder_is_one_clear_line(region: Region, tmp_path: Path) -> None:
    code = "import sys, pathlib, pipelines.state as s\nwith s.opened(pathlib.Path(sys.argv[1])):\n"
    code += " print('in', flush=True)\n input()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"in\n"
    try:
        with pytest.raises(StageError, match="another run is using it"):
            stages.index_archive(tmp_path, region)
    finally:
        other.communicate(b"\n")


def test_a_state_that_is_no_database_is_named(region: Region, tmp_path: Path) -> None:
    (tmp_path / "state.duckdb").write_bytes(b"not a database" * 100)
    with pytest.raises(StageError, match=r"state\.duckdb: "):
        stages.index_archive(tmp_path, region)


def test_known_urls_explain_preview_and_portal_states(region: Region, done: Path, tmp_path: Path) -> None:
    urls = list(stages.known_urls(done))
    assert "http://langfang.example/zw/1.html" in urls
    assert "http://langfang.example/missing.html" not in urls
    assert list(stages.known_urls(tmp_path / "nowhere")) == []
    found = stages.document_for_explain(done, "http://wuqing.example/xw/20140226_1.html")
    assert found is not None
    text, context = found
    assert text.startswith("近日，廊坊市")
    assert (context.publisher, str(context.day)) == ("131000", "2014-02-25")
    (doc_id,) = rows(done, "SELECT doc_id FROM documents WHERE portal_id = '131000'")[0]
    assert stages.document_for_explain(done, str(doc_id)) == found
    assert stages.document_for_explain(done, "http://langfang.example/nothing") is None
    change = stages.preview(done, region)
    assert change.nothing
    assert (change.preview, change.refused, change.before.rules_version) == (True, (), region.rules_version)
    assert stages.portal_standings(done, region)["120114"].failure_class == "dns"
