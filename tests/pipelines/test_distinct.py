"""Documents of many portals and years: reposts are one document, and years count documents, not pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.loader import Region
from pipelines import stages
from tests.pipelines.made_up import region as made_up_region
from tests.pipelines.made_up import write_rows
from warehouse.reading import connect

TEXT = (
    "近日，廊坊市与天津市武清区签署产业合作框架协议，双方将共建高端装备制造产业园区，规划面积15平方公里。\n"
    "根据协议，廊坊市承接武清区转移的汽车零部件企业12家，总投资35亿元，两地建立联席会议制度，定期会商具体问题。\n"
    "双方还将在人才培养、技术攻关、成果转化等方面加强合作，推动产业链上下游企业协同配套，共同打造区域产业高地。"
)
TITLE = "廊坊市与武清区签署产业合作框架协议"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return made_up_region(tmp_path_factory.mktemp("region"))


def row(name: str, publisher: str, day: str, text: str = TEXT, title: str = TITLE) -> dict[str, object]:
    url = f"http://{name}.example/1.html"
    return {"id": name, "url": url, "publisher": publisher, "title": title, "date": day, "text": text}


ROWS = (
    row("late", "天津市武清区", "2016-01-05", "来源：廊坊日报\n" + TEXT + "\n（责任编辑：某某）"),
    row("first", "廊坊市", "2015-12-30"),
    row(
        "note", "河北省", "2016-02-01", "编者按：近日双方合作取得新进展，现予转载。\n" + TEXT, "廊坊与武清共建产业园区"
    ),
    row("cut", "天津市", "2016-02-02", TEXT[:-32]),
    row("other", "沧州市", "2016-03-01", TEXT.replace("廊坊市", "沧州市"), TITLE.replace("廊坊市", "沧州市")),
    row("sum", "廊坊市", "2017-03-01", TEXT.replace("35亿元", "36亿元")),
)


def published(data: Path, region: Region, *batches: tuple[dict[str, object], ...]) -> Path:
    for at, rows in enumerate(batches):
        stages.import_documents(data, region, [write_rows(data.parent / f"{data.name}-{at}.jsonl", rows)])
        stages.extract_documents(data, region, 1)
        warehouse = stages.publish(data, region, force=True).warehouse
    return warehouse


def asked(warehouse: Path, sql: str) -> list[tuple[object, ...]]:
    with connect(warehouse) as connection:
        return connection.execute(sql).fetchall()


def test_reposts_are_one_document_dated_by_the_first_with_all_sources(tmp_path: Path, region: Region) -> None:
    warehouse = published(tmp_path / "data", region, ROWS)
    documents = asked(warehouse, "SELECT published_on, publisher FROM documents ORDER BY published_on")
    assert documents == [
        (date(2015, 12, 30), "廊坊市"), (date(2016, 3, 1), "沧州市"), (date(2017, 3, 1), "廊坊市")
    ]  # fmt: skip
    sources = asked(
        warehouse,
        "SELECT s.url FROM document_sources s JOIN documents d USING (doc_id) WHERE year(d.published_on) = 2015",
    )
    assert sorted(sources) == [(f"http://{name}.example/1.html",) for name in ("cut", "first", "late", "note")]


def test_years_count_documents_and_not_pages(tmp_path: Path, region: Region) -> None:
    warehouse = published(tmp_path / "data", region, ROWS)
    years = asked(
        warehouse,
        """SELECT unit_a, unit_b, year, documents FROM city_pair_years WHERE grain = 'named' ORDER BY ALL""",
    )
    assert years == [
        ("120114", "130900", 2016, 1), ("120114", "131000", 2015, 1), ("120114", "131000", 2017, 1)
    ]  # fmt: skip
    cells = asked(
        warehouse, "SELECT period, documents FROM matrix_city WHERE unit_code IN ('131000', '130900') AND value = 1"
    )
    assert sorted(cells) == [("2014-2016", 1), ("2014-2016", 1), ("2017-2020", 1)]


def test_documents_that_come_one_by_one_are_grouped_as_all_at_once(tmp_path: Path, region: Region) -> None:
    whole = published(tmp_path / "whole", region, ROWS)
    for name, batches in {"by-one": [(one,) for one in ROWS], "back": [(one,) for one in reversed(ROWS)]}.items():
        grown = published(tmp_path / name, region, *batches)
        for table in ("documents", "document_sources", "policies", "pair_evidence", "city_pair_years", "matrix_city"):
            everything = f"SELECT * FROM {table} ORDER BY ALL"
            assert asked(grown, everything) == asked(whole, everything), (name, table)
