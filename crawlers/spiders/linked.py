"""Families whose further pages have not been seen: what the pages link, and nothing tried."""

from __future__ import annotations

from typing import ClassVar

from crawlers.spiders.family import FamilySpider


class LinkedSpider(FamilySpider):
    """Tries no customary address."""

    def customary(self, url: str) -> str | None:
        return None


class ZjkChannelSpider(LinkedSpider):
    """The 张家口 vendor: `/channel/list/N.html`, articles `/single/N/M.html`, blocks `/__sys_block__/….html`."""

    dialect: ClassVar[str] = "zjk-channel"


class BdDashSpider(LinkedSpider):
    """保定 and its counties: `zwgkdoclist-…-list.html`, articles `content-N-M.html`."""

    dialect: ClassVar[str] = "bd-dash"


class HuilanSpider(LinkedSpider):
    """慧兰/EasySite (通州, 顺义, 大兴 and others): articles `/<at least five digits>/index.html`."""

    dialect: ClassVar[str] = "huilan"


class ColTsSpider(LinkedSpider):
    """石家庄 of 2017–2023 and four of 保定's counties: columns and articles named by their moment in milliseconds."""

    dialect: ClassVar[str] = "col-ts"


class SiteServerSpider(LinkedSpider):
    """滨海新区, TEDA, 天津高新区: `/channels/N.html`, articles `/contents/N/M.html`."""

    dialect: ClassVar[str] = "siteserver"


class PnidpvSpider(LinkedSpider):
    """西城: columns `….html`, articles `…/pnidpvN.html`."""

    dialect: ClassVar[str] = "pnidpv"


class ChyHexSpider(LinkedSpider):
    """朝阳: articles `…/<32 hex digits>.html`, pages in gb2312 that hold characters of GBK."""

    dialect: ClassVar[str] = "chy-hex"


class XinjiSpider(LinkedSpider):
    """辛集: `/node/N` and `/html/<channel>/index.html`, articles `/html/<channel>/N.html`."""

    dialect: ClassVar[str] = "xinji-html"


class XionganSpider(LinkedSpider):
    """雄安: articles `/YYYY-MM/DD/c_N.htm` until November 2024, `/YYYYMMDD/<32 hex digits>/c.html` since."""

    dialect: ClassVar[str] = "xiongan"
