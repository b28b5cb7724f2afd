"""A sentence as one of its verbs sees it: what stands before and behind, what is its object, who is its subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from config.vocabulary import Rule
from extract.coordination import Group
from extract.frames.words import FrameWords
from extract.lexicon import Hit
from extract.roles import Mark, Scene
from extract.statements import Statement

REACH = 140
"""Characters over which a verb may lean on parties named in an earlier clause of its sentence."""
SUBJECTS: tuple[Mark, ...] = ("none", "pivot")

_INTO = re.compile(r"(?:了|过|好|进|入|在|于|到|至|往|向|给|“|\"|《|国家|首个|原|位于|来自|自|从|驻进|进驻){0,3}")
_OCCASION = re.compile(r"[^，,。；;]{0,16}?(?:举行|召开|举办|签署|签订|签约|主持|开幕|考察|调研)")
_OPENING = 2
_TOPIC = re.compile("[，,]?(?:是|对|对于)|[，,]")
_AS = re.compile("[^，,]{0,8}为(?!例)")


@dataclass(frozen=True, slots=True)
class Verb:
    """A term of a rule's predicates in a scene, at `at:end` of the text."""

    scene: Scene
    rule: Rule
    words: FrameWords
    at: int
    end: int

    @classmethod
    def of(cls, scene: Scene, rule: Rule, words: FrameWords, hit: Hit) -> Verb:
        return cls(scene, rule, words, scene.start + hit.start, scene.start + hit.end)

    @property
    def clause(self) -> int:
        return self.scene.clause_at(self.at)

    def group(self, index: int) -> Group:
        return self.scene.groups[index]

    def mark(self, index: int) -> Mark:
        return self.scene.marks[index]

    def before(self) -> list[int]:
        """The groups before the verb in its clause."""
        return self._of_clause(self.clause)

    def before_or_carried(self) -> tuple[list[int], int]:
        """The groups before the verb in its clause or, where that has none, in the last that has; and its number."""
        number = self.clause
        while number >= 0 and self.at - self.scene.clauses[number][1] <= REACH:
            found = self._of_clause(number)
            if found:
                return found, number
            number -= 1
        return [], number

    def _of_clause(self, number: int) -> list[int]:
        return [
            i for i, group in enumerate(self.scene.groups)
            if self.scene.clause[i] == number and group.end <= self.at
        ]  # fmt: skip

    def after(self) -> int | None:
        """The first group behind the verb in its clause."""
        for i, group in enumerate(self.scene.groups):
            if group.start >= self.end:
                return i if self.scene.clause[i] == self.clause else None
        return None

    def gap_to(self, index: int) -> str:
        """The words between the verb and a group behind it."""
        return self.scene.between(self.end, self.group(index).start)

    def gap_from(self, index: int) -> str:
        """The words between a group and the verb behind it."""
        return self.scene.between(self.group(index).end, self.at)

    def takes(self, index: int | None) -> bool:
        """Whether a group is the verb's object."""
        return index is not None and _INTO.fullmatch(self.gap_to(index)) is not None

    def earlier(self, fits: Callable[[int], bool]) -> int | None:
        """The nearest group of an earlier clause that fits."""
        number = self.clause
        for i in range(len(self.scene.groups) - 1, -1, -1):
            if self.scene.clause[i] < number and self.at - self.group(i).end <= REACH and fits(i):
                return i
        return None

    def series(self, index: int) -> list[int]:
        """A group and those that 和 adds to it later in its clause (承接北京…和天津…)."""
        found = [index]
        for i in range(index + 1, len(self.scene.groups)):
            if self.scene.clause[i] != self.scene.clause[index] or self.mark(i) != "and":
                break
            found.append(i)
        return found

    def organised(self, index: int) -> bool:
        """Whether a place stands for an organisation: 首钢, 北京友谊医院."""
        if self.group(index).parties[-1].kind == "organisation":
            return True
        return self.words.organisation.search(self.scene.head(index)) is not None

    def headed(self, index: int) -> bool:
        """Whether the noun behind a place is of a kind that the rule asks for; most rules ask for none."""
        if not self.rule.heads:
            return True
        head = self.scene.head(index)
        return any(term in head for name in self.rule.heads for term in self.words.groups[name])

    def crowd(self, index: int) -> bool:
        """Whether the noun behind a place is people at large (北京游客), who are nobody's partner."""
        return self.words.people.search(self.scene.head(index)) is not None

    def made(self, construction: str, end: int | None = None, **roles: int) -> Statement:
        """The statement that gives these groups these roles, from the first of them to `end` (the verb's, if none)."""
        involved = [self.group(i) for i in roles.values()]
        start = min(group.start for group in involved)
        right = max(self.end if end is None else end, *(group.end for group in involved))
        return completed(self.scene, Statement(self.rule, roles, start, right, construction), self.words)


def completed(scene: Scene, statement: Statement, words: FrameWords) -> Statement:
    """A statement that leaves a party out, with who acts in its sentence."""
    if statement.spoken or len(statement.roles) != 1 or "all" in statement.roles:
        return statement
    subject, furthered = _subject(scene, next(iter(statement.roles.values())), words)
    return Statement(
        statement.rule, statement.roles, statement.start, statement.end, statement.construction, False, subject,
        furthered,
    )  # fmt: skip


def _subject(scene: Scene, index: int, words: FrameWords) -> tuple[int | None, int | None]:
    """Who acts where the clause does not say, and who may if nobody else is known.

    The first is the subject of the nearest earlier clause, or else the place that sets the scene (在沧州，…,
    以武安为重点，…); the second is one that is furthered (支持天津…，加强与北京…).
    """
    number = scene.clause[index]
    same = scene.groups[index].codes
    others = [i for i, c in enumerate(scene.clause) if c < number and scene.groups[i].codes != same]
    for back in range(number - 1, -1, -1):
        acting = [i for i in others if scene.clause[i] == back and scene.marks[i] == "none"]
        if acting and (begins_clause(scene, acting[0]) or not any(map(partial(begins_clause, scene), others))):
            return acting[0], None
    staged = next((i for i in others if _sets_the_scene(scene, i) or _is_topic(scene, i)), None)
    furthered = next((i for i in reversed(others) if _is_furthered(scene, i, words)), None)
    return staged, furthered


def begins_clause(scene: Scene, index: int) -> bool:
    """Whether a group opens its clause, as subjects do and objects do not (主动敲开京津大门)."""
    if scene.marks[index] != "none":
        return False
    return scene.groups[index].start - scene.clauses[scene.clause[index]][0] <= _OPENING


def _is_furthered(scene: Scene, index: int, words: FrameWords) -> bool:
    return scene.marks[index] == "pivot" and scene.lead(index, 6).endswith(words.furthering)


def _is_topic(scene: Scene, index: int) -> bool:
    """建设雄安新区，对承接…: what a clause of its own is about."""
    return scene.marks[index] == "pivot" and _TOPIC.match(scene.text, scene.groups[index].end, scene.end) is not None


def _sets_the_scene(scene: Scene, index: int) -> bool:
    behind = scene.groups[index].end
    if scene.marks[index] == "place":
        return not _OCCASION.match(scene.text, behind, scene.end)
    return scene.lead(index, 4).endswith("以") and _AS.match(scene.text, behind, scene.end) is not None


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that overlap, the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
