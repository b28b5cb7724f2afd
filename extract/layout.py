"""A page laid out once: its elements in order, its lines, and which lines and elements stand inside which.

Everything that reads a page asks for lines of parts of it. They are made in one walk and given by range, so that no
question costs a second walk and the work grows with the page, however it nests.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

from extract.events import Event
from extract.markup import BLOCKS, INVISIBLE, MAX_CELL_BLOCKS, MAX_ROW, SILENT, given_name, line_text

Apart: TypeAlias = list[Event]
"""The events of an element whose text is no text of the page, its own start and end included."""
Item: TypeAlias = str | int | Apart
"""A piece of text, the place of an element that begins, the complement (`~`) of one that ends, or what stands apart."""

_KEPT_APART: Final = frozenset({"meta", "script", "title"})
_FRAMES: Final = frozenset({"iframe", "embed", "object"})


class Frame(NamedTuple):
    """What shows another document within a page; `place` is that of the next element, `parent` of the one around it."""

    place: int
    parent: int
    tag: str
    attributes: Mapping[str, str]


class Layout:
    """The elements and lines of a page, both in reading order, each element with the range it spans of both.

    A line is a block of text, a table cell, or a piece between two `br`; tabs stand where inline elements meet.
    `tags`, `attributes` and given `names` are those of the elements, `parents` the places of those they stand in,
    `ends` the places behind the last that stands in each. Of the lines, `plain` holds the words without white space,
    `linked` how many characters are links, `places` the number of elements opened before the line ended, `owners` the
    place of the element in which it stands. `apart` holds what the page says beside its text: the attributes and the
    text of each `meta`, `script`, `title` and `time`; `frames` where it shows other documents.
    """

    def __init__(self, events: list[Event]) -> None:
        self.tags: list[str] = []
        self.attributes: list[Mapping[str, str]] = []
        self.names: list[str] = []
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.plain: list[str] = []
        self.linked: list[int] = []
        self.places: list[int] = []
        self.owners: list[int] = []
        self.apart: dict[str, list[tuple[Mapping[str, str], str]]] = {"meta": [], "script": [], "title": [], "time": []}
        self.frames: list[Frame] = []
        self._raw: list[str] = []
        self._flow: list[Item] = []
        self._starts: list[int] = []
        self._stops: list[int] = []
        self._first_lines: list[int] = []
        self._last_lines: list[int] = []
        self._anchors: list[int] = [0]
        self._walk(events)
        self._linked = [0, *accumulate(self.linked)]
        self._words = [0, *accumulate(map(len, self.plain))]

    def _walk(self, events: list[Event]) -> None:
        """One pass in the order of the page. White space that would begin a line is left out from the start."""
        tags, attributes, names, parents, ends = self.tags, self.attributes, self.names, self.parents, self.ends
        flow, starts, stops, sums = self._flow, self._starts, self._stops, self._anchors
        first_lines, last_lines, plain = self._first_lines, self._last_lines, self.plain
        opened: list[int] = []
        parts: list[str] = []
        linked = links = pre = anchors = 0
        owner = parent = -1
        run = iter(events)
        for event in run:
            if type(event) is str:
                flow.append(event)
                if parts or pre or not event.isspace():
                    parts.append(event.replace("\n", "\r") if pre else event)
                    if links:
                        linked += len("".join(event.split()))
            elif type(event) is tuple:
                tag, has = event
                if tag in SILENT:
                    flow.append(self._set_apart(event, run, parent))
                    if parts:
                        parts.append("\t")
                    continue
                at = len(tags)
                if tag in BLOCKS:
                    if parts:
                        self._end_line(parts, owner, linked)
                        linked = 0
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
                    elif tag == "time":
                        self.apart["time"].append((has, ""))
                starts.append(len(flow))
                flow.append(at)
                tags.append(tag)
                attributes.append(has)
                names.append(given_name(has) if "class" in has or "id" in has else "")
                parents.append(parent)
                ends.append(0)
                stops.append(0)
                first_lines.append(len(plain))
                last_lines.append(0)
                sums.append(anchors)
                opened.append(at)
                parent = at
            elif opened:
                at = opened.pop()
                parent = parents[at]
                tag = tags[at]
                if tag in BLOCKS:
                    if parts:
                        self._end_line(parts, owner, linked)
                        linked = 0
                    owner = parent
                    if tag == "pre":
                        pre -= 1
                else:
                    if parts:
                        parts.append("\t")
                    if tag == "a":
                        links -= 1
                stops[at] = len(flow)
                flow.append(~at)
                ends[at] = len(tags)
                last_lines[at] = len(plain)

    def _end_line(self, parts: list[str], owner: int, linked: int) -> None:
        text = "".join(parts)
        parts.clear()
        words = text.split()
        plain = "".join(words)
        if not plain.isascii() and INVISIBLE.search(plain):
            plain = INVISIBLE.sub("", plain)
        elif len(words) < 2:
            text = plain
        if plain:
            self._raw.append(text)
            self.plain.append(plain)
            self.linked.append(linked)
            self.places.append(len(self.tags))
            self.owners.append(owner)

    def _set_apart(self, start: Event, run: Iterator[Event], parent: int) -> Apart:
        """The events of an element that is no text of the page, up to its end; what is kept of it is noted."""
        found = [start]
        opened = [0]
        for event in run:
            found.append(event)
            if type(event) is tuple:
                opened.append(len(found) - 1)
            elif event is None:
                at = opened.pop()
                begun = found[at]
                if type(begun) is tuple:
                    tag, has = begun
                    if tag in _KEPT_APART:
                        self.apart[tag].append((has, _characters(found[at:])))
                    elif tag in _FRAMES:
                        self.frames.append(Frame(len(self.tags), parent, tag, has))
                if not opened:
                    break
        return found

    def children(self, at: int) -> list[int]:
        """The places of the elements directly inside the one at `at`."""
        found = []
        child, end = at + 1, self.ends[at]
        while child < end:
            found.append(child)
            child = self.ends[child]
        return found

    def is_broad(self, at: int, most: int) -> bool:
        """Whether more than so many elements, those without text of the page included, stand directly in one."""
        flow, position, stop = self._flow, self._starts[at] + 1, self._stops[at]
        size = 0
        while position < stop and size <= most:
            item = flow[position]
            if type(item) is int:
                position = self._stops[item]
            size += type(item) is not str
            position += 1
        return size > most

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

    def text(self, line: int) -> str:
        """A line as a reader sees it."""
        raw, plain = self._raw[line], self.plain[line]
        return plain if raw is plain else line_text(raw)

    def characters(self, at: int, joint: str = "") -> str:
        """All characters inside an element, scripts and white space too."""
        found: list[str] = []
        for item in self._flow[self._starts[at] : self._stops[at]]:
            if type(item) is str:
                found.append(item)
            elif type(item) is list:
                found.append(_characters(item))
        return joint.join(found)

    def blocks(self, at: int, left_out: Container[int] = ()) -> Iterator[str]:
        """The lines of an element where rows of data are one line each and inline elements leave no trace."""
        tags = self.tags
        parts: list[str] = []
        pre = int(tags[at] == "pre")
        row = skipped = -1
        for item in self._flow[self._starts[at] + 1 : self._stops[at]]:
            if type(item) is int:
                place = item if item >= 0 else ~item
                if skipped >= 0:
                    if place == skipped:
                        skipped = -1
                    continue
                if item >= 0 and item in left_out:
                    skipped = item
                    continue
                tag = tags[place]
                if tag not in BLOCKS:
                    continue
                if row < 0 or ~item == row:
                    if parts and (line := line_text("".join(parts))):
                        yield line
                    parts.clear()
                    row = item if item >= 0 and tag == "tr" and self._is_row(item) else -1
                elif parts:
                    cell = tag in ("td", "th")
                    if item < 0 or not cell:
                        parts.append("\t" if cell else " ")
                if tag == "pre":
                    pre += 1 if item >= 0 else -1
            elif type(item) is str and skipped < 0 and (parts or pre or not item.isspace()):
                parts.append(item.replace("\n", "\r") if pre else item)
        if parts and (line := line_text("".join(parts))):
            yield line

    def _is_row(self, at: int) -> bool:
        """Whether a `tr` is a row of data (its cells belong on one line) and not a frame for the page's layout."""
        cells = [child for child in self.children(at) if self.tags[child] in ("td", "th")]
        if len(cells) < 2:
            return False
        sizes = [self._cell_size(cell) for cell in cells]
        return max(sizes) <= MAX_ROW and sum(size > 0 for size in sizes) >= 2 and sum(sizes) <= MAX_ROW

    def _cell_size(self, at: int) -> int:
        """How many characters a cell holds; of one that holds a table or many blocks, more than a row may."""
        size = blocks = 0
        parts: list[str] = []
        for item in self._events_inside(at):
            if type(item) is str:
                parts.append(item)
                continue
            size += len("".join(parts).strip())
            parts.clear()
            if type(item) is tuple:
                blocks += item[0] in BLOCKS
                if item[0] == "table":
                    return MAX_ROW + 1
        size += len("".join(parts).strip())
        return MAX_ROW + 1 if blocks > MAX_CELL_BLOCKS else size

    def _events_inside(self, at: int) -> Iterator[Event]:
        for item in self._flow[self._starts[at] + 1 : self._stops[at]]:
            if type(item) is str:
                yield item
            elif type(item) is int:
                yield (self.tags[item], self.attributes[item]) if item >= 0 else None
            elif type(item) is list:
                yield from item


class Place(NamedTuple):
    """An element of a page."""

    layout: Layout
    at: int

    @property
    def tag(self) -> str:
        return self.layout.tags[self.at]

    @property
    def name(self) -> str:
        return self.layout.names[self.at]

    def above(self) -> Place | None:
        """The element it stands in."""
        parent = self.layout.parents[self.at]
        return Place(self.layout, parent) if parent >= 0 else None

    def ancestors(self, most: int) -> Iterator[Place]:
        """The elements it stands in, the nearest first."""
        place = self.above()
        while place is not None and most:
            yield place
            place, most = place.above(), most - 1


def _characters(events: Apart) -> str:
    return "".join([event for event in events if type(event) is str])
