"""A page read as a list: bytes in, rows and the way to its next page out."""

from __future__ import annotations

import re
from typing import Final

from extract.body import find_body
from extract.decoding import decode
from extract.dialects import dialect_of
from extract.events import tree_events
from extract.kinds import is_empty_shell, kind_by_address
from extract.layout import Layout
from extract.markup import Element, fragment, metas, parse
from extract.model import Listing, PageKind
from extract.paging import after, next_pages
from extract.records import hanweb_records, json_list
from extract.rows import Row, as_item, find_rows

NO_PROSE: Final = 100
"""A page with less prose is no article."""
MANY_DATED: Final = 5
"""So many dated rows are needed to outweigh prose."""
_STOP: Final = re.compile("[，。；]")


def read_listing(raw: bytes, url: str, content_type: str = "") -> Listing:
    """The rows of a page's main list in order, with absolute URLs and full titles, and the URL of its next page.

    Reads HTML, fragments of it, JSON answers and hanweb's records. Never raises; a page without a list has no items.
    """
    decoded = decode(raw, content_type)
    data = json_list(decoded.text, url)
    if data is not None:
        items, pages = data
        following = after(url, pages) if items else None
        return Listing("list" if items else "other", dialect_of(url, "", {}), items, (following,) if following else ())
    root, _ = parse(decoded.text)
    found_metas = metas(root.iter("meta"))
    dialect = dialect_of(url, decoded.text, found_metas)
    records = hanweb_records(decoded.text)
    rows = find_rows(fragment(records), url) if records else ()
    rows = rows or find_rows(root, url)
    kind = _kind(root, url, rows, found_metas)
    if kind == "other":
        return Listing(kind, dialect, (), ())
    items = tuple(dict.fromkeys(as_item(row) for row in rows))
    return Listing(kind, dialect, items, next_pages(root, decoded.text, url, len(items)))


def _kind(root: Element, url: str, rows: tuple[Row, ...], found_metas: dict[str, str]) -> PageKind:
    layout = Layout(tree_events(root))
    if not rows and is_empty_shell(layout):
        return "other"
    if by_address := kind_by_address(url, found_metas):
        return by_address
    text = find_body(layout).text
    if is_list(text, rows):
        return "list"
    return "article" if len(text) >= 100 else "list" if rows else "other"


def is_list(text: str, rows: tuple[Row, ...]) -> bool:
    """Whether rows are what a page is about: several, or dated ones, and no article (`text`) that outweighs them."""
    dated = sum(row.day is not None for row in rows)
    if len(rows) < 3 and not dated:
        return False
    prose = prose_size(text)
    return prose < NO_PROSE or (dated >= MANY_DATED and sum(len(row.title) for row in rows) > prose)


def prose_size(text: str) -> int:
    """How many characters of a text stand in its sentences."""
    return sum(len(line) for line in text.split("\n") if len(line) > 15 and _STOP.search(line))
