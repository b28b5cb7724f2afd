"""The portal rows that ship: every current portal is there, reachable by host, and has a spider and an entry."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.loader import DEFAULT_REGION, load_region
from config.model import Column, Portal, Settings, Unit
from config.reading import ConfigError, read_rows, read_yaml
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
def test_every_portal_loads(portal: Portal) -> None:
    columns = tuple(column for column in COLUMNS if column.portal_id == portal.portal_id)
    target = Target(portal.portal_id, portal.dialect, frozenset(hosts_of(portal)), columns)
    spider = spider_class(portal.dialect)(target, SETTINGS.crawling)
    assert spider.dialect == portal.dialect
    for column in columns:
        assert host_of(spider.entry(column).url) in hosts_of(portal)
    deeper = [
        column for column in columns if urlsplit(column.url).path not in ("", "/") or column.kind == "disclosure_root"
    ]
    if portal.basis == "unseen":
        assert portal.dialect == "generic"
        assert any(urlsplit(column.url).path in ("", "/") for column in columns)
    else:
        assert deeper, "a portal whose pages were seen is entered at its columns"


WANTED = {"policy", "gov_file", "news", "cooperation", "notice", "disclosure_root"}


def test_administrations_have_columns_of_policy_and_news() -> None:
    """A portal is entered at a column of policies, files, news or disclosure; at its home page where none is known."""
    lacking = []
    for portal in PORTALS:
        columns = [column for column in COLUMNS if column.portal_id == portal.portal_id]
        known = {column.kind for column in columns} & WANTED or any(column.name == "首页" for column in columns)
        if portal.level in ("state", "province", "prefecture", "county") and not known:
            lacking.append(portal.portal_id)
    assert lacking == []


def test_what_the_rows_rest_on_is_said() -> None:
    assert Counter(portal.basis for portal in PORTALS) == {"seen": 202, "inferred": 24, "unseen": 39}
    administrations = [portal for portal in PORTALS if portal.level in ("state", "province", "prefecture", "county")]
    assert [portal.portal_id for portal in administrations if portal.basis == "unseen"] == []
    inferred = [portal for portal in PORTALS if portal.basis == "inferred"]
    assert all("inferred" in portal.note for portal in inferred)


def test_the_library_of_the_state_council_is_asked_slowly() -> None:
    assert next(portal for portal in PORTALS if portal.portal_id == "gov-cn").delay_seconds == 3
    assert not [portal.portal_id for portal in PORTALS if portal.legacy_tls], "nothing says that a server needs it"


def test_every_family_named_in_a_row_has_a_spider_of_its_own() -> None:
    assert {portal.dialect for portal in PORTALS} <= set(FAMILIES)
    assert {"ucap", "eportal", "qhd-do"} <= set(FAMILIES)
    assert spider_class("a family nobody has met") is GenericSpider


def test_searches_are_entered_once_for_each_query() -> None:
    columns = load_region().columns
    asked = [column for column in columns if column.kind == "search_api"]
    assert not [column.url for column in columns if "{query}" in column.url]
    raw = [column for column in COLUMNS if "{query}" in column.url]
    assert len(raw) == 7
    assert len(asked) == len(raw) * len(SETTINGS.crawling.queries)
    assert {portal for column in raw if (portal := column.portal_id)} == {"gov-cn", "110000", "120000"}


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        ("window", "25:00-07:00", "two times of a day"),
        ("delay_seconds", "-1", "delay_seconds"),
        ("delay_seconds", "slow", "delay_seconds"),
        ("legacy_tls", "perhaps", "legacy_tls"),
        ("basis", "guessed", "basis"),
    ],
)
def test_slips_in_the_optional_columns_are_told(tmp_path: Path, header: str, cells: str, told: str) -> None:
    plain = "portal_id,unit_code,name,level,base_url,other_hosts,dialect,confidence,note"
    path = tmp_path / "portals.csv"
    path.write_text(f"{plain},{header}\nx,,某县,county,http://x.gov.cn,,trs,high,,{cells}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"portals\.csv:2: .*{told}"):
        read_rows(path, Portal)
    path.write_text(f"{plain}\nx,,某县,county,http://x.gov.cn,,trs,high,\n", encoding="utf-8")
    (row,) = read_rows(path, Portal)
    assert (row.window, row.delay_seconds, row.legacy_tls, row.basis) == ("", None, "", "unseen")


def test_a_query_without_queries_is_told(tmp_path: Path) -> None:
    for name in ("portals.csv", "columns.csv"):
        (tmp_path / name).write_bytes((DEFAULT_REGION / name).read_bytes())
    text = (DEFAULT_REGION / "region.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "queries:" not in line]
    (tmp_path / "region.yaml").write_text("\n".join([*kept, f"extends: {DEFAULT_REGION}"]), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"columns\.csv:2: \{query\} stands in the address"):
        load_region(tmp_path)
