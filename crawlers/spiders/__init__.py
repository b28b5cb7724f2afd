"""The spiders by CMS family: every module of this package that defines a spider with a `dialect` adds a family."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from crawlers.spiders.base import PortalSpider
from crawlers.spiders.generic import GenericSpider


def _families() -> dict[str, type[PortalSpider]]:
    found: dict[str, type[PortalSpider]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        for spider in vars(import_module(f"{__name__}.{module.name}")).values():
            own = isinstance(spider, type) and issubclass(spider, PortalSpider) and "dialect" in vars(spider)
            if own and spider is not PortalSpider:
                found[spider.dialect] = spider
    return found


FAMILIES: dict[str, type[PortalSpider]] = _families()


def spider_class(dialect: str) -> type[PortalSpider]:
    """The spider of a CMS family; a family without one of its own is crawled by the generic spider."""
    return FAMILIES.get(dialect, GenericSpider)


__all__ = ["FAMILIES", "GenericSpider", "PortalSpider", "spider_class"]
