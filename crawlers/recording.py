"""WARC files as a little web to ask instead of the network: the index of a replay and its download handler."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from crawlers.outcome import Left
from crawlers.target import host_of

_STEP = 1 << 12
_BLANK_LINES = 8
_FORM_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Capture:
    """One recorded answer: what was asked, when (WARC-Date), and where its record begins."""

    method: str
    url: str
    form: bytes
    date: str
    status: int
    file: Path
    offset: int


@dataclass
class Recording:
    """The answers of some WARC files by request; the last answer to a request counts. `dates` are the days of all
    records, `problems` one line for everything that could not be read."""

    captures: dict[str, Capture] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)

    def find(self, method: str, url: str, form: bytes = b"") -> Capture | None:
        """What was recorded for a request, or None."""
        return self.captures.get(_key(method, url, form))

    def add(self, path: Path) -> int:
        """Index a file and return how many answers it holds. Bodies are passed over, never kept."""
        found = 0
        try:
            if path.stat().st_size == 0:
                self.problems.append(f"{path}: the file is empty; nothing to replay")
                return 0
            with path.open("rb") as stream:
                for capture in _read_captures(stream, path):
                    self.dates.append(capture.date)
                    key = _key(capture.method, capture.url, capture.form)
                    self.captures.pop(key, None)
                    self.captures[key] = capture
                    found += 1
        except (ArchiveLoadFailed, EOFError, OSError, ValueError, zlib.error) as error:
            reason = " ".join(str(error).split())[:120]
            if found:
                self.problems.append(f"{path}: damaged or cut off after {found} answers, which are used ({reason})")
            else:
                self.problems.append(f"{path}: not a readable WARC file ({reason}); record it again or leave it out")
            return found
        if not found:
            self.problems.append(f"{path}: no recorded web answers in it; nothing to replay")
        return found


def _key(method: str, url: str, form: bytes) -> str:
    digest = hashlib.sha256(form).hexdigest() if form else ""
    return f"{method} {canonicalize_url(url)} {digest}"


def _read_captures(stream: BinaryIO, path: Path) -> Iterator[Capture]:
    """The whole answers of a WARC stream in order; a POST takes its form from the request record beside it.

    Raises `EOFError` after the last whole record of a file that was cut off.
    """
    records: Any = ArchiveIterator(stream, block_size=_STEP)
    waiting: tuple[str, Capture] | None = None
    end = 0
    whole = True
    for record in records:
        form = b""
        if record.rec_type == "request" and record.http_headers is not None:
            form = record.raw_stream.read(_FORM_BYTES)
        offset = records.get_record_offset()
        end = offset + records.get_record_length()
        if record.raw_stream.limit > 0:
            whole = False
            break
        gzipped = records.reader.decompressor
        whole = gzipped is None or gzipped.eof
        if record.rec_type == "request":
            beside = record.rec_headers.get_header("WARC-Concurrent-To") or ""
            posted = record.http_headers is not None and record.http_headers.protocol == "POST"
            if waiting and waiting[0] == beside and posted:
                waiting = ("", replace(waiting[1], method="POST", form=form))
            continue
        if record.rec_type != "response":
            continue
        if waiting:
            yield waiting[1]
            waiting = None
        url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
        if not host_of(url) or record.http_headers is None:
            continue
        status = record.http_headers.get_statuscode() or ""
        date = record.rec_headers.get_header("WARC-Date") or ""
        if status.isdigit():
            name = record.rec_headers.get_header("WARC-Record-ID") or ""
            waiting = (name, Capture("GET", url, b"", date, int(status), path, offset))
    if waiting:
        yield waiting[1]
    if not whole or path.stat().st_size - end > _BLANK_LINES:
        raise EOFError("the last record is incomplete")


def read_answer(capture: Capture, max_bytes: int) -> tuple[Headers, bytes]:
    """The headers and body of a recorded answer, the body still compressed; `Left("oversize")` above `max_bytes`."""
    with capture.file.open("rb") as stream:
        stream.seek(capture.offset)
        record = next(iter(ArchiveIterator(stream, block_size=_STEP)))
        chunked = "chunked" in (record.http_headers.get_header("Transfer-Encoding") or "").lower()
        body_stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
        parts: list[bytes] = []
        size = 0
        while part := body_stream.read(_STEP):
            size += len(part)
            if size > max_bytes:
                raise Left("oversize", f"{capture.url}: more than {max_bytes} bytes")
            parts.append(part)
        headers = Headers()
        for name, value in record.http_headers.headers:
            if name.lower() not in ("transfer-encoding", "connection"):
                headers.appendlist(name, value.encode("utf-8", "replace"))
        return headers, b"".join(parts)


class ReplayHandler(BaseDownloadHandler):
    """Answers from the spider's recording. It takes the place of the network, so nothing in a replay can reach out."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """The recorded answer; raises `Left("not-archived")` where there is none."""
        spider: Any = self.crawler.spider
        recording: Recording = spider.recording
        capture = recording.find(request.method, request.url, request.body)
        if capture is None:
            raise Left("not-archived", f"{request.url}: not in the recording")
        headers, body = read_answer(capture, spider.crawling.max_bytes)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(url=request.url, status=capture.status, headers=headers, body=body)
