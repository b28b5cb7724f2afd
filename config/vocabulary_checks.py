"""What no single value of a vocabulary can show: entries that nothing reads, that hide each other, or that never count.

Each check yields slips with the place they stand at; the first one refuses the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from config import shapes, terms
from config.slips import Place, SlipError

if TYPE_CHECKING:
    from config.vocabulary import Vocabulary

MASKING_GROUPS = ("masked", "slogans")
WHOLE_TEXT_GROUPS = frozenset(("letters", "scholarly_source", "industrial_words"))
"""Groups sought in whole texts and titles; all others are sought in one sentence at a time."""

_SHAPE_SIGNS = frozenset("~≈@{}")


def slips(vocabulary: Vocabulary, required: Sequence[str]) -> Iterator[SlipError]:
    """What is wrong with a vocabulary; `required` names the groups that the grammar itself reads."""
    yield from _groups(vocabulary, required)
    yield from _guards(vocabulary)
    yield from _rules(vocabulary)
    yield from _shapes(vocabulary)
    yield from _domains(vocabulary)
    yield from _policy(vocabulary)
    yield from _unread(vocabulary, required)
    yield from _hidden(vocabulary, required)


def _groups(vocabulary: Vocabulary, required: Sequence[str]) -> Iterator[SlipError]:
    for name, words in vocabulary.groups.items():
        if not words:
            remedy = "the grammar needs it, give it a term" if name in required else "give it a term or remove it"
            yield SlipError(("groups", name), f"group {name} is empty; {remedy}")
        seen: dict[str, int] = {}
        for at, word in enumerate(words):
            if problem := terms.flaw(word, in_sentences=name not in WHOLE_TEXT_GROUPS):
                yield SlipError(("groups", name, at), f"group {name}: term {word!r} {problem}")
            if word in seen:
                yield SlipError(
                    ("groups", name, at),
                    f"group {name} holds {word!r} twice, first in line {{line}}; keep one",
                    ("groups", name, seen[word]),
                )
            seen[word] = at
    if lost := [name for name in required if name not in vocabulary.groups]:
        yield SlipError(("groups",), f"group {', '.join(lost)} is missing; the grammar needs it, add it with its terms")


def _guards(vocabulary: Vocabulary) -> Iterator[SlipError]:
    known = {word for words in vocabulary.groups.values() for word in words}
    for key, guards in (("not_before", vocabulary.not_before), ("not_after", vocabulary.not_after)):
        for word, chars in guards.items():
            place, told = (key, word), f"{key}: the guard of {word!r}"
            if word not in known:
                yield SlipError(place, f"{told} guards a term of no group; correct the term or remove the guard")
            if not chars:
                yield SlipError(place, f"{told} is empty; give it the characters, or remove it")
            for at, char in enumerate(chars):
                if problem := terms.char_flaw(char):
                    yield SlipError(place, f"{told} holds {terms.named(char)}, {problem}; remove it")
                if char in terms.SENTENCE_ENDS:
                    yield SlipError(place, f"{told} holds {char!r}, at which a sentence ends in any case; remove it")
                if char in chars[:at]:
                    yield SlipError(place, f"{told} holds {char!r} twice; keep one")


def _rules(vocabulary: Vocabulary) -> Iterator[SlipError]:
    yield from _named_twice(vocabulary)
    for index, rule in enumerate(vocabulary.rules):
        place: Place = ("rules", index)
        told = f"rule {rule.name}"
        if not rule.frame and not rule.shapes:
            yield SlipError(place, f"{told} has neither a frame nor a shape, so that it never matches; name one")
        yield from _unknown(told, "shape", (*place, "shapes"), rule.shapes, vocabulary.shapes)
        for key, names in (
            ("predicates", rule.predicates), ("unless", rule.unless), ("needs", rule.needs), ("heads", rule.heads),
        ):  # fmt: skip
            yield from _unknown(told, "group", (*place, key), names, vocabulary.groups)
        for at, name in enumerate(rule.unless):
            if name in rule.predicates:
                yield SlipError(
                    (*place, "unless", at), f"{told} asks for group {name} and forbids it; take it out of one of them"
                )


def _named_twice(vocabulary: Vocabulary) -> Iterator[SlipError]:
    seen: dict[str, Place] = {}
    placed: list[tuple[Place, str]] = [(("rules", at), rule.name) for at, rule in enumerate(vocabulary.rules)]
    placed += [(("policy", at), rule.name) for at, rule in enumerate(vocabulary.policy)]
    for place, name in placed:
        if name in seen:
            yield SlipError(place, f"rule {name} stands twice, first in line {{line}}; rename one", seen[name])
        seen[name] = place


def _unknown(told: str, kind: str, place: Place, names: Iterable[str], known: Collection[str]) -> Iterator[SlipError]:
    """Names that stand for nothing, with the nearest one that does, and names that stand twice in one list."""
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name not in known:
            yield SlipError((*place, at), f"{told} names {kind} {_lost(name, known)}")
        if name in seen:
            yield SlipError((*place, at), f"{told} names {kind} {name} twice in {place[-1]}; keep one")
        seen.add(name)


def _lost(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    return f"{name!r}, which does not exist; {advice}"


def _shapes(vocabulary: Vocabulary) -> Iterator[SlipError]:
    for name, patterns in vocabulary.shapes.items():
        if not patterns:
            yield SlipError(("shapes", name), f"shape {name} is empty; give it a pattern or remove it")
        predicates = [group for rule in vocabulary.rules if name in rule.shapes for group in rule.predicates]

        @cache
        def words(group: str, predicates: Sequence[str] = tuple(predicates)) -> frozenset[str]:
            named = predicates if group == "predicate" else (group,)
            return frozenset(word for one in named for word in vocabulary.groups[one])

        for at, pattern in enumerate(patterns):
            place: Place = ("shapes", name, at)
            groups = [group for group in shapes.REFERENCE.findall(pattern) if group != "predicate"]
            for group in groups:
                if group not in vocabulary.groups:
                    yield SlipError(place, f"shape {name} names group {_lost(group, vocabulary.groups)}")
            if problem := shapes.flaw(pattern, words):
                yield SlipError(place, f"shape {name}: {pattern!r} {problem}")
            if pattern in patterns[:at]:
                first: Place = ("shapes", name, patterns.index(pattern))
                yield SlipError(place, f"shape {name} holds {pattern!r} twice, first in line {{line}}; keep one", first)


def _domains(vocabulary: Vocabulary) -> Iterator[SlipError]:
    owners: dict[str, tuple[str, Place]] = {}
    for domain, names in vocabulary.domains.items():
        place: Place = ("domains", domain)
        if not names:
            yield SlipError(place, f"domain {domain} names no group; name one or remove it")
        yield from _unknown(f"domain {domain}", "group", place, names, vocabulary.groups)
        for at, name in enumerate(names):
            if name in owners and owners[name][0] != domain:
                other, where = owners[name]
                yield SlipError(
                    (*place, at),
                    f"domain {domain} names group {name}, which shows domain {other} (line {{line}}); keep one",
                    where,
                )
            owners[name] = (domain, (*place, at))


def _policy(vocabulary: Vocabulary) -> Iterator[SlipError]:
    for index, rule in enumerate(vocabulary.policy):
        told = f"policy rule {rule.name}"
        for key, names in (("all", rule.all), ("none", rule.none)):
            yield from _unknown(told, "group", ("policy", index, key), names, vocabulary.groups)
        for at, name in enumerate(rule.none):
            if name in rule.all:
                yield SlipError(
                    ("policy", index, "none", at),
                    f"{told} asks for group {name} and forbids it, so that it never holds; take it out of one of them",
                )


def _unread(vocabulary: Vocabulary, required: Sequence[str]) -> Iterator[SlipError]:
    used = {name for rule in vocabulary.rules for name in rule.shapes}
    for name in vocabulary.shapes:
        if name not in used:
            yield SlipError(
                ("shapes", name), f"shape {name} is named by no rule; name it in `shapes` of one, or remove it"
            )
    read = {*required, *_read_as_hits(vocabulary), *_read_in_shapes(vocabulary)}
    for name in vocabulary.groups:
        if name not in read:
            yield SlipError(
                ("groups", name),
                f"group {name} is read by no rule, shape, domain or policy rule; name it in one, or remove it",
            )


def _hidden(vocabulary: Vocabulary, required: Sequence[str]) -> Iterator[SlipError]:
    """Terms that a masking term blots out wherever they stand, and terms that a shape would misread."""
    masks = {
        word: ("groups", group, at)
        for group in MASKING_GROUPS
        for at, word in enumerate(vocabulary.groups.get(group, ()))
    }
    for at, word in enumerate(vocabulary.groups.get(MASKING_GROUPS[0], ())):
        if masks[word][1] != MASKING_GROUPS[0]:
            yield SlipError(
                ("groups", MASKING_GROUPS[0], at),
                f"group {MASKING_GROUPS[0]}: term {word!r} is hidden by group {masks[word][1]} (line {{line}}) too; "
                "keep one",
                masks[word],
            )
    in_shapes = _read_in_shapes(vocabulary)
    elsewhere = {*required, *_read_as_hits(vocabulary)}
    for name in vocabulary.groups:
        if name not in in_shapes:
            continue
        for at, word in enumerate(vocabulary.groups[name]):
            if signs := _SHAPE_SIGNS.intersection(word):
                yield SlipError(
                    ("groups", name, at),
                    f"group {name}: term {word!r} holds {min(signs)!r}, a sign of the language of shapes; remove it",
                )
            if name in elsewhere:
                continue
            for mask, place in masks.items():
                if _always_masks(mask, word, vocabulary):
                    yield SlipError(
                        ("groups", name, at),
                        f"group {name}: term {word!r} never counts, because {mask!r} of group {place[1]} "
                        f"(line {{line}}) hides it; remove one of them",
                        place,
                    )


def _always_masks(mask: str, word: str, vocabulary: Vocabulary) -> bool:
    """Whether `mask` stands in `word`, and no guard can lift it there."""
    at = word.find(mask)
    if at < 0:
        return False
    before, after = vocabulary.not_after.get(mask, ""), vocabulary.not_before.get(mask, "")
    end = at + len(mask)
    free_before = not before or (at > 0 and word[at - 1] not in before)
    free_after = not after or (end < len(word) and word[end] not in after)
    return free_before and free_after


def _read_in_shapes(vocabulary: Vocabulary) -> set[str]:
    """Groups whose terms shapes seek in a sentence where masked words are blotted out."""
    named = {
        group
        for patterns in vocabulary.shapes.values()
        for pattern in patterns
        for group in shapes.REFERENCE.findall(pattern)
    }
    return (named | {group for rule in vocabulary.rules if rule.shapes for group in rule.predicates}) - {"predicate"}


def _read_as_hits(vocabulary: Vocabulary) -> set[str]:
    """Groups whose terms count where they stand, even where a masking term holds the same characters."""
    read = {group for names in vocabulary.domains.values() for group in names}
    for rule in vocabulary.rules:
        read.update(rule.unless, rule.needs, rule.heads, rule.predicates if rule.frame else ())
    for tag in vocabulary.policy:
        read.update(tag.all, tag.none)
    return read
