"""What the spiders of all families share beyond the way through a portal: customary next pages, sitemaps, searches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse

from config.model import Column
from crawlers.browser import BrowserError, drawn
from crawlers.paging import next_by_form
from crawlers.sitemap import unpacked
from crawlers.spiders.base import PortalSpider, Visit
from extract.model import Listing

FULL_PAGE = 10
POST_SEARCH = "/so/ss/query/s"


class FamilySpider(PortalSpider):
    """Follows the links of a page; where a full page has none, tries the customary next address once.

    A family differs in `customary`, `next_visits` or `rows`; most differ in nothing but their name.
    """

    def entry(self, column: Column) -> Visit:
        """How a column is entered; the search that Beijing's portals share takes its query as a form only."""
        parts = urlsplit(column.url)
        if column.kind == "search_api" and parts.path == POST_SEARCH:
            return Visit(f"{parts.scheme}://{parts.netloc}{parts.path}", tuple(parse_qsl(parts.query)))
        return super().entry(column)

    def customary(self, url: str) -> str | None:
        """The address that the family gives to the page after `url`."""
        return next_by_form(url)

    def next_visits(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        linked = super().next_visits(response, listing)
        if linked or len(listing.items) < FULL_PAGE:
            return linked
        following = self.customary(response.url)
        return (Visit(following, guess=True),) if following else ()

    def read_list(self, response: Response, *args: Any, **kwargs: Any) -> Iterator[Request]:
        yield from super().read_list(unpacked(response, self.crawling.max_bytes), *args, **kwargs)

    async def read_drawn_list(self, response: Response, *args: Any, **kwargs: Any) -> AsyncIterator[Request]:
        """Follow a list that only a script can draw, as it looks in a browser; without one, as it came."""
        engine = self.crawler.engine
        assert engine is not None
        try:
            body = await drawn(response, engine.download_async, self.target.hosts, self.crawler.settings["USER_AGENT"])
        except BrowserError as error:
            self.logger.error("%s: %s", response.url, error)
            self.outcome.fail("browser")
        else:
            headers = {"Content-Type": "text/html; charset=utf-8"}
            response = HtmlResponse(response.url, body=body, headers=headers, request=response.request)
        for request in self.read_list(response, *args, **kwargs):
            yield request

    def _request(self, visit: Visit, callback: Any, **kwargs: Any) -> Request:
        request = super()._request(visit, callback, **kwargs)
        if callback == self.read_list and any(
            column.browser and column.url == visit.url for column in self.target.columns
        ):
            request = request.replace(callback=self.read_drawn_list)
        parts = urlsplit(visit.url)
        if parts.path.endswith("/eportal/ui"):
            # Without it, eportal's disclosure pages answer with nothing.
            request.headers["Referer"] = f"{parts.scheme}://{parts.netloc}/"
        return request
