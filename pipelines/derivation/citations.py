"""Texts of policies → the documents they cite, tied to those that the warehouse holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from config.loader import Region
from extract.citations import Citation, Issuer, citations, normal_number, normal_title, own_number

_HANDED_ON = re.compile("^[^欢解学贯]{0,40}(?:印发|发布|转发|下发)[《〈]?(?P<title>.{5,}?)[》〉]?(?:的通知|$)")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation in a document, and the document it names where the warehouse holds that."""

    doc_id: str
    citation: Citation
    cited_doc_id: str | None

    def row(self) -> tuple[object, ...]:
        """As a row of the `citations` table."""
        one = self.citation
        return (self.doc_id, one.number, one.title, self.cited_doc_id, one.issuer, one.start, one.end)


@dataclass(frozen=True, slots=True)
class Heading:
    """A document as citations can name it: its day, and its number and titles as they spell them."""

    doc_id: str
    day: date | None
    numbers: tuple[str, ...]
    titles: tuple[str, ...]


Headings = Callable[[Collection[str], Collection[str]], Iterable[Heading]]
"""(numbers, titles) → the documents that bear one of them."""


def places(region: Region) -> dict[str, Issuer]:
    """Full names of the region's units, and the rank of what is issued there."""
    provinces = frozenset(region.settings.provinces)
    return {unit.name: "provincial" if unit.code in provinces else "city" for unit in region.units}


def cited(
    texts: Iterable[tuple[str, str]], days: Mapping[str, date | None], headings: Headings, ranks: dict[str, Issuer]
) -> list[Cited]:
    """What each text cites, in order; a document is known by its number, else by its title (the earliest of several).

    `days` are those of the documents whose texts these are. A document does not cite itself. An issuer that one
    citation tells (by a number) holds for every other of the title.
    """
    found: list[tuple[str, Citation]] = []
    numbers: dict[str, list[str]] = {}
    for doc_id, text in texts:
        if own := own_number(text):
            numbers.setdefault(own, []).append(doc_id)
        found += ((doc_id, one) for one in citations(text, ranks))
    known_days = dict(days)
    titles: dict[str, list[str]] = {}
    wanted = ({one.number for _, one in found if one.number}, {one.title for _, one in found if one.title})
    for heading in headings(*wanted):
        known_days[heading.doc_id] = heading.day
        for number in heading.numbers:
            numbers.setdefault(number, []).append(heading.doc_id)
        for title in heading.titles:
            titles.setdefault(title, []).append(heading.doc_id)
    by_number = _earliest(numbers, known_days)
    by_title = _earliest(titles, known_days)
    told = {one.title: one.issuer for _, one in found if one.title and one.issuer}
    made: list[Cited] = []
    for doc_id, one in found:
        known = by_number.get(one.number or "") or by_title.get(one.title or "")
        itself = doc_id in numbers.get(one.number or "", ()) or doc_id in titles.get(one.title or "", ())
        if not itself:
            made.append(Cited(doc_id, replace(one, issuer=one.issuer or told.get(one.title or "")), known))
    return made


def spelt_title(title: str) -> tuple[str, ...]:
    """A title as citations spell it, and that of what the document hands on (关于印发《…》的通知)."""
    plain = normal_title(title)
    if not plain:
        return ()
    handed = _HANDED_ON.search(plain)
    return (plain, handed["title"]) if handed else (plain,)


def spelt_number(number: str) -> tuple[str, ...]:
    """A document number as citations spell it; nothing for what is none."""
    plain = normal_number(number)
    return (plain,) if plain else ()


def _earliest(named: Mapping[str, list[str]], days: Mapping[str, date | None]) -> dict[str, str]:
    return {
        name: min(doc_ids, key=lambda doc_id: (days.get(doc_id) or date.max, doc_id)) for name, doc_ids in named.items()
    }
