"""Which two places a text says work together, with the words that say so."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from config.vocabulary import Vocabulary
from extract.anaphora import Anaphora
from extract.clauses import LONGEST, divided, sentences_at
from extract.contracts import Contractor, contracted, contractors, is_contract
from extract.coordination import Coordination, Group, Relations
from extract.frames import Frames
from extract.kinship import Kinship
from extract.lexicon import Lexicon
from extract.model import Context, Mention, Pair, Places, Span
from extract.parks import Parks
from extract.parties import Parties, RegionAct
from extract.refusals import Refusals
from extract.roles import Roles, Scene
from extract.rules import Grammar
from extract.speaker import speaker
from extract.statements import Statement
from extract.telling import Telling, merged

_MEMORY = 2
"""Sentences without a place over which 双方 still means the parties of the last one with places."""
_MOST_GROUPS = 6000
"""Lists of places in one sentence beyond which a table without punctuation is not read on."""

_ASKED = {
    "abroad", "ban", "done", "ended", "jointly", "mutual", "negation", "outside", "park_running", "planned", "proposal",
    "region_names", "region_word", "with_plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """The pairs of a text, and its statements at the level of the whole region."""

    pairs: tuple[Pair, ...]
    region: tuple[RegionAct, ...]


_NOTHING = Found((), ())


@dataclass(slots=True)
class _Reading:
    """What one text has given so far: pairs by units and sentence, acts of the region, the parties of a contract."""

    context: Context
    topic: Sequence[Mention]
    topics: frozenset[str]
    scholarly: bool
    letter: bool
    pairs: dict[tuple[str, str, int], Pair] = field(default_factory=dict)
    acts: list[RegionAct] = field(default_factory=list)
    contractors: list[Contractor] = field(default_factory=list)

    def add(self, pair: Pair, sentence: int) -> None:
        key = (pair.a, pair.b, sentence)
        self.pairs[key] = merged(self.pairs[key], pair) if key in self.pairs else pair


@dataclass(slots=True)
class _Named:
    """The places of a sentence; their `groups` are made when a statement asks for them."""

    inside: Sequence[Mention]
    start: int
    end: int
    groups: list[Group] | None = None


class PairFinder:
    """The grammar of collaboration over one region; built once, then pure."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Relations, provinces: Sequence[str]) -> None:
        self._lexicon = Lexicon(vocabulary, _asked(vocabulary))
        self._kinship = Kinship(gazetteer, frozenset(provinces))
        self._coordination = Coordination(vocabulary, gazetteer, self._kinship.provinces)
        self._anaphora = Anaphora(vocabulary, gazetteer)
        self._roles = Roles(vocabulary)
        self._frames = Frames(vocabulary, self._kinship.provinces)
        self._shapes = Grammar(vocabulary)
        self._refusals = Refusals(vocabulary)
        self._telling = Telling(vocabulary)
        self._parties = Parties(vocabulary, self._kinship, self._telling)
        self._parks = Parks(vocabulary, self._telling)
        self._predicates = frozenset(group for rule in vocabulary.rules for group in rule.predicates)
        self._of_rows = frozenset(
            group for rule in vocabulary.rules if rule.frame == "row" for group in rule.predicates
        )
        giving = {group for rule in vocabulary.rules if rule.giver for group in rule.predicates}
        terms = {re.escape(term) for group in giving for term in vocabulary.groups[group]}
        self._giving = re.compile("|".join(sorted(terms)) or "(?!)")
        self._region_names = vocabulary.groups["region_names"]

    def find(self, text: str, places: Places, context: Context, topic: Sequence[Mention] = ()) -> Found:
        """The pairs of `text`; `topic` are the places of its title, which may be what an omitted subject means."""
        if not places.mentions or len({context.publisher or "", *_codes(places.mentions), *_codes(topic)} - {""}) < 2:
            return _NOTHING
        topics = frozenset(hit.group for hit in self._lexicon.hits(context.title))
        reading = _Reading(
            context, topic, topics, self._refusals.is_scholarly(context), self._refusals.is_letter(text, context)
        )
        for scene in self._scenes(text, places.mentions, reading):
            self._read(scene, reading)
        self._read_contract(text, reading)
        ordered = sorted(
            reading.pairs.values(), key=lambda pair: (pair.evidence.start, pair.evidence.end, pair.a, pair.b)
        )
        return Found(tuple(ordered), tuple(reading.acts))

    def _scenes(self, text: str, mentions: Sequence[Mention], reading: _Reading) -> Iterator[Scene]:
        """The sentences in which two places, named or pointed back at, and the words of a statement come together."""
        regional = any(name in reading.context.title for name in self._region_names)
        speaking = frozenset(speaker(reading.context, reading.topic, self._kinship))
        rows, contract = not self._of_rows.isdisjoint(reading.topics), is_contract(text)
        pointing = self._anaphora.pointing(text)
        if pointing or contract or speaking or self._giving.search(text):
            spans = sentences_at(text, sorted([*(mention.start for mention in mentions), *pointing]))
        else:
            spans = sentences_at(text, _near_another(mentions))
        recent: deque[_Named] = deque(maxlen=_MEMORY + 1)
        at = 0
        for start, end in spans:
            while at < len(mentions) and mentions[at].start < start:
                at += 1
            first = at
            while at < len(mentions) and mentions[at].start < end:
                at += 1
            inside = [mention for mention in mentions[first:at] if mention.end <= end]
            before: Sequence[Group] = ()
            if bisect_left(pointing, start) < bisect_left(pointing, end):
                while recent and divided(text, recent[0].end, start, _MEMORY):
                    recent.popleft()
                before = self._named_before(text, recent)
            named = _Named(inside, start, end)
            if inside:
                recent.append(named)
            elif not before:
                continue
            if not (before or contract or self._can_pair(speaking, inside, text, start, end)):
                continue
            hits = self._lexicon.hits(text[start:end])
            if not (rows or contract or any(hit.group in self._predicates for hit in hits)):
                continue
            groups = self._anaphora.groups(text, start, end, self._named(text, named), hits, before, regional)
            if groups:
                yield self._roles.scene(text, start, end, groups[:_MOST_GROUPS], hits)

    def _can_pair(self, speaking: frozenset[str], inside: Sequence[Mention], text: str, start: int, end: int) -> bool:
        """Whether a sentence names, or its speaker adds, two units that do not lie in one another."""
        return (
            self._kinship.apart(speaking.union([mention.code for mention in inside]))
            or self._giving.search(text, start, end) is not None
            or (len(inside) > 1 and self._coordination.has_kind(text, start, end))
        )

    def _named_before(self, text: str, recent: deque[_Named]) -> Sequence[Group]:
        """The places of the last of the `recent` sentences that names some: what 双方 means."""
        return next((groups for named in reversed(recent) if (groups := self._named(text, named))), ())

    def _named(self, text: str, named: _Named) -> list[Group]:
        if named.groups is None:
            named.groups = self._coordination.groups(text, named.inside, named.start, named.end) if named.inside else []
        return named.groups

    def _read(self, scene: Scene, reading: _Reading) -> None:
        """Add to a reading what one sentence says."""
        reading.contractors += contractors(scene.text, scene.groups)
        present = frozenset(hit.group for hit in scene.hits)
        if not present & self._predicates:
            for statement in self._frames.rows(scene, reading.topics):
                self._collect(scene, [statement], reading)
        elif not self._refusals.proposes(scene.text, scene.start, scene.hits):
            framed = self._frames.statements(scene, present)
            shaped = (self._frames.completed(scene, made) for made in self._shapes.statements(scene, present))
            sifted = [s for s in _sifted(chain(framed, shaped)) if not self._refusals.refuses(scene, s)]
            if reading.letter:
                sifted = [s for s in sifted if not self._refusals.addresses(scene, s)]
            self._collect(scene, sifted, reading, with_parks=True)

    def _collect(
        self, scene: Scene, statements: Sequence[Statement], reading: _Reading, with_parks: bool = False
    ) -> None:
        resolved = [
            one
            for statement in statements
            for one in self._parties.resolved(scene, statement, reading.context, reading.topic)
        ]
        acts = [one for one in resolved if isinstance(one, RegionAct)]
        stated = [one for one in resolved if isinstance(one, Pair) and not self._is_part_of(one, acts)]
        if with_parks:
            outer = [pair.evidence for pair in stated] + [act.evidence for act in acts]
            named = self._parks.pairs(scene, reading.context)
            stated += [pair for pair in named if not any(_inside(pair.evidence, span) for span in outer)]
        reading.acts += acts
        for pair in stated:
            if not (reading.scholarly and self._refusals.imagines(scene, pair)):
                reading.add(pair, scene.start)

    def _read_contract(self, text: str, reading: _Reading) -> None:
        for a, b, span in contracted(text, reading.contractors):
            if not self._kinship.kin(a, b):
                scene = self._roles.scene(text, span.start, span.end, (), self._lexicon.hits(span.text))
                pair = self._telling.row(scene, (a, b), ("agreement",), span, "government", "contract", reading.context)
                reading.pairs.setdefault((pair.a, pair.b, span.start), pair)

    def _is_part_of(self, pair: Pair, acts: Sequence[RegionAct]) -> bool:
        """Whether a pair of provinces is only a part of what all of them do together in the same words."""
        return {pair.a, pair.b} <= self._kinship.provinces and any(
            act.evidence.start < pair.evidence.end and pair.evidence.start < act.evidence.end for act in acts
        )


