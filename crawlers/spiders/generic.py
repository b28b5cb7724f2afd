"""Every CMS that has no family of its own: what the list reader finds, and next pages by the form of the address."""

from __future__ import annotations

from typing import ClassVar

from crawlers.spiders.family import FamilySpider


class GenericSpider(FamilySpider):
    """Carries the one-off sites (海港 `.aspx`, 成安 `.jsp`, 滦南 `page_1.html` …) and those that nobody has seen."""

    dialect: ClassVar[str] = "generic"
