"""Readings and imports → distinct documents, each with every place where it stands.

A text is one document however often it is published; its first publication speaks for it (date, title, publisher).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import duckdb

from extract.stated import Precision, StatedDate
from pipelines.ownership import Publisher
from pipelines.versions import code_version

IMPORT_DATES = {"day": "import", "month": "import-month", "year": "import-year"}
RANK = "published_on NULLS LAST, url, portal_id, text_key"
"""SQL for the order of the sources of a text, as `Source.rank` has it."""
_TEXTS_A_READ = 500
_ROWS_A_READ = 5000
_PARTIAL: dict[str, Precision] = {"import-month": "month", "import-year": "year"}


@dataclass(frozen=True, slots=True)
class Source:
    """One place where a text stands, as read there. `text_key` finds the text in the state; times are UTC."""

    doc_id: str
    text_key: str
    text_sha256: str
    url: str
    publisher: Publisher
    title: str
    published_on: date | None
    date_source: str | None
    written_on: date | None
    source: str | None
    doc_number: str | None
    issuers: tuple[str, ...]
    content_sha256: str
    capture_id: str | None
    first_seen: datetime | None
    last_seen: datetime | None

    @property
    def published_until(self) -> date | None:
        """The last day that `published_on` can mean where only a month or a year was stated; else None."""
        if self.published_on is None or self.date_source not in _PARTIAL:
            return None
        return StatedDate(self.published_on, _PARTIAL[self.date_source]).last

    @property
    def imported(self) -> bool:
        return self.capture_id is None

    def rank(self) -> tuple[object, ...]:
        """Earliest publication first, undated last; then by address, so that the order never depends on chance."""
        return (self.published_on or date.max, self.url, self.publisher.portal_id, self.text_key)


@dataclass(frozen=True, slots=True)
class Document:
    """A distinct text: the source that speaks for it and all its sources in order of publication."""

    first: Source
    sources: tuple[Source, ...]

    @property
    def doc_id(self) -> str:
        return self.first.doc_id

    @property
    def day(self) -> date | None:
        """The day that decides the period: publication, else writing."""
        return self.first.published_on or self.first.written_on

    @property
    def first_seen(self) -> datetime | None:
        return min((source.first_seen for source in self.sources if source.first_seen), default=None)

    @property
    def last_seen(self) -> datetime | None:
        return max((source.last_seen for source in self.sources if source.last_seen), default=None)

    def day_at(self, source: Source) -> date | None:
        """The day on which a source published the document; the day it was written where the source gives none."""
        return source.published_on or source.written_on or self.day


def joined(sources: Iterable[Source]) -> Document:
    """One document from all places where it stands."""
    ordered = sorted(sources, key=Source.rank)
    return Document(ordered[0], tuple(ordered))


def documents(state: duckdb.DuckDBPyConnection, wanted: Collection[str]) -> list[Document]:
    """The documents of some ids in their order, reposts joined."""
    rows = rows_of(
        state,
        f"""SELECT * FROM (
                SELECT coalesce(document, doc_id) AS own, sources.* EXCLUDE (doc_id)
                FROM sources LEFT JOIN merged USING (doc_id)
            ) WHERE own IN (SELECT unnest(?::VARCHAR[])) ORDER BY own, {RANK}""",
        [sorted(wanted)],
    )
    return [joined(same) for _, same in groupby(map(_source, rows), key=_doc_id)]


def texts(state: duckdb.DuckDBPyConnection, wanted: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(name, text) for `wanted` names and their text keys, in order of the names, a bounded number at a time."""
    reader = state.cursor()
    reader.execute("CREATE OR REPLACE TEMP TABLE wanted (name VARCHAR, text_key VARCHAR)")
    names = sorted(wanted)
    reader.execute("INSERT INTO wanted SELECT unnest(?), unnest(?)", [names, [wanted[name] for name in names]])
    reader.execute(
        """SELECT name, body FROM wanted JOIN (
               SELECT page_key AS text_key, body FROM readings WHERE code_version = ?
               UNION ALL SELECT row_key, body FROM imported
           ) USING (text_key) ORDER BY name""",
        [code_version()],
    )
    while some := reader.fetchmany(_TEXTS_A_READ):
        yield from some
    reader.close()


def rows_of(state: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a bounded number at a time, whatever else the connection is asked meanwhile."""
    reader = state.cursor()
    reader.execute(sql, parameters)
    while some := reader.fetchmany(_ROWS_A_READ):
        yield from some
    reader.close()


def _source(row: tuple[Any, ...]) -> Source:
    doc_id, text_key, text_sha256, url, portal, unit, own, publisher, *about = row
    title, published_on, date_source, written_on, source, doc_number, issuers, *found = about
    where = Publisher(portal, unit, own, publisher)
    told = (title, published_on, date_source, written_on, source, doc_number, tuple(issuers))
    return Source(doc_id, text_key, text_sha256, url, where, *told, *found)


_doc_id = attrgetter("doc_id")
