"""The configuration loads, is what the sources say, and a mistake names file, line and remedy."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from config import DEFAULT_REGION, ConfigError, load_region


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_REGION, tmp_path / "region"))


def test_every_vintage_has_the_number_of_county_level_units_of_the_official_lists() -> None:
    region = load_region()

    def counted(day: date) -> int:
        return sum(unit.level == "county" and unit.valid_on(day) for unit in region.units)

    expected = {2000: 209, 2008: 208, 2010: 204, 2014: 203, 2015: 202, 2016: 200, 2020: 199, 2025: 199}
    assert {year: counted(date(year, 12, 31)) for year in expected} == expected


def test_the_202_units_belong_to_the_13_cities() -> None:
    region = load_region()
    of_2015 = [unit for unit in region.units if unit.level == "county" and unit.valid_on(region.settings.vintage)]
    per_city = Counter(unit.city_code for unit in of_2015)
    assert len(of_2015) == 202
    assert len(per_city) == 13
    assert per_city["130600"] == 24
    assert all(unit.unit202 == (unit.code,) for unit in of_2015)


def test_a_day_belongs_to_one_period() -> None:
    periods = load_region().periods
    speech = date(2014, 2, 26)
    assert [period.period for period in periods if period.until and period.until < speech] == [
        "before-2008",
        "2008-2014",
    ]
    assert periods[1].until == date(2014, 2, 25)
    assert periods[2].since == speech


def test_the_rules_version_is_the_content_of_the_rules(folder: Path) -> None:
    before = load_region(folder).rules_version
    assert before == load_region().rules_version
    portals = folder / "portals.csv"
    portals.write_text(portals.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load_region(folder).rules_version == before
    units = folder / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("槁城市", "槁城市;藁城县城"), encoding="utf-8")
    assert load_region(folder).rules_version != before


def test_a_region_that_extends_another_takes_the_files_it_lacks(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    settings = (folder / "region.yaml").read_text(encoding="utf-8")
    (own / "region.yaml").write_text(settings + "\nextends: ../region\n", encoding="utf-8")
    assert load_region(own).rules_version == load_region(folder).rules_version


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda f: (f / "periods.csv").unlink(), r"periods\.csv: file not found; restore it"),
        (
            lambda f: replace(f / "periods.csv", "period,since", "period,from"),
            r"periods\.csv:1: column since is missing",
        ),
        (
            lambda f: replace(f / "periods.csv", "2008-01-01", "2008-13-01"),
            r"periods\.csv:3: since: .*found '2008-13-01'",
        ),
        (
            lambda f: replace(f / "periods.csv", "2014-02-26", "2014-02-20"),
            r"periods\.csv:4: 2014-2016 must begin after",
        ),
        (lambda f: replace(f / "periods.csv", "2008年以前", "2008年,以前"), r"periods\.csv:2: .*check commas"),
        (
            lambda f: replace(f / "units.csv", "county,市辖区,110000", "county,市辖区,119999"),
            r"units\.csv:3: parent_code 119999",
        ),
        (lambda f: replace(f / "units.csv", ",county,", ",canton,"), r"units\.csv:3: level: .*found 'canton'"),
        (lambda f: replace(f / "names.csv", "110000;120000", "110000;120001"), r"names\.csv:\d+: .*120001 is no unit"),
        (
            lambda f: replace(f / "region.yaml", "delay_seconds: 2.0", "delay_seconds: -1"),
            r"region\.yaml:\d+: crawling.delay",
        ),
        (lambda f: replace(f / "region.yaml", "timezone:", "time_zone:"), r"region\.yaml:\d+: .*timezone"),
        (lambda f: replace(f / "region.yaml", "title_zh: 京津冀", "title_zh: [京津冀"), r"region\.yaml:\d+: not YAML"),
        (lambda f: replace(f / "region.yaml", "title_zh:", "title:"), r"region\.yaml:2: key 'title' stands twice"),
        (
            lambda f: (f / "periods.csv").write_bytes("period,期间".encode("gb18030")),
            r"periods\.csv: .*save the file as UTF-8",
        ),
    ],
)
def test_a_mistake_names_file_line_and_remedy(folder: Path, break_it: Callable[[Path], object], said: str) -> None:
    break_it(folder)
    with pytest.raises(ConfigError, match=said) as caught:
        load_region(folder)
    assert "\n" not in str(caught.value)


def test_an_unknown_portal_id_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(ConfigError, match="unknown portal 'gov_cn'; did you mean: gov-cn"):
        load_region().choose(["gov_cn"])
