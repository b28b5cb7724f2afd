"""Which texts an edit of the rules can change: those that hold what the edit speaks of, where it is read.

A term, a name or a pattern acts only where it stands. So two versions of the rules are compared, and what differs is
told as words; a text that holds none of them reads the same under both. Where no words bound an edit, it can change
every text.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain
from typing import TypeVar

from config.loader import Region
from config.model import Collision, Unit
from config.vocabulary import Rule, Vocabulary
from extract.gazetteer import Entry, Gazetteer
from pipelines.reach import LONGEST_TERM, opening_terms
from pipelines.regexes import needed

Words = frozenset[str]
Item = TypeVar("Item", bound=Hashable)
_NONE: Words = frozenset()
_FOLLOWING = ("not_the_place", "township", "organisation")
_AREA = "区"


@dataclass(frozen=True, slots=True)
class Affected:
    """What a text must hold to be read differently: a word of `near` in what of it is read, one of `counted` in what is
    read or counted, one of `anywhere` in its text, title or publisher's name as places are read there, or one of
    `publishers` as its publisher.

    `everything` says why no such words can be told; then every text may be read differently.
    """

    near: Words = _NONE
    counted: Words = _NONE
    anywhere: Words = _NONE
    publishers: Words = _NONE
    everything: str = ""


def affected(old: Region, new: Region) -> Affected:
    """What the texts must hold that the edit from `old` to `new` can affect."""
    if old.settings.provinces != new.settings.provinces:
        return Affected(everything="the provinces of the region changed")
    words, places = _by_vocabulary(old.vocabulary, new.vocabulary), _by_places(old, new)
    return replace(places, near=words.near, counted=words.counted, anywhere=words.anywhere | places.anywhere)


# Vocabulary --------------------------------------------------------------------------------------------------------


def _by_vocabulary(old: Vocabulary, new: Vocabulary) -> Affected:
    if old == new:
        return Affected()
    changed = _differing(_terms(old), _terms(new))
    for vocabulary, rules in zip((old, new), _moved(_ruled(old), _ruled(new)), strict=True):
        for rule, _ in rules:
            changed.update(term for group in rule.predicates for term in vocabulary.groups[group])
    for group in _differing(_domains(old), _domains(new)):
        changed.update((*old.groups.get(group, ()), *new.groups.get(group, ())))
    for vocabulary, policies in zip((old, new), _moved(old.policy, new.policy), strict=True):
        for policy in policies:
            changed |= min((_policy_terms(vocabulary, group) for group in policy.all), key=len)
    # Which sentences are read, and whether 三地 is the region, is decided by the whole text.
    opening = opening_terms(old), opening_terms(new)
    regional = opening[0] | opening[1] | set(old.groups["region_names"]) | set(new.groups["region_names"])
    whole = (opening[0] ^ opening[1]) | (changed & (regional | _giving(old) | _giving(new)))
    whole |= {term for term in changed if len(term) > LONGEST_TERM}
    counted = changed & (_counted(old) | _counted(new))
    return Affected(frozenset(changed - whole - counted), frozenset(counted - whole), frozenset(whole))


def _terms(vocabulary: Vocabulary) -> dict[str, tuple[object, ...]]:
    """Each term with all that decides where it counts: its groups and its guards."""
    owners: dict[str, set[str]] = {}
    for group, terms in vocabulary.groups.items():
        for term in terms:
            owners.setdefault(term, set()).add(group)
    return {
        term: (frozenset(groups), vocabulary.not_after.get(term), vocabulary.not_before.get(term))
        for term, groups in owners.items()
    }


def _ruled(vocabulary: Vocabulary) -> list[tuple[Rule, tuple[tuple[str, ...], ...]]]:
    """The rules with the shapes that they name."""
    return [(rule, tuple(vocabulary.shapes[shape] for shape in rule.shapes)) for rule in vocabulary.rules]


def _domains(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for domain, groups in vocabulary.domains.items():
        for group in groups:
            found[group] = (*found.get(group, ()), domain)
    return found


def _giving(vocabulary: Vocabulary) -> Words:
    """The terms by which a text may mean a giver that it does not name."""
    groups = {group for rule in vocabulary.rules if rule.giver for group in rule.predicates}
    return frozenset(term for group in groups for term in vocabulary.groups[group])


def _counted(vocabulary: Vocabulary) -> Words:
    """The terms that the policy tag weighs against each other; all of any domain, because it may come to count."""
    groups = {"industrial_words", *(group for groups in vocabulary.domains.values() for group in groups)}
    return frozenset(term for group in groups for term in vocabulary.groups[group])


def _policy_terms(vocabulary: Vocabulary, group: str) -> Words:
    """The terms that the policy tag may read as ones of a group: in a text about the region 三地 is its name."""
    again = vocabulary.groups["region_again"] if group == "region_word" else ()
    return frozenset((*vocabulary.groups[group], *again))


# Places ------------------------------------------------------------------------------------------------------------


def _by_places(old: Region, new: Region) -> Affected:
    rows = [(region.units, region.names, region.collisions) for region in (old, new)]
    if rows[0] == rows[1]:
        return Affected()
    gazetteers = Gazetteer.of(old), Gazetteer.of(new)
    units = _changed_units(*gazetteers)
    givers = {rule.giver for region in (old, new) for rule in region.vocabulary.rules}
    if not units.isdisjoint(givers.union(new.settings.provinces)):
        return Affected(everything="a unit changed that a text may mean without naming it")
    anywhere = _differing(_words(gazetteers[0]), _words(gazetteers[1]))
    anywhere |= _differing(gazetteers[0].letters, gazetteers[1].letters)
    for gazetteer in gazetteers:
        anywhere |= {letter for letter, code in gazetteer.letters.items() if code in units}
        anywhere |= {
            entry.word
            for entry in gazetteer.entries
            if not units.isdisjoint(reading.code for reading in entry.readings)
        }
    for gazetteer in gazetteers:
        anywhere |= _kinds_of_area(gazetteer, anywhere)
    for rule in _FOLLOWING:
        for pattern in chain(*_moved(_patterns(old.collisions, rule), _patterns(new.collisions, rule))):
            words = needed(pattern)
            if words is None:
                return Affected(everything=f"the pattern {pattern} of {rule} changed, which may match any text")
            anywhere |= words
    publishers = {
        code
        for gazetteer in gazetteers
        for code in gazetteer.versions
        if code in units or not units.isdisjoint(gazetteer.above(code))
    }
    return Affected(anywhere=frozenset(anywhere), publishers=frozenset(publishers))


def _changed_units(old: Gazetteer, new: Gazetteer) -> set[str]:
    """The codes of the units that changed themselves, and of those that lie in one or roll up to one."""
    changed = _differing(*({code: _bare(units) for code, units in one.versions.items()} for one in (old, new)))
    return changed | {
        code
        for gazetteer in (old, new)
        for code in gazetteer.versions
        if gazetteer.city(code) in changed or not changed.isdisjoint(gazetteer.above(code))
    }


def _words(gazetteer: Gazetteer) -> dict[str, Entry]:
    """Each word with what it may mean, whatever else the units are called."""
    bare = {id(unit): _bare((unit,))[0] for units in gazetteer.versions.values() for unit in units}
    return {
        entry.word: replace(
            entry, readings=tuple(replace(reading, unit=bare[id(reading.unit)]) for reading in entry.readings)
        )
        for entry in gazetteer.entries
    }


def _bare(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Units without their aliases, of which each is a word of its own."""
    return tuple(unit.model_copy(update={"aliases": ()}) for unit in units)


def _kinds_of_area(gazetteer: Gazetteer, words: Iterable[str]) -> set[str]:
    """What remains of the name of an area without its unit: 沧州、廊坊高新区 means 沧州高新区 without writing it."""
    units = {unit.short_name for versions in gazetteer.versions.values() for unit in versions if unit.short_name}
    return {
        word[size:]
        for word in words
        if word.endswith(_AREA)
        for size in range(1, len(word) - 1)
        if word[:size] in units
    }


def _patterns(collisions: Iterable[Collision], rule: str) -> list[str]:
    return [collision.pattern for collision in collisions if collision.rule == rule]


# Differences -------------------------------------------------------------------------------------------------------


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    """The keys that only one has, or that stand for something else in the other."""
    return {key for key in old.keys() | new.keys() if key not in old or key not in new or old[key] != new[key]}


def _moved(old: Sequence[Item], new: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """What of each sequence has no equal at its place between the others of the other one."""
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stays = ({block.a + at for block in kept for at in range(block.size)},
             {block.b + at for block in kept for at in range(block.size)})  # fmt: skip
    return (
        [item for at, item in enumerate(old) if at not in stays[0]],
        [item for at, item in enumerate(new) if at not in stays[1]],
    )
