"""The spiders by CMS family."""

from __future__ import annotations

from crawlers.spiders.base import PortalSpider
from crawlers.spiders.govcn import GovcnSpider
from crawlers.spiders.hebei import HebeiUuidSpider
from crawlers.spiders.jcms import JcmsSpider
from crawlers.spiders.numbered import (
    BdDashSpider,
    CcodeHexSpider,
    GenericSpider,
    HuilanSpider,
    JeecmsSpider,
    PhpcmsSpider,
    PowerEasySpider,
    ZjkChannelSpider,
)
from crawlers.spiders.trs import TrsSpider, UcapSpider

FAMILIES: dict[str, type[PortalSpider]] = {
    spider.dialect: spider
    for spider in (
        GovcnSpider, TrsSpider, UcapSpider, HebeiUuidSpider, JcmsSpider, ZjkChannelSpider, JeecmsSpider,
        CcodeHexSpider, BdDashSpider, HuilanSpider, PhpcmsSpider, PowerEasySpider, GenericSpider,
    )
}  # fmt: skip


def spider_class(dialect: str) -> type[PortalSpider]:
    """The spider of a CMS family; a family without one of its own is crawled by the generic spider."""
    return FAMILIES.get(dialect, GenericSpider)


__all__ = ["FAMILIES", "PortalSpider", "spider_class"]
