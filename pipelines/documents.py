"""Readings and imports → distinct documents, each with every place where it stands.

A text is one document however often it is published; its first publication speaks for it (date, title, publisher).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import merge
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb

from config.loader import Region
from extract.gazetteer import Gazetteer
from extract.model import Context
from extract.stated import Precision, StatedDate
from pipelines import identity
from pipelines.crawl_logs import read_crawl_logs
from pipelines.derivation.geography import Geography
from pipelines.indexing import ARCHIVE
from pipelines.ownership import IMPORT_PORTAL, Publisher, portal_id, publisher_of_portal
from pipelines.versions import code_version

IMPORT_DATES = {"day": "import", "month": "import-month", "year": "import-year"}
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


def collect(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> list[Document]:
    """All documents of the state in order of their ids, without their texts."""
    return list(stream(state, data, region))


def stream(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> Iterator[Document]:
    """The same one by one: however many there are, a bounded number is in memory."""
    sources = merge(_crawled(state, data, region), _imported(state, region), key=_doc_id)
    return (joined(same) for _, same in groupby(sources, key=_doc_id))


def joined(sources: Iterable[Source]) -> Document:
    """One document from all places where it stands."""
    ordered = sorted(sources, key=Source.rank)
    return Document(ordered[0], tuple(ordered))


def context(document: Document, geography: Geography) -> Context:
    """What the extractor is told: who spoke first, and from which day."""
    first, day = document.first, document.day
    unit = first.publisher.unit
    return Context(
        title=first.title,
        url=first.url,
        publisher=geography.in_force(unit, day) if unit else None,
        publisher_name=first.publisher.name,
        day=day,
    )


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


_TEXTS_A_READ = 500
_ROWS_A_READ = 5000
_PUBLISHERS_KEPT = 20_000
_doc_id = attrgetter("doc_id")


def _rows(state: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a bounded number at a time, whatever else the connection is asked meanwhile."""
    reader = state.cursor()
    reader.execute(sql, parameters)
    while some := reader.fetchmany(_ROWS_A_READ):
        yield from some
    reader.close()


def _crawled(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> Iterator[Source]:
    """The latest article at each address; a page that changed speaks as it does now."""
    any_host = read_crawl_logs(data / ARCHIVE).any_host_files
    rows = _rows(
        state,
        """WITH captures AS (
               SELECT capture_id, any_value(page_key) AS page_key, any_value(url) AS url,
                      any_value(fetched_at) AS fetched_at, any_value(content_sha256) AS content_sha256,
                      list(DISTINCT warc_file) AS files
               FROM records WHERE status = 200 GROUP BY capture_id
           ), articles AS (
               SELECT captures.*, readings.* EXCLUDE (page_key, body),
                      min(fetched_at) OVER (PARTITION BY url) AS first_seen,
                      max(fetched_at) OVER (PARTITION BY url) AS last_seen
               FROM captures JOIN readings USING (page_key)
               WHERE kind = 'article' AND doc_id IS NOT NULL AND code_version = ?
           )
           SELECT doc_id, page_key, text_sha256, url, title, published_on, date_source, written_on, source,
                  doc_number, issuers, content_sha256, capture_id, first_seen, last_seen, files
           FROM articles QUALIFY row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC, capture_id) = 1
           ORDER BY doc_id, url""",
        [code_version()],
    )
    publishers: dict[str, Publisher] = {}
    for row in rows:
        url, files = row[3], row[15]
        portal = portal_id(region, url, files, any_host)
        if portal is None:
            continue
        if portal not in publishers:
            publishers[portal] = publisher_of_portal(region, portal)
        yield Source(
            doc_id=row[0],
            text_key=row[1],
            text_sha256=row[2],
            url=url,
            publisher=publishers[portal],
            title=row[4],
            published_on=row[5],
            date_source=row[6],
            written_on=row[7],
            source=row[8],
            doc_number=row[9],
            issuers=tuple(row[10] or ()),
            content_sha256=row[11],
            capture_id=row[12],
            first_seen=row[13],
            last_seen=row[14],
        )


def _imported(state: duckdb.DuckDBPyConnection, region: Region) -> Iterator[Source]:
    """Imported rows; the name of their publisher is resolved to the unit that speaks, where it is one."""
    rows = _rows(
        state,
        """SELECT doc_id, row_key, text_sha256, url, publisher, title, published_on, date_precision FROM imported
           WHERE doc_id IS NOT NULL ORDER BY doc_id, row_key""",
    )
    gazetteer: Gazetteer | None = None
    publishers: dict[tuple[str, date | None], Publisher] = {}
    for doc_id, key, sha256, url, name, title, day, precision in rows:
        gazetteer = gazetteer or Gazetteer.of(region)
        known = (name, day)
        if known not in publishers:
            if len(publishers) >= _PUBLISHERS_KEPT:
                publishers.clear()
            unit = gazetteer.resolve_publisher(name, day) if name else None
            publishers[known] = Publisher(IMPORT_PORTAL, unit, unit is not None, name)
        yield Source(
            doc_id=doc_id,
            text_key=key,
            text_sha256=sha256,
            url=url,
            publisher=publishers[known],
            title=title,
            published_on=day,
            date_source=IMPORT_DATES.get(precision),
            written_on=None,
            source=name or None,
            doc_number=None,
            issuers=(),
            content_sha256=sha256,
            capture_id=None,
            first_seen=None,
            last_seen=None,
        )


def extraction_key(document: Document, about: Context) -> str:
    """What an extraction depends on besides rules and code: the exact text and what is known about it."""
    return identity.digest(
        document.first.text_sha256,
        about.title,
        about.url,
        about.publisher or "",
        about.publisher_name,
        str(about.day),
    )


def merged(documents: Iterable[Document]) -> Document:
    """Several documents that are one: the earliest speaks for them, all sources are kept under its id."""
    everything = joined(source for document in documents for source in document.sources)
    own = everything.first.doc_id
    return replace(everything, sources=tuple(replace(source, doc_id=own) for source in everything.sources))
