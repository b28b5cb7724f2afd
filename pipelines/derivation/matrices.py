"""The two matrices: which cities and which county-level units have an industrial policy with another, by period.

A cell is 1 when, in the period, a document published by the unit itself is an industrial collaboration policy and holds
at least one pair of which one end is the unit (for a city: the unit or a unit inside it) and the other end is another
unit of the region (for a city: one outside it).

Published by the unit itself means on its own government's portal (a bureau's portal is not) or, for an imported
document, under a publisher that is exactly the unit. A county-level publisher or end of any date counts for the
county-level units of the matrix's vintage that it maps to. The day is the one on which that portal published, else the
day of writing; a document without either counts in no period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from config.model import Period, Unit
from pipelines.derivation.evidence import Read
from pipelines.derivation.geography import Geography

Cells = dict[str, dict[str, set[str]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit in a period: `value` and `cumulative` (this or any earlier period) are 0 or 1."""

    unit: Unit
    period: Period
    value: int
    cumulative: int
    doc_ids: tuple[str, ...]


def period_of(day: date | None, periods: Iterable[Period], until: date | None = None) -> Period | None:
    """The period a day lies in; both its first and its last day belong to it.

    Where only a month or a year is known, `until` is its last day: it lies in a period only as a whole.
    """
    if day is None:
        return None
    for period in periods:
        if (period.since is None or period.since <= day) and (period.until is None or (until or day) <= period.until):
            return period
    return None


def city_matrix(read: Iterable[Read], geography: Geography, periods: tuple[Period, ...]) -> list[Cell]:
    """Every city in every period."""
    cities = {city.code for city in geography.cities}

    def rows(unit: str) -> tuple[str, ...]:
        return (unit,) if unit in cities else ()

    def ends(unit: str, day: date | None) -> frozenset[str]:
        return frozenset({geography.city(unit, day)})

    return _matrix(read, geography.cities, periods, rows, ends)


def county_matrix(read: Iterable[Read], geography: Geography, periods: tuple[Period, ...]) -> list[Cell]:
    """Every county-level unit of the vintage in every period."""

    def ends(unit: str, _: date | None) -> frozenset[str]:
        return frozenset(geography.vintage_counties(unit) or (unit,))

    return _matrix(read, geography.counties, periods, geography.vintage_counties, ends)


def _matrix(
    read: Iterable[Read],
    units: Iterable[Unit],
    periods: tuple[Period, ...],
    rows: Callable[[str], tuple[str, ...]],
    ends: Callable[[str, date | None], frozenset[str]],
) -> list[Cell]:
    marked: Cells = defaultdict(lambda: defaultdict(set))
    for one in read:
        if not (one.tag.policy and one.tag.industrial and one.pairs):
            continue
        document = one.document
        pairs = {(ends(pair.a, document.day), ends(pair.b, document.day)) for pair in one.pairs}
        for source in document.sources:
            publisher = source.publisher
            period = period_of(document.day_at(source), periods, source.published_until)
            if period is None or not publisher.own or publisher.unit is None:
                continue
            for row in rows(publisher.unit):
                if any((row in a) != (row in b) for a, b in pairs):
                    marked[row][period.period].add(document.doc_id)
    return [cell for unit in units for cell in _row(unit, periods, marked[unit.code])]


def _row(unit: Unit, periods: tuple[Period, ...], documents: dict[str, set[str]]) -> list[Cell]:
    cells: list[Cell] = []
    so_far = 0
    for period in periods:
        doc_ids = tuple(sorted(documents.get(period.period, ())))
        so_far = max(so_far, int(bool(doc_ids)))
        cells.append(Cell(unit, period, int(bool(doc_ids)), so_far, doc_ids))
    return cells
