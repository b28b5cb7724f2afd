"""The spider that every family is a small variation of: entry columns → list pages → articles, each asked for once.

What is asked in one night, and what is left to another, is decided in `crawlers.night`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from urllib.parse import urlencode, urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from config.model import Column, Crawling
from crawlers.addresses import URL_LENGTH, is_trap, without_session
from crawlers.archive import Archived, ArchiveWriter
from crawlers.archived import Record
from crawlers.attachments import wanted_attachments
from crawlers.cadence import ABSENT
from crawlers.canonical import address_of
from crawlers.frontier import Address, Frontier, Row
from crawlers.night import Night, PageRead, Period, Step
from crawlers.outcome import NOT_ASKED, Outcome, failure_class, says_empty, told
from crawlers.recording import Capture, Recording
from crawlers.search import is_json, is_throttled, next_result_page
from crawlers.shapes import is_article, is_page, names_a_column
from crawlers.target import Target, host_of
from crawlers.visits import Visit as Visit
from extract.listing import read_listing
from extract.model import Listing, ListItem

FOUND_COLUMNS = 12
BLOCKED_IN_A_ROW = 5
SHELL_BYTES = 2_000
HEADS_FIRST = 10
HOST_AWAY = ("dns", "tls", "refused", "unreachable", "blocked", "robots-", "archive")
"""Failures that tell of the host and not of the page that was asked for."""
_SHELL = re.compile(r"location(?:\.href|\.replace)?\s*(?:=|\()\s*['\"]([^'\"]+)['\"]")


class PortalSpider(Spider):
    """Crawls one portal. A family says in `next_visits` where a list goes on, in `rows` how its rows are read, and in
    `entry` how a column is entered; everything else is the same for all.

    A live crawl remembers in its `frontier` what it found and has; with a `period` it is a backfill. With a
    `recording`, every recorded page of the portal is read instead of the columns, what is not in the recording is
    counted and left, and nothing is remembered but what `known` says, so that a replay can be repeated.
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
        frontier: Frontier | None = None,
        period: Period | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.target, self.crawling, self.known = target, crawling, known
        self.archive, self.recording, self.recorded = archive, recording, recorded
        self.frontier = frontier or Frontier.in_memory()
        self.outcome = Outcome(target.portal_id)
        self.now = now
        self.night = Night(
            self.frontier, target.portal_id, max(len(target.columns), 1), crawling.list_depth, now(), period
        )
        self._asked_lists: set[str] = set()
        self._asked_articles: set[str] = set()
        self._counted: set[str] = set()
        self._found_columns: set[str] = set()
        self._requests = 0
        self._routine = 0
        self._hosts: set[str] = set()
        self._extras_asked = False
        self._blocked = 0
        self._articles: set[str] = set()
        self._unclear: set[str] = set()
        self._linked: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.mistaken, signal=signals.spider_error)
        crawler.signals.connect(spider.idle, signal=signals.spider_idle)
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
        for request in self.first_requests():
            yield request

    def first_requests(self) -> Iterator[Request]:
        """The heads of the entry columns, then what an earlier run found and did not fetch."""
        for column in self.target.columns:
            visit = self.entry(column)
            head, steps = self.night.enter(visit.key, visit, entry=True)
            if head:
                walk = self.night.period.name if self.night.period else ""
                yield from self._follow_list(Step(visit, walk), visit.key, first=True, head=True)
            for step in steps:
                yield from self._follow_list(step, visit.key)
        for address in self.night.pending(self.crawling.pages_per_night):
            yield from self._ask_again(address)

    def idle(self) -> None:
        """When everything new is fetched, go on with the quiet part of the night, once."""
        if self.recording is None and (requests := self.quiet_requests()):
            for request in requests:
                self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def quiet_requests(self) -> list[Request]:
        """The next pages of ways through whole columns, heads of columns found by links, pages that are due again."""
        if self._extras_asked:
            return []
        self._extras_asked = True
        extras = self.night.extras(len(self._hosts) + self._routine, self.outcome.new_pages)
        requests = [one for column, step in extras.steps for one in self._follow_list(step, column)]
        for state in extras.heads:
            requests += self._follow_list(Step(Visit(state.url)), state.key, head=True)
        for address in extras.revisits:
            requests += self._ask_again(address)
        return requests

    def read_list(
        self, response: Response, column: str, page: Visit, first: bool = False, head: bool = False, walk: str = ""
    ) -> Iterator[Request]:
        """Follow a list page: its rows as articles, its next pages as lists."""
        self._answered()
        self.outcome.pages += 1
        if head:
            self._routine += 1 + int(response.meta.get("redirect_times", 0))
        if not isinstance(response, TextResponse):
            self.outcome.fail("not-a-page")
            self.night.missed(column, page, walk, gone=True)
            return
        if (elsewhere := _shell_target(response)) is not None:
            self.night.led(column, page, Visit(elsewhere))
            yield from self._follow_list(Step(Visit(elsewhere), walk), column, first=first, head=head)
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
        if first:
            self.outcome.entered(_asked_for(response), len(listing.items), says_empty(response.text))
        rows = tuple(map(self._row, listing.items))
        links = self._columns_and_articles(response) if first and (listing.kind != "list" or not rows) else ()
        seen = {row.url for row in rows}
        rows += tuple(row for row in links if isinstance(row, Row) and row.url not in seen)
        goes_on = listing.items or listing.kind == "list" or head
        further = tuple(one for one in self._further(response, listing) if self._may_ask(one)) if goes_on else ()
        onward = self.night.read(PageRead(column, page, rows, further, head, walk, _record(response)))
        for row in onward.known:
            self._count_row(row, known=True)
        for row in onward.wanted:
            yield from self._follow_article(row)
        for link in links:
            if isinstance(link, Visit):
                yield from self._follow_found(link, walk)
        self.outcome.left.update(canonicalize_url(one.url) for one in onward.bounded if not one.guess)
        if onward.bounded:
            self.outcome.note(
                f"a list goes on below its first {self.crawling.list_depth} pages, which later nights read"
            )
        leads = head and not rows
        for step in onward.steps:
            yield from self._follow_list(step, column, head=leads and step.walk == walk)

    def read_article(self, response: Response) -> Iterator[Request]:
        """Remember an article; a page that is nothing but a script to another address leads there."""
        self._answered()
        self.outcome.pages += 1
        asked, now = _asked_for(response), self.now()
        if response.status == 304:
            self.frontier.unchanged(asked, now)
            return
        if self._leads_home(asked, response.url):
            self.outcome.fail("http-404")
            self.frontier.failed(asked, now, 404)
            return
        if isinstance(response, TextResponse) and (elsewhere := _shell_target(response)) is not None:
            self.frontier.moved(asked, elsewhere, now)
            yield from self._follow_article(Row(without_session(elsewhere)))
            return
        self._remember(asked, response, now)
        if isinstance(response, TextResponse):
            yield from self._follow_attachments(response)

    def read_attachment(self, response: Response) -> None:
        """Remember an attachment: it is archived, and that was the purpose."""
        self._answered()
        asked, now = _asked_for(response), self.now()
        if response.status == 304:
            self.frontier.unchanged(asked, now)
        elif self._leads_home(asked, response.url):
            self.frontier.failed(asked, now, 404)
        else:
            headers = (_header(response, "ETag"), _header(response, "Last-Modified"))
            self.frontier.archived(asked, _record(response), *headers, now)

    def _remember(self, asked: str, response: Response, now: datetime) -> None:
        """Take an answer into the frontier, and count it as new, changed or neither. One commit."""
        record = _record(response)
        headers = (_header(response, "ETag"), _header(response, "Last-Modified"))
        with self.frontier.answer():
            earlier = self.frontier.find(asked)
            known = earlier is not None and earlier.answered_at is not None
            if address_of(asked) != address_of(response.url):
                self.frontier.linked(response.url, self.target.portal_id, "article", "", now)
                self.frontier.moved(asked, response.url, now)
            elif earlier is None:
                self.frontier.linked(asked, self.target.portal_id, "article", "", now)
            changed = self.frontier.archived(response.url, record, *headers, now)
        if changed:
            self.outcome.changed += 1
        elif record is not None and address_of(record.url) != address_of(response.url):
            self.outcome.rows_known += not known
        elif not known:
            self.outcome.new_pages += isinstance(response, TextResponse)

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
        if kind in NOT_ASKED or too_large:
            if too_large:
                self.frontier.dropped(request.url, self.now())
            self.outcome.left.add(canonicalize_url(request.url))
            return
        if self.recording is None:
            self._remember_failure(request, kind, response.status if response is not None else None)
        if kind == "known" or (request.meta.get("guess") and response is not None):
            return
        self.outcome.fail(kind, told(request.url, error))
        if kind in ("moved", "robots"):
            self.outcome.left.add(canonicalize_url(request.url))
        if kind.startswith("blocked"):
            self._blocked += 1
            if self._blocked >= BLOCKED_IN_A_ROW and self.recording is None:
                raise CloseSpider("blocked")

    def _remember_failure(self, request: Request, kind: str, status: int | None) -> None:
        asked = request.meta.get("redirect_urls", [request.url])[0]
        if "page" in request.cb_kwargs:
            given = request.cb_kwargs
            if not kind.startswith(HOST_AWAY):
                self.night.missed(given["column"], given["page"], given["walk"], gone=status in ABSENT)
        elif kind == "known":
            self.frontier.moved(asked, request.url, self.now())
        elif not kind.startswith(HOST_AWAY):
            self.frontier.failed(asked, self.now(), status)

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end, with the reason."""
        self.outcome.finished = reason
        self.outcome.lost_columns |= self.night.lost_columns()
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

    def _may_spend(self, url: str) -> bool:
        """Whether the night has room for one more request; what has none waits in the frontier."""
        if self._requests >= self.crawling.pages_per_night:
            self.outcome.note(f"a night's {self.crawling.pages_per_night} requests are spent; the rest waits")
            return False
        self._requests += 1
        self._hosts.add(urlsplit(url).netloc)
        return True

    def _may_ask(self, visit: Visit) -> bool:
        """Whether a list page is this portal's and no trap; counted as left where it is not."""
        if host_of(visit.url) in self.target.hosts and not _is_endless(visit.url):
            return True
        if not visit.guess:
            self.outcome.left.add(canonicalize_url(visit.url))
        return False

    def _follow_list(self, step: Step, column: str, first: bool = False, head: bool = False) -> Iterator[Request]:
        visit = replace(step.visit, url=without_session(step.visit.url))
        if visit.key in self._asked_lists or not self._may_ask(visit) or not self._may_spend(visit.url):
            return
        self._asked_lists.add(visit.key)
        request = self._request(
            visit, self.read_list, column=column, page=visit, first=first, head=head, walk=step.walk
        )
        yield request.replace(priority=HEADS_FIRST) if head else request

    def _follow_found(self, visit: Visit, walk: str) -> Iterator[Request]:
        """Enter a column that a page of links names, at once when it is new; later nights take such ones in turns."""
        new = self.frontier.column(self.target.portal_id, visit.key) is None
        if visit.key in self._asked_lists or len(self._found_columns) >= FOUND_COLUMNS:
            return
        self._found_columns.add(visit.key)
        head, steps = self.night.enter(visit.key, visit, entry=False)
        if head and (new or walk):
            yield from self._follow_list(Step(visit, walk), visit.key, head=True)
        for step in steps:
            yield from self._follow_list(step, visit.key)

    def _row(self, item: ListItem) -> Row:
        url = without_session(item.url)
        follows = host_of(url) in self.target.hosts and is_page(url) and not _is_endless(url)
        return Row(url, item.day, "article" if follows else "elsewhere")

    def _count_row(self, row: Row, known: bool) -> None:
        key = address_of(row.url)
        if key in self._counted or key in self._asked_lists:
            return
        self._counted.add(key)
        self.outcome.rows += 1
        if row.kind == "elsewhere":
            self.outcome.left.add(canonicalize_url(row.url))
        else:
            self.outcome.rows_known += known

    def _follow_article(self, row: Row) -> Iterator[Request]:
        self._count_row(row, known=False)
        if row.kind != "elsewhere":
            yield from self._ask_article(row.url)

    def _ask_article(self, url: str, earlier: Address | None = None) -> Iterator[Request]:
        """Ask for an article once; one that is archived on the condition that it has changed."""
        if self._may_fetch(url):
            request = self._request(Visit(url), self.read_article)
            request.meta["article"] = True
            yield _on_condition(request, earlier)

    def _ask_attachment(self, url: str, most: int, earlier: Address | None = None) -> Iterator[Request]:
        if self._may_fetch(url):
            request = self._request(Visit(url), self.read_attachment)
            request.meta["download_maxsize"] = most
            yield _on_condition(request, earlier)

    def _ask_again(self, address: Address) -> Iterator[Request]:
        """Ask for what the frontier holds, found or archived."""
        earlier = address if address.answered_at else None
        if address.kind == "attachment":
            yield from self._ask_attachment(address.url, self.crawling.max_bytes, earlier)
        else:
            yield from self._ask_article(address.url, earlier)

    def _follow_attachments(self, response: TextResponse) -> Iterator[Request]:
        """Ask once for each file that an article gives as its attachment and that is on a host of the portal."""
        wanted = wanted_attachments(response.body, response.url, _content_type(response), self.crawling.max_bytes)
        asked: list[tuple[str, int]] = []
        with self.frontier.answer():
            for attachment, most in wanted:
                url, now = without_session(attachment.url), self.now()
                if host_of(url) not in self.target.hosts or _is_endless(url):
                    self.outcome.left.add(canonicalize_url(url))
                elif self.frontier.found(self.target.portal_id, Row(url, kind="attachment"), "", now, now).wanted:
                    asked.append((url, most))
        for url, most in asked:
            yield from self._ask_attachment(url, most)

    def _may_fetch(self, url: str) -> bool:
        key = address_of(url)
        if key in self._asked_articles or key in self._asked_lists or not self._may_spend(url):
            return False
        self._asked_articles.add(key)
        return True

    def _columns_and_articles(self, response: TextResponse) -> tuple[Row | Visit, ...]:
        """On a home or overview page: links with the form of an article, and links named like a column."""
        links: dict[str, Row | Visit] = {}
        for anchor in response.xpath("//a[@href]"):
            url = without_session(response.urljoin((anchor.attrib["href"] or "").strip()))
            if host_of(url) not in self.target.hosts or not is_page(url) or _is_endless(url):
                continue
            if is_article(url):
                links.setdefault(url, Row(url))
            elif names_a_column("".join(anchor.xpath(".//text()").getall())):
                links.setdefault(url, Visit(url))
        return tuple(links.values())

    def _leads_home(self, asked: str, url: str) -> bool:
        """Whether a redirect ended on the portal's door, which sites do with pages they have taken away."""
        if address_of(asked) == address_of(url):
            return False
        found = self.frontier.find(url)
        return urlsplit(url).path in ("", "/") or (found is not None and found.kind == "list")


