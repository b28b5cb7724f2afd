"""Families whose next page has a customary address, taken when the page links none."""

from __future__ import annotations

from typing import ClassVar

from scrapy.http import TextResponse

from crawlers.paging import next_file, next_query
from crawlers.spiders.base import PortalSpider, Visit
from extract.model import Listing

FULL_PAGE = 10


class CustomarySpider(PortalSpider):
    """Follows the links of the page; where a full page has none, tries the family's customary next address once."""

    def customary(self, url: str) -> str | None:
        """The address the family gives to the page after `url`."""
        return None

    def next_visits(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        linked = super().next_visits(response, listing)
        if linked or len(listing.items) < FULL_PAGE:
            return linked
        following = self.customary(response.url)
        return (Visit(following, guess=True),) if following else ()


class JeecmsSpider(CustomarySpider):
    """唐山 and its counties: `index.html` → `index_2.html`."""

    dialect: ClassVar[str] = "jeecms"

    def customary(self, url: str) -> str | None:
        return next_file(url, first=2)


class CcodeHexSpider(CustomarySpider):
    """沧州 and its counties, 门头沟: `listDisplaySelf.shtml` → `listDisplaySelf_2.shtml`."""

    dialect: ClassVar[str] = "ccode-hex"

    def customary(self, url: str) -> str | None:
        return next_file(url, first=2) if "list" in url.rsplit("/", 1)[-1] else None


class PhpcmsSpider(CustomarySpider):
    """phpcms v9 (路北, 涞水 and others): `&page=2`."""

    dialect: ClassVar[str] = "phpcms"

    def customary(self, url: str) -> str | None:
        return next_query(url, "page") if "a=lists" in url else None


class PowerEasySpider(CustomarySpider):
    """廊坊, 文安: `/Category_N/Index.aspx` → `Index_2.aspx`."""

    dialect: ClassVar[str] = "powereasy"

    def customary(self, url: str) -> str | None:
        return next_file(url, first=2) if "/Category_" in url else None


class ZjkChannelSpider(PortalSpider):
    """The 张家口 vendor: `/channel/list/N.html` and its further pages as the page links them."""

    dialect: ClassVar[str] = "zjk-channel"


class BdDashSpider(PortalSpider):
    """保定 and its counties: `…-list.html` and its further pages as the page links them."""

    dialect: ClassVar[str] = "bd-dash"


class HuilanSpider(PortalSpider):
    """慧兰/EasySite (通州, 顺义, 大兴 and others): pages as the page links them."""

    dialect: ClassVar[str] = "huilan"


class GenericSpider(PortalSpider):
    """Every other family: what the list reader finds."""

    dialect: ClassVar[str] = "generic"
