"""TRS WCM (北京, 天津 and most of their districts, 邯郸): lists numbered from 0 by a script call."""

from __future__ import annotations

import re
from typing import ClassVar

from scrapy.http import TextResponse

from crawlers.spiders.base import Visit
from crawlers.spiders.family import FamilySpider
from extract.model import Listing

_CLIENT_SIDE = re.compile(r"\$list\s*=\s*\$\(|\.slice\(\s*\(?\s*\w+[^)]*\)\s*\.show\(")


class TrsSpider(FamilySpider):
    """Lists turn as their script says; those that a script turns in the browser hold all rows in page 0 and end there.

    Both orders of `createPageHTML` are read by `extract.paging`.
    """

    dialect: ClassVar[str] = "trs"

    def customary(self, url: str) -> str | None:
        return None

    def next_visits(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        if _CLIENT_SIDE.search(response.text):
            return ()
        return super().next_visits(response, listing)


class UcapSpider(TrsSpider):
    """UCAP/开普 (丰台, many bureaus): the same script call with an element id in front, counted from 1."""

    dialect: ClassVar[str] = "ucap"
