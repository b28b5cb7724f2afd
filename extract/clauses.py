"""A text as sentences: the reach within which words and places can belong to one statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

LONGEST = 400
"""Characters after which a sentence ends without a full stop, so that a table without punctuation stays linear."""

_MARKS = "。！？!?；;\n\r"
_END = re.compile(f"[{_MARKS}]+[”’」』）)]*")
_CLOSING = re.compile("[”’」』）)]*")
_BEFORE = re.compile(f".*[{_MARKS}]", re.DOTALL)
_CLAUSE = re.compile(r"[，,：:]")


def sentences(text: str) -> list[tuple[int, int]]:
    """The half-open spans of the sentences of `text`, in order, without their final mark."""
    return list(_spans(text, 0, len(text)))


def divided(text: str, left: int, right: int, most: int) -> bool:
    """Whether more than `most` sentences lie between the end of one at `left` and the start of another at `right`."""
    return next(islice(_spans(text, left, right), most, None), None) is not None


def sentences_at(text: str, positions: Iterable[int]) -> list[tuple[int, int]]:
    """Those of the `sentences` in which ascending positions stand, found without dividing the rest of the text."""
    touched: list[tuple[int, int]] = []
    spans: list[tuple[int, int]] = []
    number = last = 0
    for at in positions:
        if not spans or at >= last:
            before = _BEFORE.match(text, last, at)
            closed = _CLOSING.match(text, before.end()) if before else None
            found = _END.search(text, at)
            last = found.start() if found else len(text)
            number, spans = 0, list(_split(text, closed.end() if closed else 0, last))
        while number < len(spans) and spans[number][1] <= at:
            number += 1
        if number < len(spans) and spans[number][0] <= at and (not touched or touched[-1] != spans[number]):
            touched.append(spans[number])
    return touched


def clause_of(text: str, start: int, end: int, within: tuple[int, int]) -> tuple[int, int]:
    """The span of the clauses that `start:end` touches, inside the sentence `within`."""
    left = within[0]
    for mark in _CLAUSE.finditer(text, within[0], start):
        left = mark.end()
    right = _CLAUSE.search(text, min(end, within[1]), within[1])
    return left, right.start() if right else within[1]


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for mark in _END.finditer(text, start, end):
        stop, after = mark.span()
        if stop - start > LONGEST:
            yield from _split(text, start, stop)
        elif stop > start:
            yield start, stop
        start = after
    yield from _split(text, start, end)


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = max(text.rfind("，", start, start + LONGEST), text.rfind(" ", start, start + LONGEST))
        cut = cut if cut > start else start + LONGEST
        yield start, cut
        start = cut
    if end > start:
        yield start, end
