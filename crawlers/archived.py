"""What the archive says was fetched, read from its WARC files: the frontier's memory when its own is lost or behind."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

_STEP = 1 << 14


@dataclass(frozen=True, slots=True)
class Record:
    """Where a response stands in the archive: its URL, file and offset, its WARC-Date, the SHA-256 of its body."""

    url: str
    file: str
    offset: int
    date: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the archive. `again` says that the server or its body said that nothing had changed."""

    url: str
    status: int
    etag: str
    last_modified: str
    location: str
    record: Record
    again: bool = False


def warc_files(archive: Path) -> tuple[Path, ...]:
    """The WARC files of an archive, oldest first as their names go."""
    return tuple(sorted({*archive.glob("*.warc.gz"), *archive.glob("*.warc")}))


def read_answers(path: Path, offset: int) -> Iterator[Answered]:
    """The whole answers of a WARC file from a record's offset on, up to where it was cut off or is damaged.

    Answers to a POST are left out: they are results of a search, never pages with an address of their own.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        records: Any = ArchiveIterator(stream, block_size=_STEP)
        waiting: tuple[str, Answered] | None = None
        try:
            for record in records:
                if record.rec_type == "request":
                    beside = record.rec_headers.get_header("WARC-Concurrent-To")
                    posted = record.http_headers is not None and record.http_headers.protocol == "POST"
                    if waiting and posted and waiting[0] == beside:
                        waiting = None
                    continue
                answered = _answer(record, path.name, records.get_record_offset())
                gzipped = records.reader.decompressor
                if record.raw_stream.limit > 0 or (gzipped is not None and not gzipped.eof):
                    break
                if record.rec_type in ("response", "revisit"):
                    if waiting:
                        yield waiting[1]
                    name = record.rec_headers.get_header("WARC-Record-ID") or ""
                    waiting = (name, answered) if answered else None
        except (ArchiveLoadFailed, EOFError, ValueError, zlib.error):
            pass
        if waiting:
            yield waiting[1]


def moment(record: Record) -> datetime:
    """When an answer came, in UTC."""
    try:
        read = datetime.fromisoformat(record.date)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _answer(record: Any, file: str, offset: int) -> Answered | None:
    hashed = hashlib.sha256()
    while data := record.raw_stream.read(_STEP):
        hashed.update(data)
    if record.rec_type not in ("response", "revisit") or record.http_headers is None:
        return None
    status = record.http_headers.get_statuscode() or ""
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if not status.isdigit() or not url.startswith(("http://", "https://")):
        return None
    headers = record.http_headers
    return Answered(
        url,
        int(status),
        headers.get_header("ETag") or "",
        headers.get_header("Last-Modified") or "",
        headers.get_header("Location") or "",
        Record(url, file, offset, record.rec_headers.get_header("WARC-Date") or "", hashed.hexdigest()),
        again=record.rec_type == "revisit",
    )
