"""From the hand-written truth to its consequences: city pairs and both matrices.

`documents.csv`, `sources.csv`, `policies.csv` and `pairs.csv` are written by hand; this counts over them and writes
`city_pairs.csv`, `matrix_city.csv` and `matrix_county.csv`. It shares no code with Xietong, reads only the units and
the periods of the region, and exists so that the three files can be made again after an article is added:
`python -m tests.sample_portals.truth.derive` (`--check` only compares).
"""

from __future__ import annotations

import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
CONFIG = HERE.parents[2] / "config" / "jingjinji"
THE_13 = (
    "110000", "120000", "130100", "130200", "130300", "130400", "130500",
    "130600", "130700", "130800", "130900", "131000", "131100",
)  # fmt: skip
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Units:
    """What is needed of the region's units: a name on a day, the city a unit lies in, its counterparts of 2015."""

    def __init__(self) -> None:
        self.versions: dict[str, list[Row]] = defaultdict(list)
        for row in read(CONFIG / "units.csv"):
            self.versions[row["code"]].append(row)

    def name(self, code: str) -> str:
        return self.versions[code][-1]["name"]

    def city(self, code: str) -> str:
        return self.versions[code][-1]["city_code"] or code

    def of_2015(self, code: str) -> set[str]:
        return {unit for row in self.versions[code] for unit in row["unit202"].split(";") if unit}


def period_of(day: str, periods: list[Row]) -> str:
    """The period that holds a day (ISO days compare as text)."""
    held = [row for row in periods if (row["since"] or "0") <= day and (not row["until"] or day <= row["until"])]
    return held[0]["period"]


def city_pairs(pairs: list[Row], units: Units) -> list[Row]:
    """One row a pair and grain. `city13` maps each endpoint to its city; inside a city none; 河北省 has none."""
    years: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    keys: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in pairs:
        cities = sorted((units.city(row["a"]), units.city(row["b"])))
        grains = [("named", row["a"], row["b"])]
        if cities[0] != cities[1]:
            grains.append(("city13", cities[0], cities[1]))
        for grain in grains:
            years[grain].add(row["year"])
            keys[grain].add(row["key"])
    return [
        {
            "grain": grain, "a": a, "b": b, "name_a": units.name(a), "name_b": units.name(b),
            "first_year": min(years[grain, a, b]), "last_year": max(years[grain, a, b]),
            "documents": str(len(keys[grain, a, b])),
        }
        for grain, a, b in sorted(years)
    ]  # fmt: skip


def matrices(units: Units) -> tuple[list[Row], list[Row]]:
    """The city and the county matrix: what each unit's *own* portal published, by period."""
    periods = read(CONFIG / "periods.csv")
    industrial = {row["key"] for row in read(HERE / "policies.csv") if row["industrial"] == "1"}
    written = {row["key"]: row["written_on"] for row in read(HERE / "documents.csv")}
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read(HERE / "pairs.csv"):
        pairs[row["key"]] += [(row["a"], row["b"]), (row["b"], row["a"])]
    city: dict[tuple[str, str], set[str]] = defaultdict(set)
    county: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read(HERE / "sources.csv"):
        key, own = row["key"], row["unit_code"]
        if key not in industrial or not own:
            continue
        period = period_of(row["published_on"] or written[key], periods)
        for here, there in pairs[key]:
            # A city's row counts what stands on the city's own portal, not on those of its districts.
            if own in THE_13 and units.city(here) == own and units.city(there) != own:
                city[own, period].add(key)
            if own not in THE_13:
                for unit in units.of_2015(own) & units.of_2015(here):
                    if unit not in units.of_2015(there):
                        county[unit, period].add(key)
    names = [row["period"] for row in periods]

    def rows(cells: dict[tuple[str, str], set[str]], codes: Iterable[str], *, zeros: bool) -> list[Row]:
        made: list[Row] = []
        for code in codes:
            for index, period in enumerate(names):
                keys = cells.get((code, period), set())
                ever = any(cells.get((code, earlier)) for earlier in names[: index + 1])
                if zeros or ever:
                    made.append(
                        {
                            "unit_code": code, "name": units.name(code), "period": period,
                            "value": str(int(bool(keys))), "cumulative": str(int(ever)),
                            "documents": ";".join(sorted(keys)),
                        }
                    )  # fmt: skip
        return made

    return rows(city, THE_13, zeros=True), rows(county, sorted({code for code, _ in county}), zeros=False)


def derived() -> dict[str, str]:
    """The three derived files, by name, as text."""
    units = Units()
    city, county = matrices(units)
    files: dict[str, str] = {}
    for name, rows in (
        ("city_pairs.csv", city_pairs(read(HERE / "pairs.csv"), units)),
        ("matrix_city.csv", city),
        ("matrix_county.csv", county),
    ):
        out = io.StringIO()
        table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        files[name] = out.getvalue()
    return files


def main() -> int:
    """Write the derived files, or with `--check` say which differ."""
    stale = []
    for name, text in derived().items():
        path = HERE / name
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"{', '.join(stale)}: not what the hand-written truth gives; run without --check", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())
