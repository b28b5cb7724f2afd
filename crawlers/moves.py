"""Pages that moved: a redirect to a page that is archived already tells a new address, and needs no second fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler

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
