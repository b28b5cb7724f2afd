"""Where words begin and end: the guard against names that only seem to stand in a text (搬迁安置 holds 迁安)."""

from __future__ import annotations

import re
from typing import NamedTuple

import rjieba

_REACH = 9
_HAN = re.compile("[\u4e00-\u9fff]*")
# Words of one character that stand before a name, and that the dictionary joins to its first character (到任|丘).
_LEADING_WORDS = frozenset("到来在从自与和由对向至于将把被为及是赴往请据")


class _Cut(NamedTuple):
    """How a stretch lies among the words: `led` says that only a word of one character before it hides its start.

    `alone` is the character before it where that is a word by itself.
    """

    begins: bool
    ends: bool
    crossed: bool
    led: bool = False
    alone: str = ""


_ALONE = _Cut(begins=True, ends=True, crossed=False)


class Boundaries:
    """The word boundaries of a text, found only near the places asked for.

    The general dictionary is used as it is: adding the names of a region to it would shift the words around them, and
    would make every chance sequence of characters that spells a name a word.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[tuple[int, int, bool], _Cut] = {}

    def begins(self, start: int, end: int) -> bool:
        """Whether a word begins at `start`."""
        return self._look(start, end).begins

    def alone_before(self, start: int, end: int) -> str:
        """The character before `start` if it is a word of its own, else nothing."""
        return self._look(start, end).alone

    def led(self, start: int, end: int) -> bool:
        """Whether no word begins at `start` only because one of a single character before it was joined on."""
        return self._look(start, end).led

    def whole(self, start: int, end: int, *, opens: bool = False) -> bool:
        """Whether words begin at `start` and end at `end`; `opens` says that one is known to begin there."""
        cut = self._look(start, end, opens)
        return cut.begins and cut.ends

    def crossed(self, start: int, end: int, *, opens: bool = False) -> bool:
        """Whether a word that begins inside the stretch runs beyond its end; `opens` as for `whole`."""
        return self._look(start, end, opens).crossed

    def _look(self, start: int, end: int, opens: bool = False) -> _Cut:
        known = self._known.get((start, end, opens))
        if known is None:
            known = self._known[start, end, opens] = self._cut(start, end, opens)
        return known

    def _cut(self, start: int, end: int, opens: bool) -> _Cut:
        text = self._text
        low = start
        if not opens:
            back = text[max(0, start - _REACH) : start][::-1]
            low -= _HAN.match(back).end()  # type: ignore[union-attr]  # it matches nothing at least
        high = _HAN.match(text, end, end + _REACH).end()  # type: ignore[union-attr]
        if low == start and high == end:
            return _ALONE
        at, alone, word = low, "", ""
        words = iter(rjieba.cut(text[low:high], False))
        for word in words:
            if at + len(word) > start:
                break
            at, alone = at + len(word), word
        else:
            word = ""
        begins = at == start
        led = at == start - 1 and len(word) == 2 and word[0] in _LEADING_WORDS
        crossed = False
        while word and (after := at + len(word)) < end:
            at, word = after, next(words, "")
            crossed = at + len(word) > end
        return _Cut(begins, at + len(word) == end, crossed, led, alone if begins and len(alone) == 1 else "")
