"""Archive → captures: which responses stand where in the WARC files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import identity
from pipelines.crawl_logs import read_crawl_logs
from pipelines.state import RECORDS, WARC_FILES, transaction
from pipelines.warc import Damage, Response, Revisit, read_responses
from warehouse.tables import insert

ARCHIVE = "archive"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ArchiveIndexed:
    """What an indexing saw: `files` in the archive, how many were read now, distinct captures, damages by file."""

    files: int
    files_read: int
    captures: int
    problems: tuple[str, ...]


def warc_paths(data: Path) -> tuple[Path, ...]:
    """The WARC files of an archive in order of their names."""
    folder = data / ARCHIVE
    return tuple(sorted({*folder.glob("*.warc.gz"), *folder.glob("*.warc")}))


def index(state: duckdb.DuckDBPyConnection, data: Path) -> ArchiveIndexed:
    """Bring the records of the state in line with the WARC files that are there now.

    A file is read again when its size or time changed (a crawl appends); records of files that are gone are dropped,
    because the archive is the truth. Each file is one transaction. Revisits take over the page of the response that
    they refer to, whichever files the two stand in.
    """
    paths = warc_paths(data)
    known = {
        name: (size, modified)
        for name, size, modified in state.execute("SELECT warc_file, size, modified_ns FROM warc_files").fetchall()
    }
    for gone in sorted(known.keys() - {path.name for path in paths}):
        with transaction(state):
            _forget(state, gone)
    files_read = 0
    for path in paths:
        facts = path.stat()
        if known.get(path.name) == (facts.st_size, facts.st_mtime_ns):
            continue
        problems: list[str] = []
        with transaction(state):
            _forget(state, path.name)
            insert(state, RECORDS, _rows(path, problems))
            insert(state, WARC_FILES, [(path.name, facts.st_size, facts.st_mtime_ns, problems)])
        files_read += 1
    with transaction(state):
        _resolve_revisits(state)
    captures = state.execute("SELECT count(DISTINCT capture_id) FROM records").fetchone()
    damages = state.execute("SELECT unnest(problems) FROM warc_files ORDER BY warc_file").fetchall()
    logs = read_crawl_logs(data / ARCHIVE)
    return ArchiveIndexed(
        len(paths),
        files_read,
        captures[0] if captures else 0,
        (*(row[0] for row in damages), *(problem for _, problem in unresolved(state)), *logs.problems),
    )


def unresolved(state: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """(file, problem) for each WARC file with revisits whose payload no file of the archive holds."""
    rows = state.execute(
        """SELECT warc_file, count(*), min((warc_offset, url)) FROM records WHERE page_key IS NULL
           GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    return [
        (
            name,
            f"{name}: offset {offset}: {url} is a revisit of a response that is in no file of the archive"
            + (f"; {count} such revisits in this file" if count > 1 else "")
            + "; put the file that holds it beside this one",
        )
        for name, count, (offset, url) in rows
    ]


def page_key(url: str, content_type: str, content_sha256: str) -> str:
    """What the reading of a page depends on; a page fetched again unchanged is not read again."""
    return identity.digest(url, content_type, content_sha256)


def _forget(state: duckdb.DuckDBPyConnection, name: str) -> None:
    state.execute("DELETE FROM records WHERE warc_file = ?", [name])
    state.execute(
        """UPDATE records SET page_key = NULL, status = answered, content_type = NULL, content_sha256 = NULL,
                  payload_file = NULL, payload_offset = NULL
           WHERE payload_file = ? AND refers_to_url IS NOT NULL""",
        [name],
    )
    state.execute("DELETE FROM warc_files WHERE warc_file = ?", [name])


_RESOLVE = """
    UPDATE records SET
        page_key = left(sha256(records.url || chr(0) || held.content_type || chr(0) || held.content_sha256), 16),
        status = held.status, content_type = held.content_type, content_sha256 = held.content_sha256,
        payload_file = held.payload_file, payload_offset = held.payload_offset
    FROM (
        SELECT {by}, unnest(min({{
            'payload_file': payload_file, 'payload_offset': payload_offset, 'content_type': content_type,
            'content_sha256': content_sha256, 'status': status}}))
        FROM records
        WHERE payload_file IS NOT NULL AND ({by}) IN (SELECT {wanted} FROM records WHERE payload_file IS NULL)
        GROUP BY {by}
    ) AS held
    WHERE records.payload_file IS NULL AND {on}"""
_BY_DATE = _RESOLVE.format(
    by="url, fetched_at",
    wanted="(refers_to_url, refers_to_at)",
    on="held.url = records.refers_to_url AND held.fetched_at = records.refers_to_at",
)
_BY_DIGEST = _RESOLVE.format(
    by="payload_digest",
    wanted="payload_digest",
    on="held.payload_digest = records.payload_digest AND held.payload_digest <> ''",
)


def _resolve_revisits(state: duckdb.DuckDBPyConnection) -> None:
    """Give every revisit the page of its response: the one of the stated address and date, else any with its digest.

    A revisit of a revisit is resolved one step a round.
    """
    for statement in (_BY_DATE, _BY_DIGEST):
        while _waiting(state) and (row := state.execute(statement).fetchone()) and row[0]:
            pass


def _waiting(state: duckdb.DuckDBPyConnection) -> bool:
    return state.execute("SELECT 1 FROM records WHERE payload_file IS NULL LIMIT 1").fetchone() is not None


def _rows(path: Path, problems: list[str]) -> Iterator[tuple[object, ...]]:
    for item in read_responses(path):
        match item:
            case Damage(offset, problem):
                problems.append(f"{path.name}: offset {offset}: {problem}")
            case Response():
                url, kind = identity.storable(item.url), identity.storable(item.content_type)
                yield (
                    path.name,
                    item.offset,
                    identity.capture_id(url, item.warc_date, item.payload_sha256),
                    page_key(url, kind, item.payload_sha256),
                    url,
                    item.fetched_at,
                    item.status,
                    kind,
                    item.payload_sha256,
                    path.name,
                    item.offset,
                    item.status,
                    identity.storable(item.payload_digest),
                    None,
                    None,
                )
            case Revisit():
                url, digest = identity.storable(item.url), identity.storable(item.payload_digest)
                capture = identity.capture_id(url, item.warc_date, f"revisit {digest}")
                yield (
                    *(path.name, item.offset, capture, None, url, item.fetched_at, item.status),
                    *(None, None, None, None, item.status, digest),
                    *(identity.storable(item.refers_to_url), item.refers_to_at),
                )
