"""The parties that a contract names once as 甲方, 乙方, 丙方 and goes on to speak of by these words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.coordination import Group
from extract.model import Span

_LONGEST = 400
_LABEL = re.compile(r"([甲乙丙丁戊])方[：:（(\s]{0,3}[^，。；\s]{0,4}$")
_PARTY = re.compile("[甲乙丙丁戊]方")
_REACH = 10

Contractor = tuple[str, int, Group]
"""A label, where it begins, and the list of places behind it."""


def is_contract(text: str) -> bool:
    """Whether a text speaks of parties by such words at all."""
    return _PARTY.search(text) is not None


def contractors(text: str, groups: Sequence[Group]) -> list[Contractor]:
    """The parties that these groups introduce."""
    found = []
    for group in groups:
        left = max(0, group.start - _REACH)
        label = _LABEL.search(text[left : group.start])
        if label:
            found.append((label.group(1), left + label.start(), group))
    return found


def contracted(text: str, parties: Sequence[Contractor]) -> Iterator[tuple[str, str, Span]]:
    """Every two units of different parties, with the words from the one to the other."""
    named: dict[str, Contractor] = {}
    for contractor in parties:
        named.setdefault(contractor[0], contractor)
    ordered = sorted(named.values(), key=lambda contractor: contractor[1])
    for index, (_, start, first) in enumerate(ordered):
        for _, _, second in ordered[index + 1 :]:
            if second.end - start <= _LONGEST:
                span = Span(start, second.end, text[start : second.end])
                yield from ((a, b, span) for a in first.codes for b in second.codes if a != b)
