"""A page laid out once: its elements in order, its lines, and which lines and elements stand inside which.

Everything that reads a page asks for lines of parts of it. They are made in one walk and given by range, so that no
question costs a second walk and the work grows with the page, however it nests.
"""

from __future__ import annotations

from itertools import accumulate

from extract.markup import BLOCKS, SILENT, Element, Line, line_text, squeeze


class Layout:
    """The elements and lines of a page, both in reading order, each element with the range it spans of both.

    A line is a block of text, a table cell, or a piece between two `br`; tabs stand where inline elements meet.
    `plain` holds the lines without white space, `places` the number of elements opened before a line ended, `owners`
    the place of the element in which each stands.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.elements: list[Element] = []
        self.index: dict[Element, int] = {}
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.lines: list[Line] = []
        self.plain: list[str] = []
        self.places: list[int] = []
        self.owners: list[int] = []
        self._first_lines: list[int] = []
        self._last_lines: list[int] = []
        self._walk()
        self._anchors = _sums([element.tag == "a" and element.get("href") is not None for element in self.elements])
        self._linked = _sums([line.linked for line in self.lines])
        self._words = _sums([len(text) for text in self.plain])

    def _walk(self) -> None:
        elements, index, parents, ends = self.elements, self.index, self.parents, self.ends
        opened: list[int] = []
        parts: list[str] = []
        linked = links = pre = owner = 0

        def flush() -> None:
            nonlocal linked
            if parts:
                text = "".join(parts)
                parts.clear()
                if text and not text.isspace() and (made := line_text(text)):
                    self.lines.append(Line(made, elements[owner], linked))
                    self.plain.append(squeeze(made))
                    self.places.append(len(elements))
                    self.owners.append(owner)
            linked = 0

        def add(text: str | None) -> None:
            nonlocal linked
            if text:
                parts.append(text.replace("\n", "\r") if pre else text)
                if links:
                    linked += len("".join(text.split()))

        def close() -> None:
            nonlocal links, pre, owner
            at = opened.pop()
            element = elements[at]
            tag = element.tag
            ends[at] = len(elements)
            if tag == "a":
                links -= 1
            elif tag == "pre":
                pre -= 1
            if tag in BLOCKS:
                flush()
                owner = parents[at]
            else:
                parts.append("\t")
            self._last_lines[at] = len(self.lines)
            if opened:
                add(element.tail)

        for element in self.root.iter():
            parent = index.get(element.getparent(), -1)
            tag = element.tag
            if not isinstance(tag, str) or (parent < 0 and element is not self.root):
                continue
            while opened and opened[-1] != parent:
                close()
            if tag in SILENT:
                parts.append("\t")
                if opened:
                    add(element.tail)
                continue
            block = tag in BLOCKS
            if block:
                flush()
            else:
                parts.append("\t")
            at = len(elements)
            elements.append(element)
            index[element] = at
            parents.append(parent)
            ends.append(at + 1)
            self._first_lines.append(len(self.lines))
            self._last_lines.append(len(self.lines))
            opened.append(at)
            if block and tag != "br":
                owner = at
            if tag == "a":
                links += 1
            elif tag == "pre":
                pre += 1
            add(element.text)
        while opened:
            close()
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


def _sums(values: list[int] | list[bool]) -> list[int]:
    return [0, *accumulate(int(value) for value in values)]
