"""Periods, years, rolling up, and what makes a cell of a matrix."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.loader import Region
from extract.model import Pair, PolicyTag, Span
from pipelines.derivation.evidence import Read, city_pairs, statements, year_of
from pipelines.derivation.geography import Geography
from pipelines.derivation.matrices import Cell, city_matrix, county_matrix, period_of
from pipelines.documents import Document, Source, joined
from pipelines.ownership import Publisher
from tests.pipelines.made_up import region as made_up_region


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return made_up_region(tmp_path_factory.mktemp("region"))


@pytest.fixture(scope="module")
def geography(region: Region) -> Geography:
    return Geography(region)


def source(unit: str | None, day: date | None, portal: str = "p", own: bool = True, doc_id: str = "d") -> Source:
    return Source(
        doc_id=doc_id,
        text_key="k",
        text_sha256="s",
        url=f"http://{portal}.example/",
        publisher=Publisher(portal, unit, own, portal),
        title="题",
        published_on=day,
        date_source="meta",
        written_on=None,
        source=None,
        doc_number=None,
        issuers=(),
        content_sha256="c",
        capture_id="x",
        first_seen=None,
        last_seen=None,
    )


def pair(a: str, b: str, year: int | None = None, start: int = 0) -> Pair:
    a, b = sorted((a, b))
    return Pair(
        a, b, ("transfer",), ("industry",), "actual", None, "government", year, Span(start, start + 1, "字"), "r"
    )


def read(document: Document, *pairs: Pair, industrial: bool = True, policy: bool = True) -> Read:
    return Read(document, PolicyTag(policy, industrial, "city", (), (), 1.0, ()), pairs)


def marked(cells: list[Cell]) -> set[tuple[str, str]]:
    return {(cell.unit.code, cell.period.period) for cell in cells if cell.value}


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(1982, 1, 1), "before-2008"),
        (date(2007, 12, 31), "before-2008"),
        (date(2008, 1, 1), "2008-2014"),
        (date(2014, 2, 25), "2008-2014"),
        (date(2014, 2, 26), "2014-2016"),
        (date(2016, 12, 31), "2014-2016"),
        (date(2017, 1, 1), "2017-2020"),
        (date(2021, 1, 1), "2021-now"),
    ],
)
def test_first_and_last_day_belong_to_a_period(region: Region, day: date, period: str) -> None:
    found = period_of(day, region.periods)
    assert found is not None
    assert found.period == period


def test_an_undated_document_is_in_no_period(region: Region) -> None:
    assert period_of(None, region.periods) is None


@pytest.mark.parametrize(
    ("stated", "day", "year"),
    [
        (2006, date(2015, 3, 1), 2006),
        (None, date(2015, 3, 1), 2015),
        (2030, date(2015, 3, 1), 2015),
        (2006, None, 2006),
        (None, None, None),
    ],
)
def test_year_of_a_statement(stated: int | None, day: date | None, year: int | None) -> None:
    assert year_of(stated, day) == year


def test_matrices_have_a_row_for_every_unit_and_period(region: Region, geography: Geography) -> None:
    assert len(city_matrix([], geography, region.periods)) == 13 * len(region.periods)
    assert len(county_matrix([], geography, region.periods)) == 202 * len(region.periods)


def test_a_city_is_marked_by_its_own_portal_alone(region: Region, geography: Geography) -> None:
    day, ties = date(2015, 5, 1), (pair("131000", "120114"),)
    own = read(joined([source("131000", day)]), *ties)
    bureau = read(joined([source("131000", day, own=False)]), *ties)
    district = read(joined([source("131022", day)]), *ties)
    assert marked(city_matrix([own], geography, region.periods)) == {("131000", "2014-2016")}
    assert not marked(city_matrix([bureau, district], geography, region.periods))


def test_what_does_not_mark_a_city(region: Region, geography: Geography) -> None:
    document = joined([source("131000", date(2015, 5, 1))])
    ties = pair("131000", "120114")
    for one in (
        read(document, ties, industrial=False),
        read(document, ties, policy=False),
        read(document),
        read(document, pair("131022", "131081")),
        read(document, pair("130600", "120114")),
        read(joined([source("131000", None)]), ties),
    ):
        assert not marked(city_matrix([one], geography, region.periods))


def test_a_city_counts_the_units_inside_it_and_each_portal_by_its_own_day(region: Region, geography: Geography) -> None:
    document = joined([source("131000", date(2014, 2, 25), "a"), source("120000", date(2014, 2, 26), "b")])
    cells = city_matrix([read(document, pair("131022", "120114"))], geography, region.periods)
    assert marked(cells) == {("131000", "2008-2014"), ("120000", "2014-2016")}
    later = [cell.cumulative for cell in cells if cell.unit.code == "131000"]
    assert later == [0, 1, 1, 1, 1]


def test_a_county_of_any_date_counts_for_the_units_of_the_vintage(region: Region, geography: Geography) -> None:
    today = read(joined([source("120119", date(2018, 5, 1))]), pair("120119", "131000"))
    assert marked(county_matrix([today], geography, region.periods)) == {("120225", "2017-2020")}
    old = read(joined([source("110104", date(2007, 5, 1))]), pair("110104", "131000"))
    assert marked(county_matrix([old], geography, region.periods)) == {("110102", "before-2008")}
    inside = read(joined([source("110104", date(2007, 5, 1))]), pair("110104", "110102"))
    assert not marked(county_matrix([inside], geography, region.periods))


def test_a_portal_of_today_spoke_for_the_unit_of_its_time(geography: Geography) -> None:
    assert geography.in_force("120119", date(2014, 1, 1)) == "120225"
    assert geography.in_force("120119", date(2020, 1, 1)) == "120119"
    assert geography.in_force("131000", date(1995, 1, 1)) == "131000"


def test_pairs_roll_up_to_cities_and_vanish_inside_one(geography: Geography) -> None:
    document = joined([source("131000", date(2015, 5, 1))])
    ties = (pair("131022", "110115"), pair("131022", "131081", start=3), pair("130000", "110000", start=6))
    evidence = statements([read(document, *ties)])
    named = [(one.unit_a, one.unit_b) for one in city_pairs(evidence, geography, "named")]
    cities = [(one.unit_a, one.unit_b) for one in city_pairs(evidence, geography, "city13")]
    assert named == [("110000", "130000"), ("110115", "131022"), ("131022", "131081")]
    assert cities == [("110000", "130000"), ("110000", "131000")]


def test_the_same_statement_twice_stands_once_with_all_its_kinds() -> None:
    document = joined([source("131000", date(2015, 5, 1))])
    twice = (pair("131000", "120000"), replace(pair("131000", "120000"), types=("agreement",)))
    (one,) = statements([read(document, *twice)])
    assert one.pair.types == ("agreement", "transfer")
