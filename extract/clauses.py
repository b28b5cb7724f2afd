"""A text as sentences: the reach within which words and places can belong to one statement."""

from __future__ import annotations

import re

LONGEST = 400
"""Characters after which a sentence ends without a full stop, so that a table without punctuation stays linear."""

_END = re.compile(r"[。！？!?；;\n\r]+[”’」』）)]*")
_CLAUSE = re.compile(r"[，,：:]")


def sentences(text: str) -> list[tuple[int, int]]:
    """The half-open spans of the sentences of `text`, in order, without their final mark."""
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _END.finditer(text):
        _split(text, start, mark.start(), spans)
        start = mark.end()
    _split(text, start, len(text), spans)
    return spans


def clause_of(text: str, start: int, end: int, within: tuple[int, int]) -> tuple[int, int]:
    """The span of the clauses that `start:end` touches, inside the sentence `within`."""
    left = within[0]
    for mark in _CLAUSE.finditer(text, within[0], start):
        left = mark.end()
    right = _CLAUSE.search(text, min(end, within[1]), within[1])
    return left, right.start() if right else within[1]


def _split(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while end - start > LONGEST:
        cut = max(text.rfind("，", start, start + LONGEST), text.rfind(" ", start, start + LONGEST))
        cut = cut if cut > start else start + LONGEST
        spans.append((start, cut))
        start = cut
    if end > start:
        spans.append((start, end))
