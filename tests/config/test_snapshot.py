"""A region can be rebuilt from its texts alone, and its versions tell what changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.loader import FILES, ConfigError, Region, load_region
from config.snapshot import rebuilt
from tests.pipelines.made_up import region as made_up_region


def values(region: Region) -> tuple[object, ...]:
    return (
        region.settings, region.units, region.names, region.collisions, region.portals, region.columns, region.periods,
        region.vocabulary, region.rules_version, region.region_version,
    )  # fmt: skip


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region()


def test_the_texts_are_those_of_all_files(region: Region) -> None:
    assert set(region.sources) == set(FILES)
    assert values(rebuilt(region.sources)) == values(region)


def test_a_region_that_borrows_files_is_rebuilt_without_the_folder_it_borrows_from(tmp_path: Path) -> None:
    borrowing = made_up_region(tmp_path)
    sources = dict(borrowing.sources)
    elsewhere = sources["region.yaml"].replace("extends: ", "extends: /nowhere/at/all")
    assert elsewhere != sources["region.yaml"]
    again = rebuilt({**sources, "region.yaml": elsewhere})
    assert again.portals == borrowing.portals
    assert again.rules_version == borrowing.rules_version


def test_another_vocabulary_shares_the_rest(region: Region) -> None:
    keywords = region.sources["keywords.yaml"].replace("furthering: [", "furthering: [鼎力, ", 1)
    changed = {**region.sources, "keywords.yaml": keywords}
    again = rebuilt(changed, region)
    assert again.units is region.units
    assert again.vocabulary.groups["furthering"][0] == "鼎力"
    assert values(again) == values(rebuilt(changed))
    assert again.rules_version != region.rules_version


def test_portals_make_another_region_under_the_same_rules(region: Region) -> None:
    row = "somewhere,,某地,bureau,http://somewhere.example,,generic,low,,,,,\n"
    again = rebuilt({**region.sources, "portals.csv": region.sources["portals.csv"].rstrip("\n") + "\n" + row})
    assert again.rules_version == region.rules_version
    assert again.region_version != region.region_version


def test_other_provinces_are_other_rules(region: Region) -> None:
    fewer = region.sources["region.yaml"].replace('"110000", ', "")
    assert fewer != region.sources["region.yaml"]
    assert rebuilt({**region.sources, "region.yaml": fewer}).rules_version != region.rules_version


@pytest.mark.parametrize("text", ["groups: [", "groups: {}", "[]"])
def test_texts_that_are_no_region_are_refused(region: Region, text: str) -> None:
    with pytest.raises(ConfigError):
        rebuilt({**region.sources, "keywords.yaml": text}, region)
    with pytest.raises(ConfigError, match=r"lacks portals\.csv"):
        rebuilt({name: text for name, text in region.sources.items() if name != "portals.csv"})
