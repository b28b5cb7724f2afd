"""The spider that every family is a small variation of: entry columns → list pages → articles, each asked for once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from urllib.parse import urlencode, urljoin

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from config.model import Column, Crawling
from crawlers.archive import ArchiveWriter
from crawlers.attachments import wanted_attachments
from crawlers.outcome import Outcome, failure_class
from crawlers.recording import Capture, Recording
from crawlers.search import is_json, is_throttled, next_result_page
from crawlers.shapes import is_article, is_page, names_a_column
from crawlers.target import Target, host_of
from extract.listing import read_listing
from extract.model import Listing

FOUND_COLUMNS = 12
BLOCKED_IN_A_ROW = 5
SHELL_BYTES = 2_000
_SHELL = re.compile(r"location(?:\.href|\.replace)?\s*(?:=|\()\s*['\"]([^'\"]+)['\"]")


@dataclass(frozen=True)
class Visit:
    """A list page to ask for. `form` is sent as a POST; a `guess` follows the family's custom rather than a link, so
    that its absence is no error."""

    url: str
    form: tuple[tuple[str, str], ...] = ()
    guess: bool = False


class PortalSpider(Spider):
    """Crawls one portal. A family says in `next_visits` where a list goes on, in `rows` how its rows are read, and in
    `entry` how a column is entered; everything else is the same for all.

    With a `recording`, every recorded page of the portal is read instead of the columns, and what is not in the
    recording is counted and left.
    """

    name = "portal"
    dialect: ClassVar[str] = "generic"

    def __init__(
        self,
        target: Target,
        crawling: Crawling,
        known: frozenset[str] = frozenset(),
        archive: ArchiveWriter | None = None,
        recording: Recording | None = None,
        recorded: tuple[Capture, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.target, self.crawling, self.known = target, crawling, known
        self.archive, self.recording, self.recorded = archive, recording, recorded
        self.outcome = Outcome(target.portal_id)
        self._asked_lists: set[str] = set()
        self._asked_articles: set[str] = set()
        self._pages_of: dict[int, int] = {}
        self._blocked = 0
        self._articles: set[str] = set()
        self._unclear: set[str] = set()
        self._linked: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.mistaken, signal=signals.spider_error)
        return spider

    def mistaken(self) -> None:
        """Count a page on which the spider itself failed."""
        self.outcome.fail("error")

    # What a family may say differently.

    def entry(self, column: Column) -> Visit:
        """How a column is entered; the search of a portal that takes only POST gets its query as a form."""
        return Visit(column.url)

    def rows(self, response: TextResponse) -> Listing:
        """The rows of a list page and the pages it links as next."""
        return read_listing(response.body, response.url, _content_type(response))

    def next_visits(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        """The list pages after this one, nearest first; by default those the page itself links."""
        return tuple(Visit(url) for url in listing.next)

    # The way through a portal.

    async def start(self) -> AsyncIterator[Request]:
        if self.recording is not None:
            for capture in self.recorded:
                yield Request(
                    capture.url,
                    method=capture.method,
                    body=capture.form,
                    callback=self.read_recorded,
                    errback=self.failed,
                )
            return
        for number, column in enumerate(self.target.columns):
            request = self._list_request(self.entry(column), number)
            if request is not None:
                yield request

    def read_list(self, response: Response, column: int, first: bool = False) -> Iterator[Request]:
        """Follow a list page: its rows as articles, its next pages as lists."""
        self._answered()
        self.outcome.pages += 1
        if not isinstance(response, TextResponse):
            self.outcome.fail("not-a-page")
            return
        if (elsewhere := _shell_target(response)) is not None:
            yield from self._follow_list(Visit(elsewhere), column, first=first)
            return
        if is_throttled(response.text):
            self.outcome.fail("throttled")
            assert response.request is not None
            again = get_retry_request(
                response.request, spider=self, reason="throttled", max_retry_times=2, priority_adjust=-10
            )
            if again is not None:
                self.outcome.pages -= 1
                yield again
            return
        listing = self.rows(response)
        for item in listing.items:
            yield from self._follow_article(item.url)
        if first and (listing.kind != "list" or not listing.items):
            yield from self._follow_links(response)
        if listing.items or listing.kind == "list" or first:
            for visit in self._further(response, listing):
                yield from self._follow_list(visit, column)

    def read_article(self, response: Response) -> Iterator[Request]:
        """Count an article; a page that is nothing but a script to another address leads there."""
        self._answered()
        self.outcome.pages += 1
        if isinstance(response, TextResponse) and (elsewhere := _shell_target(response)) is not None:
            yield from self._follow_article(elsewhere)
            return
        self.outcome.new_pages += isinstance(response, TextResponse)
        if isinstance(response, TextResponse):
            yield from self._follow_attachments(response)

    def read_attachment(self, response: Response) -> None:
        """Nothing is read of an attachment here: it is archived, and that was the purpose."""
        self._answered()

    def read_recorded(self, response: Response) -> Iterator[Request]:
        """Read a recorded page as whatever it is, and count the links that the recording does not hold."""
        self._answered()
        self.outcome.pages += 1
        if not isinstance(response, TextResponse):
            return
        if is_throttled(response.text):
            self.outcome.fail("throttled")
            return
        listing = self.rows(response)
        address = canonicalize_url(response.url)
        if listing.kind == "article":
            self._articles.add(address)
        elif listing.items or listing.kind in ("list", "home"):
            links = {canonicalize_url(item.url) for item in listing.items}
            self._linked |= links
            further = self._further(response, listing)
            links |= {canonicalize_url(visit.url) for visit in further if not visit.guess and not visit.form}
            assert self.recording is not None
            self.outcome.left.update(link for link in links if self.recording.find("GET", link) is None)
        else:
            self._unclear.add(address)
        yield from ()

    def failed(self, failure: Failure) -> None:
        """Count a request that gave no page, by its class; stop asking a portal that keeps challenging."""
        error = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]
        response: Response | None = getattr(error, "response", None)
        if response is not None:
            kind = (
                "gone"
                if response.status in (404, 410) and request.cb_kwargs.get("first")
                else f"http-{response.status}"
            )
        else:
            kind = failure_class(error) if error is not None else "error"
        too_large = kind == "oversize" and "download_maxsize" in request.meta
        if kind in ("not-archived", "offsite") or too_large:
            self.outcome.left.add(canonicalize_url(request.url))
            return
        if request.meta.get("guess") and response is not None:
            return
        self.outcome.fail(kind)
        if kind in ("moved", "robots"):
            self.outcome.left.add(canonicalize_url(request.url))
        if kind.startswith("blocked"):
            self._blocked += 1
            if self._blocked >= BLOCKED_IN_A_ROW and self.recording is None:
                raise CloseSpider("blocked")

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end, with the reason."""
        self.outcome.finished = reason
        # A recorded page that reads as neither list nor article is what the pages that link to it say.
        articles = self._articles | {url for url in self._unclear if url in self._linked or is_article(url)}
        self.outcome.rows += len(articles)
        self.outcome.rows_known += len(articles & self.known)
        self.outcome.new_pages += len(articles - self.known)

    # Requests.

    def _answered(self) -> None:
        self._blocked = 0

    def _further(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        if not is_json(_content_type(response), response.body):
            return self.next_visits(response, listing)
        if listing.next or not listing.items or response.request is None:
            return tuple(Visit(url) for url in listing.next)
        following = next_result_page(response.url, response.request.body)
        return (Visit(*following, guess=True),) if following else ()

    def _request(self, visit: Visit, callback: Any, **kwargs: Any) -> Request:
        body = urlencode(visit.form) if visit.form else ""
        return Request(
            visit.url,
            method="POST" if visit.form else "GET",
            body=body,
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"} if visit.form else None,
            callback=callback,
            errback=self.failed,
            meta={"guess": visit.guess},
            cb_kwargs=kwargs,
        )

    def _list_request(self, visit: Visit, column: int, first: bool = True) -> Request | None:
        key = f"{canonicalize_url(visit.url)} {visit.form}"
        if key in self._asked_lists:
            return None
        if self._pages_of.get(column, 0) >= self.crawling.list_depth or host_of(visit.url) not in self.target.hosts:
            if not visit.guess:
                self.outcome.left.add(canonicalize_url(visit.url))
            return None
        self._asked_lists.add(key)
        self._pages_of[column] = self._pages_of.get(column, 0) + 1
        return self._request(visit, self.read_list, column=column, first=first)

    def _follow_list(self, visit: Visit, column: int, first: bool = False) -> Iterator[Request]:
        request = self._list_request(visit, column, first)
        if request is not None:
            yield request

    def _follow_article(self, url: str) -> Iterator[Request]:
        key = canonicalize_url(url)
        if key in self._asked_articles or f"{key} ()" in self._asked_lists:
            return
        self._asked_articles.add(key)
        self.outcome.rows += 1
        if key in self.known:
            self.outcome.rows_known += 1
        elif host_of(url) in self.target.hosts and is_page(url):
            yield self._request(Visit(url), self.read_article)
        else:
            self.outcome.left.add(key)

    def _follow_attachments(self, response: TextResponse) -> Iterator[Request]:
        """Ask once for each file that an article gives as its attachment and that is on a host of the portal."""
        wanted = wanted_attachments(response.body, response.url, _content_type(response), self.crawling.max_bytes)
        for attachment, most in wanted:
            key = canonicalize_url(attachment.url)
            if key in self._asked_articles:
                continue
            self._asked_articles.add(key)
            if host_of(attachment.url) in self.target.hosts:
                request = self._request(Visit(attachment.url), self.read_attachment)
                request.meta["download_maxsize"] = most
                yield request
            else:
                self.outcome.left.add(key)

    def _follow_links(self, response: TextResponse) -> Iterator[Request]:
        """On a home or overview page: links with the form of an article, and links named like a column."""
        found = 0
        for anchor in response.xpath("//a[@href]"):
            url = response.urljoin((anchor.attrib["href"] or "").strip())
            if host_of(url) not in self.target.hosts or not is_page(url):
                continue
            if is_article(url):
                yield from self._follow_article(url)
            elif found < FOUND_COLUMNS and names_a_column("".join(anchor.xpath(".//text()").getall())):
                column = max((*self._pages_of, len(self.target.columns))) + 1
                request = self._list_request(Visit(url), column, first=False)
                if request is not None:
                    found += 1
                    yield request


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1").lower()


def _shell_target(response: TextResponse) -> str | None:
    """Where a page leads that is only a script with another address in it (东城 has such)."""
    if len(response.body) > SHELL_BYTES or b"<a " in response.body.lower():
        return None
    match = _SHELL.search(response.text)
    return urljoin(response.url, match[1]) if match and match[1] != "#" else None
