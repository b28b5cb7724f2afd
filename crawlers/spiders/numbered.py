"""Families whose next page has a customary address, taken when the page links none."""

from __future__ import annotations

from typing import ClassVar

from crawlers.paging import next_file
from crawlers.spiders.family import FamilySpider


class JeecmsSpider(FamilySpider):
    """唐山 and its counties: `index.html` → `index_2.html`."""

    dialect: ClassVar[str] = "jeecms"

    def customary(self, url: str) -> str | None:
        return next_file(url, first=2)


class CcodeHexSpider(FamilySpider):
    """沧州 and its counties, 门头沟: `listDisplaySelf.shtml` → `listDisplaySelf_2.shtml`."""

    dialect: ClassVar[str] = "ccode-hex"

    def customary(self, url: str) -> str | None:
        return next_file(url, first=2) if "list" in url.rsplit("/", 1)[-1] else None


class PhpcmsSpider(FamilySpider):
    """phpcms v9 (路北, 涞水 and others): `&page=2`."""

    dialect: ClassVar[str] = "phpcms"


class PowerEasySpider(FamilySpider):
    """廊坊, 文安: `/Category_N/Index.aspx` → `Index_2.aspx`."""

    dialect: ClassVar[str] = "powereasy"


class QhdDoSpider(FamilySpider):
    """秦皇岛: `front_pcsec.do?tid=…&p=2`; how many there are stands as 共N页."""

    dialect: ClassVar[str] = "qhd-do"


class EportalSpider(FamilySpider):
    """eportal (河北省 until 2023, info.hebei.gov.cn): `ui?pageId=…&currentPage=2`."""

    dialect: ClassVar[str] = "eportal"
