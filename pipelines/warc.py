"""Reading WARC files so that damage costs only the records it touches.

A crawl that was killed leaves half a record at the end of its file; everything before it is good evidence and is used.
Damage is told with file offset; after it the reader goes on at the next gzip member that holds a record.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

_CHUNK = 1 << 16
_LONGEST_HEAD = 1 << 20
_GZIP = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True)
class Response:
    """One archived HTTP response: where it stands, what was asked, and the hash of the bytes as received.

    `payload_digest` is what the record itself says of its payload (`sha1:…`), empty where it says nothing.
    """

    offset: int
    url: str
    warc_date: str
    fetched_at: datetime
    status: int
    content_type: str
    payload_sha256: str
    payload_bytes: int
    payload_digest: str = ""


@dataclass(frozen=True, slots=True)
class Revisit:
    """One fetch whose payload an earlier response holds: the one at `refers_to_url` of `refers_to_at`, or any that
    bears `payload_digest`. `status` is 304 where the server itself said that nothing had changed."""

    offset: int
    url: str
    warc_date: str
    fetched_at: datetime
    status: int
    payload_digest: str
    refers_to_url: str
    refers_to_at: datetime | None


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a WARC file that holds no whole record, in plain words."""

    offset: int
    problem: str


class _BrokenError(Exception):
    """A record that does not read to its end."""


class _Plain:
    """Bytes of an uncompressed file from an offset on."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        file.seek(offset)

    def read(self, size: int) -> bytes:
        return self._file.read(size)


class _Member:
    """The bytes of one gzip member from its offset on; `end` is where the next member begins."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._inflate = zlib.decompressobj(31)
        self._left = b""
        self._read_to = offset
        file.seek(offset)

    @property
    def end(self) -> int:
        return self._read_to - len(self._inflate.unused_data)

    def read(self, size: int) -> bytes:
        while not self._inflate.eof:
            raw = self._inflate.unconsumed_tail
            if not raw:
                raw = self._file.read(_CHUNK)
                self._read_to += len(raw)
                if not raw:
                    raise _BrokenError("the file ends inside a record")
            try:
                data = self._inflate.decompress(raw, size)
            except zlib.error as error:
                raise _BrokenError(f"not gzip data ({error})") from None
            if data:
                return data
        return b""


class _Bytes:
    """Exact reads and lines over a stream that gives what it has."""

    def __init__(self, stream: _Plain | _Member) -> None:
        self._stream = stream
        self._buffer = b""
        self.consumed = 0

    def take(self, size: int) -> bytes:
        """At most `size` bytes; empty only at the end."""
        if not self._buffer:
            self._buffer = self._stream.read(min(size, _CHUNK) or 1)
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        self.consumed += len(data)
        return data

    def line(self) -> bytes:
        """Up to and with the next line feed; what is left when there is none."""
        while b"\n" not in self._buffer and len(self._buffer) < _LONGEST_HEAD:
            more = self._stream.read(_CHUNK)
            if not more:
                break
            self._buffer += more
        cut = self._buffer.find(b"\n") + 1 or len(self._buffer)
        data, self._buffer = self._buffer[:cut], self._buffer[cut:]
        self.consumed += len(data)
        return data


def read_responses(path: Path) -> Iterator[Response | Revisit | Damage]:
    """Every archived response and revisit of a WARC file in file order, and every damage between them."""
    size = path.stat().st_size
    if size == 0:
        yield Damage(0, "the file is empty")
        return
    with path.open("rb") as file:
        zipped = file.read(3) == _GZIP
        offset = 0
        while offset < size:
            stream = _Member(file, offset) if zipped else _Plain(file, offset)
            source = _Bytes(stream)
            try:
                response = _record(source, offset)
                if isinstance(stream, _Member):
                    _drain(source)
                    after = stream.end
                else:
                    after = _after_blank(file, offset + source.consumed)
            except _BrokenError as error:
                yield Damage(offset, str(error))
                following = _next_member(file, offset + 1) if zipped else None
                if following is None:
                    return
                offset = following
                continue
            if response is not None:
                yield response
            offset = after


def read_payload(path: Path, offset: int, limit: int) -> bytes | None:
    """The body of the response at `offset`, transfer and content encodings undone; None when it is over `limit` bytes.

    Raises `ValueError` when no response can be read there (the file has changed since it was indexed).
    """
    with path.open("rb") as file:
        file.seek(offset)
        try:
            record = next(iter(ArchiveIterator(file)))
            stream = record.content_stream()
            body = bytearray()
            while len(body) <= limit and (data := stream.read(_CHUNK)):
                body += data
        except Exception as error:
            raise ValueError(f"{path.name}: offset {offset}: no readable response ({error})") from None
    return bytes(body) if len(body) <= limit else None


