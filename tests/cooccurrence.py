"""Pairs from co-presence: what one gets from a list of place names and a list of keywords, without any grammar.

In a sentence that holds a keyword of co-operation, every two places are a pair, and a text with a pair is policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from config.vocabulary import Vocabulary

GROUPS = ("cooperate", "sign", "build")

_SENTENCE = re.compile(r"[^。！？\n]*(?:[。！？\n]+|$)")


@dataclass(frozen=True, slots=True)
class Spotted:
    """A unit at a stretch of a text."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a place recogniser gives for a sentence: every unit where it stands, and the units that are its places.

    The two differ where a recogniser reads 北京市通州区 as one place: both units stand there, the place is 通州区.
    """

    spots: tuple[Spotted, ...]
    places: frozenset[str]


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text with where they begin; joined they are the text."""
    for match in _SENTENCE.finditer(text):
        if match[0]:
            yield match.start(), match[0]


def keywords(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words of the vocabulary that say co-operation by themselves."""
    return tuple(word for group in GROUPS for word in vocabulary.groups[group])


def pairs(
    sighted: Iterable[tuple[str, frozenset[str]]], words: Iterable[str], related: Callable[[str, str], bool]
) -> list[tuple[str, str]]:
    """Every two places of a sentence that holds one of `words`, sorted; a unit and one that lies in it are no pair."""
    told = tuple(words)
    return sorted(
        {
            pair
            for sentence, places in sighted
            if any(word in sentence for word in told)
            for pair in combinations(sorted(places), 2)
            if not related(*pair)
        }
    )
