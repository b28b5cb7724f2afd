"""A page as its parser tells it: one flat run of starts, texts and ends, for those who read it once from the top.

No tree is built of it: making, walking and freeing the objects of a tree takes longer than reading them once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias, cast

from lxml import etree

from extract.markup import PARSER_OPTIONS, Element, read

Start: TypeAlias = tuple[str, Mapping[str, str]]
Event: TypeAlias = str | Start | None
"""A piece of text (a text may come in several), the tag and the attributes of an element that begins, or None: the end
of the last that began."""

_DEEPEST: Final = 2048
"""A tree of lxml ends where its elements nest deeper; so does a page, however it is read."""


def page_events(text: str) -> tuple[list[Event], tuple[str, ...]]:
    """The events of a page and what had to be done to get them: those of the tree that `extract.markup.parse` makes."""
    return read(text, _recorded, _size, tree_events)


def tree_events(root: Element) -> list[Event]:
    """The events from which a tree could be made again."""
    found: list[Event] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            found.append((element.tag, cast("Mapping[str, str]", dict(element.items()))))
            if text := element.text:
                found.append(text)
        else:
            found.append(None)
            if element is not root and (text := element.tail):
                found.append(text)
    return found


class _Recorder:
    """What lxml calls while it parses. Its functions are closures: they are called for every tag."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._roots: list[int] = []
        events, roots = self._events, self._roots
        note = events.append

        def start(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "html":
                roots.append(len(events))
            note((tag, attributes))

        def end(tag: str) -> None:
            note(None)

        self.start, self.end, self.data = start, end, note

    def close(self) -> list[Event]:
        """The events of the root. What stands behind its end is in no tree: a second root, or white space."""
        if not self._roots:
            return []
        found = self._events
        first, stop = (*self._roots, len(found))[:2]
        while type(found[stop - 1]) is str:
            stop -= 1
        return found[first:stop]


def _recorded(source: str) -> list[Event] | None:
    if not source.strip():
        return None
    parser = etree.HTMLParser(target=cast("Any", _Recorder()), **PARSER_OPTIONS)
    try:
        found = cast("list[Event]", etree.fromstring(source.encode("utf-8", "replace"), parser))
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return (_cut(found) if len(found) > 2 * _DEEPEST else found) or None


def _cut(found: list[Event]) -> list[Event]:
    """The events before the first element that nests too deeply, and the ends of those that it stands in."""
    depth = 0
    for at, event in enumerate(found):
        if event is None:
            depth -= 1
        elif type(event) is tuple:
            if depth == _DEEPEST:
                return [*found[:at], *[None] * depth]
            depth += 1
    return found


def _size(found: list[Event]) -> int:
    return sum([len(event) for event in found if type(event) is str])