def _on_condition(request: Request, earlier: Address | None) -> Request:
    """The request, to be answered with a page only where it differs from the one that is archived."""
    if earlier is not None and (earlier.etag or earlier.last_modified):
        request.meta["handle_httpstatus_list"] = [304]
        for name, value in (("If-None-Match", earlier.etag), ("If-Modified-Since", earlier.last_modified)):
            if value:
                request.headers[name] = value
    return request


def _is_endless(url: str) -> bool:
    return len(url) > URL_LENGTH or is_trap(url)


def _asked_for(response: Response) -> str:
    """The URL that was asked for before any redirect."""
    came_from: list[str] = response.meta.get("redirect_urls") or [response.request.url if response.request else ""]
    return came_from[0]


def _record(response: Response) -> Record | None:
    """Where the archive has the answer, or the earlier one that it repeats."""
    archived: Archived | None = response.meta.get("archived")
    if archived is None:
        return None
    known: Record | None = response.meta.get("known")
    if known is not None and archived.original.date == known.date and archived.original.url == known.url:
        return known
    return Record(response.url, archived.file, archived.offset, archived.date, archived.sha256)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1").lower()


def _shell_target(response: TextResponse) -> str | None:
    """Where a page leads that is only a script with another address in it (东城 has such)."""
    if len(response.body) > SHELL_BYTES or b"<a " in response.body.lower():
        return None
    match = _SHELL.search(response.text)
    return urljoin(response.url, match[1]) if match and match[1] != "#" else None
