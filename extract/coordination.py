"""Lists of places, as one reads them: 河北省廊坊市固安县 is one party, 静海、沧州和廊坊三地 is three that act together.

The grammar of collaboration speaks of sides, and a side is a list; so names are joined to parties, and parties to
groups, before any rule is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Protocol

from config.model import Unit
from config.vocabulary import Vocabulary
from extract.lexicon import alternation
from extract.model import Mention, MentionKind


class Relations(Protocol):
    """What the grammar asks of a gazetteer."""

    def unit(self, code: str, day: date | None = None) -> Unit: ...
    def level(self, code: str) -> str: ...
    def related(self, a: str, b: str) -> bool: ...
    def city(self, code: str) -> str: ...
    def area(self, code: str, kind: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Party:
    """One name (with the names that only locate it) and the units it stands for.

    `park` holds the pairs that a park's name gives (滨海-中关村科技园); the party itself then stands where the park is.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    kind: MentionKind
    park: tuple[tuple[str, str], ...] = ()
    compound: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Parties in one list.

    `collective` says that a word such as 三地 makes them one actor; `national` that the list goes on outside the
    region, so that its members do not act with each other; `first` that 与 follows and `second` that it stands after 与
    or its like, or is the object of a verb: such a list is one side, not an actor.
    """

    start: int
    end: int
    parties: tuple[Party, ...]
    collective: bool = False
    national: bool = False
    first: bool = False
    second: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for party in self.parties for code in party.codes))


_NUMERALS = {char: value for value, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "双": 2}
_HYPHEN = re.compile(r"[ 　]?[-—－–·•]{0,2}[ 　]?|[（(]")
_JOINT_PARK = re.compile(
    r"(?:[^，。；、与和]{0,4}?(?:合作|协同|共建|协作|融合)){1,3}[^，。；、与和]{0,6}?"
    r"(?:示范区|合作区|新城|园区?|基地|科技城|协作区|试验区)"
    r"|[^，。；、与和]{0,4}?(?:新城|示范区|科技城|科技谷)"
)
_KINDS = "高新区|经开区|开发区|经济技术开发区|自贸试验区|自贸区|自由贸易试验区|综合保税区|综保区|保税区"
_KIND = re.compile(rf"等?(?:\d{{1,2}}|[一二两三四五六七八九十])?[家个]?(?:国家级|省级)?(?P<kind>{_KINDS})")
_ANY_KIND = re.compile(_KINDS)
_OWN_KIND = re.compile(rf"(?P<kind>{_KINDS})$")
_BRANCH = re.compile("分局|支局|分院|分校|分公司|支队|大队|校区|院区|分中心")
_COMMA_GAP = 8
_LOCATED = re.compile(r"[ 　·•]?|[（(]|的")


class Coordination:
    """Joins the mentions of a sentence to groups, by the connecting words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Relations, provinces: frozenset[str]) -> None:
        groups = vocabulary.groups
        self._gazetteer = gazetteer
        self._provinces = provinces
        self._region = frozenset(groups["region_names"])
        organ = alternation(groups["organ_tails"], vocabulary)
        self._organ = re.compile(rf"[^，,。；;、与和\s]{{0,4}}{organ}")
        inner = r"[^，,。；;、：:！？与和及向从由在被把将承签赴到为对\s]"
        tail = rf"(?:{inner}{{0,16}}?{organ}(?:等)?(?:\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})?[家个]?)?"
        away = rf"(?:{alternation(groups['outside'], vocabulary)}[省市]?{tail})"
        listed = alternation(groups["list_connectors"], vocabulary)
        count = rf"(?:等?(?:\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})[个家]{inner}{{0,12}}?)?"
        unknown = rf"(?:{inner}{{1,16}}?{organ}\s?{listed}\s?){{0,4}}"
        self._list = re.compile(rf"[”\"]?{tail}{count}\s?{listed}\s?(?:{away}\s?{listed}\s?){{0,20}}{unknown}[“\"]?")
        organs = rf"{inner}{{0,16}}?{organ}"
        self._spaced = re.compile(rf"{organs}[ 　]{{1,2}}")
        self._comma = re.compile(rf"{tail}\s?[，,]\s?")
        collective = alternation(groups["collective"], vocabulary)
        self._continued = re.compile(rf"(?:{organ})?\s?(?:[、，,]|等|{collective}|[二两三四五六七八九十\d])")
        self._side = re.compile(rf"{tail}{alternation(groups['with'], vocabulary)}")
        self._with_before = re.compile(
            rf"(?:{alternation(groups['with'], vocabulary)}|{alternation(groups['object_of'], vocabulary)})$"
        )
        self._ends_with = frozenset(term[-1] for name in ("with", "object_of") for term in groups[name])
        self._connectors = frozenset(groups["list_connectors"])
        self._ends_listed = frozenset(term[-1] for term in self._connectors)
        self._with_after = re.compile(rf"{tail}等?{alternation(('与', '同', '跟'), vocabulary)}(?!会|时)")
        self._marker = re.compile(
            rf"{inner}{{0,14}}?(?:等)?(?:(?P<count>\d{{1,2}}|[二两三四五六七八九十])(?:地|市|区|县|省市|省|校|方|处|家|座|个[市区县])|{collective})"
        )
        self._bare_marker = re.compile(
            rf"[\s等“”\"]*(?:[二两三四五六七八九十](?:地|市|区|县|省市|省|校|方|处)|{collective})"
        )
        self._away_before = re.compile(rf"(?:{alternation(groups['outside'], vocabulary)}[省市]?{listed}\s?)+$")
        self._away_after = re.compile(rf"{tail}(?:\s?{listed}\s?{away})+")
        outside = alternation(groups["outside"], vocabulary)
        self._away = re.compile(rf"{outside}(?:[省市]?{outside})?")
        self._park = re.compile(
            rf"[^，,。；;：:！？与和向从由在]{{0,16}}?{alternation(groups['park_tails'], vocabulary)}(?!域|别|分)"
        )

    def has_kind(self, text: str, start: int, end: int) -> bool:
        """Whether a sentence names a kind of area, so that its names may stand for areas of theirs."""
        return _ANY_KIND.search(text, start, end) is not None

    def groups(self, text: str, mentions: Sequence[Mention], start: int, end: int) -> list[Group]:
        """The groups of the sentence `start:end`, in order."""
        parties = self._parties(text, mentions)
        parties = [party for party in parties if not self._renamed(text, party, start)]
        if not parties:
            return []
        made: list[list[Party]] = [[parties[0]]]
        commas: list[bool] = []
        for before, after in pairwise(parties):
            gap = text[before.end : after.start]
            if len(gap) <= 60 and self._listed(before, after, gap):
                made[-1].append(after)
            else:
                comma = len(gap) <= _COMMA_GAP and self._comma.fullmatch(gap) is not None
                commas.append(comma and self._goes_on(text, after))
                made.append([after])
        joined = [made[0]]
        for comma, members in zip(commas, made[1:], strict=True):
            if comma and len(members) + len(joined[-1]) > 2:
                joined[-1].extend(members)
            else:
                joined.append(members)
        groups = [self._group(text, self._areas(text, members), start, end) for members in self._couples(text, joined)]
        return self._merge_sides(text, groups, end)

    def _couples(self, text: str, lists: list[list[Party]]) -> list[list[Party]]:
        """甲与乙、丙与丁签署: what looks like a list between two 与 ends one couple and begins another."""
        made: list[list[Party]] = []
        for index, members in enumerate(lists):
            inner = 0 < index < len(lists) - 1 and len(members) == 2
            if (
                inner
                and self._links(text, lists[index - 1][-1], members[0])
                and self._links(text, members[1], lists[index + 1][0])
            ):
                made += [members[:1], members[1:]]
            else:
                made.append(members)
        return made

    def _links(self, text: str, before: Party, after: Party) -> bool:
        return self._side.fullmatch(text, before.end, after.start) is not None

    def _areas(self, text: str, members: list[Party]) -> tuple[Party, ...]:
        """沧州、衡水两家高新区 and 北京、河北自贸试验区: a noun behind a list belongs to each name of the list."""
        last = members[-1]
        kind = _KIND.match(text, last.end) or _OWN_KIND.search(text[last.start : last.end])
        if len(members) < 2 or kind is None:
            return tuple(members)
        made = [self._area(party, kind.group("kind")) for party in members]
        return tuple(members) if None in made else tuple(party for party in made if party is not None)

    def _area(self, party: Party, kind: str) -> Party | None:
        """The area of that kind that a member of the list means, or none; one that is an area already means itself."""
        if len(party.codes) != 1:
            return None
        if self._rank(party.codes[0]) > 1:
            return party
        code = self._gazetteer.area(party.codes[0], kind)
        return replace(party, codes=(code,)) if code is not None else None

    def _goes_on(self, text: str, party: Party) -> bool:
        """Whether a name behind a comma stands in a list, rather than beginning a clause of its own."""
        return self._continued.match(text, party.end) is not None

    def _renamed(self, text: str, party: Party, start: int) -> bool:
        """Whether a name stands in “（以下称…）”, which only abbreviates what was just said."""
        opening = max(text.rfind("(", start, party.start), text.rfind("（", start, party.start))
        return (
            opening >= 0
            and text.startswith(("以下", "简称", "下称", "下同"), opening + 1)
            and not re.search("[)）]", text[opening : party.start])
        )

    def _parties(self, text: str, mentions: Sequence[Mention]) -> list[Party]:
        spans: dict[tuple[int, int], list[Mention]] = {}
        for mention in mentions:
            if mention.text not in self._region:
                spans.setdefault((mention.start, mention.end), []).append(mention)
        parties: list[Party] = []
        for (start, end), same in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
            if parties and start < parties[-1].end:
                continue
            codes = tuple(dict.fromkeys(mention.code for mention in same))
            party = Party(start, end, codes, same[0].kind, compound=len(codes) > 1)
            if parties and self._locates(text, parties[-1], party):
                before = parties.pop()
                party = replace(party, start=before.start, kind=before.kind if before.kind != "place" else party.kind)
            elif parties and self._inside_park(text, parties[-1], party):
                party = replace(party, start=parties.pop().start)
            parties.append(party)
        return self._parks(text, parties)

    def _locates(self, text: str, before: Party, after: Party) -> bool:
        """Whether `before` only says where `after` is (廊坊市 → 固安县, 廊坊市公安局 → 广阳分局), or names it twice."""
        gap = text[before.end : after.start]
        if len(before.codes) != 1:
            return False
        outer = before.codes[0]
        if self._organ.fullmatch(gap) and _BRANCH.match(text, after.end):
            return all(self._gazetteer.related(outer, code) and self._rank(outer) < self._rank(code)
                       for code in after.codes)  # fmt: skip
        if len(gap) > 1 or not _LOCATED.fullmatch(gap):
            return False
        if gap in "（(" and gap and self._rank(outer) >= min(self._rank(code) for code in after.codes):
            return False
        return all(code == outer or (self._gazetteer.related(outer, code) and self._rank(outer) <= self._rank(code))
                   for code in after.codes)  # fmt: skip

    def _inside_park(self, text: str, before: Party, after: Party) -> bool:
        """中关村丰台园 stands for 丰台区: a functional area followed by a district of its own city."""
        return (
            before.end == after.start
            and len(before.codes) == len(after.codes) == 1
            and self._functional(before.codes[0])
            and self._gazetteer.city(before.codes[0]) == self._gazetteer.city(after.codes[0])
            and self._park.match(text, after.end) is not None
        )

    def _parks(self, text: str, parties: list[Party]) -> list[Party]:
        made: list[Party] = []
        index = 0
        while index < len(parties):
            run = [parties[index]]
            while index + len(run) < len(parties):
                after = parties[index + len(run)]
                gap = text[run[-1].end : after.start]
                if len(gap) > 3 or not _HYPHEN.fullmatch(gap):
                    break
                run.append(after)
            index += len(run)
            named = self._park.match(text, run[-1].end) if len(run) > 1 or run[0].compound else None
            pairs = self._park_pairs(run) if named else ()
            if named and not pairs and len({self._gazetteer.city(code) for party in run for code in party.codes}) == 1:
                made.append(replace(run[0], end=run[-1].end))
                continue
            if not pairs or (len(run) == 1 and not self._park_alone(text, run[0])):
                made.extend(run)
                continue
            specific = [party for party in run if not party.compound] or run
            home = next((party for party in specific if not self._functional(party.codes[0])), specific[0])
            made.append(Party(run[0].start, run[-1].end, home.codes, "place", park=pairs, compound=home.compound))
        return made

    def _park_alone(self, text: str, party: Party) -> bool:
        """京津合作示范区: a compound right before a word of joint building and a park's tail."""
        return _JOINT_PARK.match(text, party.end, party.end + 24) is not None

    def _park_pairs(self, run: list[Party]) -> tuple[tuple[str, str], ...]:
        specific = [code for party in run if not party.compound for code in party.codes]
        general = [code for party in run if party.compound for code in party.codes]
        pairs = [
            (a, b)
            for i, a in enumerate(specific)
            for b in specific[i + 1 :]
            if self._gazetteer.city(a) != self._gazetteer.city(b) and not self._gazetteer.related(a, b)
        ]
        for party in run:
            homes = {self._gazetteer.city(code) for code in specific}
            if (
                not pairs
                and party.compound
                and len(homes) == 1
                and homes & set(party.codes)
                and all(map(self._functional, specific))
            ):
                pairs = [(a, b) for i, a in enumerate(party.codes) for b in party.codes[i + 1 :]]
        if not pairs and specific:
            pairs = [
                (a, b) for a in general for b in specific
                if not self._gazetteer.related(a, b) and self._gazetteer.city(a) != self._gazetteer.city(b)
            ]  # fmt: skip
        if not specific and len(run) == 1:
            codes = run[0].codes
            pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :] if not self._gazetteer.related(a, b)]
        return tuple(dict.fromkeys((min(a, b), max(a, b)) for a, b in pairs))

    def _listed(self, before: Party, after: Party, gap: str) -> bool:
        """Whether the words between two parties make them a list; two names of one rank may stand bare (怀来广阳)."""
        if gap in self._connectors or self._list.fullmatch(gap) or self._spaced.fullmatch(gap):
            return True
        return (
            len(gap) <= 1
            and not gap.strip(" 　·")
            and not before.park
            and not after.park
            and self._rank(before.codes[0]) == self._rank(after.codes[0])
        )

    def _group(self, text: str, parties: tuple[Party, ...], start: int, end: int) -> Group:
        left, right = parties[0].start, parties[-1].end
        members = len({code for party in parties for code in party.codes})
        collective = False
        if members > 1:
            marker = self._bare_marker.match(text, right, end) or (
                self._marker.match(text, right, end) if len(parties) > 1 else None
            )
            collective = marker is not None
        away = {name for gap in pairwise(parties)
                for name in self._away.findall(text, gap[0].end, gap[1].start)}  # fmt: skip
        lead = text[max(start, left - 60) : left]
        listed = lead[-1:] in self._ends_listed or lead[-1:].isspace()
        before = self._away_before.search(lead) if listed else None
        after = self._away_after.match(text, right, min(end, right + 80))
        for found in (before, after):
            if found:
                away.update(self._away.findall(found.group()))
        second = lead[-1:] in self._ends_with and self._with_before.search(lead[-8:]) is not None
        first = not collective and self._with_after.match(text, right, min(end, right + 30)) is not None
        return Group(left, right, parties, collective, len(away) >= 2, first, second)

    def _merge_sides(self, text: str, groups: list[Group], end: int) -> list[Group]:
        """“甲、乙与丙三地” is one group of three although 与 divides it."""
        made: list[Group] = []
        for group in groups:
            if made and len(made[-1].codes) + len(group.codes) > 2:
                gap = text[made[-1].end : group.start]
                marker = self._marker.match(text, group.end, end) if len(gap) <= 24 else None
                if marker and self._side.fullmatch(gap) and marker.groupdict().get("count"):
                    count = marker.group("count")
                    number = int(count) if count.isdigit() else _NUMERALS[count]
                    parties = (*made[-1].parties, *group.parties)
                    if number == len(parties):
                        made[-1] = Group(
                            made[-1].start,
                            group.end,
                            parties,
                            True,
                            made[-1].national or group.national,
                            made[-1].second,
                        )
                        continue
            made.append(group)
        return made

    def _rank(self, code: str) -> int:
        return {"province": 0, "city": 1}.get(self._gazetteer.level(code), 2)

    def _functional(self, code: str) -> bool:
        return code.startswith("F-")
