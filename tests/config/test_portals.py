"""The portal rows that ship: every current portal is there, reachable by host, and has a spider and an entry."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

import pytest

from config.loader import DEFAULT_REGION
from config.model import Column, Portal, Settings, Unit
from config.reading import read_rows, read_yaml
from crawlers.spiders import FAMILIES, GenericSpider, spider_class
from crawlers.target import Target, host_of

PORTALS = read_rows(DEFAULT_REGION / "portals.csv", Portal)
COLUMNS = read_rows(DEFAULT_REGION / "columns.csv", Column)
UNITS = read_rows(DEFAULT_REGION / "units.csv", Unit)
SETTINGS = read_yaml(DEFAULT_REGION / "region.yaml", Settings)


def hosts_of(portal: Portal) -> set[str]:
    return {host_of(portal.base_url), *portal.other_hosts}


def test_every_current_administration_has_its_portal() -> None:
    levels = Counter(portal.level for portal in PORTALS)
    assert {level: levels[level] for level in ("state", "province", "prefecture", "county")} == {
        "state": 1, "province": 3, "prefecture": 11, "county": 199,
    }  # fmt: skip
    today = SETTINGS.revised
    counties = {unit.code for unit in UNITS if unit.level == "county" and unit.valid_on(today)}
    assert {portal.unit_code for portal in PORTALS if portal.level == "county"} == counties


def test_units_of_portals_exist_today() -> None:
    today = {unit.code for unit in UNITS if unit.valid_on(SETTINGS.revised)}
    assert [portal.portal_id for portal in PORTALS if portal.unit_code and portal.unit_code not in today] == []


def test_a_bureau_speaks_for_its_government() -> None:
    bureaus = [portal for portal in PORTALS if portal.level == "bureau"]
    assert bureaus
    assert {portal.unit_code for portal in bureaus} <= set(SETTINGS.provinces)


def test_ids_are_unit_codes_where_there_is_one() -> None:
    for portal in PORTALS:
        if portal.unit_code and portal.level != "bureau":
            assert portal.portal_id == portal.unit_code.lower()
    assert "gov-cn" in {portal.portal_id for portal in PORTALS}


def test_no_host_belongs_to_two_portals() -> None:
    owners = Counter(host for portal in PORTALS for host in hosts_of(portal))
    assert [host for host, count in owners.items() if count > 1] == []


def test_every_portal_is_entered_somewhere_on_its_own_hosts() -> None:
    by_id = {portal.portal_id: portal for portal in PORTALS}
    entered = Counter(column.portal_id for column in COLUMNS)
    assert [portal_id for portal_id in by_id if not entered[portal_id]] == []
    for column in COLUMNS:
        assert urlsplit(column.url).hostname in hosts_of(by_id[column.portal_id]), column.url


def test_no_column_stands_twice() -> None:
    twice = Counter((column.portal_id, column.url) for column in COLUMNS)
    assert [key for key, count in twice.items() if count > 1] == []


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.portal_id)
def test_every_portal_has_a_spider_that_can_be_made(portal: Portal) -> None:
    columns = tuple(column for column in COLUMNS if column.portal_id == portal.portal_id)
    target = Target(portal.portal_id, portal.dialect, frozenset(hosts_of(portal)), columns)
    spider = spider_class(portal.dialect)(target, SETTINGS.crawling)
    assert spider.outcome.portal_id == portal.portal_id
    for column in columns:
        assert spider.entry(column).url.startswith("http")


def test_the_named_families_have_spiders_of_their_own() -> None:
    named = {"govcn", "trs", "hebei-uuid", "jcms", "ucap", "zjk-channel", "jeecms", "ccode-hex", "bd-dash", "huilan"}
    assert named | {"phpcms", "generic"} <= set(FAMILIES)
    assert spider_class("a family nobody has met") is GenericSpider
