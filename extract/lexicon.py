"""The terms of a vocabulary, found in a text all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from config.vocabulary import Vocabulary

MASKS = frozenset({"masked", "slogans"})
"""Groups whose terms hide what stands inside them: 参与 holds no 与, a slogan tells of no act."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of a group where it stands in a text."""

    group: str
    start: int
    end: int


class Lexicon:
    """Finds the terms of all groups in one pass; terms under a `masked` word (参与 for 与) do not count."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        owners: dict[str, list[str]] = {}
        for group, terms in vocabulary.groups.items():
            for term in terms:
                owners.setdefault(term, []).append(group)
        self._not_after = vocabulary.not_after
        self._not_before = vocabulary.not_before
        self._owners = [tuple(groups) for groups in owners.values()]
        self._automaton = AhoCorasick(list(owners), matchkind=MatchKind.Standard)

    def hits(self, text: str, masks: frozenset[str] = MASKS) -> list[Hit]:
        """All hits in text order but those inside a term of a group of `masks`."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        blots = [(start, end) for index, start, end in found if not masks.isdisjoint(self._owners[index])]
        made: list[Hit] = []
        for index, start, end in found:
            if any(left <= start and end <= right and (left, right) != (start, end) for left, right in blots):
                continue
            guard = self._not_after.get(text[start:end])
            if guard and start and text[start - 1] in guard:
                continue
            guard = self._not_before.get(text[start:end])
            if guard and end < len(text) and text[end] in guard:
                continue
            made.extend(Hit(group, start, end) for group in self._owners[index])
        made.sort(key=lambda hit: (hit.start, hit.end, hit.group))
        return made


def alternation(terms: Iterable[str], vocabulary: Vocabulary) -> str:
    """A regular expression for any of `terms`, longest first, each with its guards against the characters around it."""
    parts = []
    for term in sorted(set(terms), key=lambda term: (-len(term), term)):
        before, after = vocabulary.not_after.get(term), vocabulary.not_before.get(term)
        left = f"(?<![{re.escape(before)}])" if before else ""
        right = f"(?![{re.escape(after)}])" if after else ""
        parts.append(left + re.escape(term) + right)
    return "(?:" + "|".join(parts) + ")"
