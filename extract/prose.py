"""How much prose each element of a page holds, and which holds the article's.

Prose is text that is no link and is punctuated; a menu has none, an article much. Nothing here knows a site.
"""

from __future__ import annotations

import re
from typing import Final

from extract.furniture import furniture_of, is_footer_line, is_info_line
from extract.markup import Element, is_hidden, lines, squeeze

_MARKS: Final = re.compile("[，。；！？、：]")
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


class Prose:
    """The weights of a page's elements. Furniture, headings and repetitions (print and elder copies) weigh nothing."""

    def __init__(self, root: Element, title: str = "", *, hidden: bool = False) -> None:
        self.root = root
        self.hidden = hidden
        self.title = squeeze(title)
        self.elements: list[Element] = [element for element in root.iter() if isinstance(element.tag, str)]
        self.furniture = _believable(furniture_of(root), root)
        self._index = {element: at for at, element in enumerate(self.elements)}
        self._weights = self._weigh()

    def _weigh(self) -> list[float]:
        weights = [0.0] * len(self.elements)
        seen: set[str] = set()
        for line in lines(self.root, skip=self.skips):
            text = squeeze(line.text)
            if len(text) > _REPEATED:
                if text in seen:
                    continue
                seen.add(text)
            if not self.is_heading(text):
                weights[self._index[line.element]] += _weight(text, line.linked)
        for at in range(len(self.elements) - 1, 0, -1):
            parent = self.elements[at].getparent()
            if parent is not None:
                weights[self._index[parent]] += weights[at]
        return weights

    @property
    def total(self) -> float:
        """The weight of the whole page: roughly its characters of prose, with an allowance for punctuation."""
        return self._weights[0]

    def of(self, element: Element) -> float:
        """The weight of an element with all it holds."""
        return self._weights[self._index[element]]

    def is_heading(self, text: str) -> bool:
        """Whether a squeezed line is the page's title, its line of date and source, or the path to it."""
        return (bool(self.title) and text == self.title) or is_info_line(text)

    def skips(self, element: Element) -> bool:
        """Whether an element is left out: furniture, and what asks not to be shown."""
        return element in self.furniture or (not self.hidden and is_hidden(element))

    def densest(self) -> Element | None:
        """The innermost element that holds the page's main prose.

        Going down stops where the prose flows: where paragraphs, not compartments of the layout, share it.
        """
        if self.total <= 0:
            return None
        element = self.root
        while True:
            children = [child for child in element if isinstance(child.tag, str)]
            best = max(children, key=self.of, default=None)
            if best is None or best.tag in _FLOW:
                break
            here = self.of(element)
            outside = [child for child in children if child is not best and (child.tag in _FLOW or _is_nameless(child))]
            flow = here - sum(map(self.of, children)) + sum(map(self.of, outside))
            share = self.of(best) / here if here else 0.0
            if share < 0.5 or (share < 0.9 and flow > 0.1 * here):
                break
            element = best
        return _named_around(element)


def _believable(furniture: set[Element], root: Element) -> set[Element]:
    """Without the elements that hold much of the page's prose: their name misleads (`class="print-content"`)."""
    page = max(_words(root), 1)
    return {element for element in furniture if _words(element) <= page * _BELIEVED_SHARE}


def _words(element: Element) -> int:
    return sum(max(0, len(squeeze(line.text)) - line.linked) for line in lines(element) if _MARKS.search(line.text))


def _weight(text: str, linked: int) -> float:
    plain = len(text) - linked
    if plain <= 0 or linked > plain or is_footer_line(text):
        return 0.0
    marks = len(_MARKS.findall(text))
    if marks == 0:
        return plain * (0.2 if plain < 12 else 0.5)
    return plain + 6.0 * min(marks, plain / 8)


def _named_around(element: Element) -> Element:
    """The container to which a nameless piece of text belongs: editors wrap paragraphs in elements without names."""
    while True:
        parent = element.getparent()
        if parent is None or parent.tag in ("body", "html") or not _is_nameless(element):
            return element
        element = parent


def _is_nameless(element: Element) -> bool:
    return element.tag not in _LAYOUT and all(name in _STYLES for name in element.attrib)
