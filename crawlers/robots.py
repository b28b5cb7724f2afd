"""robots.txt as RFC 9309 wants it, which is stricter than Scrapy's own reading of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawlers.outcome import Left, failure_class

if TYPE_CHECKING:
    from scrapy.robotstxt import RobotParser


class RobotsMiddleware(RobotsTxtMiddleware):
    """Stays away from a host whose robots.txt cannot be fetched (server error, 429, no connection, a challenge).

    Scrapy takes that for permission. A file that does not exist (4xx) is permission. A host that could not be reached
    is not asked again for every page, so a dead portal costs one attempt.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._closed: dict[str, str] = {}

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Let an allowed request pass; raise `Left` with `robots`, `robots-<status>` or the class of the failure."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self.robot_parser(request)
        closed = self._closed.get(urlparse_cached(request).netloc)
        if closed is not None:
            raise Left(closed, f"{request.url}: robots.txt could not be read ({closed})")
        self.process_request_2(rules, request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise Left("robots", f"{request.url}: robots.txt disallows it") from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._closed[netloc] = f"robots-{response.status}"
        if response.status != 200:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        kind = failure_class(exc)
        if kind in ("blocked-401", "blocked-403", "blocked-405", "moved", "offsite", "oversize"):
            kind = ""
        if kind and not (kind == "error" and isinstance(exc, IgnoreRequest)):
            self._closed[netloc] = kind
        super()._robots_error(exc, netloc)
