"""How much prose each element of a page holds, and which holds the article's.

Prose is text that is no link and is punctuated; a menu has none, an article much. Nothing here knows a site.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from extract.furniture import FURNITURE_TAGS, is_fact_line, is_footer_line, is_furniture, is_info_line
from extract.layout import Layout
from extract.markup import is_hidden, squeeze

_MARKS: Final = re.compile("[，。；！？、：]")
_TEASER: Final = re.compile(r"(?:…|\.\.\.+)(?:[\[【(（]?(?:详[细情]|全文|更多|查看)[^。]{0,4})?$")
"""The end of a text that a list shows of another article."""
_FLOW: Final = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "em", "i", "u", "a", "small", "sub", "sup", "ul", "ol",
    "li", "dl", "blockquote", "br", "hr",
))  # fmt: skip
"""Tags of which texts are made, as against those of which layouts are made."""
_LAYOUT: Final = frozenset({"table", "tbody", "tr", "td", "th", "article", "main", "section"})
_STYLES: Final = frozenset((
    "style", "align", "width", "height", "border", "cellspacing", "cellpadding", "bgcolor", "valign", "color",
    "size", "face", "lang", "dir",
))  # fmt: skip
_BELIEVED_SHARE: Final = 0.3
_REPEATED: Final = 30
_STRANGE_SHARE: Final = 0.2
_TITLED_SHARE: Final = 0.15
_SECTION_SHARE: Final = 0.25
_MOST_TITLES: Final = 8
_SENTENCE: Final = 20.0
_OUTER: Final = frozenset({"html", "body", "form"})
"""Where sites set their notices beside the article."""


class Prose:
    """The weights of a page's elements. Furniture, headings and repetitions (print and elder copies) weigh nothing."""

    def __init__(self, layout: Layout, title: str = "", *, hidden: bool = False) -> None:
        self.layout = layout
        self.title = squeeze(title)
        self._hidden = hidden
        self._marks = [
            len(_MARKS.findall(text)) if linked < len(text) else 0
            for text, linked in zip(layout.plain, layout.linked, strict=True)
        ]
        self._skipped = self._mark_skipped()
        self._title_lines = [
            line
            for line, (owner, text) in enumerate(zip(layout.owners, layout.plain, strict=True))
            if self.title and text == self.title and not self._skipped[owner] and not layout.linked[line]
        ][:_MOST_TITLES]
        self._weights = self._weigh()

    def _mark_skipped(self) -> list[bool]:
        """Which elements are left out: furniture, unless much of the page's prose says that its name misleads
        (`class="print-content"`), and what asks not to be shown."""
        layout = self.layout
        made = [
            len(text) - linked if marks else 0
            for text, linked, marks in zip(layout.plain, layout.linked, self._marks, strict=True)
        ]
        words = [0, *accumulate(made)]
        believed = max(1, words[-1]) * _BELIEVED_SHARE
        skipped = [False] * len(layout.tags)
        # Names inside of an element whose own name misleads tell nothing either.
        misled, passed = 1, 0
        for at, (tag, has, name) in enumerate(zip(layout.tags, layout.attributes, layout.names, strict=True)):
            if at < passed:
                continue
            skips = bool(has) and not self._hidden and is_hidden(has)
            if not skips and (name or tag in FURNITURE_TAGS) and at >= misled and is_furniture(tag, name):
                held = layout.within(at)
                misled = layout.ends[at]
                skips = words[held.stop] - words[held.start] <= believed
            if skips:
                passed = layout.ends[at]
                skipped[at:passed] = [True] * (passed - at)
        return skipped

    def _weigh(self) -> list[float]:
        layout = self.layout
        weights = [0.0] * len(layout.tags)
        made = self._weigh_lines()
        title = self._title_lines[0] if self._title_lines else 0
        before, after = sum(made[:title]), sum(made[title:])
        # What stands before the title is a stranger's, unless hardly anything stands behind it.
        strange = _STRANGE_SHARE if after >= _STRANGE_SHARE * before else 1.0
        for line, (owner, weight) in enumerate(zip(layout.owners, made, strict=True)):
            weights[owner] += weight * strange if line < title else weight
        for at in range(len(weights) - 1, 0, -1):
            weights[layout.parents[at]] += weights[at]
        return weights

    def _weigh_lines(self) -> list[float]:
        layout = self.layout
        made = [0.0] * len(layout.plain)
        seen: set[str] = set()
        for at, (linked, text, owner) in enumerate(zip(layout.linked, layout.plain, layout.owners, strict=True)):
            if self._skipped[owner]:
                continue
            if len(text) > _REPEATED:
                if text in seen:
                    continue
                seen.add(text)
            if linked * 2 <= len(text) and not self.is_heading(text):
                made[at] = _weight(text, linked, self._marks[at])
        return made

    @property
    def total(self) -> float:
        """The weight of the whole page: roughly its characters of prose, with an allowance for punctuation."""
        return self._weights[0]

    def is_heading(self, text: str) -> bool:
        """Whether a squeezed line is the page's title, its line of date and source, a fact about it, or its path."""
        return (bool(self.title) and text == self.title) or is_info_line(text) or is_fact_line(text)

    def skips(self, at: int) -> bool:
        """Whether the element at a place is left out: furniture, and what asks not to be shown."""
        return self._skipped[at]

    def densest(self) -> int | None:
        """The place of the innermost element that holds the page's main prose.

        Going down stops where the prose flows: where paragraphs, not compartments of the layout, share it.
        """
        if self.total <= 0:
            return None
        layout, weights = self.layout, self._weights
        at = 0
        while True:
            children = layout.children(at)
            best = max(children, key=weights.__getitem__, default=None)
            if best is None or layout.tags[best] in _FLOW:
                break
            here = weights[at]
            flow = here
            for child in children:
                flows = child != best and (layout.tags[child] in _FLOW or self._is_nameless(child))
                flow -= 0.0 if flows else weights[child]
            titled = self._titled_among(children)
            outer = layout.tags[at] in _OUTER
            if titled is not None and outer and weights[titled] >= max(_SENTENCE, _TITLED_SHARE * weights[at]):
                at = titled
                continue
            share = weights[best] / here if here else 0.0
            if share < 0.5 or (share < 0.9 and flow > 0.1 * here) or self._is_one_of_several(best, children):
                before = sum(weights[child] for child in children if titled is not None and child < titled)
                if titled is None or before <= _STRANGE_SHARE * here:
                    break
                best = titled
            at = best
        return self._named_around(at)

    def _is_one_of_several(self, best: int, children: list[int]) -> bool:
        """Whether others of an element's kind hold much of the prose beside it: the sections of one text."""
        tags, attributes = self.layout.tags, self.layout.attributes
        if tags[best] != "section" and not (tags[best] == "div" and attributes[best].get("class")):
            return False
        others = (
            child
            for child in children
            if child != best
            and tags[child] == tags[best]
            and attributes[child].get("class") == attributes[best].get("class")
        )
        return sum(self._weights[child] for child in others) > _SECTION_SHARE * self._weights[best]

    def _titled_among(self, children: list[int]) -> int | None:
        """The one of several compartments that holds the page's title and prose.

        It tells a short article from the notices that sites set around it.
        """
        return next((child for child in children if self._holds_title(child) and self._weights[child] > 0), None)

    def _holds_title(self, at: int) -> bool:
        return any(self.layout.holds(at, self.layout.owners[line]) for line in self._title_lines)

    def _named_around(self, at: int) -> int:
        """The container of a nameless piece of text: editors wrap paragraphs in elements without names."""
        while True:
            parent = self.layout.parents[at]
            if parent < 0 or self.layout.tags[parent] in ("body", "html") or not self._is_nameless(at):
                return at
            if self._holds_title(parent) and not self._holds_title(at) and self.layout.tags[at] == "div":
                return at
            at = parent

    def _is_nameless(self, at: int) -> bool:
        return self.layout.tags[at] not in _LAYOUT and self.layout.attributes[at].keys() <= _STYLES


def _weight(text: str, linked: int, marks: int) -> float:
    """The weight of a line of which no more than half is links."""
    plain = len(text) - linked
    if is_footer_line(text):
        return 0.0
    if ("…" in text or "..." in text) and _TEASER.search(text):
        return plain * 0.2
    if marks == 0:
        return plain * (0.2 if plain < 12 else 0.5)
    return plain + 6.0 * min(marks, plain / 8)
