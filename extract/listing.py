"""A page read as a list: bytes in, rows and the way to its next page out."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from extract.body import find_body
from extract.decoding import decode
from extract.dialects import dialect_of, dialect_of_rows, split_address
from extract.events import tree_events
from extract.kinds import is_empty_shell, kind_by_address
from extract.layout import Layout
from extract.links import absolute, is_page_link
from extract.markup import Element, fragment, metas, parse
from extract.model import Listing, ListItem, PageKind
from extract.paging import after, next_pages
from extract.records import hanweb_records, json_list
from extract.rows import Row, as_item, find_rows
from extract.sitemaps import is_sitemap, read_sitemap
from extract.written import embedded_list, with_written_markup

NO_PROSE: Final = 100
"""A page with less prose is no article."""
MANY_DATED: Final = 5
"""So many dated rows are needed to outweigh prose."""
_SUMMARY: Final = 150
"""So much prose a row may bring with it as a summary."""
_FRAMES: Final = 3
_STOP: Final = re.compile("[，。；]")


def read_listing(raw: bytes, url: str, content_type: str = "") -> Listing:
    """The rows of a page's main list in order, with absolute URLs and full titles, and the URL of its next page.

    Reads HTML, fragments of it, JSON answers, hanweb's records and sitemaps (whose rows have no titles). Never raises;
    a page without a list has no items.
    """
    if is_sitemap(raw):
        items, children = read_sitemap(raw)
        return Listing("list", dialect_of(url, "", {}), items, children)
    decoded = decode(raw, content_type)
    data = json_list(decoded.text, url)
    if data is not None:
        items, pages = data
        following = after(url, pages) if items else None
        return Listing("list" if items else "other", dialect_of(url, "", {}), items, (following,) if following else ())
    root, _ = parse(decoded.text)
    _apply_base(root, url)
    found_metas = metas(root.iter("meta"))
    dialect = dialect_of(url, decoded.text, found_metas)
    records = hanweb_records(decoded.text)
    rows = find_rows(fragment(records), url) if records else ()
    rows = rows or find_rows(root, url)
    kind = _kind(root, url, rows, found_metas)
    items = tuple(dict.fromkeys(as_item(row) for row in rows))
    if kind not in ("article", "list") or not rows:
        if written := _written(decoded.text, url):
            items, kind = written, "list" if kind == "other" else kind
        elif kind == "other":
            return Listing(kind, dialect, (), _frames(root, url))
    if dialect == "generic" and kind == "list":
        dialect = dialect_of_rows(item.url for item in items)
    return Listing(kind, dialect, items, next_pages(root, decoded.text, url, len(items)))


def _apply_base(root: Element, url: str) -> None:
    """Make the links of a page absolute where a `base` element says what they are relative to, as browsers do."""
    bases = (
        absolute(url, base.get("href") or "") for base in root.iter("base") if is_page_link(base.get("href") or "")
    )
    base = next((whole for whole in bases if whole.startswith("http")), None)
    if base is None:
        return
    for element in root.iter("a", "link"):
        if is_page_link(element.get("href") or ""):
            element.set("href", absolute(base, element.get("href") or ""))


def _written(text: str, url: str) -> tuple[ListItem, ...]:
    """The rows that a page without a list of its own holds in scripts."""
    if "<script" not in text.lower():
        return ()
    if (page := with_written_markup(text)) is not None:
        rows = find_rows(parse(page)[0], url)
        if is_list("", rows):
            return tuple(dict.fromkeys(as_item(row) for row in rows))
    return embedded_list(text, url)


def _frames(root: Element, url: str) -> tuple[str, ...]:
    """The pages framed in one that has no list itself, of the same host: the list stands in one of them, as a rule."""
    host = split_address(url).netloc
    found = (
        absolute(url, frame.get("src") or "")
        for frame in root.iter("frame", "iframe")
        if is_page_link(frame.get("src") or "")
    )
    return tuple(
        islice((address for address in dict.fromkeys(found) if split_address(address).netloc == host), _FRAMES)
    )


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
    if prose < NO_PROSE or (dated >= MANY_DATED and sum(len(row.title) for row in rows) > prose):
        return True
    # Summaries under the titles are no article: the titles stand among them.
    return dated >= MANY_DATED and prose < _SUMMARY * len(rows) and all(row.title in text for row in rows)


def prose_size(text: str) -> int:
    """How many characters of a text stand in its sentences."""
    return sum(len(line) for line in text.split("\n") if len(line) > 15 and _STOP.search(line))
