"""The cookbook: every question has its answer on a collection that can be counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.warehouse.collection import ORDER, PLAN, collection
from warehouse.publishing import publish
from warehouse.reading import WarehouseError, query
from warehouse.recipes import parsed, recipe, recipes

ANSWERS: dict[str, list[tuple[object, ...]]] = {
    "agreements-and-alliances": [(date(2014, 3, 1), "region", "国务院关于产业转移的意见", ["国务院"], "d2")],
    "city-matrix": [("北京市", [0, 0], [0, 0], 0), ("天津市", [0, 1], [0, 1], 1), ("廊坊市", [1, 1], [1, 1], 2)],
    "counties-without": [("120000", "120114", "武清区"), ("131000", "131023", "永清县")],
    "county-coverage-by-vintage": [("早", 0, 0, 3, date(2015, 12, 31)), ("晚", 2, 2, 3, date(2015, 12, 31))],
    "county-coverage": [
        ("天津市", "早", 0, 0, 1, 0.0),
        ("天津市", "晚", 0, 0, 1, 0.0),
        ("廊坊市", "早", 0, 0, 2, 0.0),
        ("廊坊市", "晚", 1, 1, 2, 50.0),
    ],
    "evidence-behind-a-cell": [
        (
            date(2015, 9, 1),
            "廊坊市承接产业转移的意见",
            "110000",
            "131000",
            "北京市企业落户廊坊市",
            "transfer",
            "http://131000.example/d3",
            "d3",
        )
    ],
    "evidence-behind-a-pair": [
        (
            date(2015, 9, 1),
            2015,
            "actual",
            "a>b",
            ["transfer"],
            "北京市企业落户廊坊市",
            "廊坊市",
            "http://131000.example/d3",
        ),
        (
            date(2016, 5, 5),
            2016,
            "actual",
            None,
            ["co_build"],
            "固安县与北京市共建产业园",
            "固安县",
            "http://131022.example/d5",
        ),
    ],
    "first-movers": [("天津市", 2010, ["廊坊市"]), ("廊坊市", 2010, ["天津市"]), ("北京市", 2015, ["廊坊市"])],
    "kinds-by-period": [("早", "agreement", 1), ("晚", "agreement", 1), ("晚", "co_build", 1), ("晚", "transfer", 1)],
    "most-cited": [("京津冀协同发展规划纲要", "京津冀协同发展规划纲要", 1, None), ("国发〔2014〕12号", None, 1, "d2")],
    "national-policies-cited": [
        ("廊坊市", "京津冀协同发展规划纲要", "京津冀协同发展规划纲要", 1, 2015),
        ("廊坊市", "国发〔2014〕12号", None, 1, 2015),
    ],
    "partners-of-a-place": [
        ("武清区", 2010, 2016, 2, ["agreement"], ["industry"]),
        ("北京市", 2015, 2015, 1, ["transfer"], ["industry"]),
    ],
    "planned-and-actual": [(2010, 0, 1, 1), (2015, 1, 0, 1), (2016, 2, 0, 2)],
    "reciprocity": [("北京市", "廊坊市", 2015, 2, 1, 2, "both"), ("天津市", "廊坊市", 2010, 2, 1, 1, "both")],
    "reposts": [
        (
            "廊坊市承接产业转移的意见",
            "廊坊市",
            date(2015, 9, 1),
            "北京市",
            date(2015, 9, 4),
            3,
            "http://110000.example/d3",
        )
    ],
    "ties-by-year": [(2010, 1, 1, 1), (2015, 1, 1, 1), (2016, 2, 0, 2)],
    "transfers": [("北京市", "廊坊市", 1, 2015, 2015)],
    "what-to-distrust": [("portal", "北京市", "failed (dns)", 0)],
    "who-cites": [
        (
            date(2015, 9, 1),
            "廊坊市",
            "廊坊市承接产业转移的意见",
            None,
            "京津冀协同发展规划纲要",
            "《京津冀协同发展规划纲要》",
            "d3",
        )
    ],
    "who-with-whom": [
        ("天津市", "廊坊市", 2010, 2016, 2, 2, ["agreement"]),
        ("北京市", "廊坊市", 2015, 2016, 2, 2, ["co_build", "transfer"]),
    ],
}
GIVEN = {"evidence-behind-a-cell": {"period": "晚"}}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("collection") / "warehouse.duckdb"
    publish(path, collection())
    return path


def answer(warehouse: Path, name: str, **given: str) -> list[tuple[object, ...]]:
    one = recipe(name)
    return query(warehouse, one.sql, one.values(given)).rows


def test_there_are_twenty_questions_in_both_languages_each_answered_here() -> None:
    assert len(recipes()) == 20
    assert {one.name for one in recipes()} == ANSWERS.keys()
    assert all(one.en.endswith(("?", ".")) and one.zh.endswith("？") for one in recipes())


@pytest.mark.parametrize("name", [one.name for one in recipes()])
def test_the_parameters_told_are_those_of_the_query(name: str) -> None:
    one = recipe(name)
    assert all(f"${parameter.name}" in one.sql for parameter in one.parameters)
    assert one.sql.count("$") >= len(one.parameters)
    assert bool(one.parameters) == ("$" in one.sql)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_is_the_one_counted_by_hand(warehouse: Path, name: str) -> None:
    assert answer(warehouse, name, **GIVEN.get(name, {})) == ANSWERS[name]


def test_a_question_can_be_asked_of_another_place_or_grain(warehouse: Path) -> None:
    assert [row[0] for row in answer(warehouse, "partners-of-a-place", place="北京市")] == ["廊坊市", "固安县"]
    assert len(answer(warehouse, "who-with-whom", grain="named")) == 3
    assert [row[5] for row in answer(warehouse, "who-cites", words="国发")] == [ORDER]
    assert [row[5] for row in answer(warehouse, "who-cites")] == [PLAN]
    assert answer(warehouse, "evidence-behind-a-pair", a="廊坊市", b="武清区", grain="named")[1][1] == 2016


def test_a_value_is_never_read_as_sql(warehouse: Path) -> None:
    assert answer(warehouse, "partners-of-a-place", place="x' OR 1=1 --") == []


def test_wrong_names_are_told_with_the_right_ones() -> None:
    with pytest.raises(WarehouseError, match="did you mean: who-cites"):
        recipe("who-cite")
    with pytest.raises(WarehouseError, match="its parameters: place"):
        recipe("partners-of-a-place").values({"plce": "廊坊市"})


def test_a_file_without_its_question_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"cookbook/x\.sql"):
        parsed("x", "-- en: Why?\nSELECT 1")
