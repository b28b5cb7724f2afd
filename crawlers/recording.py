"""WARC files as a little web to ask instead of the network: the index of a replay and its download handler."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
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
    """One recorded answer: what was asked, when (WARC-Date), and where its record begins. `digest` is what the record
    says of its payload. For a revisit, `head` is where its own record begins; what stands at `offset` is the response
    that holds its payload."""

    method: str
    url: str
    form: bytes
    date: str
    status: int
    file: Path
    offset: int
    digest: str = ""
    head: tuple[Path, int] | None = None


@dataclass(frozen=True, slots=True)
class _Revisit:
    """A recorded answer whose payload stands elsewhere: at `url` with `date`, or wherever its digest does."""

    answer: Capture
    url: str
    date: str


@dataclass
class Recording:
    """The answers of some WARC files by request; the last answer to a request counts. `dates` are the days of all
    records, `problems` one line for everything that could not be read.

    A revisit is an answer with the payload that it refers to, whichever of the files holds that.
    """

    captures: dict[str, Capture] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    _unreadable: list[str] = field(default_factory=list)
    _waiting: list[_Revisit] = field(default_factory=list)
    _by_date: dict[tuple[str, str], Capture] = field(default_factory=dict)
    _by_digest: dict[str, Capture] = field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """What is damaged, empty or left, a line each; revisits whose payload is in no file are counted by file."""
        left: dict[Path, list[str]] = {}
        for revisit in self._waiting:
            left.setdefault(revisit.answer.file, []).append(revisit.answer.url)
        return self._unreadable + [
            f"{path}: {len(urls)} revisit records whose payload is in none of the files are left ({urls[0]}); "
            "give the file that holds it too"
            for path, urls in left.items()
        ]

    def find(self, method: str, url: str, form: bytes = b"") -> Capture | None:
        """What was recorded for a request, or None."""
        return self.captures.get(_key(method, url, form))

    def add(self, path: Path) -> int:
        """Index a file and return how many answers it holds. Bodies are passed over, never kept."""
        found = self._add(path)
        waiting, self._waiting = self._waiting, []
        for revisit in waiting:
            self._admit(revisit)
        return found

    def _add(self, path: Path) -> int:
        found = 0
        try:
            if path.stat().st_size == 0:
                self._unreadable.append(f"{path}: the file is empty; nothing to replay")
                return 0
            with path.open("rb") as stream:
                for one in _read_captures(stream, path):
                    self.dates.append((one.answer if isinstance(one, _Revisit) else one).date)
                    if isinstance(one, _Revisit):
                        self._admit(one)
                    else:
                        self._keep(one)
                    found += 1
        except (ArchiveLoadFailed, EOFError, OSError, ValueError, zlib.error) as error:
            reason = " ".join(str(error).split())[:120]
            if found:
                self._unreadable.append(f"{path}: damaged or cut off after {found} answers, which are used ({reason})")
            else:
                self._unreadable.append(f"{path}: not a readable WARC file ({reason}); record it again or leave it out")
            return found
        if not found:
            self._unreadable.append(f"{path}: no recorded web answers in it; nothing to replay")
        return found

    def _keep(self, capture: Capture) -> None:
        key = _key(capture.method, capture.url, capture.form)
        self.captures.pop(key, None)
        self.captures[key] = capture
        self._by_date.setdefault((capture.url, capture.date), capture)
        if capture.digest:
            self._by_digest.setdefault(capture.digest, capture)

    def _admit(self, revisit: _Revisit) -> None:
        """Take a revisit as an answer when its payload is known, and let it wait when it is not.

        One that had to wait for another file does not push a later answer aside.
        """
        answer = revisit.answer
        held = self._by_date.get((revisit.url, revisit.date)) or self._by_digest.get(answer.digest)
        if held is None:
            self._waiting.append(revisit)
            return
        unchanged = answer.status == HTTPStatus.NOT_MODIFIED
        whole = replace(
            answer,
            status=held.status if unchanged else answer.status,
            file=held.file,
            offset=held.offset,
            digest=held.digest,
            head=held.head if unchanged else (answer.file, answer.offset),
        )
        present = self.captures.get(_key(whole.method, whole.url, whole.form))
        if present is None or present.date <= whole.date:
            self._keep(whole)


def _key(method: str, url: str, form: bytes) -> str:
    digest = hashlib.sha256(form).hexdigest() if form else ""
    return f"{method} {canonicalize_url(url)} {digest}"


def _read_captures(stream: BinaryIO, path: Path) -> Iterator[Capture | _Revisit]:
    """The whole answers of a WARC stream in order; a POST takes its form from the request record beside it.

    Raises `EOFError` after the last whole record of a file that was cut off.
    """
    records: Any = ArchiveIterator(stream, block_size=_STEP)
    waiting: tuple[str, Capture | _Revisit] | None = None
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
                waiting = ("", _posted(waiting[1], form))
            continue
        if record.rec_type not in ("response", "revisit"):
            continue
        if waiting:
            yield waiting[1]
            waiting = None
        answer = _answer(record, path, offset)
        if answer is not None:
            waiting = (record.rec_headers.get_header("WARC-Record-ID") or "", answer)
    if waiting:
        yield waiting[1]
    if not whole or path.stat().st_size - end > _BLANK_LINES:
        raise EOFError("the last record is incomplete")


def _answer(record: Any, path: Path, offset: int) -> Capture | _Revisit | None:
    said = record.rec_headers
    url = (said.get_header("WARC-Target-URI") or "").strip("<>")
    status = (record.http_headers.get_statuscode() or "") if record.http_headers is not None else ""
    revisit = record.rec_type == "revisit"
    if revisit and not status:
        status = "304" if "not-modified" in (said.get_header("WARC-Profile") or "") else "200"
    if not host_of(url) or not status.isdigit():
        return None
    date, digest = said.get_header("WARC-Date") or "", said.get_header("WARC-Payload-Digest") or ""
    capture = Capture("GET", url, b"", date, int(status), path, offset, digest)
    if not revisit:
        return capture
    earlier = (said.get_header("WARC-Refers-To-Target-URI") or url).strip("<>")
    return _Revisit(capture, earlier, said.get_header("WARC-Refers-To-Date") or "")


def _posted(one: Capture | _Revisit, form: bytes) -> Capture | _Revisit:
    if isinstance(one, _Revisit):
        return replace(one, answer=replace(one.answer, method="POST", form=form))
    return replace(one, method="POST", form=form)


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
        own = _head(capture) or record.http_headers
        headers = Headers()
        for name, value in own.headers:
            if name.lower() not in ("transfer-encoding", "connection"):
                headers.appendlist(name, value.encode("utf-8", "replace"))
        return headers, b"".join(parts)


def _head(capture: Capture) -> Any:
    """The HTTP head of a revisit's own record; None for a response, and for a revisit without one."""
    if capture.head is None:
        return None
    path, offset = capture.head
    with path.open("rb") as stream:
        stream.seek(offset)
        return next(iter(ArchiveIterator(stream, block_size=_STEP))).http_headers


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
