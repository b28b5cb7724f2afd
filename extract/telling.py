"""How a pair is told: the quotation that shows it, done or planned, in which domains, through whom, in which year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from config.vocabulary import Vocabulary
from extract.clauses import clause_of
from extract.coordination import Group
from extract.dating import event_year
from extract.model import CollaborationType, Context, Direction, Domain, Pair, Span, Status, Via
from extract.roles import Scene
from extract.statements import Statement

_TYPES: tuple[CollaborationType, ...] = ("transfer", "co_build", "division", "innovation", "agreement", "other")
_CLAUSE_REST = 16
"""Characters to the end of a clause that a quotation takes along."""
_BEFORE = 12
_NOMINAL = re.compile(r"[^，,。；;、：:！？与和在为到将已向签\s]{0,16}")


class Telling:
    """Makes rows of pairs from the words around a statement; built once from a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._groups = vocabulary.groups
        self._meant = lru_cache(maxsize=4096)(self._meaning)
        self._domain_of = {group: domain for domain, groups in vocabulary.domains.items() for group in groups}

    def pair(
        self, scene: Scene, statement: Statement, giver: str, taker: str, span: tuple[int, int],
        involved: Sequence[Group], context: Context,
    ) -> Pair:  # fmt: skip
        """The pair that `statement` makes of two units, shown by the words of `span`."""
        rule = statement.rule
        quotation = self._quotation(scene, *span)
        direction: Direction | None = None
        if "transfer" in rule.types and (statement.roles.keys() & {"from", "to"} or rule.giver):
            direction = "a>b" if giver < taker else "b>a"
        return self.row(
            scene, (giver, taker), rule.types, quotation, self.via(scene, involved), statement.name, context,
            direction, rule.domains,
        )  # fmt: skip

    def row(
        self, scene: Scene, units: tuple[str, str], types: tuple[CollaborationType, ...], quotation: Span,
        via: Via, rule: str, context: Context, direction: Direction | None = None, domains: tuple[Domain, ...] = (),
    ) -> Pair:  # fmt: skip
        """A row with what the words of `quotation` and its sentence tell; `domains` hold where no word shows one."""
        a, b = sorted(units)
        start, end = quotation.start, quotation.end
        year = event_year(scene.text, start, end, (scene.start, scene.end), context.day)
        shown = self._domains(scene, start, end, domains)
        return Pair(a, b, types, shown, self._status(scene, start, end), direction, via, year, quotation, rule)

    def via(self, scene: Scene, involved: Sequence[Group]) -> Via:
        """Whether governments, parks or organisations with a place's name are the ones that co-operate."""
        via: Via = "government"
        for party in (party for group in involved for party in group.parties):
            tail = _NOMINAL.match(scene.text, party.end)
            meant = self._meant(tail.group() if tail else "")
            if party.kind == "organisation" or meant == "organisation":
                return "organisation"
            if party.park or meant == "park":
                via = "park"
        return via

    def _meaning(self, noun: str) -> Via:
        """What the noun behind a place makes of it: 医院 an organisation, 产业园 a park."""
        if any(word in noun for word in self._groups["organisations"]):
            return "organisation"
        return "park" if any(word in noun for word in self._groups["park_tails"]) else "government"

    def _quotation(self, scene: Scene, start: int, end: int) -> Span:
        """The matched words, to the end of their clause where that is near, without cutting 《》 or “” open."""
        text = scene.text
        _, right = clause_of(text, end, end, (scene.start, scene.end))
        if right - end <= _CLAUSE_REST:
            end = right
        for opening, closing in (("《", "》"), ("“", "”")):
            if text.rfind(opening, start, end) > text.rfind(closing, start, end):
                close = text.find(closing, end, min(scene.end, end + 60))
                end = close + 1 if close >= 0 else end
        while end > start and text[end - 1] in " 　，,、":
            end -= 1
        return Span(start, end, text[start:end])

    def _domains(self, scene: Scene, start: int, end: int, default: tuple[Domain, ...]) -> tuple[Domain, ...]:
        for left, right in ((start, end), (scene.start, scene.end)):
            counted: dict[Domain, int] = {}
            for group, domain in self._domain_of.items():
                for hit in scene.of(group):
                    if left <= scene.start + hit.start and scene.start + hit.end <= right:
                        counted[domain] = counted.get(domain, 0) + 1
            if counted:
                ranked = sorted(counted, key=lambda domain: (-counted[domain], domain))
                return tuple(sorted(ranked[:2]))
        return default or ("other",)

    def _status(self, scene: Scene, start: int, end: int) -> Status:
        left, right = start - _BEFORE - scene.start, end - scene.start

        def told(group: str) -> bool:
            return any(left <= hit.start and hit.end <= right for hit in scene.of(group))

        return "planned" if told("planned") and not told("done") else "actual"


def merged(old: Pair, new: Pair) -> Pair:
    """One row for one pair in one sentence: all its types, the shorter quotation, a direction where known.

    What one clause plans the next does not make done (将共建平台，检测结果互认).
    """
    types = tuple(kind for kind in _TYPES if kind in old.types or kind in new.types)
    if len(types) > 1:
        types = tuple(kind for kind in types if kind != "other")
    base = new if new.evidence.end - new.evidence.start < old.evidence.end - old.evidence.start else old
    status: Status = "planned" if "planned" in (old.status, new.status) else "actual"
    return Pair(
        base.a, base.b, types, base.domains, status, old.direction or new.direction, base.via, base.year,
        base.evidence, base.rule,
    )  # fmt: skip
