"""Pairs that a park's name gives (滨海-中关村科技园), where the text is about building or running the park."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.vocabulary import Vocabulary
from extract.coordination import Party
from extract.model import Context, Pair, Span
from extract.roles import Scene
from extract.telling import Telling

_VISITED = re.compile("参观|考察|调研|走访|举行|举办|召开|开幕")
_NOMINAL = re.compile(r"[^，,。；;、：:！？与和在为到将已向签\s]{0,16}")
_BEHIND, _AHEAD, _WORD_FIRST = 80, 60, 40


class Parks:
    """Reads the names of parks; built once from a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, telling: Telling) -> None:
        self._telling = telling
        self._addresses = (*vocabulary.groups["stage_of"], "依托", "来到", "走进")

    def pairs(self, scene: Scene, context: Context) -> Iterator[Pair]:
        """The pairs of the parks that a sentence tells of; none of one that is only an address or a place of visit."""
        running = [scene.start + hit.start for hit in scene.of("park_running")]
        for party in (party for group in scene.groups for party in group.parties if party.park):
            lead = scene.text[max(scene.start, party.start - 2) : party.start]
            if lead.endswith(self._addresses) or not any(_speaks_of(party, at) for at in running):
                continue
            tail = _NOMINAL.match(scene.text, party.end, scene.end)
            end = tail.end() if tail else party.end
            if _VISITED.search(scene.text, party.end, min(end + 6, scene.end)):
                continue
            quotation = Span(party.start, end, scene.text[party.start : end])
            for units in party.park:
                yield self._telling.row(scene, units, ("co_build",), quotation, "park", "park-name", context)


def _speaks_of(party: Party, at: int) -> bool:
    """Whether a word of building or running stands near enough to a park to speak of it."""
    return -_AHEAD <= at - party.end <= _BEHIND or 0 <= party.start - at <= _WORD_FIRST
