"""Names, versions and relations of the units of 京津冀."""

from __future__ import annotations

import pickle
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.loader import DEFAULT_REGION
from config.model import Collision, Name, Unit
from config.reading import read_rows
from extract.gazetteer import Gazetteer, fold


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return make_gazetteer()


def make_gazetteer() -> Gazetteer:
    rows = SimpleNamespace(
        units=read_rows(DEFAULT_REGION / "units.csv", Unit),
        names=read_rows(DEFAULT_REGION / "names.csv", Name),
        collisions=read_rows(DEFAULT_REGION / "collisions.csv", Collision),
    )
    return Gazetteer.of(rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("北京市科委", None, "110000"),
        ("天津市人民政府", None, "120000"),
        ("河北省唐山市", None, "130200"),
        ("雄安新区管委会", None, "F-HE-XIONGAN"),
        ("廊坊市香河县人民政府", None, "131024"),
        ("中共北京市委", None, "110000"),
        ("河北省石家庄市新华区政府", None, "130105"),
        ("130902", None, "130902"),
        ("天津市静海县人民政府", date(2003, 5, 1), "120223"),
        ("北京市统计局、北京市财政局", None, "110000"),
    ],
)
def test_publishers_that_are_units_or_their_organs(
    gazetteer: Gazetteer, name: str, day: date | None, code: str
) -> None:
    assert gazetteer.resolve_publisher(name, day) == code


@pytest.mark.parametrize(
    "name",
    [
        "北京日报",
        "天津海关",
        "河北大学",
        "江苏省南通市",
        "辽宁省朝阳市人民政府",
        "新华区人民政府",
        "新华社",
        "",
        "国家统计局",
    ],
)
def test_publishers_that_are_no_unit(gazetteer: Gazetteer, name: str) -> None:
    assert gazetteer.resolve_publisher(name, date(2020, 1, 1)) is None


def test_versions_by_day(gazetteer: Gazetteer) -> None:
    assert gazetteer.unit("130804", date(1983, 1, 1)).parent_code == "132601"
    assert gazetteer.unit("130804").parent_code == "130800"
    assert gazetteer.unit("120225", date(2025, 1, 1)).name == "蓟县"
    with pytest.raises(KeyError):
        gazetteer.unit("999999")


def test_levels_of_the_guidelines(gazetteer: Gazetteer) -> None:
    assert [gazetteer.level(code) for code in ("130000", "110000", "130600")] == ["province", "province", "city"]
    assert [gazetteer.level(code) for code in ("F-HE-XIONGAN", "F-BJ-ZGC", "131082")] == ["city", "county", "county"]


def test_related_units_are_never_a_pair(gazetteer: Gazetteer) -> None:
    assert gazetteer.related("130000", "130105")
    assert gazetteer.related("131082", "F-HE-LF-YJ")
    assert gazetteer.related("110223", "110112"), "one place under an older name"
    assert not gazetteer.related("110105", "110106")
    assert not gazetteer.related("110000", "130000")


def test_cities_and_ancestors(gazetteer: Gazetteer) -> None:
    assert gazetteer.city("131022") == "131000"
    assert gazetteer.city("130000") == "130000"
    assert gazetteer.ancestor("131022", "province") == "130000"
    assert gazetteer.ancestor("110105", "city") is None


def test_it_travels_to_another_process(gazetteer: Gazetteer) -> None:
    copy = pickle.loads(pickle.dumps(gazetteer))
    assert copy.scan("廊坊市固安县") == gazetteer.scan("廊坊市固安县")


def test_lookalikes_keep_every_index() -> None:
    assert fold("⼴阳区⾄北⾠") == "广阳区至北辰"


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=20))
def test_any_publisher_name_is_read(text: str) -> None:
    found = _SHARED.resolve_publisher(text)
    assert found is None or found in _SHARED.versions


_SHARED = make_gazetteer()
