"""河北省 and 石家庄 with its districts and counties: columns by UUID, whose rows come in block fragments."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urljoin

from scrapy.http import TextResponse

from crawlers.paging import next_query
from crawlers.spiders.base import Visit
from crawlers.spiders.family import FamilySpider
from extract.model import Listing

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_BLOCK = re.compile(rf"[\w:/.\-]*/columns/{_UUID}/templates/{_UUID}/blocks/{_UUID}")


class HebeiUuidSpider(FamilySpider):
    """Turns pages by `…/blocks/<uuid>?page=N&fix=0`, from 1; the column page itself is page 1 where it has rows."""

    dialect: ClassVar[str] = "hebei-uuid"

    def next_visits(self, response: TextResponse, listing: Listing) -> tuple[Visit, ...]:
        if _BLOCK.search(response.url):
            if listing.next or not listing.items:
                return super().next_visits(response, listing)
            following = next_query(response.url, "page")
            return (Visit(following, guess=True),) if following else ()
        linked = tuple(url for url in listing.next if "/blocks/" in url)
        if linked:
            return tuple(Visit(url) for url in linked)
        first = 2 if listing.items else 1
        blocks = dict.fromkeys(urljoin(response.url, match[0]) for match in _BLOCK.finditer(response.text))
        found = tuple(Visit(f"{block}?page={first}&fix=0", guess=first > 1) for block in blocks)
        return found or super().next_visits(response, listing)
