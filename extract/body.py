"""Finding the article among the furniture of a page.

By its prose alone: no container of any CMS is known by name, so a family never seen is read like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extract.furniture import is_closing_line, is_ending_line, is_info_line, is_link_block, is_path, is_stamp
from extract.layout import Layout
from extract.markup import squeeze
from extract.prose import Prose

_HEADING_LINES: Final = 12
_LITTLE: Final = 40
_TEXT: Final = 60


@dataclass(frozen=True, slots=True)
class Body:
    """The place of the article's element (None where the page has none) and its text, one block a line."""

    place: int | None
    text: str


def find_body(layout: Layout, title: str = "") -> Body:
    """The article of a page. Text that stands twice is taken once; `title` helps to tell the heading from the text."""
    prose = Prose(layout, title)
    if prose.total < _LITTLE:
        shown = Prose(layout, title, hidden=True)
        prose = shown if shown.total > prose.total * 2 + _LITTLE else prose
    chosen = prose.densest()
    if chosen is None:
        return Body(None, "")

    inner = range(chosen + 1, layout.ends[chosen])
    left_out = {at for at in inner if prose.skips(at) or is_link_block(layout, at)}
    kept = _without_heading(list(layout.blocks(chosen, left_out)), prose.title)
    return Body(chosen, "\n".join(_without_closing(kept)))


def _without_heading(found: list[str], title: str) -> list[str]:
    """Without the title and the line of date and source, where the container holds them too."""
    cut = 0
    titled = any(squeeze(line) == title for line in found[:_HEADING_LINES])
    for at, text in enumerate(found[:_HEADING_LINES]):
        # A day in brackets belongs to a speech or a law (2016年2月20日通过), unless the heading stands here too.
        stamp = is_stamp(text) and (titled or not text.startswith(("（", "(")))
        if is_path(text) or (not text.endswith("。") and (is_info_line(text) or stamp)):
            cut = at + 1
        elif squeeze(text) != title and (text.endswith(("。", "：", ":")) or (len(text) > 80 and "，" in text)):
            break
    return found[cut:]


def _without_closing(found: list[str]) -> list[str]:
    """Without what stands below an article: comments, editors, neighbours, buttons, the site's own lines."""
    end, size = len(found), 0
    for at, line in enumerate(found):
        if size >= _TEXT and is_ending_line(line):
            end = at
            break
        size += len(line)
    while end > 0 and is_closing_line(found[end - 1]):
        end -= 1
    return found[:end]
