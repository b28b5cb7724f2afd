"""Which two places a text says work together, with the words that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from config.vocabulary import Vocabulary
from extract.anaphora import Anaphora
from extract.clauses import sentences
from extract.contracts import Contractor, contracted, contractors
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
from extract.statements import Statement
from extract.telling import Telling, merged

_MEMORY = 2
"""Sentences without a place over which 双方 still means the parties of the last one with places."""
_MOST_GROUPS = 6000
"""Lists of places in one sentence beyond which a table without punctuation is not read on."""


@dataclass(frozen=True, slots=True)
class Found:
    """The pairs of a text, and its statements at the level of the whole region."""

    pairs: tuple[Pair, ...]
    region: tuple[RegionAct, ...]


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


class PairFinder:
    """The grammar of collaboration over one region; built once, then pure."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Relations, provinces: Sequence[str]) -> None:
        self.lexicon = Lexicon(vocabulary)
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
        self._region_names = vocabulary.groups["region_names"]

    def find(self, text: str, places: Places, context: Context, topic: Sequence[Mention] = ()) -> Found:
        """The pairs of `text`; `topic` are the places of its title, which may be what an omitted subject means."""
        codes = {mention.code for mention in (*places.mentions, *topic)} | {context.publisher or ""} - {""}
        if not places.mentions or len(codes) < 2:
            return Found((), ())
        topics = frozenset(hit.group for hit in self.lexicon.hits(context.title))
        reading = _Reading(
            context, topic, topics, self._refusals.is_scholarly(context), self._refusals.is_letter(text, context)
        )
        for scene in self._scenes(text, places.mentions, context):
            self._read(scene, reading)
        self._read_contract(text, reading)
        ordered = sorted(
            reading.pairs.values(), key=lambda pair: (pair.evidence.start, pair.evidence.end, pair.a, pair.b)
        )
        return Found(tuple(ordered), tuple(reading.acts))

    def _scenes(self, text: str, mentions: Sequence[Mention], context: Context) -> Iterator[Scene]:
        """The sentences that name places or point back at some, with all that is read in them."""
        regional = any(name in context.title for name in self._region_names)
        before: Sequence[Group] = ()
        age = at = 0
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
            named = self._coordination.groups(text, inside, start, end) if inside else []
            groups = self._anaphora.groups(text, start, end, named, hits, before, regional)
            if named:
                before, age = named, 0
            else:
                age += 1
                before = before if age <= _MEMORY else ()
            if groups:
                yield self._roles.scene(text, start, end, groups[:_MOST_GROUPS], hits)

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
                scene = self._roles.scene(text, span.start, span.end, (), self.lexicon.hits(span.text))
                pair = self._telling.row(scene, (a, b), ("agreement",), span, "government", "contract", reading.context)
                reading.pairs.setdefault((pair.a, pair.b, span.start), pair)

    def _is_part_of(self, pair: Pair, acts: Sequence[RegionAct]) -> bool:
        """Whether a pair of provinces is only a part of what all of them do together in the same words."""
        return {pair.a, pair.b} <= self._kinship.provinces and any(
            act.evidence.start < pair.evidence.end and pair.evidence.start < act.evidence.end for act in acts
        )


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
