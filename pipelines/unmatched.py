"""Which terms of a vocabulary no stored text holds: misspelt, outdated, or waiting for texts yet to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

Place = TypeVar("Place")

_WORTH_A_REBUILD = 20_000
"""Finds of terms already seen that take about as long as building the automaton anew without them."""


def unmatched(terms: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """The `terms` that stand in none of `texts`, each once, in their own order."""
    unseen = dict.fromkeys(terms)
    for term, _ in sightings(unseen, ((text, None) for text in texts)):
        unseen.pop(term)
    return tuple(unseen)


def sightings(terms: Iterable[str], texts: Iterable[tuple[str, Place]]) -> Iterator[tuple[str, Place]]:
    """Each of the `terms` that stands in one of `texts`, with the place of the first that holds it.

    Only terms not seen yet are sought, so that the words of every text cost something in the first few texts alone, and
    reading ends when all were seen. A term inside another (参与 for 与) counts as seen.
    """
    unseen = dict.fromkeys(terms)
    sought, automaton = _sought(unseen)
    wasted = 0
    for text, place in texts:
        if not unseen:
            break
        found = automaton.find_matches_as_indexes(text, overlapping=True)
        for term in {sought[index] for index, _, _ in found} & unseen.keys():
            del unseen[term]
            yield term, place
        if len(unseen) < len(sought):
            wasted += len(found)
            if wasted > _WORTH_A_REBUILD:
                sought, automaton = _sought(unseen)
                wasted = 0


def _sought(terms: Iterable[str]) -> tuple[list[str], AhoCorasick]:
    listed = list(terms)
    return listed, AhoCorasick(listed, matchkind=MatchKind.Standard)
