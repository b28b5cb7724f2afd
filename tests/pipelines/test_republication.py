"""Publishing again: what stands in the published file is taken over only while it is what the state would give."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from config.loader import Region
from pipelines import stages, state
from tests.pipelines.made_up import AGREEMENT, PARK, WEATHER, write_rows
from tests.pipelines.made_up import region as made_up_region
from warehouse.exports import export
from warehouse.reading import fingerprint, query

TABLES = ("captures", "documents", "document_sources")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return made_up_region(tmp_path_factory.mktemp("region"))


def row(number: int, *text: str) -> dict[str, object]:
    about = {"publisher": "廊坊市人民政府", "title": f"第{number}件", "date": f"2015-01-{number:02}"}
    return {"id": str(number), "url": f"http://a.example/{number}", "text": "\n".join(text), **about}


def published(data: Path, region: Region, *rows: dict[str, object]) -> dict[str, bytes]:
    """The exports after a publication of what was there and of `rows`."""
    if rows:
        stages.import_documents(data, region, [write_rows(data.parent / f"{data.name}-{len(rows)}.jsonl", list(rows))])
    stages.extract_documents(data, region, 1)
    warehouse = stages.publish(data, region, force=True).warehouse
    return {path.name: path.read_bytes() for path in export(warehouse, data / "exports")}


def test_published_again_from_the_published_file_it_is_the_same(region: Region, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = published(data, region, row(1, *AGREEMENT), row(2, *PARK), row(3, *WEATHER))
    with state.opened(data) as opened:
        assert opened.execute("SELECT fingerprint FROM published").fetchall() == [
            (fingerprint(data / "warehouse.duckdb"),)
        ]
    for _ in range(2):
        assert published(data, region) == first


def test_what_somebody_wrote_into_the_published_file_does_not_last(region: Region, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = published(data, region, row(1, *AGREEMENT), row(2, *PARK))
    with duckdb.connect(data / "warehouse.duckdb") as connection:
        connection.execute("UPDATE documents SET title = 'mine'")
    assert published(data, region) == first


def test_a_document_that_came_stands_with_the_others_as_if_all_came_at_once(region: Region, tmp_path: Path) -> None:
    grown, whole = tmp_path / "grown", tmp_path / "whole"
    rows = (row(1, *AGREEMENT), row(2, *PARK), row(3, *WEATHER))
    published(grown, region, *rows[1:])
    published(grown, region)
    published(grown, region, rows[0])
    published(whole, region, *rows)
    for table in TABLES:
        everything = f"FROM {table}"
        assert query(grown / "warehouse.duckdb", everything) == query(whole / "warehouse.duckdb", everything)


def test_a_rolled_back_warehouse_is_not_taken_for_the_last_one(region: Region, tmp_path: Path) -> None:
    data = tmp_path / "data"
    published(data, region, row(1, *AGREEMENT))
    older = (data / "warehouse.duckdb").read_bytes()
    second = published(data, region, row(2, *PARK), row(3, *WEATHER))
    (data / "warehouse.duckdb").write_bytes(older)
    assert published(data, region) == second