def _codes(mentions: Sequence[Mention]) -> set[str]:
    return {mention.code for mention in mentions}


def _asked(vocabulary: Vocabulary) -> set[str]:
    """The groups whose terms the reading of a sentence looks up."""
    asked = {group for groups in vocabulary.domains.values() for group in groups} | _ASKED
    for rule in vocabulary.rules:
        asked.update(rule.predicates, rule.needs, rule.unless)
    return asked


def _near_another(mentions: Sequence[Mention]) -> Iterator[int]:
    """Where places stand behind which another is named that one sentence can hold with them."""
    for one, other in pairwise(mentions):
        if one.code != other.code and other.start - one.start < LONGEST:
            yield one.start


def _sifted(statements: Iterator[Statement]) -> list[Statement]:
    """Each statement once, and none with an omitted party whose party the same words name under another rule."""
    made = list({(s.rule.name, s.start, s.end, tuple(sorted(s.roles.items()))): s for s in statements}.values())
    whole = [(set(s.roles.values()), s.start, s.end) for s in made if len(s.roles) > 1]
    return [
        s
        for s in made
        if len(s.roles) > 1
        or "all" in s.roles
        or not any(set(s.roles.values()) <= groups and left <= s.start and s.end <= right
                   for groups, left, right in whole)
    ]  # fmt: skip


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
