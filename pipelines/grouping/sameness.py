"""Whether a text is a copy of a fuller one whose numbers and named places it has in the same order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np
import rjieba

from pipelines.grouping.keys import KEPT, Keys, shingles
from pipelines.grouping.wording import Marks, Wording

ALIKE = 0.8
"""The share of a copy's runs of letters that the fuller text must have."""

CHANGED = 0.1
"""The share of its letters in which a copy may say something else, before its end and after its beginning."""
TOLD = 0.4
"""The share of a headline, by pairs of letters, that the other text must have somewhere."""

_NUMBERS = re.compile("[0-9][0-9.]*")
_SPACE_OR_SIGN = re.compile(r"\W+")
_NAME_TAGS = ("ns", "nr", "nt", "nz")
_REVERSING = re.compile("[不未无非没免废撤停禁]")


Places = Callable[[str, str], frozenset[str]]
"""(doc_id, text) → the codes of the units it names."""


class Candidate:
    """A text in comparison; what takes time to read is read when it is first asked for."""

    def __init__(self, wording: Wording, places: Places) -> None:
        self.wording = wording
        self._places = places

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that the text or its title names."""
        return self._places(self.wording.doc_id, self.wording.readable)

    @cached_property
    def shingles(self) -> Keys:
        """Its runs of letters."""
        return shingles(self.wording.letters)


def contradict(one: Marks, other: Marks) -> bool:
    """Whether two headlines tell different ones of a series: 2015年 and 2016年, 第二批 and 第三批."""
    kinds = {kind for kind, _ in one} & {kind for kind, _ in other}
    return any(
        {mark for mark in one if mark[0] == kind}.isdisjoint({mark for mark in other if mark[0] == kind})
        for kind in kinds
    )


def obstacle(full: Candidate, copy: Candidate) -> str | None:
    """What keeps `copy` from being a copy of `full`, or None: the first of the rules that it breaks."""
    one, other = full.wording, copy.wording
    if one.numbers and other.numbers and one.numbers != other.numbers:
        return "document number"
    if contradict(one.marks, other.marks):
        return "year or ordinal in the headline"
    if _silent(one, other) or _silent(other, one):
        return "headline"
    if one.clauses != other.clauses and (obstacle := _wording(full, copy)):
        return obstacle
    return "places" if full.units != copy.units else None


def _silent(one: Wording, other: Wording) -> bool:
    """Whether a text says nothing of what the other's headline tells: then not the text but the headline is the matter,
    as with answers by form letter."""
    if one.headline == other.headline or not one.headline or not other.headline:
        return False
    said = other.readable
    told = [word for word, tag in rjieba.tag(one.headline) if tag in _NAME_TAGS and len(word) > 1]
    told += _NUMBERS.findall(one.headline)
    if any(word not in said for word in told):
        return True
    bare = _SPACE_OR_SIGN.sub("", one.headline)
    pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
    return sum(pair in said for pair in pairs) < TOLD * len(pairs)


def _wording(full: Candidate, copy: Candidate) -> str | None:
    if min(len(full.shingles), len(copy.shingles)) < KEPT * max(len(full.shingles), len(copy.shingles)):
        return "length"
    common = len(np.intersect1d(full.shingles, copy.shingles, assume_unique=True))
    if common < ALIKE * min(len(full.shingles), len(copy.shingles)):
        return "wording"
    return _difference(full.wording, copy.wording)


def _difference(full: Wording, copy: Wording) -> str | None:
    letters = (full.letters, copy.letters)
    if letters[0] == letters[1]:
        return None
    changed = 0
    for mine, yours, edge in _stretches(full.clauses, copy.clauses):
        names = (_names(mine), _names(yours))
        if _missing(names[0], letters[1], edge) or _missing(names[1], letters[0], edge):
            return "names"
        if edge:
            if _retold(mine, copy) or _retold(yours, full):
                return "number of the headline"
            continue
        changed += _changed(mine, yours)
        if changed > CHANGED * min(map(len, letters)):
            return "wording"
        if mine and yours and _words(names[0]) != _words(names[1]):
            return "names"
        if Counter(_REVERSING.findall(mine)) != Counter(_REVERSING.findall(yours)):
            return "negation"
    return None


def _retold(stretch: str, other: Wording) -> bool:
    """Whether a text's beginning or end tells the other's headline with another number: 535路加站 for 534路加站."""
    headline = _SPACE_OR_SIGN.sub("", other.headline)
    said = _SPACE_OR_SIGN.sub("", other.readable)
    return any(
        match[0] not in said and len(after := stretch[match.end() : match.end() + 3]) == 3 and after in headline
        for match in _NUMBERS.finditer(stretch)
    )


def _stretches(full: tuple[str, ...], copy: tuple[str, ...]) -> Iterator[tuple[str, str, bool]]:
    """The stretches in which two texts differ, and whether only one has more there, at its beginning or end."""
    head = 0
    while head < min(len(full), len(copy)) and full[head] == copy[head]:
        head += 1
    tail = 0
    while tail < min(len(full), len(copy)) - head and full[-1 - tail] == copy[-1 - tail]:
        tail += 1
    one, other = full[head : len(full) - tail], copy[head : len(copy) - tail]
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        mine, yours = "".join(one[a:b]), "".join(other[c:d])
        begins = head == 0 and a == 0 and c == 0
        ends = tail == 0 and b == len(one) and d == len(other)
        if mine != yours:
            few, many = sorted((mine, yours), key=len)
            yield mine, yours, (begins and many.endswith(few)) or (ends and many.startswith(few))


def _changed(one: str, other: str) -> int:
    """How many letters of the longer of two stretches stand between what both begin and end with."""
    head = _shared(one, other)
    return max(len(one), len(other)) - head - _shared(one[head:][::-1], other[head:][::-1])


def _shared(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _names(stretch: str) -> list[tuple[str, str]]:
    """Words that a dictionary of Chinese names knows: they catch the places outside the region, which have no code."""
    return [(word, tag) for word, tag in rjieba.tag(stretch) if tag in _NAME_TAGS and len(word) > 1]


def _missing(names: Iterable[tuple[str, str]], letters: str, places_only: bool) -> bool:
    return any(word not in letters for word, tag in names if tag == "ns" or not places_only)


def _words(names: Iterable[tuple[str, str]]) -> Counter[str]:
    return Counter(word for word, _ in names)
