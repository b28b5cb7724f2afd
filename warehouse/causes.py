"""Why something a document says appeared or vanished between two states: the document, its context, a term, a rule.

A cause is named only where it can be seen: a changed term is one when it stands in the quotation, in its sentence or in
the document; a rule when the statement bears its name. What nothing explains says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from warehouse.rule_changes import RuleChanges, TermChange

Place = Literal["quotation", "sentence", "document"]

_SENTENCE_ENDS = "。！？!?\n"
_CAUSES_SHOWN = 6
_CONTEXT = (
    ("day", "its day"),
    ("publisher_unit", "the unit that speaks"),
    ("publisher", "its publisher"),
    ("title", "its title"),
)


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing responsible: of a `kind` (document, text, context, grouping, rule, term, name, code, none), about a
    `subject`, in plain words."""

    kind: str
    subject: str
    told: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as one state has it; `text` is known only where both states have the document."""

    doc_id: str
    title: str
    url: str
    day: str
    publisher_unit: str
    publisher: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a document and the rules that they were found by; `start` is where they begin in its text."""

    words: str
    start: int
    end: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """What differs between two states besides documents: rules, and the code that applied them."""

    rules: RuleChanges
    code: tuple[str, str]


def causes(
    said: Sequence[Said], before: Sheet | None, after: Sheet | None, appeared: bool, elsewhere: str, versions: Versions
) -> tuple[Cause, ...]:
    """Why what is `said` of a document appeared in the later state, or else vanished from it; most telling first.

    `before` and `after` are the document in the two states; `elsewhere` is the document under which its text stands in
    the state that lacks it, if it does.
    """
    found = list(_causes(said, before, after, appeared, elsewhere, versions))
    if not found:
        found.append(Cause("none", "", "no changed term, rule or name stands in the document; see `xietong explain`"))
    return tuple(found[:_CAUSES_SHOWN])


def _causes(
    said: Sequence[Said], before: Sheet | None, after: Sheet | None, appeared: bool, elsewhere: str, versions: Versions
) -> Iterator[Cause]:
    if before is None or after is None:
        if elsewhere:
            when = "stood" if appeared else "stands now"
            yield Cause("grouping", elsewhere, f"grouped otherwise: its text {when} under document {elsewhere}")
        else:
            told = "the document is new" if appeared else "the document is no longer there"
            yield Cause("document", ((after or before) or _NOWHERE).doc_id, told)
        return
    if before.text != after.text:
        yield Cause("text", after.doc_id, "its text was read differently")
    yield from _of_rules(said, after.text if appeared else before.text, versions.rules)
    for field, label in _CONTEXT:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Cause("context", field, f"{label} changed: {was or 'unknown'} → {now or 'unknown'}")
    if versions.code[0] != versions.code[1]:
        yield Cause("code", versions.code[1], f"the extracting code changed: {versions.code[0]} → {versions.code[1]}")


_NOWHERE = Sheet("", "", "", "", "", "")


def _of_rules(said: Sequence[Said], text: str, changes: RuleChanges) -> Iterator[Cause]:
    names = {changes.rule(rule) for one in said for rule in one.rules}
    groups = {group for name in names for group in (changes.named_by or {}).get(name, ())}
    for entry in changes.entries:
        if entry.name in (groups if entry.section == "shape" else names):
            yield Cause("rule", entry.name, entry.told())
    ranked: list[tuple[int, int, Cause]] = []
    for change in changes.terms:
        if place := _place(change.term, said, text):
            foreign = not groups & _groups(change)
            told = f"{change.told()}; it stands in the {place}"
            ranked.append((_PLACES.index(place), foreign, Cause("term", change.term, told)))
    for row in changes.rows:
        held = ((name, _place(name, said, text)) for name in row.names)
        name, place = min(
            ((name, place) for name, place in held if place),
            key=lambda one: _PLACES.index(one[1]),
            default=("", None),
        )
        if place:
            ranked.append((_PLACES.index(place), 0, Cause("name", name, f"{name} in the {place}: {row.told()}")))
    ranked.sort(key=lambda one: one[:2])
    near = [one for one in ranked if one[0] < _PLACES.index("document")]
    for _, _, cause in near or ranked:
        yield cause


_PLACES: tuple[Place, ...] = ("quotation", "sentence", "document")


def _groups(change: TermChange) -> set[str]:
    return {name for group in change.groups for name in re.split(", ", group)}


def _place(term: str, said: Iterable[Said], text: str) -> Place | None:
    if term not in text:
        return None
    quoted = list(said)
    if any(term in one.words for one in quoted):
        return "quotation"
    if any(term in _sentence(text, one) for one in quoted):
        return "sentence"
    return "document"


def _sentence(text: str, said: Said) -> str:
    begin = max(text.rfind(end, 0, said.start) for end in _SENTENCE_ENDS) + 1
    ends = [at for end in _SENTENCE_ENDS if (at := text.find(end, said.end)) >= 0]
    return text[begin : min(ends, default=len(text))]
