"""Readings of articles → the same with their attachments: the text of a document is its page's and its files'.

A page is read at once and its attachments when they are in the archive, which may be nights later. Which of them a text
goes on with is kept beside it, so that only articles with new or changed attachments are put together again.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import duckdb

from config.loader import Region
from extract.attachments import AttachedText, composed, read_attachment
from pipelines import identity
from pipelines.indexing import ARCHIVE, Progress
from pipelines.state import ATTACHMENTS, transaction
from pipelines.versions import code_version
from pipelines.warc import read_payload
from pipelines.workers import mapped
from warehouse.tables import Column, Table, insert

_FILES_A_BATCH = 8
_PAGES_A_BATCH = 20
_MOST_CHARACTERS = 600_000
_SECONDS = 60
_MEMORY = 1536 * 1024 * 1024
_PREFIX = "attachment: "
_NO_TEXT = "no text"

_COMPOSED = Table(
    "composed",
    "Articles put together with their attachments, on their way into the readings",
    (
        Column("page_key", "VARCHAR"),
        Column("problems", "VARCHAR[]"),
        Column("doc_id", "VARCHAR"),
        Column("text_sha256", "VARCHAR"),
        Column("body", "VARCHAR"),
        Column("read_with", "VARCHAR[]"),
    ),
)

_WANTED = """
    WITH linked AS (
        SELECT page_key, read_with, unnest(attachments).url AS url, generate_subscripts(attachments, 1) AS place
        FROM readings WHERE code_version = ? AND len(attachments) > 0
    ), latest AS (
        SELECT url, arg_max(page_key, (fetched_at, capture_id)) AS file_key FROM records
        WHERE status = 200 AND page_key IS NOT NULL AND url IN (SELECT url FROM linked) GROUP BY url
    ), wanted AS (
        SELECT linked.page_key, any_value(read_with) AS read_with,
               list(coalesce(file_key, '') ORDER BY place) AS files
        FROM linked LEFT JOIN latest USING (url) GROUP BY linked.page_key
    )
    SELECT page_key, files FROM wanted WHERE read_with IS DISTINCT FROM files ORDER BY page_key"""


@dataclass(frozen=True, slots=True)
class _Task:
    page_key: str
    url: str
    path: Path
    offset: int


class _OverTimeError(BaseException):
    """A file took too long; no parser that catches what it does not know may catch this."""


def attachment_problem(problem: str) -> str | None:
    """What is wrong with an attachment, where a problem of a reading tells of one."""
    return problem.removeprefix(_PREFIX) if problem.startswith(_PREFIX) else None


def join_attachments(
    state: duckdb.DuckDBPyConnection, data: Path, region: Region, workers: int, progress: Progress
) -> int:
    """Put the articles together whose attachments are archived by now and not yet in their text; returns how many.

    Files are read in processes of their own with bounded memory and time, whatever `workers` is: they are the most
    hostile input there is, and one must not end the run.
    """
    wanted: list[tuple[str, list[str]]] = state.execute(_WANTED, [code_version()]).fetchall()
    if not wanted:
        return 0
    tasks = _unread(state, data, sorted({key for _, keys in wanted for key in keys if key}))
    done = 0
    progress("attachments", 0, len(tasks))
    batches = (tasks[at : at + _FILES_A_BATCH] for at in range(0, len(tasks), _FILES_A_BATCH))
    limits = (region.settings.crawling.max_bytes, code_version())
    for rows in mapped(_read_batch, batches, max(2, workers), _prepare, limits):
        with transaction(state):
            insert(state, ATTACHMENTS, rows)
        done += len(rows)
        progress("attachments", done, len(tasks))
    for at in range(0, len(wanted), _PAGES_A_BATCH):
        _compose(state, dict(wanted[at : at + _PAGES_A_BATCH]))
    return len(wanted)


def _unread(state: duckdb.DuckDBPyConnection, data: Path, keys: Sequence[str]) -> list[_Task]:
    rows = state.execute(
        """SELECT page_key, any_value(url), min((payload_file, payload_offset)) FROM records
           WHERE page_key IN (SELECT unnest(?))
             AND page_key NOT IN (SELECT page_key FROM attachments WHERE code_version = ?)
           GROUP BY page_key ORDER BY 3""",
        [list(keys), code_version()],
    ).fetchall()
    return [_Task(key, url, data / ARCHIVE / name, offset) for key, url, (name, offset) in rows]


def _compose(state: duckdb.DuckDBPyConnection, wanted: dict[str, list[str]]) -> None:
    """Write the text of some articles anew."""
    pages = state.execute(
        """SELECT page_key, problems, body, page_characters, list_transform(attachments, lambda one: one.name)
           FROM readings WHERE code_version = ? AND page_key IN (SELECT unnest(?)) ORDER BY page_key""",
        [code_version(), list(wanted)],
    ).fetchall()
    files = {
        key: AttachedText(kind, body, problem)
        for key, kind, problem, body in state.execute(
            """SELECT page_key, kind, problem, body FROM attachments
               WHERE code_version = ? AND page_key IN (SELECT unnest(?))""",
            [code_version(), [key for keys in wanted.values() for key in keys if key]],
        ).fetchall()
    }
    rows = []
    for page_key, problems, body, own, names in pages:
        found = [files.get(key) for key in wanted[page_key]]
        text, unread = _joined(body[:own], names, found)
        kept = [one for one in problems if attachment_problem(one) is None and one != _NO_TEXT]
        kept += [_NO_TEXT] if not text else []
        row = (page_key, kept + unread, identity.doc_id(text), identity.sha256(text), text, wanted[page_key])
        rows.append(row)
    with transaction(state):
        state.execute(f"CREATE OR REPLACE TEMP {_COMPOSED.ddl().removeprefix('CREATE ')}")
        insert(state, _COMPOSED, rows)
        state.execute(
            """UPDATE readings SET problems = composed.problems, doc_id = composed.doc_id, body = composed.body,
                      text_sha256 = composed.text_sha256, read_with = composed.read_with
               FROM composed WHERE readings.page_key = composed.page_key AND readings.code_version = ?""",
            [code_version()],
        )


def _joined(own: str, names: Sequence[str], found: Sequence[AttachedText | None]) -> tuple[str, list[str]]:
    """The text of a document, and one problem for each attachment that is not in it, or not all of it."""
    problems: list[str] = []
    parts: list[tuple[str, str]] = []
    room = _MOST_CHARACTERS
    for name, file in zip(names, found, strict=True):
        if file is None:
            problems.append(f"{_PREFIX}not archived")
        elif len(file.text) > room:
            problems.append(f"{_PREFIX}left out of a document of more than {_MOST_CHARACTERS} characters")
        else:
            problems += [_PREFIX + file.problem] if file.problem else []
            parts += [(name, file.text)] if file.text else []
            room -= len(file.text)
    return composed(own, parts), problems


_limit: int = 0
_version: str = ""


def _prepare(limit: int, version: str) -> None:
    """Set a process up to read files: with an end to its memory and an alarm for its time."""
    global _limit, _version
    _limit, _version = limit, version
    with suppress(ValueError, OSError):  # not every system has this bound
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, hard))
    signal.signal(signal.SIGPROF, _over_time)


def _over_time(number: int, frame: FrameType | None) -> None:
    raise _OverTimeError


@contextmanager
def _bounded_time(seconds: float) -> Iterator[None]:
    """Raise `_OverTimeError` in the block after so much time of the processor."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _read_batch(tasks: list[_Task]) -> list[tuple[object, ...]]:
    return [_read(task) for task in tasks]


def _read(task: _Task) -> tuple[object, ...]:
    file = _read_file(task, _limit, _SECONDS)
    problem = identity.storable(file.problem) if file.problem else None
    return (task.page_key, _version, file.kind, problem, identity.storable(file.text))


def _read_file(task: _Task, limit: int, seconds: float) -> AttachedText:
    try:
        raw = read_payload(task.path, task.offset, limit)
    except ValueError as error:
        return AttachedText("", "", str(error))
    if raw is None:
        return AttachedText("", "", f"larger than {limit} bytes")
    try:
        with _bounded_time(seconds):
            return read_attachment(raw, task.url)
    except _OverTimeError:
        return AttachedText("", "", f"takes longer than {seconds:g} seconds to read")
