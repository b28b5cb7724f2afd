"""TRS WCM (北京, 天津 and most of their districts, 邯郸): lists numbered from 0 by a script call."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from scrapy.http import TextResponse

from config.model import Column
from crawlers.paging import scripted_pages
from crawlers.spiders.base import PortalSpider, Visit
from extract.model import Listing

POST_SEARCH = "/so/ss/query/s"


class TrsSpider(PortalSpider):
    """Reads the pager's script. Some columns hold all rows in page 0 and turn pages in the browser: they end there."""

    dialect: ClassVar[str] = "trs"

    def entry(self, column: Column) -> Visit:
        parts = urlsplit(column.url)
        if column.kind == "search_api" and parts.path == POST_SEARCH:
            return Visit(f"{parts.scheme}://{parts.netloc}{parts.path}", tuple(parse_qsl(parts.query)))
        return super().entry(column)

    def next_visits(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        scripted = scripted_pages(response.text, response.url)
        return tuple(Visit(url) for url in scripted) or super().next_visits(response, listing)


class UcapSpider(TrsSpider):
    """UCAP/开普 (丰台, many bureaus): the same script call with an element id in front, counted from 1."""

    dialect: ClassVar[str] = "ucap"
