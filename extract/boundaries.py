"""Where words begin and end: the guard against names that only seem to stand in a text (搬迁安置 holds 迁安)."""

from __future__ import annotations

import re
from itertools import accumulate

import rjieba

_REACH = 9
_HAN = re.compile("[\u4e00-\u9fff]*")
# Words of one character that stand before a name, and that the dictionary joins to its first character (到任|丘).
_LEADING_WORDS = frozenset("到来在从自与和由对向至于将把被为及是赴往请据")


class Boundaries:
    """The word boundaries of a text, found only near the places asked for.

    The general dictionary is used as it is: adding the names of a region to it would shift the words around them, and
    would make every chance sequence of characters that spells a name a word.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[tuple[int, int, bool], list[int]] = {}

    def begins(self, start: int, end: int) -> bool:
        """Whether a word begins at `start`."""
        return start in self._around(start, end)

    def alone_before(self, start: int, end: int) -> str:
        """The character before `start` if it is a word of its own, else nothing."""
        edges = self._around(start, end)
        return self._text[start - 1] if start in edges and start - 1 in edges else ""

    def led(self, start: int, end: int) -> bool:
        """Whether no word begins at `start` only because one of a single character before it was joined on."""
        edges = self._around(start, end)
        joined = start not in edges and start - 1 in edges and start + 1 in edges
        return joined and self._text[start - 1] in _LEADING_WORDS

    def whole(self, start: int, end: int, *, opens: bool = False) -> bool:
        """Whether words begin at `start` and end at `end`; `opens` says that one is known to begin there."""
        edges = self._around(start, end, opens)
        return start in edges and end in edges

    def crossed(self, start: int, end: int, *, opens: bool = False) -> bool:
        """Whether a word that begins inside the stretch runs beyond its end; `opens` as for `whole`."""
        edges = self._around(start, end, opens)
        return end not in edges and any(start < edge < end for edge in edges)

    def _around(self, start: int, end: int, opens: bool = False) -> list[int]:
        """Where words begin and end in and around a stretch, as far as the dictionary is asked."""
        edges = self._known.get((start, end, opens))
        if edges is None:
            text = self._text
            low = start
            if not opens:
                before = text[max(0, start - _REACH) : start]
                low -= _HAN.match(before[::-1]).end()  # type: ignore[union-attr]  # it matches nothing at least
            high = _HAN.match(text, end, end + _REACH).end()  # type: ignore[union-attr]
            words = rjieba.cut(text[low:high], False) if low < start or end < high else (text[start:end],)
            edges = self._known[start, end, opens] = list(accumulate(map(len, words), initial=low))
        return edges
