"""Runs of one-character abbreviations that a text explains itself: 丰雄 beside 丰台 and 雄安, 雄石沧, 武廊两地."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence

from extract.candidates import Refusal, Word
from extract.gazetteer import Gazetteer, Scan

_TOGETHER = re.compile(
    r"(?P<collective>[”\"]|[”\"]?(?:[两二三四双](?:地|方|市|区|县|省|城)))|人才|一体化|协同|合作|联动|协作"
)
_OPENING = frozenset('“"‘「')
_SHORTEST_ALONE = 3
_LONGEST = 5


def find_initials(
    scan: Scan, words: Sequence[Word], refusals: Sequence[Refusal], gazetteer: Gazetteer
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Runs of initials outside all words, also refused ones, with the units they stand for, in the order written.

    A run counts where it is quoted, called 两地 or the like, or made of three of the region's fixed abbreviations; a
    run that counts once counts in the whole text.
    """
    spoken = _spoken(words, gazetteer)
    if not spoken and not scan.initials:
        return []
    text = scan.folded
    letters = spoken | dict(gazetteer.letters)
    beside = {at for start in scan.initials for at in (start, start + 1)}
    beside.update(at for letter in spoken for one in _each(text, letter) for at in _beside(text, one, letters))
    found = list(_runs(sorted(beside)))
    if not found:
        return []
    busy = [(word.start, word.end) for word in words] + [(start, end) for start, end, _ in refusals]
    covered = {at for start, end in busy for at in range(start, end)}
    runs: list[tuple[int, int, tuple[str, ...]]] = []
    known: set[str] = set()
    for start, end in found:
        codes = tuple(letters[character] for character in text[start:end])
        if len(set(codes)) < len(codes) or not covered.isdisjoint(range(start, end)):
            continue
        if gazetteer.suffixes["not_the_place"].match(text, end):
            continue
        runs.append((start, end, codes))
        if _explained(text, start, end, gazetteer):
            known.add(text[start:end])
    return [run for run in runs if text[run[0] : run[1]] in known]


def _beside(text: str, at: int, letters: Container[str]) -> Iterator[int]:
    """A letter and the next ones, where others of the letters stand right beside it."""
    before, after = at > 0 and text[at - 1] in letters, at + 1 < len(text) and text[at + 1] in letters
    if before or after:
        yield from range(at - before, at + 1 + after)


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Every stretch of letters that stand together, the longest cut into pieces; `places` are where they stand."""
    start = 0
    for index, at in enumerate(places):
        last = index + 1 == len(places) or places[index + 1] != at + 1
        if last or index + 1 - start == _LONGEST:
            if index > start:
                yield places[start], at + 1
            start = index + 1


def _each(text: str, letter: str) -> Iterator[int]:
    at = text.find(letter)
    while at >= 0:
        yield at
        at = text.find(letter, at + 1)


def _spoken(words: Iterable[Word], gazetteer: Gazetteer) -> dict[str, str]:
    """The first characters of units that the text names, where unequivocal."""
    spoken: defaultdict[str, set[str]] = defaultdict(set)
    for code in {word.code for word in words if word.code and word.entry.role == "unit" and word.kind == "place"}:
        unit = gazetteer.unit(code)
        if unit.level in ("prefecture", "county"):
            for character in _stem(unit.short_name):
                spoken[character].add(code)
    return {character: next(iter(codes)) for character, codes in spoken.items() if len(codes) == 1}


def _stem(name: str) -> str:
    """赵县 is called 赵, never 县; 大兴 may be called 兴."""
    return name[:1] if name[-1] in "市县区" else name[:2]


def _explained(text: str, start: int, end: int, gazetteer: Gazetteer) -> bool:
    fixed = all(character in gazetteer.letters for character in text[start:end])
    if fixed and end - start >= _SHORTEST_ALONE:
        return True
    together = _TOGETHER.match(text, end)
    opened = start > 0 and text[start - 1] in _OPENING
    return together is not None and (opened or together["collective"] is not None)
