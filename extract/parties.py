"""From a statement to its pairs: who the sides are, what they make of each other, and what is no pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.vocabulary import Vocabulary
from extract.coordination import Group
from extract.kinship import Kinship
from extract.model import CollaborationType, Context, Mention, Pair, Span
from extract.roles import Scene
from extract.speaker import speaker
from extract.statements import Statement
from extract.telling import Telling

_RESPECTIVELY = re.compile("分别|依次|各自")

Ties = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RegionAct:
    """A statement whose parties are exactly the provinces of the region: region level, no pair."""

    evidence: Span
    rule: str
    types: tuple[CollaborationType, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a statement by unit codes, a third where a rule has one, the groups involved and the words."""

    giving: tuple[str, ...]
    taking: tuple[str, ...]
    third: tuple[str, ...]
    involved: tuple[Group, ...]
    span: tuple[int, int]


class Parties:
    """Resolves statements to pairs or acts of the whole region; built once over one gazetteer."""

    def __init__(self, vocabulary: Vocabulary, kinship: Kinship, telling: Telling) -> None:
        self._kinship = kinship
        self._telling = telling
        self._turning = vocabulary.groups["turning"]

    def resolved(
        self, scene: Scene, statement: Statement, context: Context, topic: Sequence[Mention]
    ) -> Iterator[Pair | RegionAct]:
        """The pairs that a statement makes, or the one act of the whole region that it is."""
        if "all" in statement.roles:
            yield from self._of_list(scene, statement, context)
        else:
            sides = self._sides(scene, statement, context, topic)
            if sides is not None:
                yield from self._of_sides(scene, statement, sides, context)

    def _of_list(self, scene: Scene, statement: Statement, context: Context) -> Iterator[Pair | RegionAct]:
        group = scene.groups[statement.roles["all"]]
        codes = group.codes
        is_side = (group.first or group.second) and not statement.construction
        if len(codes) < 2 or group.national or is_side or any(party.park for party in group.parties):
            return
        organised = [party.kind == "organisation" for party in group.parties]
        if all(party.compound and party.kind == "organisation" for party in group.parties):
            return
        if self._kinship.one_city(codes) and not {"agreement", "co_build"} & set(statement.rule.types):
            return
        members = all(organised) and self._kinship.provinces.issuperset(codes)
        regional = members and any(scene.of("region_word"))
        compounds = len(group.parties) > 1 and all(party.compound for party in group.parties)
        if self._means_the_speaker(scene, statement, group, context):
            return
        span = (statement.start, statement.end)
        if regional or (self._kinship.is_region(codes) and not compounds):
            yield self._act(scene, statement, span)
            return
        yield from self._pairs(scene, statement, self._kinship.among(group), span, (group,), context)

    def _means_the_speaker(self, scene: Scene, statement: Statement, group: Group, context: Context) -> bool:
        """京津合作 in what a place of Hebei publishes is its own with 京 and 津, not theirs with each other."""
        provinces = self._kinship.provinces
        if not context.publisher or group.collective or not all(party.compound for party in group.parties):
            return False
        own = {context.publisher, *self._kinship.parents(context.publisher)} & provinces
        return provinces.issuperset(group.codes) and bool(own) and own.isdisjoint(group.codes)

    def _of_sides(
        self, scene: Scene, statement: Statement, sides: Sides, context: Context
    ) -> Iterator[Pair | RegionAct]:
        if self._is_one_act(scene, statement, sides):
            yield self._act(scene, statement, sides.span)
            return
        ties: Ties = [(a, b) for a in sides.giving for b in (*sides.taking, *sides.third)]
        if len(sides.giving) == len(sides.taking) > 1 and _RESPECTIVELY.search(scene.text, *sides.span):
            ties = list(zip(sides.giving, sides.taking, strict=True))
        ties += [(a, b) for a in sides.taking for b in sides.third]
        ties += self._within_names(scene, statement)
        yield from self._pairs(scene, statement, ties, sides.span, sides.involved, context)

    def _sides(self, scene: Scene, statement: Statement, context: Context, topic: Sequence[Mention]) -> Sides | None:
        """Both sides of a statement; one that is not named is the subject of the sentence or whoever speaks."""
        rule, roles, groups = statement.rule, statement.roles, scene.groups
        names = ("from", "to") if roles.keys() & {"from", "to"} else ("a", "b")
        named = [role for role in names if role in roles]
        if not named:
            return None
        codes = {role: groups[roles[role]].codes for role in named}
        involved = [groups[roles[role]] for role in named]
        left, right = statement.start, statement.end
        for role in (role for role in names if role not in roles):
            if role == "from" and rule.giver:
                if rule.giver in codes["to"]:
                    return None
                codes[role] = (rule.giver,)
                continue
            acting = self._acting(scene, statement, context, topic)
            if isinstance(acting, Group):
                codes[role] = acting.codes
                left, right = min(left, acting.start), max(right, acting.end)
                involved.append(acting)
            else:
                codes[role] = acting
        national = [group.national for group in involved]
        if any(national) and (len(named) < 2 or all(national) or not rule.shares):
            return None
        third = groups[roles["c"]].codes if "c" in roles else ()
        return Sides(codes[names[0]], codes[names[1]], third, tuple(involved), (left, right))

    def _acting(
        self, scene: Scene, statement: Statement, context: Context, topic: Sequence[Mention]
    ) -> Group | tuple[str, ...]:
        if statement.subject is not None:
            return scene.groups[statement.subject]
        speaking = speaker(context, topic, self._kinship)
        if statement.furthered is not None:
            furthered = scene.groups[statement.furthered]
            below = speaking and all(speaking[0] in self._kinship.parents(code) for code in furthered.codes)
            if not speaking or (below and statement.construction in ("receive", "site")):
                return furthered
        return speaking

    def _is_one_act(self, scene: Scene, statement: Statement, sides: Sides) -> bool:
        """Whether all provinces of the region are bound by one act, so that it is the region's and no pair's."""
        return (
            statement.rule.joint
            and statement.construction in ("", "sides")
            and not any(group.national for group in sides.involved)
            and "分别" not in scene.text[slice(*sides.span)]
            and self._kinship.is_region((*sides.giving, *sides.taking, *sides.third))
            and (statement.spoken or self._binds_all(scene, statement, sides.span))
            and not self._turns_to(scene, statement)
        )

    def _binds_all(self, scene: Scene, statement: Statement, span: tuple[int, int]) -> bool:
        """Whether the act is one that parties do at once (共同…, 签署…)."""
        return bool({"agreement", "division"} & set(statement.rule.types)) or any(
            span[0] <= scene.start + hit.start and scene.start + hit.end <= span[1] for hit in scene.of("jointly")
        )

    def _turns_to(self, scene: Scene, statement: Statement) -> bool:
        """Whether one side turns to the others (河北加强与北京、天津的对接), rather than all acting at once."""
        if "b" not in statement.roles:
            return False
        begin = scene.groups[statement.roles["a"]].end if "a" in statement.roles else statement.start
        words = scene.text[begin : scene.groups[statement.roles["b"]].start]
        return any(word in words for word in self._turning)

    def _within_names(self, scene: Scene, statement: Statement) -> Ties:
        """The ties inside a side that is a compound of several cities (通武廊与雄安…)."""
        ties: Ties = []
        for index in statement.roles.values():
            group = scene.groups[index]
            for party in group.parties:
                if party.compound and not self._kinship.provinces.issuperset(party.codes) and not party.park:
                    ties += self._kinship.among(replace(group, parties=(party,)))
        return ties

    def _pairs(
        self, scene: Scene, statement: Statement, ties: Ties, span: tuple[int, int], involved: Sequence[Group],
        context: Context,
    ) -> Iterator[Pair]:  # fmt: skip
        for giver, taker in dict.fromkeys(ties):
            if giver != taker and not self._kinship.kin(giver, taker):
                yield self._telling.pair(scene, statement, giver, taker, span, involved, context)

    def _act(self, scene: Scene, statement: Statement, span: tuple[int, int]) -> RegionAct:
        return RegionAct(Span(*span, scene.text[slice(*span)]), statement.name, statement.rule.types)
