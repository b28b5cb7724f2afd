"""TRS WCM (北京, 天津 and most of their districts, 邯郸): lists numbered from 0 by a script call."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from config.model import Column
from crawlers.spiders.base import PortalSpider, Visit

POST_SEARCH = "/so/ss/query/s"


class TrsSpider(PortalSpider):
    """Lists turn as their script says; some hold all rows in page 0 and end there. The search takes only POST."""

    dialect: ClassVar[str] = "trs"

    def entry(self, column: Column) -> Visit:
        parts = urlsplit(column.url)
        if column.kind == "search_api" and parts.path == POST_SEARCH:
            return Visit(f"{parts.scheme}://{parts.netloc}{parts.path}", tuple(parse_qsl(parts.query)))
        return super().entry(column)


class UcapSpider(TrsSpider):
    """UCAP/开普 (丰台, many bureaus): the same script call with an element id in front, counted from 1."""

    dialect: ClassVar[str] = "ucap"
