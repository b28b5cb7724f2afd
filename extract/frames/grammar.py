"""The framed rules of a vocabulary, asked with one sentence at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.vocabulary import Rule, Vocabulary
from extract.frames.actions import act, contribute, members, visit
from extract.frames.joint import is_dashed, joint
from extract.frames.transfers import come, move, receive, settle, site
from extract.frames.verb import Verb, completed, longest
from extract.frames.words import FrameWords
from extract.roles import Scene
from extract.statements import Statement

_FRAMES: dict[str, Callable[[Verb], Iterator[Statement]]] = {
    "joint": joint,
    "act": act,
    "move": move,
    "receive": receive,
    "settle": settle,
    "visit": visit,
    "come": come,
    "site": site,
    "contribute": contribute,
    "members": members,
}


class Frames:
    """Finds the statements of framed rules; built once from a vocabulary, then pure."""

    def __init__(self, vocabulary: Vocabulary, provinces: frozenset[str]) -> None:
        self._words = FrameWords.of(vocabulary, provinces)
        self._rules: list[tuple[Rule, frozenset[str]]] = [
            (rule, frozenset(rule.predicates)) for rule in vocabulary.rules if rule.frame in _FRAMES
        ]
        self._rows = [rule for rule in vocabulary.rules if rule.frame == "row"]

    def statements(self, scene: Scene, present: frozenset[str]) -> Iterator[Statement]:
        """All statements of a sentence in which terms of the groups `present` stand."""
        for rule, predicates in self._rules:
            if predicates.isdisjoint(present) or not present.issuperset(rule.needs):
                continue
            frame = _FRAMES[rule.frame]
            for hit in longest(scene.of(*rule.predicates)):
                yield from frame(Verb.of(scene, rule, self._words, hit))

    def rows(self, scene: Scene, topics: frozenset[str]) -> Iterator[Statement]:
        """河东区——滦州市 in a table whose title says what its rows are; `topics` are groups of the title's terms."""
        if len(scene.groups) != 1:
            return
        for rule in self._rows:
            if topics & set(rule.predicates):
                verb = Verb(scene, rule, self._words, scene.groups[0].end, scene.groups[0].end)
                if is_dashed(verb, 0):
                    yield verb.made("row", all=0)
                return

    def completed(self, scene: Scene, statement: Statement) -> Statement:
        """A statement that leaves a party out, with who acts in its sentence."""
        return completed(scene, statement, self._words)
