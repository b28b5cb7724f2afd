"""Words that point back at places: 双方, 三地, 该区, 当地 – read as the places they mean.

Agreements name their parties once and go on with 双方 or 三县; what these do is said of the parties. A word that may
mean several things is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.vocabulary import Vocabulary
from extract.coordination import Group, Party, Relations
from extract.lexicon import Hit, alternation

_COUNTS = {"双": 2, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_COLLECTIVE = re.compile(
    "(?P<count>[双两二三四五六])(?:方|地|市|区|县|省市|省)(?!面|案|式|法|位|向|便|级|直|域|块|长|委|政|间|时)"
)
COUNTED = re.compile("[双两二三四五六][方地市区县省]")
_THAT = re.compile("该(?:省|市|区|县|新区|开发区|园区)")
_SPENT = 16
"""Characters behind a list within which a collective word only closes it (静海、沧州、廊坊三地)."""


class Anaphora:
    """Finds the pointing words of a sentence and the groups that they stand for."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Relations) -> None:
        groups = vocabulary.groups
        self._gazetteer = gazetteer
        self._here = re.compile(alternation(groups["here"], vocabulary))
        self._barring = frozenset(("region_names", "outside", "abroad"))

    def pointing(self, text: str) -> list[int]:
        """Where words may begin that stand for all places of a sentence before theirs."""
        return [word.start() for word in COUNTED.finditer(text)]

    def groups(
        self, text: str, start: int, end: int, named: Sequence[Group], hits: Sequence[Hit], before: Sequence[Group],
        regional: bool,
    ) -> list[Group]:  # fmt: skip
        """The groups of the sentence `start:end`: those `named` in it and those its pointing words mean.

        `before` are the groups named in the sentences shortly before; `regional` says that the text is about the region
        as a whole.
        """
        collectives = self._collectives(text, start, end, named, hits, before, regional)
        found = [*collectives, *self._theres(text, start, end, named)]
        if not found:
            return list(named)
        return sorted((*named, *found), key=lambda group: group.start)

    def _collectives(
        self, text: str, start: int, end: int, named: Sequence[Group], hits: Sequence[Hit], before: Sequence[Group],
        regional: bool,
    ) -> list[Group]:  # fmt: skip
        if any(hit.group in self._barring for hit in hits):
            return []
        made: list[Group] = []
        for word in _COLLECTIVE.finditer(text, start, end):
            if any(self._closes(text, group, word) for group in named):
                continue
            earlier = [group for group in named if group.end <= word.start()] or list(before)
            parties = self._counted(earlier, _COUNTS[word.group("count")], regional)
            if parties:
                made.append(Group(word.start(), word.end(), parties, collective=True))
        return made

    def _closes(self, text: str, group: Group, word: re.Match[str]) -> bool:
        """Whether a collective word belongs to a list right before it."""
        if not group.start < word.end():
            return False
        if word.start() < group.end:
            return True
        gap = text[group.end : word.start()]
        return len(group.codes) > 1 and len(gap) <= _SPENT and not re.search("[，,：:；;]", gap)

    def _counted(self, groups: Sequence[Group], count: int, regional: bool) -> tuple[Party, ...]:
        """The parties of the last list of `count` units, or all parties when they are so many.

        In a text about the region, 三地 without a list means its three provinces, not whoever else was named.
        """
        if any(group.national for group in groups):
            return ()
        for group in reversed(groups):
            if len(group.codes) == count and not self._nested(group.codes):
                return group.parties
        if regional and count == 3:
            return ()
        parties = {party.codes: party for group in groups for party in group.parties if not party.park}
        codes = list(dict.fromkeys(code for held in parties for code in held))
        if len(codes) == count and not self._nested(codes):
            return tuple(parties.values())
        return ()

    def _nested(self, codes: Sequence[str]) -> bool:
        return any(self._gazetteer.related(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :])

    def _theres(self, text: str, start: int, end: int, named: Sequence[Group]) -> list[Group]:
        made: list[Group] = []
        for pattern in (self._here, _THAT):
            for word in pattern.finditer(text, start, end):
                earlier = [group for group in named if group.end <= word.start() and len(group.codes) == 1]
                if pattern is self._here:
                    at = [group for group in earlier if text[max(start, group.start - 1) : group.start] == "在"]
                    earlier = at or [group for group in earlier if not text.startswith("来自", group.start - 2)]
                    earlier = earlier[:1]
                if pattern is _THAT:
                    kind = word.group()[1:]
                    alike = [group for group in earlier if self._gazetteer.unit(group.codes[0]).name.endswith(kind)]
                    earlier = alike or earlier
                if earlier and not any(group.start < word.end() and word.start() < group.end for group in named):
                    made.append(Group(word.start(), word.end(), earlier[-1].parties))
        return made
