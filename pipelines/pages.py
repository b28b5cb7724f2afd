"""Captures → readings: every archived HTML page read once by each version of the code, then with its attachments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from config.loader import Region
from extract.page import read_page
from pipelines import identity
from pipelines.attachments import join_attachments
from pipelines.crawl_logs import read_crawl_logs
from pipelines.indexing import ARCHIVE, Progress
from pipelines.ownership import portal_id
from pipelines.state import READINGS, transaction
from pipelines.versions import code_version
from pipelines.warc import read_payload
from pipelines.workers import mapped
from warehouse.tables import insert

_PAGES_A_BATCH = 40
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PagesRead:
    """What reading gave: pages read `now`, and of all current readings how many are articles, other pages, skipped."""

    now: int
    articles: int
    other: int
    skipped: int
    unlisted: int


@dataclass(frozen=True, slots=True)
class _Task:
    page_key: str
    url: str
    content_type: str
    path: Path
    offset: int


def read_missing(
    state: duckdb.DuckDBPyConnection, data: Path, region: Region, workers: int, progress: Progress
) -> PagesRead:
    """Read every successful HTML capture that this version of the code has not read, in batches of transactions.

    Articles whose attachments have come since, or have changed, get their text anew.
    """
    tasks, unlisted = _missing(state, data, region)
    done = 0
    progress("pages", 0, len(tasks))
    size = max(1, min(_PAGES_A_BATCH, len(tasks) // (workers * 4) or 1))
    batches = (tasks[at : at + size] for at in range(0, len(tasks), size))
    for rows in mapped(_read_batch, batches, workers, _prepare, (region.settings.crawling.max_bytes, code_version())):
        with transaction(state):
            state.execute("DELETE FROM readings WHERE page_key IN (SELECT unnest(?))", [[row[0] for row in rows]])
            insert(state, READINGS, rows)
        done += len(rows)
        progress("pages", done, len(tasks))
    join_attachments(state, data, region, workers, progress)
    counts = dict(
        state.execute(
            """SELECT CASE WHEN kind IN ('article', 'skipped') THEN kind ELSE 'other' END, count(*)
               FROM readings WHERE code_version = ? AND page_key IN (SELECT page_key FROM records) GROUP BY 1""",
            [code_version()],
        ).fetchall()
    )
    return PagesRead(done, counts.get("article", 0), counts.get("other", 0), counts.get(SKIPPED, 0), unlisted)


def _missing(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> tuple[list[_Task], int]:
    any_host = read_crawl_logs(data / ARCHIVE).any_host_files
    rows = state.execute(
        """SELECT page_key, url, content_type, list(warc_file ORDER BY warc_file), min((payload_file, payload_offset))
           FROM records
           WHERE status = 200 AND page_key IS NOT NULL AND (content_type ILIKE '%html%' OR content_type = '')
           GROUP BY ALL ORDER BY 5""",
    ).fetchall()
    read = {
        row[0]
        for row in state.execute("SELECT page_key FROM readings WHERE code_version = ?", [code_version()]).fetchall()
    }
    tasks: list[_Task] = []
    unlisted = 0
    for key, url, content_type, files, (warc_file, offset) in rows:
        if portal_id(region, url, files, any_host) is None:
            unlisted += 1
        elif key not in read:
            tasks.append(_Task(key, url, content_type, data / ARCHIVE / warc_file, offset))
    return tasks, unlisted


_limit: int = 0
_version: str = ""


def _prepare(limit: int, version: str) -> None:
    global _limit, _version
    _limit, _version = limit, version


def _read_batch(tasks: list[_Task]) -> list[tuple[object, ...]]:
    return list(_read_all(tasks))


def _read_all(tasks: list[_Task]) -> Iterator[tuple[object, ...]]:
    for task in tasks:
        try:
            raw = read_payload(task.path, task.offset, _limit)
        except ValueError as error:
            yield _skipped(task, str(error))
            continue
        if raw is None:
            yield _skipped(task, f"larger than {_limit} bytes")
            continue
        if not task.content_type and raw.lstrip()[:1] != b"<":
            yield _skipped(task, "no HTML")
            continue
        try:
            page = read_page(raw, task.url, task.content_type)
        except Exception as error:  # a page is foreign input: whatever it breaks, the other pages are read
            yield _skipped(task, f"not readable ({type(error).__name__}: {error})"[:300])
            continue
        body = identity.storable(page.body) if page.kind == "article" else ""
        yield (
            task.page_key,
            _version,
            page.kind,
            identity.storable(page.title),
            page.published.day if page.published else None,
            page.published.where if page.published else None,
            page.written.day if page.written else None,
            _or_none(page.source),
            _or_none(page.doc_number),
            [identity.storable(issuer) for issuer in page.issuers],
            page.dialect,
            [identity.storable(problem) for problem in page.problems],
            identity.doc_id(body),
            identity.sha256(body),
            body,
            [{"url": identity.storable(one.url), "name": identity.storable(one.name)} for one in page.attachments],
            len(body),
            None,
        )


def _or_none(text: str | None) -> str | None:
    return identity.storable(text) if text else None


def _skipped(task: _Task, reason: str) -> tuple[object, ...]:
    nothing = (None,) * 6
    return (
        task.page_key,
        _version,
        SKIPPED,
        "",
        *nothing,
        "",
        [identity.storable(reason)],
        None,
        None,
        "",
        [],
        0,
        None,
    )
