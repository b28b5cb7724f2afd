"""Archive → captures: which responses stand where in the WARC files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import identity
from pipelines.crawl_logs import read_crawl_logs
from pipelines.state import RECORDS, WARC_FILES, transaction
from pipelines.warc import Damage, Response, read_responses
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
    because the archive is the truth. Each file is one transaction.
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
    captures = state.execute("SELECT count(DISTINCT capture_id) FROM records").fetchone()
    damages = state.execute("SELECT unnest(problems) FROM warc_files ORDER BY warc_file").fetchall()
    logs = read_crawl_logs(data / ARCHIVE)
    return ArchiveIndexed(
        len(paths), files_read, captures[0] if captures else 0, (*(row[0] for row in damages), *logs.problems)
    )


def page_key(url: str, content_type: str, content_sha256: str) -> str:
    """What the reading of a page depends on; a page fetched again unchanged is not read again."""
    return identity.digest(url, content_type, content_sha256)


def _forget(state: duckdb.DuckDBPyConnection, name: str) -> None:
    state.execute("DELETE FROM records WHERE warc_file = ?", [name])
    state.execute("DELETE FROM warc_files WHERE warc_file = ?", [name])


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
                )
