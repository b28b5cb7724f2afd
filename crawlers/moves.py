"""Pages that are archived already: they are not fetched again after a redirect, and not kept twice."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.archive import Earlier
from crawlers.canonical import address_of
from crawlers.outcome import Left

if TYPE_CHECKING:
    from crawlers.spiders import PortalSpider


class MovesMiddleware:
    """Stops at a redirect whose target the frontier holds."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MovesMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise `Left("known")` for a redirect to an address, other than its own, that is archived."""
        came_from = request.meta.get("redirect_urls")
        if not came_from or not request.meta.get("article"):
            return
        spider: PortalSpider = self._crawler.spider  # type: ignore[assignment]
        found = spider.frontier.find(request.url)
        if found and found.answered_at and found.kind != "list" and found.address != address_of(came_from[0]):
            raise Left("known", f"{request.url}: archived already")


class EarlierMiddleware:
    """Tells the archive which response an answer may repeat: what its address gave last, or the same bytes elsewhere.

    It stands between the network and the archive.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> EarlierMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        spider: PortalSpider = self._crawler.spider  # type: ignore[assignment]
        if spider.recording is not None or request.meta.get("dont_obey_robotstxt"):
            return response
        found = None
        if response.status == 304:
            found = spider.frontier.find(request.url)
        elif response.status == 200 and response.body:
            digest = hashlib.sha256(response.body).hexdigest()
            found = spider.frontier.holder(spider.target.portal_id, digest, request.url, spider.night.now)
        known = found.record if found else None
        if known is not None:
            request.meta["known"] = known
            request.meta["earlier"] = Earlier(known.url, known.date, known.sha256)
        return response
