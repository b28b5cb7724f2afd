"""Texts of policies → the documents they cite, tied to those that the warehouse holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from config.loader import Region
from extract.citations import Citation, Issuer, citations, normal_number, normal_title, own_number
from pipelines.documents import Document

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


def citation_rows(
    texts: Iterable[tuple[str, str]], documents: Iterable[Document], region: Region
) -> Iterator[tuple[object, ...]]:
    """The rows of the `citations` table for texts (doc_id, text); see `cited`."""
    return (one.row() for one in cited(texts, documents, places(region)))


def places(region: Region) -> dict[str, Issuer]:
    """Full names of the region's units, and the rank of what is issued there."""
    provinces = frozenset(region.settings.provinces)
    return {unit.name: "provincial" if unit.code in provinces else "city" for unit in region.units}


def cited(texts: Iterable[tuple[str, str]], documents: Iterable[Document], ranks: dict[str, Issuer]) -> list[Cited]:
    """What each text cites, in order; a document is known by its number, else by its title (the earliest of several).

    A document does not cite itself. An issuer that one citation tells (by a number) holds for every other of the title.
    """
    found: list[tuple[str, Citation]] = []
    numbers: dict[str, list[str]] = {}
    for doc_id, text in texts:
        if own := own_number(text):
            numbers.setdefault(own, []).append(doc_id)
        found += ((doc_id, one) for one in citations(text, ranks))
    days: dict[str, date] = {}
    titles: dict[str, list[str]] = {}
    for document in documents:
        doc_id = document.doc_id
        days[doc_id] = document.day or date.max
        if document.first.doc_number and (number := normal_number(document.first.doc_number)):
            numbers.setdefault(number, []).append(doc_id)
        for title in _titles(document.first.title):
            titles.setdefault(title, []).append(doc_id)
    by_number = _earliest(numbers, days)
    by_title = _earliest(titles, days)
    told = {one.title: one.issuer for _, one in found if one.title and one.issuer}
    made: list[Cited] = []
    for doc_id, one in found:
        known = by_number.get(one.number or "") or by_title.get(one.title or "")
        itself = doc_id in numbers.get(one.number or "", ()) or doc_id in titles.get(one.title or "", ())
        if not itself:
            made.append(Cited(doc_id, replace(one, issuer=one.issuer or told.get(one.title or "")), known))
    return made


def _titles(title: str) -> tuple[str, ...]:
    """The title, and that of what the document hands on (关于印发《…》的通知)."""
    plain = normal_title(title)
    handed = _HANDED_ON.search(plain)
    return (plain, handed["title"]) if handed else (plain,)


def _earliest(named: dict[str, list[str]], days: dict[str, date]) -> dict[str, str]:
    return {
        name: min(doc_ids, key=lambda doc_id: (days.get(doc_id, date.max), doc_id)) for name, doc_ids in named.items()
    }
