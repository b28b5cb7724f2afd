"""A page laid out once: its elements in order, its lines, and which lines and elements stand inside which.

Everything that reads a page asks for lines of parts of it. They are made in one walk and given by range, so that no
question costs a second walk and the work grows with the page, however it nests.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Final, cast

from extract.markup import BLOCKS, SILENT, Element, Line, line_and_words

_NONE: Final[Mapping[str, str]] = {}


class Layout:
    """The elements and lines of a page, both in reading order, each element with the range it spans of both.

    A line is a block of text, a table cell, or a piece between two `br`; tabs stand where inline elements meet.
    `tags` and `attributes` are those of the elements. `plain` holds the lines without white space, `places` the number
    of elements opened before a line ended, `owners` the place of the element in which each stands.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.elements: list[Element] = []
        self.tags: list[str] = []
        self.attributes: list[Mapping[str, str]] = []
        self.index: dict[Element | None, int] = {}
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.lines: list[Line] = []
        self.plain: list[str] = []
        self.places: list[int] = []
        self.owners: list[int] = []
        self._first_lines: list[int] = []
        self._last_lines: list[int] = []
        self._anchors: list[int] = [0]
        self._walk()
        self._linked = [0, *accumulate([line.linked for line in self.lines])]
        self._words = [0, *accumulate(map(len, self.plain))]

    def _walk(self) -> None:
        """One pass in the order of the page. White space that would begin a line is left out from the start."""
        root, elements, tags, attributes, index = self.root, self.elements, self.tags, self.attributes, self.index
        parents, ends, first_lines, last_lines = self.parents, self.ends, self._first_lines, self._last_lines
        found, plain, places, owners, sums = self.lines, self.plain, self.places, self.owners, self._anchors
        opened: list[int] = []
        parts: list[str] = []
        linked = links = pre = owner = anchors = 0

        def flush() -> None:
            nonlocal linked
            text, words = line_and_words("".join(parts))
            parts.clear()
            if text:
                found.append(Line(text, elements[owner], linked))
                plain.append(words)
                places.append(len(elements))
                owners.append(owner)
            linked = 0

        def add(text: str) -> None:
            nonlocal linked
            parts.append(text.replace("\n", "\r") if pre else text)
            if links:
                linked += len("".join(text.split()))

        def close(parent: int) -> None:
            """Close what is open inside the element at `parent`."""
            nonlocal links, pre, owner
            while opened and (at := opened[-1]) != parent:
                opened.pop()
                tag = tags[at]
                ends[at] = len(elements)
                if tag in BLOCKS:
                    if parts:
                        flush()
                    owner = parents[at]
                    if tag == "pre":
                        pre -= 1
                else:
                    if parts:
                        parts.append("\t")
                    if tag == "a":
                        links -= 1
                last_lines[at] = len(found)
                if opened and (tail := elements[at].tail) and (parts or pre or not tail.isspace()):
                    add(tail)

        for element in root.iter("*"):
            parent = index.get(element.getparent(), -1)
            if parent < 0 and element is not root:
                continue
            if opened and opened[-1] != parent:
                close(parent)
            tag = element.tag
            if tag in SILENT:
                if parts:
                    parts.append("\t")
                if opened and (text := element.tail) and (parts or pre or not text.isspace()):
                    add(text)
                continue
            at = len(elements)
            has = cast("Mapping[str, str]", dict(items)) if (items := element.items()) else _NONE
            if tag in BLOCKS:
                if parts:
                    flush()
                if tag != "br":
                    owner = at
                    if tag == "pre":
                        pre += 1
            else:
                if parts:
                    parts.append("\t")
                if tag == "a":
                    links += 1
                    anchors += "href" in has
            index[element] = at
            elements.append(element)
            tags.append(tag)
            attributes.append(has)
            parents.append(parent)
            ends.append(at + 1)
            first_lines.append(len(found))
            last_lines.append(len(found))
            sums.append(anchors)
            opened.append(at)
            if (text := element.text) and (parts or pre or not text.isspace()):
                add(text)
        close(-1)
        if parts:
            flush()

    def children(self, at: int) -> list[int]:
        """The places of the elements directly inside the one at `at`."""
        found = []
        child, end = at + 1, self.ends[at]
        while child < end:
            found.append(child)
            child = self.ends[child]
        return found

    def within(self, at: int) -> range:
        """The places of the lines that end inside the element at `at`."""
        return range(self._first_lines[at], self._last_lines[at])

    def holds(self, outer: int, inner: int) -> bool:
        """Whether an element is another one or stands inside it."""
        return outer <= inner < self.ends[outer]

    def words(self, at: int) -> tuple[int, int]:
        """How many characters an element holds, and how many of them are links."""
        first, last = self._first_lines[at], self._last_lines[at]
        return self._words[last] - self._words[first], self._linked[last] - self._linked[first]

    def anchors(self, at: int) -> int:
        """How many links an element holds, itself included."""
        return self._anchors[self.ends[at]] - self._anchors[at]
