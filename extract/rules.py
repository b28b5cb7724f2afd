"""The shapes of collaboration, as regular expressions over a sentence whose lists of places are single signs.

“静海区与沧州市、廊坊市签署协议” is read as “①与②签署协议”: the connecting words, the order and the distance of the
signs decide who works with whom, never mere presence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.vocabulary import Rule, Vocabulary
from extract.coordination import Group
from extract.lexicon import MASKS, alternation
from extract.roles import Scene
from extract.statements import Statement

_FIRST = 0xE000
_SIGNS = "\ue000-\uf8ff"
_AT_PLACE = re.compile(r"\(\?P<(?!key>)")
_PRIVATE = re.compile(f"[{_SIGNS}]")
_MASK = "\ufffc"


@dataclass(frozen=True, slots=True)
class Signed:
    """A sentence with a sign for each group; `offsets[i]` is where character `i` stands in the text."""

    signs: str
    offsets: tuple[int, ...]
    groups: tuple[Group, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The text span of signs `start:end`, with the whole of a list at either edge."""
        last = self.signs[end - 1]
        index = ord(last) - _FIRST
        right = self.groups[index].end if 0 <= index < len(self.groups) else self.offsets[end - 1] + 1
        return self.offsets[start], right


def sign(scene: Scene) -> Signed:
    """A sentence with its groups as signs and masked words blotted out."""
    start = scene.start
    words = _PRIVATE.sub(_MASK, scene.text[start : scene.end])
    for hit in scene.hits:
        if hit.group in MASKS:
            words = words[: hit.start] + _MASK * (hit.end - hit.start) + words[hit.end :]
    signs: list[str] = []
    offsets: list[int] = []
    at = start
    for index, group in enumerate(scene.groups):
        signs += (words[at - start : group.start - start], chr(_FIRST + index))
        offsets += (*range(at, group.start), group.start)
        at = group.end
    signs.append(words[at - start :])
    offsets += range(at, scene.end)
    return Signed("".join(signs), tuple(offsets), scene.groups)


class Grammar:
    """The rules of a vocabulary, compiled."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._cache: dict[str, str] = {}
        places = "|".join(f"(?<={re.escape(word)})" for word in vocabulary.groups["place_of"])
        self._past = rf"(?:[^{_SIGNS}]|(?:{places})[{_SIGNS}])"
        self._rules: list[tuple[Rule, frozenset[str], tuple[re.Pattern[str], ...]]] = [
            (
                rule,
                frozenset(rule.predicates),
                tuple(self._compile(p, rule) for shape in rule.shapes for p in vocabulary.shapes[shape]),
            )
            for rule in vocabulary.rules
        ]

    def statements(self, scene: Scene, present: frozenset[str]) -> Iterator[Statement]:
        """All statements of a sentence in which terms of the groups `present` stand."""
        rules = [held for held in self._rules if not present.isdisjoint(held[1]) and present.issuperset(held[0].needs)]
        if not rules:
            return
        signed = sign(scene)
        signs = signed.signs
        anchors = [place.start() for place in _PRIVATE.finditer(signs)]
        for rule, _, patterns in rules:
            for pattern in patterns:
                found: Iterable[re.Match[str] | None] = (
                    [pattern.match(signs, at) for at in anchors]
                    if _AT_PLACE.match(pattern.pattern)
                    else pattern.finditer(signs)
                )
                for match in found:
                    if match is not None:
                        yield self._statement(rule, match, signed)

    def _statement(self, rule: Rule, match: re.Match[str], signed: Signed) -> Statement:
        roles = {
            role: ord(sign) - _FIRST for role, sign in match.groupdict().items() if sign and role not in ("key", "me")
        }
        start, end = signed.span(match.start(), match.end())
        return Statement(rule, roles, start, end, spoken="me" in match.re.groupindex)

    def _terms(self, group: str) -> str:
        if group not in self._cache:
            self._cache[group] = alternation(self._vocabulary.groups[group], self._vocabulary)
        return self._cache[group]

    def _compile(self, pattern: str, rule: Rule) -> re.Pattern[str]:
        terms = sorted({term for group in rule.predicates for term in self._vocabulary.groups[group]})
        predicate = alternation(terms, self._vocabulary)
        made = re.sub(r"<([^<>=!]+)>", rf"(?P<\1>[{_SIGNS}])", pattern)
        made = made.replace("{predicate}", f"(?P<key>{predicate})", 1).replace("{predicate}", predicate)
        made = made.replace("{speaker}", f"(?P<me>{self._terms('speaker')})", 1)
        made = re.sub(r"\{([^{}\d][^{}]*)\}", lambda m: self._terms(m.group(1)), made)
        made = re.sub(r"~(\d+)", rf"[^，,：:{_SIGNS}]{{0,\1}}?", made)
        made = re.sub(r"≈(\d+)", rf"[^{_SIGNS}]{{0,\1}}?", made)
        made = re.sub(r"@(\d+)", lambda m: f"{self._past}{{0,{m.group(1)}}}?", made)
        return re.compile(made)
