"""Which parts of a text its extraction read with the vocabulary: elsewhere a term can come or go without effect.

Where two places can be a pair, the grammar of pairs reads the sentences that name some and those soon after that point
back at them (双方, 三地). The policy tag reads sentences that hold a term with which a rule begins; where something was
found, words of industry are counted in the lines around it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from config.vocabulary import Vocabulary
from extract.anaphora import COUNTED
from extract.clauses import sentences
from extract.contracts import is_contract
from extract.extractor import Extractor
from extract.model import Context, Extraction
from extract.places import find_places
from pipelines.versions import code_version

LONGEST_TERM = 80
"""Characters of the longest term that is certain to lie in a reach as a whole."""
_BEYOND = 24 + LONGEST_TERM
"""Characters that patterns may read behind the end of a sentence, with a whole term at their end."""
_STOPS = frozenset("。；;！？")
"""The ends of sentences at which every pattern stops."""
_AFTER = 4
"""Sentences over which a place is remembered (双方, 三地), and one more."""
_MOST_MATCHES = 200
"""Statements of a text beyond which a policy tag names no more."""
_OPENING = 40
"""Characters at the head of a text in which it is seen to be a letter."""


@cache
def reach_version() -> str:
    """16 hex digits: a reach says what was read by one version of the extracting code, as told by this module."""
    return hashlib.sha256(code_version().encode() + Path(__file__).read_bytes()).hexdigest()[:16]


def opening_terms(vocabulary: Vocabulary) -> frozenset[str]:
    """The terms of which the policy tag needs one in a sentence, or it does not read the sentence at all."""
    terms = {term for rule in vocabulary.policy for term in vocabulary.groups[rule.all[0]]}
    return frozenset(terms.union(vocabulary.groups["region_again"]))


@dataclass(frozen=True, slots=True)
class Reach:
    """The words of title, publisher and text that an extraction depends on: those `read` for their sense, and those
    `counted` besides to tell what the text is about. Empty where the vocabulary read nothing."""

    read: str = ""
    counted: str = ""


class Reaches:
    """Tells the reach of texts under the rules of one extractor."""

    def __init__(self, vocabulary: Vocabulary, extractor: Extractor) -> None:
        self._opening = AhoCorasick(sorted(opening_terms(vocabulary)), matchkind=MatchKind.Standard)
        self._gazetteer = extractor.gazetteer

    def of(self, text: str, context: Context, found: Extraction) -> Reach:
        """What `found`, read from `text` in `context`, depends on."""
        matches = found.tag.matched
        paired = self._can_pair(context, found)
        if len(matches) >= _MOST_MATCHES or (paired and is_contract(text)):
            return Reach("\n".join((context.title, context.publisher_name, text)))
        named = [mention.start for mention in found.places.mentions] if paired else []
        opened = [start for _, start, _ in self._opening.find_matches_as_indexes(text, overlapping=True)]
        titled = bool(self._opening.find_matches_as_indexes(context.title))
        if not (named or opened or matches or titled):
            return Reach()
        parts = [context.title, context.publisher_name] if named or titled or matches else []
        stretches = _sentences(text, named, opened)
        if named:
            stretches.append((0, _OPENING + LONGEST_TERM))
        stretches += ((match.start, match.end) for match in matches)
        parts += (text[start:end] for start, end in _joined(stretches))
        paragraphs = _joined([_paragraphs(text, match.start) for match in matches])
        return Reach("\n".join(parts), "\n".join(text[start:end] for start, end in paragraphs))

    def _can_pair(self, context: Context, found: Extraction) -> bool:
        """Whether text, title and publisher are more than one unit; of one alone no vocabulary makes a pair."""
        if not found.places.mentions:
            return False
        codes = {mention.code for mention in found.places.mentions} | ({context.publisher} - {None})
        if len(codes) > 1 or not codes <= self._gazetteer.versions.keys():
            return True
        titled = find_places(context.title, self._gazetteer, context) if context.title else None
        return titled is not None and any(mention.code not in codes for mention in titled.mentions)


def _sentences(text: str, named: list[int], opened: list[int]) -> list[tuple[int, int]]:
    """The sentences with places, those after them that point back, and those that the policy tag reads."""
    if not named and not opened:
        return []
    places, openings = sorted(named), sorted(opened)
    pointing = [word.start() for word in COUNTED.finditer(text)] if named else []
    made: list[tuple[int, int]] = []
    place = opening = point = left = 0
    for start, end in sentences(text):
        has_place = has_opening = points = False
        while place < len(places) and places[place] < end:
            place, has_place = place + 1, True
        while opening < len(openings) and openings[opening] < end:
            opening, has_opening = opening + 1, True
        while point < len(pointing) and pointing[point] < end:
            point, points = point + 1, True
        left = _AFTER if has_place else max(0, left - 1)
        if has_opening or has_place or (left and points):
            made.append((start, end if text[end : end + 1] in _STOPS else end + _BEYOND))
    return made


def _paragraphs(text: str, start: int) -> tuple[int, int]:
    """The line in which a statement begins, with the line after it: industry is looked for in both."""
    end = text.find("\n", start)
    end = text.find("\n", end + 1) if end >= 0 else -1
    return text.rfind("\n", 0, start) + 1, end if end >= 0 else len(text)


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters in order and once."""
    made: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made
