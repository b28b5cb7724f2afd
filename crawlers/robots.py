"""robots.txt as RFC 9309 wants it, which is stricter than Scrapy's own reading of it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawlers.outcome import Left, failure_class, told
from crawlers.pace import pages_in

if TYPE_CHECKING:
    from scrapy.robotstxt import RobotParser

READ_BYTES = 512 * 1024
"""How much of a robots.txt is read; RFC 9309 wants 500 KiB at least."""
_NO_FILE = ("blocked-401", "blocked-403", "blocked-405", "moved", "offsite", "inside-address", "redirect-loop")
"""Failures that mean there is no robots.txt, which is permission."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Stays away from a host whose robots.txt cannot be fetched (server error, 429, no connection, a challenge).

    Scrapy takes that for permission. A file that does not exist (4xx) is permission. A host that could not be reached
    is not asked again for every page, so a dead portal costs one attempt. Of a host with a Crawl-delay no more pages
    are asked for than its portal's time allows, and one at least (see `Pace`, which keeps the delay).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._closed: dict[str, str] = {}
        self._why: dict[str, str] = {}
        self._asked: Counter[str] = Counter()

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Let an allowed request pass; raise `Left` with `robots`, `robots-<status>` or the class of the failure."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self.robot_parser(request)
        netloc = urlparse_cached(request).netloc
        closed = self._closed.get(netloc)
        if closed is not None:
            raise Left(closed, self._why.get(netloc) or f"{request.url}: robots.txt could not be read ({closed})")
        self.process_request_2(rules, request)
        delay = rules.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) if rules is not None else None
        if delay is not None and math.isfinite(delay) and delay > 0:
            most = pages_in(self.crawler.settings.getfloat("CLOSESPIDER_TIMEOUT"), delay)
            if self._asked[netloc] >= most:
                raise Left("crawl-delay", f"{request.url}: left for another night, Crawl-delay {delay:g} s")
            self._asked[netloc] += 1

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise Left("robots", f"{request.url}: robots.txt disallows it") from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._closed[netloc] = f"robots-{response.status}"
        response = response.replace(body=response.body[:READ_BYTES] if response.status == 200 else b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        kind = failure_class(exc)
        if kind in _NO_FILE:
            kind = ""
        if kind and not (kind == "error" and isinstance(exc, IgnoreRequest)):
            self._closed[netloc] = kind
            self._why[netloc] = told(f"{netloc}/robots.txt", exc)
        super()._robots_error(exc, netloc)
