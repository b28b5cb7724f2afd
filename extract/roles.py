"""How each place of a sentence stands in it: behind 与, 向, 从, 在, 承接 – the role its neighbouring words give it.

Chinese marks the parties of a collaboration by the word right before them and by the clause they stand in, not by
endings or a fixed order; so roles are read once here, and every frame works with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from config.vocabulary import Vocabulary
from extract.coordination import Group
from extract.lexicon import Hit, alternation

Mark = Literal["none", "with", "and", "goal", "source", "place", "target", "pivot", "object"]
"""`with` 与甲, `and` 和甲 behind another noun, `goal` 向甲, `source` 从甲 or 由甲, `place` 在甲, `target` 对甲 or 为甲,
`pivot` 支持甲, which may act in turn, `object` 承接甲; `none`: a subject."""

_MARKS: tuple[Mark, ...] = ("with", "goal", "source", "place", "target", "pivot", "object")
_DIVIDING = re.compile("[，,：:《“（(]")
_OPENING = {"《": "》", "“": "”", "（": "）", "(": ")"}
_FILLER = {"with": 8, "goal": 4, "source": 4, "place": 4, "target": 4, "pivot": 2, "object": 2}
_MEANS = re.compile("(?:等[^，,。]{0,6})?为(?:重点|主|核心|载体|依托|支点|龙头|节点)")
_AND = ("和", "及", "以及")
_NOMINAL = re.compile(r"[^，,。；;、：:！？与和在为到将已向签赴由从于\s]{0,18}")


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with its groups, their marks and clauses, and the terms of the vocabulary in it.

    `clauses` are half-open spans of the text; `clause[i]` is the clause of group `i`. `hits` count from `start`.
    """

    text: str
    start: int
    end: int
    groups: tuple[Group, ...]
    marks: tuple[Mark, ...]
    clauses: tuple[tuple[int, int], ...]
    clause: tuple[int, ...]
    hits: tuple[Hit, ...]
    by_group: Mapping[str, Sequence[Hit]]

    def of(self, *groups: str) -> Iterator[Hit]:
        """The terms of some groups, by group and then in text order."""
        for group in groups:
            yield from self.by_group.get(group, ())

    def clause_at(self, position: int) -> int:
        """The number of the clause in which a character of the text stands."""
        for number, (_, end) in enumerate(self.clauses):
            if position < end:
                return number
        return len(self.clauses) - 1

    def between(self, left: int, right: int) -> str:
        """The words from `left` to `right`, empty when they overlap."""
        return self.text[left:right] if left < right else ""

    def lead(self, index: int, length: int) -> str:
        """Up to `length` characters right before a group, within the sentence."""
        start = self.groups[index].start
        return self.text[max(self.start, start - length) : start]

    def head(self, index: int) -> str:
        """The noun that a place begins: 北京 of 北京友谊医院 has the head 友谊医院."""
        limit = self.groups[index + 1].start if index + 1 < len(self.groups) else self.end
        found = _NOMINAL.match(self.text, self.groups[index].end, limit)
        return found.group() if found else ""


class Roles:
    """Reads the marks of groups by the marking words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._predicates = frozenset(group for rule in vocabulary.rules if rule.frame for group in rule.predicates)
        self._marks = [
            (
                mark,
                re.compile(
                    rf".*(?P<word>{alternation(vocabulary.groups[f'mark_{mark}'], vocabulary)})"
                    r"(?:[^，,。；;：:、]{1,12}、){0,3}"
                    rf"(?P<filler>[^，,。；;：:、的入到向在给为对把将]{{0,{_FILLER[mark]}}}[“\"‘《（(]?)$"
                ),
            )
            for mark in _MARKS
        ]

    def scene(self, text: str, start: int, end: int, groups: Sequence[Group], hits: Sequence[Hit]) -> Scene:
        """The sentence `start:end` of `text` with the role of each group."""
        clauses = _clauses(text, start, end)
        marks: list[Mark] = []
        numbers: list[int] = []
        number = 0
        edge = start
        for group in groups:
            while number + 1 < len(clauses) and group.start >= clauses[number][1]:
                number += 1
            numbers.append(number)
            mark, word, filler = self._mark(text[max(edge, clauses[number][0], group.start - 30) : group.start])
            if (
                mark == "with"
                and word in _AND
                and (filler > 2 or self._verb_between(edge - start, group.start - start, hits))
            ):
                mark = "and"
            if _MEANS.match(text, group.end, end):
                mark = "object"
            marks.append(mark)
            edge = group.end
        by_group: dict[str, list[Hit]] = {}
        for hit in hits:
            by_group.setdefault(hit.group, []).append(hit)
        return Scene(text, start, end, tuple(groups), tuple(marks), clauses, tuple(numbers), tuple(hits), by_group)

    def _mark(self, lead: str) -> tuple[Mark, str, int]:
        """The mark whose word stands nearest before a group, the word, and how far before."""
        best: Mark = "none"
        word = ""
        nearest = 99
        for mark, pattern in self._marks:
            found = pattern.match(lead)
            if found and len(lead) - found.end("word") < nearest:
                best, nearest, word = mark, len(lead) - found.end("word"), found.group("word")
        return best, word, nearest

    def _verb_between(self, left: int, right: int, hits: Sequence[Hit]) -> bool:
        return any(hit.group in self._predicates and left <= hit.start and hit.end <= right for hit in hits)


def _clauses(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The clauses of a sentence; a comma within a title or a quotation divides nothing."""
    spans: list[tuple[int, int]] = []
    left = outside = start
    for mark in _DIVIDING.finditer(text, start, end):
        at = mark.start()
        if at < outside:
            continue
        closing = _OPENING.get(mark.group())
        if closing is None:
            spans.append((left, at))
            left = at + 1
        elif (closed := text.find(closing, at, min(end, at + 60))) >= 0:
            outside = closed + 1
    spans.append((left, end))
    return tuple(spans)
