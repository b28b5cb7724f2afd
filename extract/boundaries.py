"""Where words begin and end: the guard against names that only seem to stand in a text (搬迁安置 holds 迁安)."""

from __future__ import annotations

import re

import rjieba

_REACH = 9
_NOT_HAN = re.compile("[^\u4e00-\u9fff]")


class Boundaries:
    """The word boundaries of a text, found only near the places asked for.

    The general dictionary is used as it is: adding the names of a region to it would shift the words around them, and
    would make every chance sequence of characters that spells a name a word.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[tuple[int, int], tuple[bool, bool, bool]] = {}

    def begins(self, start: int, end: int) -> bool:
        """Whether a word begins at `start`."""
        return self._look(start, end)[0]

    def whole(self, start: int, end: int) -> bool:
        """Whether words begin at `start` and end at `end`."""
        begins, ends, _ = self._look(start, end)
        return begins and ends

    def crossed(self, start: int, end: int) -> bool:
        """Whether a word that begins inside the stretch runs beyond its end."""
        return self._look(start, end)[2]

    def _look(self, start: int, end: int) -> tuple[bool, bool, bool]:
        known = self._known.get((start, end))
        if known is None:
            known = self._known[start, end] = self._cut(start, end)
        return known

    def _cut(self, start: int, end: int) -> tuple[bool, bool, bool]:
        text = self._text
        low = max(0, start - _REACH)
        before = text[low:start]
        for match in _NOT_HAN.finditer(before):
            low = start - len(before) + match.end()
        after = text[end : end + _REACH]
        stop = _NOT_HAN.search(after)
        high = end + (stop.start() if stop else len(after))
        if low == start and high == end:
            return True, True, False
        at, begins, ends, crossed = low, False, False, False
        for word in rjieba.cut(text[low:high], False):
            if at == start:
                begins = True
            after_word = at + len(word)
            if start < at < end < after_word:
                crossed = True
            at = after_word
            if at == end:
                ends = True
            if at >= end:
                break
        return begins, ends, crossed
