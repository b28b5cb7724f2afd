"""The archive of raw responses: WARC/1.1 files, written so that a crash costs one record at most."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawlers.outcome import Left

ROTATE_BYTES = 1_000_000_000
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The archived response that a new answer may repeat: its address and WARC-Date, and the SHA-256 (hex) of its
    body as received."""

    url: str
    date: str
    payload_digest: str


@dataclass(frozen=True, slots=True)
class Archived:
    """Where an answer was written (file name and offset of its record), its WARC-Date, and the SHA-256 (hex) of its
    body. `original` is the response that holds this body: what a later fetch is told as `earlier`, whether the record
    is that response itself or a revisit of it."""

    file: str
    offset: int
    date: str
    sha256: str
    original: Earlier


class ArchiveWriter:
    """Writes exchanges to `<folder>/<run_id>-<nnn>.warc.gz`, a new file at every `rotate` bytes.

    A body that an `earlier` response already holds is not written again: its record is a WARC `revisit`.

    Every record is its own gzip member and is handed to the operating system at once: after kill -9 the file is
    readable up to the last whole record. Files are made when the first record is written; `names` lists them.
    """

    def __init__(self, folder: Path, run_id: str, rotate: int = ROTATE_BYTES) -> None:
        self.names: list[str] = []
        self.failure: OSError | None = None
        self._folder, self._run_id, self._rotate = folder, run_id, rotate
        self._file: BinaryIO | None = None
        self._writer: WARCWriter | None = None

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, request: Request, response: Response, earlier: Earlier | None = None) -> Archived:
        """Store a request and its response as they went over the wire (the body still compressed).

        With `earlier`, a 304 becomes a revisit that the server vouches for, and a 200 with the same body one that the
        digest vouches for; every other answer is kept whole.
        """
        writer = self._ready()
        assert self._file is not None
        offset = self._file.tell()
        sent = StatusAndHeaders(
            f"{request.method} {_path(request.url)} HTTP/1.1",
            [("Host", request.url.split("/", 3)[2]), *_pairs(request.headers.items())],
            is_http_request=True,
        )
        digest = hashlib.sha256(response.body).hexdigest()
        answer = _revisit(writer, response, digest, earlier) if earlier else None
        original = earlier if answer is not None else None
        if answer is None:
            answer = _whole(writer, response)
        question = writer.create_warc_record(
            response.url, "request", payload=BytesIO(request.body), length=len(request.body), http_headers=sent
        )
        writer.write_request_response_pair(question, answer)
        date = str(answer.rec_headers.get_header("WARC-Date"))
        original = original or Earlier(response.url, date, digest)
        return Archived(self.names[-1], offset, date, original.payload_digest, original)

    def _ready(self) -> WARCWriter:
        if self._file is not None and self._file.tell() >= self._rotate:
            self.close()
        if self._file is None:
            name = f"{self._run_id}-{len(self.names):03d}.warc.gz"
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = (self._folder / name).open("xb")
            self._writer = WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
            about = {"software": "xietong", "format": "WARC File Format 1.1", "isPartOf": self._run_id}
            self._writer.write_record(self._writer.create_warcinfo_record(name, about))
            self.names.append(name)
        return self._writer


def _whole(writer: WARCWriter, response: Response) -> ArcWarcRecord:
    return writer.create_warc_record(
        response.url,
        "response",
        payload=BytesIO(response.body),
        length=len(response.body),
        http_headers=_head(response),
        warc_headers_dict=_address(response),
    )


def _revisit(writer: WARCWriter, response: Response, digest: str, earlier: Earlier) -> ArcWarcRecord | None:
    """A revisit record where an answer repeats an earlier one; None where it does not.

    The payload digest is the SHA-1 that warcio gives responses: by it pywb finds the original in its index.
    """
    about = _address(response)
    if response.status == HTTPStatus.NOT_MODIFIED:
        about["WARC-Profile"] = NOT_MODIFIED
    elif response.status == HTTPStatus.OK and response.body and digest == earlier.payload_digest:
        about["WARC-Profile"] = IDENTICAL_PAYLOAD
        sha1 = base64.b32encode(hashlib.sha1(response.body).digest()).decode()
        about["WARC-Payload-Digest"] = f"sha1:{sha1}"
    else:
        return None
    about["WARC-Refers-To-Target-URI"] = earlier.url
    about["WARC-Refers-To-Date"] = earlier.date
    return writer.create_warc_record(response.url, "revisit", http_headers=_head(response), warc_headers_dict=about)


def _head(response: Response) -> StatusAndHeaders:
    return StatusAndHeaders(
        f"{response.status} {_reason(response.status)}",
        _pairs(response.headers.items()),
        protocol=response.protocol or "HTTP/1.1",
    )


def _address(response: Response) -> dict[str, str]:
    return {"WARC-IP-Address": str(response.ip_address)} if response.ip_address else {}


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _path(url: str) -> str:
    rest = url.split("/", 3)
    return "/" + (rest[3].partition("#")[0] if len(rest) > 3 else "")


def _pairs(headers: Iterable[tuple[bytes, list[bytes]]]) -> list[tuple[str, str]]:
    return [(str(key, "latin-1"), str(value, "latin-1")) for key, values in headers for value in values]


class ArchiveMiddleware:
    """Hands every response to the spider's archive, errors, redirects and robots.txt included.

    It stands nearest to the network, before anything decompresses or follows. What is known of an earlier capture comes
    in `request.meta["earlier"]` (`Earlier`); what was written is put into `request.meta["archived"]` (`Archived`).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        archive: ArchiveWriter | None = self._crawler.spider.archive  # type: ignore[union-attr]
        if archive is not None:
            try:
                request.meta["archived"] = archive.write(request, response, request.meta.get("earlier"))
            except OSError as error:
                archive.failure = error
                self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="archive"))
                raise Left("archive", str(error)) from error
        return response
