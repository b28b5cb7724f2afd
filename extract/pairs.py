"""Which two places a text says work together, with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.vocabulary import Rule, Vocabulary
from extract.clauses import clause_of, sentences
from extract.coordination import Coordination, Group, Party, Relations
from extract.dating import event_year
from extract.lexicon import Hit, Lexicon
from extract.model import CollaborationType, Context, Direction, Domain, Mention, Pair, Places, Span, Status, Via
from extract.rules import Grammar, Signed, Statement, sign

_TYPE_ORDER: tuple[CollaborationType, ...] = ("transfer", "co_build", "division", "innovation", "agreement", "other")


@dataclass(frozen=True, slots=True)
class RegionAct:
    """A statement whose parties are exactly the provinces of the region: region level, no pair."""

    evidence: Span
    rule: str
    types: tuple[CollaborationType, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The pairs of a text, and its statements at the level of the whole region."""

    pairs: tuple[Pair, ...]
    region: tuple[RegionAct, ...]


class PairFinder:
    """The clause grammar over one region; built once, then pure."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Relations, provinces: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._gazetteer = gazetteer
        self._provinces = frozenset(provinces)
        self.lexicon = Lexicon(vocabulary)
        self._coordination = Coordination(vocabulary, gazetteer, self._provinces)
        self._grammar = Grammar(vocabulary)
        self._predicates = frozenset(group for rule in vocabulary.rules for group in rule.predicates)
        self._domain_of = {group: domain for domain, groups in vocabulary.domains.items() for group in groups}
        groups = vocabulary.groups
        self._scholarly = groups["scholarly_source"]
        self._letters = groups["letters"]
        self._objects = tuple(groups["object_of"])
        self._locatives = tuple(groups["place_of"])
        self._addresses = (*groups["stage_of"], "依托", "来到", "走进")
        self._stages = tuple(groups["stage_of"])
        self._furthered = tuple(groups["furthering"])

    def find(self, text: str, places: Places, context: Context, topic: Sequence[Mention] = ()) -> Found:
        """The pairs of `text`; `topic` are the places of its title, which may be what an omitted subject means."""
        mentions = places.mentions
        codes = {mention.code for mention in mentions} | {mention.code for mention in topic}
        if context.publisher:
            codes.add(context.publisher)
        if not mentions or len(codes) < 2 or self._is_letter(text, context):
            return Found((), ())
        scholarly = any(word in context.title or word in context.publisher_name for word in self._scholarly)
        pairs: dict[tuple[str, str, int], Pair] = {}
        acts: list[RegionAct] = []
        at = 0
        before: Sequence[Group] = ()
        for start, end in sentences(text):
            while at < len(mentions) and mentions[at].start < start:
                at += 1
            first = at
            while at < len(mentions) and mentions[at].start < end:
                at += 1
            inside = [mention for mention in mentions[first:at] if mention.end <= end]
            if not inside and not before:
                continue
            hits = self.lexicon.hits(text[start:end])
            present = frozenset(hit.group for hit in hits)
            groups = self._coordination.groups(text, inside, start, end) if inside else []
            named = groups
            if not inside:
                groups = self._referring(text, start, hits, before)
            before = named
            if not groups:
                continue
            if not present & self._predicates or (present & {"proposal"} and not self._quoted(text, start, hits)):
                continue
            signed = sign(text, start, end, groups[:6000], hits)
            stated: list[Pair] = []
            joint: list[RegionAct] = []
            for statement in self._sift(self._grammar.statements(signed, present)):
                if not self._refused(text, statement, start, hits):
                    stated += self._pairs_of(text, statement, signed, (start, end), hits, context, topic, joint)
            stated = [pair for pair in stated if not self._within_joint_act(pair, joint)]
            outer = [pair.evidence for pair in stated] + [act.evidence for act in joint]
            for pair in self._parks(text, groups, (start, end), hits, present, context):
                if not any(_inside(pair.evidence, span) for span in outer):
                    stated.append(pair)
            acts += joint
            for pair in stated:
                if scholarly and (pair.status == "planned" or not _told(pair, start, hits)):
                    continue
                key = (pair.a, pair.b, start)
                pairs[key] = self._merged(pairs[key], pair) if key in pairs else pair
        ordered = sorted(pairs.values(), key=lambda pair: (pair.evidence.start, pair.evidence.end, pair.a, pair.b))
        return Found(tuple(ordered), tuple(acts))

    def _referring(self, text: str, start: int, hits: Sequence[Hit], before: Sequence[Group]) -> list[Group]:
        """双方 or 三地 in a sentence without places: a list of the parties of the sentence before, if so many they are.

        Not where the sentence names the region (京津冀三地) or other places (中俄双方, 内地与香港两地).
        """
        if any(hit.group in ("region_names", "region_word", "outside", "abroad") for hit in hits):
            return []
        parties = {party.codes: party for group in before for party in group.parties if not party.park}
        codes = [code for held in parties for code in held]
        if any(group.national for group in before) or any(
            self._kin(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]
        ):
            return []
        for hit in hits:
            if hit.group == "collective":
                left, right = start + hit.start, start + hit.end
                count = {"两": 2, "双": 2, "三": 3}.get(text[left])
                if count == len(codes):
                    return [Group(left, right, tuple(parties.values()), collective=True)]
        return []

    def _is_letter(self, text: str, context: Context) -> bool:
        return any(word in context.publisher_name or word in text[:40] for word in self._letters)

    def _quoted(self, text: str, start: int, hits: Sequence[Hit]) -> bool:
        """Whether every word of proposal stands inside 《》, as in the name of a plan (《…规划的建议》)."""
        for hit in hits:
            if hit.group == "proposal":
                at = start + hit.start
                if text.rfind("《", start, at) <= text.rfind("》", start, at):
                    return False
        return True

    def _sift(self, statements: Iterator[Statement]) -> list[Statement]:
        """Each statement once, and none with an omitted party whose party the same words name under another rule."""
        made = list({(s.rule.name, s.start, s.end, tuple(sorted(s.roles.items()))): s for s in statements}.values())
        whole = [(set(s.roles.values()), s.start, s.end) for s in made if len(s.roles) > 1]
        return [
            s for s in made if len(s.roles) > 1 or "all" in s.roles or not any(_part_of(s, *named) for named in whole)
        ]

    def _refused(self, text: str, statement: Statement, start: int, hits: Sequence[Hit]) -> bool:
        left, right = statement.start - start, statement.end - start
        unless = set(statement.rule.unless)
        return any(
            (hit.group == "negation" and left - 4 <= hit.start and hit.end <= right)
            or (hit.group in unless and left <= hit.start and hit.end <= right + 6)
            for hit in hits
        )

    def _pairs_of(
        self, text: str, statement: Statement, signed: Signed, sentence: tuple[int, int], hits: Sequence[Hit],
        context: Context, topic: Sequence[Mention], acts: list[RegionAct],
    ) -> Iterator[Pair]:  # fmt: skip
        rule, roles = statement.rule, statement.roles
        groups = signed.groups
        left, right = statement.start, statement.end
        if "all" in roles:
            group = groups[roles["all"]]
            codes = group.codes
            if len(codes) < 2 or group.national or group.first or group.second or any(p.park for p in group.parties):
                return
            if all(party.compound and party.kind == "organisation" for party in group.parties):
                return
            one_city = len({self._gazetteer.city(code) for code in codes}) == 1
            if one_city and not {"agreement", "co_build"} & set(rule.types):
                return
            members = all(party.kind == "organisation" for party in group.parties) and self._provinces.issuperset(codes)
            listed = len(group.parties) > 1 and all(party.compound for party in group.parties)
            if (self._is_region(codes) and not listed) or (members and any(hit.group == "region_word" for hit in hits)):
                acts.append(RegionAct(Span(left, right, text[left:right]), rule.name, rule.types))
                return
            combos = self._among(group)
            involved = [group]
        else:
            giving, taking = ("from", "to") if roles.keys() & {"from", "to"} else ("a", "b")
            sides: dict[str, tuple[str, ...]] = {}
            involved = []
            for role in (giving, taking):
                if role in roles:
                    sides[role] = groups[roles[role]].codes
                    involved.append(groups[roles[role]])
            third = groups[roles["c"]].codes if "c" in roles else ()
            missing = [role for role in (giving, taking) if role not in sides]
            if len(missing) == 2:
                return
            for role in missing:
                if role == "from" and rule.giver:
                    sides[role] = (rule.giver,)
                    continue
                subject, furthered = (
                    (None, None) if statement.spoken else self._subject(text, signed, statement, sentence)
                )
                speaker = self._speaker(context, topic) if subject is None else ()
                subject = subject if speaker else subject or furthered
                if subject is not None:
                    sides[role] = subject.codes
                    left, right = min(left, subject.start), max(right, subject.end)
                    involved.append(subject)
                else:
                    sides[role] = speaker
            national = [group.national for group in involved]
            if any(national) and (missing or all(national) or not rule.shares):
                return
            if (
                rule.joint
                and (statement.spoken or not missing)
                and not any(national)
                and "分别" not in text[left:right]
                and self._is_region((*sides[giving], *sides[taking], *third))
                and self._at_once(rule, (left, right), sentence[0], hits)
            ):
                acts.append(RegionAct(Span(left, right, text[left:right]), rule.name, rule.types))
                return
            combos = [(a, b) for a in sides[giving] for b in (*sides[taking], *third)]
            if len(sides[giving]) == len(sides[taking]) > 1 and "分别" in text[left:right]:
                combos = list(zip(sides[giving], sides[taking], strict=True))
            combos += [(a, b) for a in sides[taking] for b in third]
            for role in (giving, taking):
                index = roles.get(role)
                for party in groups[index].parties if index is not None else ():
                    if party.compound and not self._provinces.issuperset(party.codes) and not party.park:
                        combos += self._among(replace(groups[index or 0], parties=(party,)))
        directed = "from" in roles or "to" in roles or rule.giver != ""
        for giver, taker in dict.fromkeys(combos):
            if giver == taker or self._kin(giver, taker):
                continue
            yield self._pair(text, giver, taker, directed, statement, (left, right), sentence, hits, involved, context)

    def _at_once(self, rule: Rule, span: tuple[int, int], start: int, hits: Sequence[Hit]) -> bool:
        """Whether one act binds all parties (共同…, 签署…), rather than one of them turning to the others."""
        return bool({"agreement", "division"} & set(rule.types)) or any(
            hit.group == "jointly" and span[0] <= start + hit.start and start + hit.end <= span[1] for hit in hits
        )

    def _among(self, group: Group) -> list[tuple[str, str]]:
        """Every two members of a group, but not two of a compound of one city (北三县 is three counties, not a tie).

        In a list of compounds (京津、京雄) only the members of each belong together.
        """
        compounds = [party.codes for party in group.parties if party.compound]
        codes = group.codes
        if len(compounds) == len(group.parties) > 1:
            return [(a, b) for held in compounds for i, a in enumerate(held) for b in held[i + 1 :]]
        return [
            (a, b)
            for i, a in enumerate(codes)
            for b in codes[i + 1 :]
            if not any(
                a in held and b in held and self._gazetteer.city(a) == self._gazetteer.city(b) for held in compounds
            )
        ]

    def _kin(self, a: str, b: str) -> bool:
        """Whether one unit lies in the other.

        An area that spans several units (亦庄) is a child of their parent and of none of them, unless it governs them
        as a city does its counties (雄安新区).
        """
        if not self._gazetteer.related(a, b):
            return False
        if b in self._parents(a) or a in self._parents(b):
            return True
        for area, unit in ((a, b), (b, a)):
            within = self._gazetteer.unit(area).within
            if within:
                return unit in within and (len(within) == 1 or self._gazetteer.level(area) == "city")
        return True

    def _parents(self, code: str) -> set[str]:
        seen: set[str] = set()
        parent = self._gazetteer.unit(code).parent_code
        while parent and parent not in seen:
            seen.add(parent)
            parent = self._gazetteer.unit(parent).parent_code
        return seen

    def _within_joint_act(self, pair: Pair, acts: Sequence[RegionAct]) -> bool:
        """Whether a pair of provinces is only a part of what all of them do together in the same words."""
        return {pair.a, pair.b} <= self._provinces and any(
            act.evidence.start < pair.evidence.end and pair.evidence.start < act.evidence.end for act in acts
        )

    def _is_region(self, codes: Sequence[str]) -> bool:
        """Whether the parties are the provinces of the region, each perhaps with an area of its own beside it."""
        parties = set(codes)
        outer = {code for code in parties if not any(self._gazetteer.city(code) == p != code for p in parties)}
        return outer == self._provinces and len(self._provinces) > 2

    def _subject(
        self, text: str, signed: Signed, statement: Statement, sentence: tuple[int, int]
    ) -> tuple[Group | None, Group | None]:
        """Who acts in a statement that does not say it, and who may if nobody else is known.

        The first is the last earlier place that is not the object of something, or else the place that a locative opens
        the stage with (在沧州，…); the second is what a verb of furthering names (支持天津…).
        """
        taken = set(statement.roles.values())
        limit = min([statement.anchor, *(signed.groups[i].start for i in taken)])
        acting: Group | None = None
        located: Group | None = None
        furthered: Group | None = None
        for index, group in enumerate(signed.groups):
            if index in taken or group.end > limit or all(party.park for party in group.parties):
                continue
            lead = text[max(sentence[0], group.start - 6) : group.start]
            if lead.endswith(self._stages):
                if not _OCCASION.match(text, group.end, limit):
                    located = group
            elif lead.endswith(self._furthered):
                furthered = group
            elif not lead.endswith((*self._objects, *self._locatives)):
                acting = group
        clause, _ = clause_of(text, limit, limit, sentence)
        if furthered is not None and furthered.start >= clause and (acting is None or acting.start < clause):
            return furthered, None
        return acting or located, furthered

    def _speaker(self, context: Context, topic: Sequence[Mention]) -> tuple[str, ...]:
        """Whom an omitted subject means: the publisher, or the one unit that the title begins with or alone names."""
        if context.publisher:
            return (context.publisher,)
        codes = tuple(dict.fromkeys(mention.code for mention in topic))
        if len(codes) == 1:
            return codes
        leading = [mention for mention in topic if not context.title[: mention.start].strip("【《“[(（")]
        return (leading[0].code,) if len({mention.code for mention in leading}) == 1 else ()

    def _pair(
        self, text: str, giver: str, taker: str, directed: bool, statement: Statement, span: tuple[int, int],
        sentence: tuple[int, int], hits: Sequence[Hit], involved: Sequence[Group], context: Context,
    ) -> Pair:  # fmt: skip
        start, end = self._evidence(text, span, sentence)
        direction: Direction | None = None
        if directed and "transfer" in statement.rule.types:
            direction = "a>b" if giver < taker else "b>a"
        a, b = sorted((giver, taker))
        return Pair(
            a, b, statement.rule.types, self._domains(start, end, sentence, hits, statement.rule.domains),
            self._status(start, end, sentence, hits), direction, self._via(text, involved),
            event_year(text, start, end, sentence, context.day), Span(start, end, text[start:end]), statement.rule.name,
        )  # fmt: skip

    def _evidence(self, text: str, span: tuple[int, int], sentence: tuple[int, int]) -> tuple[int, int]:
        """The matched words, to the end of their clause where that is near, without cutting 《》 or “” open."""
        start, end = span
        _, right = clause_of(text, end, end, sentence)
        if right - end <= 16:
            end = right
        for opening, closing in (("《", "》"), ("“", "”")):
            if text.rfind(opening, start, end) > text.rfind(closing, start, end):
                close = text.find(closing, end, min(sentence[1], end + 60))
                end = close + 1 if close >= 0 else end
        while end > start and text[end - 1] in " 　，,、":
            end -= 1
        return start, end

    def _domains(
        self, start: int, end: int, sentence: tuple[int, int], hits: Sequence[Hit], default: tuple[Domain, ...]
    ) -> tuple[Domain, ...]:
        for left, right in ((start, end), sentence):
            counted: dict[Domain, int] = {}
            for hit in hits:
                domain = self._domain_of.get(hit.group)
                if domain and left <= sentence[0] + hit.start and sentence[0] + hit.end <= right:
                    counted[domain] = counted.get(domain, 0) + 1
            if counted:
                ranked = sorted(counted, key=lambda domain: (-counted[domain], domain))
                return tuple(sorted(ranked[:2]))
        return default or ("other",)

    def _status(self, start: int, end: int, sentence: tuple[int, int], hits: Sequence[Hit]) -> Status:
        left, right = start - 12 - sentence[0], end - sentence[0]
        planned = done = False
        for hit in hits:
            if left <= hit.start and hit.end <= right:
                planned = planned or hit.group == "planned"
                done = done or hit.group == "done"
        return "planned" if planned and not done else "actual"

    def _via(self, text: str, involved: Sequence[Group]) -> Via:
        via: Via = "government"
        for group in involved:
            for party in group.parties:
                if party.kind == "organisation":
                    return "organisation"
                tail = _NOMINAL.match(text, party.end)
                words = tail.group() if tail else ""
                if any(word in words for word in self._vocabulary.groups["organisations"]):
                    return "organisation"
                if party.park or any(word in words for word in self._vocabulary.groups["park_tails"]):
                    via = "park"
        return via

    def _parks(
        self, text: str, groups: Sequence[Group], sentence: tuple[int, int], hits: Sequence[Hit],
        present: frozenset[str], context: Context,
    ) -> Iterator[Pair]:  # fmt: skip
        """Pairs that a park's name gives, where the sentence is about building or running the park."""
        if "park_running" not in present:
            return
        for group in groups:
            for party in group.parties:
                if text[max(sentence[0], party.start - 2) : party.start].endswith(self._addresses):
                    continue
                for a, b in party.park:
                    if not any(hit.group == "park_running" and _near(party, sentence[0], hit) for hit in hits):
                        continue
                    tail = _NOMINAL.match(text, party.end, sentence[1])
                    end = tail.end() if tail else party.end
                    if _VISITED.search(text, party.end, min(end + 6, sentence[1])):
                        continue
                    yield Pair(
                        a, b, ("co_build",), self._domains(party.start, end, sentence, hits, ()),
                        self._status(party.start, end, sentence, hits), None, "park",
                        event_year(text, party.start, end, sentence, context.day),
                        Span(party.start, end, text[party.start : end]), "park-name",
                    )  # fmt: skip

    def _merged(self, old: Pair, new: Pair) -> Pair:
        """One row for one pair in one sentence: all its types, the shorter quotation, a direction where known."""
        types = tuple(kind for kind in _TYPE_ORDER if kind in old.types or kind in new.types)
        if len(types) > 1:
            types = tuple(kind for kind in types if kind != "other")
        base = new if new.evidence.end - new.evidence.start < old.evidence.end - old.evidence.start else old
        return Pair(
            base.a, base.b, types, base.domains, base.status, old.direction or new.direction, base.via, base.year,
            base.evidence, base.rule,
        )  # fmt: skip


def _told(pair: Pair, start: int, hits: Sequence[Hit]) -> bool:
    """Whether a study tells of something done, or done together, and not of what its author would have done."""
    return any(
        hit.group in ("done", "jointly") and pair.evidence.start <= start + hit.start < pair.evidence.end
        for hit in hits
    )


def _part_of(statement: Statement, groups: set[int], start: int, end: int) -> bool:
    return set(statement.roles.values()) <= groups and start <= statement.start and statement.end <= end


def _near(party: Party, start: int, hit: Hit) -> bool:
    """Whether a word of a sentence that begins at `start` stands near enough to a park to speak of it."""
    return -60 <= start + hit.start - party.end <= 80 or 0 <= party.start - start - hit.end <= 40


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


_OCCASION = re.compile(r"[^，,。；;]{0,16}?(?:举行|召开|举办|签署|签订|签约|主持|开幕|考察|调研)")
_VISITED = re.compile("参观|考察|调研|走访|举行|举办|召开|开幕")
_NOMINAL = re.compile(r"[^，,。；;、：:！？与和在为到将已向签\s]{0,16}")