def _record(source: _Bytes, offset: int) -> Response | Revisit | Damage | None:
    first = source.line()
    while first in (b"\r\n", b"\n"):
        first = source.line()
    if not first:
        return None
    if not first.startswith(b"WARC/"):
        raise _BrokenError("no WARC record where one should begin")
    headers = _headers(source)
    try:
        length = int(headers["content-length"])
    except (KeyError, ValueError):
        raise _BrokenError("a record without a Content-Length") from None
    kind = headers.get("warc-type")
    answers = headers.get("content-type", "").startswith("application/http")
    if kind == "revisit":
        return _revisit(source, offset, length if answers else 0, length, headers)
    if kind != "response" or not answers:
        _pass_over(source, length)
        return None
    start = source.consumed
    status_line = source.line().decode("latin-1").split(None, 2)
    http = _headers(source)
    hashed, count = hashlib.sha256(), 0
    for data in _block(source, length - (source.consumed - start)):
        hashed.update(data)
        count += len(data)
    try:
        url, date, fetched_at = _fetched(headers)
        status = int(status_line[1])
    except (KeyError, ValueError, IndexError, OverflowError):
        return Damage(offset, "a response without address, date or status; it was left out")
    digest = headers.get("warc-payload-digest", "")
    return Response(
        offset, url, date, fetched_at, status, http.get("content-type", ""), hashed.hexdigest(), count, digest
    )


def _revisit(source: _Bytes, offset: int, head: int, length: int, headers: dict[str, str]) -> Revisit | Damage:
    """A revisit; its block holds the head of the answer, or nothing."""
    block = b"".join(_block(source, length)) if length <= _LONGEST_HEAD else b""
    _pass_over(source, length - len(block))
    status_line = block[:head].split(b"\r\n", 1)[0].split(None, 2)
    profile = headers.get("warc-profile", "")
    try:
        url, date, fetched_at = _fetched(headers)
        status = int(status_line[1]) if len(status_line) > 1 else 304 if "not-modified" in profile else 200
        refers_to = headers.get("warc-refers-to-date", "")
        refers_to_at = _moment(refers_to) if refers_to else None
    except (KeyError, ValueError, OverflowError):
        return Damage(offset, "a revisit without address or date, or with a date that is none; it was left out")
    digest = headers.get("warc-payload-digest", "")
    earlier = headers.get("warc-refers-to-target-uri", "").strip("<>") or url
    return Revisit(offset, url, date, fetched_at, status, digest, earlier, refers_to_at)


def _fetched(headers: dict[str, str]) -> tuple[str, str, datetime]:
    date = headers["warc-date"]
    return headers["warc-target-uri"].strip("<>"), date, _moment(date)


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date).astimezone(UTC).replace(tzinfo=None)


def _pass_over(source: _Bytes, length: int) -> None:
    for _ in _block(source, length):
        pass


def _headers(source: _Bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    while (line := source.line()) not in (b"\r\n", b"\n", b""):
        if source.consumed > _LONGEST_HEAD:
            raise _BrokenError("headers longer than a mebibyte")
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _block(source: _Bytes, length: int) -> Iterator[bytes]:
    left = length
    while left > 0:
        data = source.take(left)
        if not data:
            raise _BrokenError("the file ends inside a record")
        left -= len(data)
        yield data


def _drain(source: _Bytes) -> None:
    """Read a member to its end: only then is its checksum known to be right."""
    while line := source.line():
        if line.startswith(b"WARC/"):
            raise _BrokenError("several records in one gzip member; rewrite the file with `warcio recompress`")


def _after_blank(file: BinaryIO, offset: int) -> int:
    """Where the next record of an uncompressed file begins: records are closed by empty lines."""
    file.seek(offset)
    head = file.read(16)
    return offset + len(head) - len(head.lstrip(b"\r\n"))


def _next_member(file: BinaryIO, offset: int) -> int | None:
    """Where the next gzip member that begins with a WARC record stands."""
    file.seek(offset)
    base, buffer = offset, b""
    while True:
        data = file.read(_CHUNK)
        if not data:
            return None
        buffer += data
        at = buffer.find(_GZIP)
        while at >= 0:
            if _begins_record(file, base + at):
                return base + at
            at = buffer.find(_GZIP, at + 1)
        file.seek(base + len(buffer))
        keep = len(_GZIP) - 1
        base, buffer = base + len(buffer) - keep, buffer[-keep:]


def _begins_record(file: BinaryIO, offset: int) -> bool:
    try:
        return _Bytes(_Member(file, offset)).line().startswith(b"WARC/")
    except _BrokenError:
        return False
