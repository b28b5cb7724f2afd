"""Policies and their pairs → statements with evidence, and the deduplicated pairs they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from extract.model import Pair, PolicyTag
from pipelines import identity
from pipelines.derivation.geography import Geography
from pipelines.documents import Document

Grain = Literal["named", "city13"]
GRAINS: tuple[Grain, ...] = ("named", "city13")


@dataclass(frozen=True, slots=True)
class Read:
    """A document with what the extractor read from it."""

    document: Document
    tag: PolicyTag
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement of one pair in one document, under an id that the same statement has in every run."""

    evidence_id: str
    document: Document
    pair: Pair
    year: int | None


@dataclass(frozen=True, slots=True)
class CityPair:
    """A pair of units with everything that was stated of it, once."""

    unit_a: str
    unit_b: str
    grain: Grain
    evidence: tuple[Evidence, ...]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({one.year for one in self.evidence if one.year is not None}))

    @property
    def doc_ids(self) -> tuple[str, ...]:
        return tuple(sorted({one.document.doc_id for one in self.evidence}))

    @property
    def portals(self) -> tuple[str, ...]:
        return tuple(sorted({source.publisher.portal_id for one in self.evidence for source in one.document.sources}))

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(sorted({kind for one in self.evidence for kind in one.pair.types}))

    @property
    def domains(self) -> tuple[str, ...]:
        return tuple(sorted({domain for one in self.evidence for domain in one.pair.domains}))

    def documents_in(self, year: int) -> tuple[str, ...]:
        """The documents that state the pair for a year."""
        return tuple(sorted({one.document.doc_id for one in self.evidence if one.year == year}))


def statements(read: Iterable[Read]) -> list[Evidence]:
    """Every statement of every document in order of document and place in the text; a repeated one stands once."""
    found: dict[str, Evidence] = {}
    for one in read:
        document = one.document
        for pair in one.pairs:
            span = pair.evidence
            mark = identity.digest(
                document.doc_id,
                pair.a,
                pair.b,
                str(span.start),
                str(span.end),
                pair.status,
                str(pair.direction),
                pair.via,
            )
            if mark in found:
                before = found[mark].pair
                pair = replace(
                    before,
                    types=tuple(sorted({*before.types, *pair.types})),
                    domains=tuple(sorted({*before.domains, *pair.domains})),
                )
            found[mark] = Evidence(mark, document, pair, year_of(pair.year, document.day))
    return sorted(
        found.values(),
        key=lambda one: (one.document.doc_id, one.pair.evidence.start, one.pair.a, one.pair.b, one.evidence_id),
    )


def year_of(stated: int | None, day: date | None) -> int | None:
    """The year in which a statement ties its pair: the stated year of the event, else the document's.

    A year after the document's own is a plan's horizon (到2030年); the tie is then as old as the document.
    """
    if day is None:
        return stated
    return day.year if stated is None else min(stated, day.year)


def city_pairs(evidence: Iterable[Evidence], geography: Geography, grain: Grain) -> list[CityPair]:
    """The deduplicated pairs at one grain, in order of their codes.

    `named` keeps the units as named. `city13` rolls each up to its city on the document's day; pairs inside one city
    vanish, and a unit without a city (河北省, an area across cities) stands for itself.
    """
    stated: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for one in evidence:
        a, b = one.pair.a, one.pair.b
        if grain == "city13":
            day = one.document.day
            a, b = geography.city(a, day), geography.city(b, day)
        if a != b:
            stated[min(a, b), max(a, b)].append(one)
    return [CityPair(a, b, grain, tuple(stated[a, b])) for a, b in sorted(stated)]


def pair_years(pair: CityPair) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(year, documents) for each year in which a pair is stated."""
    for year in pair.years:
        yield year, pair.documents_in(year)
