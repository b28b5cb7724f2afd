"""The words of a vocabulary that frames look for beside their verbs, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from config.vocabulary import Vocabulary
from extract.lexicon import alternation


@dataclass(frozen=True, slots=True)
class FrameWords:
    """Patterns and word lists; `groups` holds the vocabulary's own for rules that name groups."""

    groups: dict[str, tuple[str, ...]]
    provinces: frozenset[str]
    organ: re.Pattern[str]
    organisation: re.Pattern[str]
    movable: re.Pattern[str]
    people: re.Pattern[str]
    speaker: re.Pattern[str]
    share: re.Pattern[str]
    furthering: tuple[str, ...]
    strongly: tuple[str, ...]
    contributing: tuple[str, ...]
    calls_on: tuple[str, ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary, provinces: frozenset[str]) -> FrameWords:
        """The words of `vocabulary`; `provinces` are the codes that make up the whole region."""
        groups = vocabulary.groups

        def any_of(*names: str) -> str:
            return alternation((term for name in names for term in groups[name]), vocabulary)

        return cls(
            groups=groups,
            provinces=provinces,
            organ=re.compile(any_of("organ_tails")),
            organisation=re.compile(any_of("organisations")),
            movable=re.compile(any_of("organisations", "moved")),
            people=re.compile(any_of("people")),
            speaker=re.compile(any_of("speaker")),
            share=re.compile(rf"{any_of('share_of')}[^，,]{{0,4}}$|\d[万千百多余]*[家户个名所支%％成]$"),
            furthering=groups["furthering"],
            strongly=groups["with_strongly"],
            contributing=groups["contributing"],
            calls_on=groups["calls_on"],
        )
