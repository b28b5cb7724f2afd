"""Sitemaps (sitemaps.org): the addresses of a site with the day each last changed, and indexes of further ones."""

from __future__ import annotations

from datetime import date
from typing import Final

from lxml import etree

from extract.dates import first_day
from extract.dialects import is_article_url
from extract.model import ListItem

_HEAD: Final = 1_000
_MAX_ROWS: Final = 50_000
_MAX_CHILDREN: Final = 50


def is_sitemap(raw: bytes) -> bool:
    """Whether bytes are a sitemap or an index of sitemaps."""
    return b"<urlset" in raw[:_HEAD] or b"<sitemapindex" in raw[:_HEAD]


def read_sitemap(raw: bytes) -> tuple[tuple[ListItem, ...], tuple[str, ...]]:
    """The pages of a sitemap and the sitemaps of an index, those that changed last first.

    Where some addresses have the form of an article, only those are rows: the others are columns and home pages.
    Entities are not expanded and nothing is fetched; a broken file gives what stands before the break.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        return (), ()
    if root is None:
        return (), ()
    found: list[tuple[str, date | None]] = []
    for entry in root:
        if not isinstance(entry.tag, str) or len(found) >= _MAX_ROWS:
            continue
        fields = {etree.QName(field).localname: field.text or "" for field in entry if isinstance(field.tag, str)}
        address = fields.get("loc", "").strip()
        if address.startswith(("http://", "https://")):
            found.append((address, first_day(fields.get("lastmod", "")[:10])))
    found.sort(key=lambda pair: pair[1] or date.min, reverse=True)
    if etree.QName(root).localname == "sitemapindex":
        return (), tuple(address for address, _ in found[:_MAX_CHILDREN])
    articles = [pair for pair in found if is_article_url(pair[0])] or found
    return tuple(ListItem(address, "", day) for address, day in articles), ()
