"""One acts on another: 甲帮扶乙, 乙由甲托管, 甲对乙给予补偿, 甲赴乙对接, 甲出资金乙出土地."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.frames.verb import SUBJECTS, Verb
from extract.statements import Statement

_TARGET = 30
_NAMES = re.compile("(?:单位)?(?:分别)?(?:为|是|有|包括|涵盖|来自)?[：:“]?")
_CALL = 60
_SHARE = 30


def act(verb: Verb) -> Iterator[Statement]:
    """The one acted on is the verb's object, or marked (对乙, 向乙), or the subject of a passive (乙由甲托管)."""
    before, after = verb.before(), verb.after()
    if after is not None and verb.takes(after):
        for patient in verb.series(after):
            if verb.headed(patient):
                yield from _acting(verb, before, patient, verb.group(patient).end)
        return
    near, _ = verb.before_or_carried()
    targets = [i for i in near if verb.mark(i) in ("target", "goal")]
    if targets and len(verb.gap_from(targets[-1])) <= _TARGET and verb.headed(targets[-1]):
        yield from _acting(verb, [i for i in near if i < targets[-1]], targets[-1], verb.end)
        return
    agents = [i for i in before if verb.mark(i) == "source"]
    patients = [i for i in before if agents and i < agents[-1] and verb.mark(i) in SUBJECTS]
    if patients:
        yield verb.made("passive", a=agents[-1], b=patients[-1])
    elif agents and verb.organised(agents[-1]):
        yield verb.made("passive", a=agents[-1])


def visit(verb: Verb) -> Iterator[Statement]:
    """甲赴乙对接: who calls on whom, where the caller is named or speaks of itself."""
    before, _ = verb.before_or_carried()
    for i in reversed(before):
        lead = verb.scene.lead(i, 4)
        if not any(word in lead for word in verb.words.calls_on) or len(verb.gap_from(i)) > _CALL:
            continue
        callers = [j for j in before if j < i and verb.mark(j) in SUBJECTS]
        clause = verb.scene.clauses[verb.scene.clause[i]]
        if callers:
            yield verb.made("visit", a=callers[-1], b=i)
        elif verb.words.speaker.search(verb.scene.text, clause[0], verb.group(i).start):
            yield verb.made("visit", b=i)
        return


def contribute(verb: Verb) -> Iterator[Statement]:
    """甲出资金，乙出土地: two parties that each bring their share."""
    groups = verb.scene.groups
    first = next(
        (i for i, group in enumerate(groups) if 0 <= verb.at - group.end <= 1 and verb.mark(i) != "place"), None
    )
    if first is None or first + 1 >= len(groups):
        return
    second = groups[first + 1]
    if second.start - verb.at <= _SHARE and verb.scene.text.startswith(verb.words.contributing, second.end):
        yield verb.made("shares", min(second.end + 3, verb.scene.end), a=first, b=first + 1)


def members(verb: Verb) -> Iterator[Statement]:
    """成员单位为甲、乙和丙: a list behind the word is a list of partners."""
    after = verb.after()
    if after is not None and len(verb.group(after).codes) > 1 and _NAMES.fullmatch(verb.gap_to(after)):
        yield verb.made("members", verb.group(after).end, all=after)


def _acting(verb: Verb, before: Sequence[int], patient: int, end: int) -> Iterator[Statement]:
    agents = [i for i in before if verb.mark(i) in (*SUBJECTS, "source") and i != patient]
    if not agents:
        yield verb.made("act", end, b=patient)
    elif not (verb.rule.governs and verb.organised(agents[-1])):
        yield verb.made("act", end, a=agents[-1], b=patient)
