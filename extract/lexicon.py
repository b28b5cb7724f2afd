"""The terms of a vocabulary, found in a text all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from config.vocabulary import Vocabulary

MASKS = frozenset({"masked", "slogans"})
"""Groups whose terms hide what stands inside them: 参与 holds no 与, a slogan tells of no act."""


class Hit(NamedTuple):
    """A term of a group where it stands in a text; a tuple, because a text has more of them than of anything else."""

    start: int
    end: int
    group: str


class Lexicon:
    """Finds the terms of groups in one pass; terms under a `masked` word (参与 for 与) do not count.

    `groups` are those that somebody asks for, all if none are named: every other term would be found for nothing.
    """

    def __init__(self, vocabulary: Vocabulary, groups: Iterable[str] = ()) -> None:
        wanted = {*groups, *MASKS} if groups else vocabulary.groups.keys()
        owners: dict[str, list[str]] = {}
        for group in sorted(wanted):
            for term in vocabulary.groups[group]:
                owners.setdefault(term, []).append(group)
        self._terms = [
            (tuple(groups), vocabulary.not_after.get(term, ""), vocabulary.not_before.get(term, ""))
            for term, groups in owners.items()
        ]
        self._masks = frozenset(index for index, term in enumerate(self._terms) if not MASKS.isdisjoint(term[0]))
        self._automaton = AhoCorasick(
            list(owners), matchkind=MatchKind.Standard, implementation=Implementation.DFA, store_patterns=False
        )

    def hits(self, text: str) -> list[Hit]:
        """All hits in text order but those inside a term of a masking group."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        masks = self._masks
        blots = [(start, end) for index, start, end in found if index in masks]
        made: list[Hit] = []
        for index, start, end in found:
            if blots and any(left <= start and end <= right and (left, right) != (start, end) for left, right in blots):
                continue
            groups, not_after, not_before = self._terms[index]
            if not_after and start and text[start - 1] in not_after:
                continue
            if not_before and end < len(text) and text[end] in not_before:
                continue
            made += [Hit(start, end, group) for group in groups]
        made.sort()
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
