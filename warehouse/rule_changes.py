"""What changed between two versions of the rules, as a researcher edited it: terms, rules, shapes, names and units.

The versions are read from the texts that the published states keep, so that they can be compared when the files they
were read from have long been edited again. A text that does not parse counts as changed without saying what.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

Kind = Literal["added", "removed", "moved", "changed"]

KEYWORDS = "keywords.yaml"
_NAMING = {"names.csv": ("name",), "collisions.csv": ("pattern",), "units.csv": ("name", "short_name", "aliases")}
_KEYS = {
    "names.csv": ("name", "kind", "valid_from", "codes"),
    "collisions.csv": ("pattern", "rule"),
    "units.csv": ("code", "valid_from"),
}
_GUARDS = ("not_before", "not_after")


@dataclass(frozen=True, slots=True)
class TermChange:
    """A term of the vocabulary in `groups` it came to or left; `guards` on its neighbours count as groups."""

    term: str
    kind: Kind
    groups: tuple[str, ...]

    def told(self) -> str:
        """The change in plain words."""
        where = " → ".join(self.groups) if self.kind == "moved" else ", ".join(self.groups)
        link = {"added": "added to", "removed": "removed from", "moved": "moved", "changed": "changed in"}[self.kind]
        return f"term {self.term} {link} {where}"


@dataclass(frozen=True, slots=True)
class EntryChange:
    """A rule, shape, domain or policy rule; `fields` are those of a changed one that differ."""

    section: str
    name: str
    kind: Kind
    fields: tuple[str, ...] = ()

    def told(self) -> str:
        """The change in plain words."""
        fields = f" ({', '.join(self.fields)})" if self.fields else ""
        return f"{self.section} {self.name} {self.kind}{fields}"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of another rule file; `names` are the words by which a text would hold it."""

    file: str
    kind: Kind
    names: tuple[str, ...]
    row: str

    def told(self) -> str:
        """The change in plain words."""
        return f"{self.file}: row {self.kind}: {self.row}"


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Everything that differs, each kind in order; `named_by` says which groups and shapes a rule names in either."""

    terms: tuple[TermChange, ...] = ()
    entries: tuple[EntryChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    files: tuple[str, ...] = ()
    named_by: Mapping[str, frozenset[str]] | None = None

    def rule(self, name: str) -> str:
        """The rule of the vocabulary behind a name that evidence bears (`cooperation-sides` is of `cooperation`)."""
        known = [one for one in self.named_by or () if name == one or name.startswith(one + "-")]
        return max(known, key=len, default=name)

    def told(self) -> list[str]:
        """Every change in plain words."""
        return [
            *(one.told() for one in self.terms),
            *(one.told() for one in self.entries),
            *(one.told() for one in self.rows),
        ]


def rule_changes(before: str, after: str) -> RuleChanges:
    """The differences between two `rules.source` texts (JSON {file: text})."""
    old, new = _files(before), _files(after)
    files = tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))
    words, other = _yaml(old.get(KEYWORDS, "")), _yaml(new.get(KEYWORDS, ""))
    rows = (change for name in files if name in _NAMING for change in _rows(name, old.get(name), new.get(name)))
    return RuleChanges(
        tuple(_terms(words, other)),
        tuple(_entries(words, other)),
        tuple(rows),
        files,
        _named_by(words, other),
    )


def _files(source: str) -> dict[str, str]:
    try:
        found = json.loads(source)
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}


def _yaml(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def _mapping(vocabulary: Mapping[str, Any], section: str) -> dict[str, Any]:
    found = vocabulary.get(section)
    return found if isinstance(found, dict) else {}


def _named(vocabulary: Mapping[str, Any], section: str) -> dict[str, dict[str, Any]]:
    rows = vocabulary.get(section)
    named = (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return {str(row.get("name")): row for row in named}


def _terms(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[TermChange]:
    before, after = _groups_by_term(old), _groups_by_term(new)
    for term in sorted(before.keys() | after.keys()):
        left = tuple(sorted(before[term] - after[term]))
        came = tuple(sorted(after[term] - before[term]))
        if left and came:
            yield TermChange(term, "moved", (", ".join(left), ", ".join(came)))
        elif came:
            yield TermChange(term, "added", came)
        elif left:
            yield TermChange(term, "removed", left)
    for guard in _GUARDS:
        was, now = _mapping(old, guard), _mapping(new, guard)
        for term in sorted(was.keys() | now.keys()):
            if was.get(term) != now.get(term):
                yield TermChange(str(term), "changed", (guard,))


def _groups_by_term(vocabulary: Mapping[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for group, terms in _mapping(vocabulary, "groups").items():
        for term in terms if isinstance(terms, list) else ():
            found[str(term)].add(str(group))
    return found


def _entries(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[EntryChange]:
    for section, label in (("rules", "rule"), ("policy", "policy rule")):
        yield from _differing(label, _named(old, section), _named(new, section))
    for section, label in (("shapes", "shape"), ("domains", "domain")):
        yield from _differing(label, _mapping(old, section), _mapping(new, section))
    was, now = _mapping(old, "groups"), _mapping(new, "groups")
    for group in sorted(map(str, was.keys() ^ now.keys())):
        yield EntryChange("group", group, "added" if group in now else "removed")


def _differing(label: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[EntryChange]:
    for name in sorted(map(str, old.keys() | new.keys())):
        if name not in old:
            yield EntryChange(label, name, "added")
        elif name not in new:
            yield EntryChange(label, name, "removed")
        elif old[name] != new[name]:
            was, now = old[name], new[name]
            fields: tuple[str, ...] = ()
            if isinstance(was, dict) and isinstance(now, dict):
                fields = tuple(sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key)))
            yield EntryChange(label, name, "changed", fields)


def _named_by(*vocabularies: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for vocabulary in vocabularies:
        for section in ("rules", "policy"):
            for name, row in _named(vocabulary, section).items():
                for key in ("predicates", "unless", "needs", "heads", "all", "none", "shapes"):
                    value = row.get(key)
                    found[name] |= set(map(str, value)) if isinstance(value, list) else set()
    return {name: frozenset(groups) for name, groups in found.items()}


def _rows(file: str, before: str | None, after: str | None) -> Iterator[RowChange]:
    old, new = _csv(file, before or ""), _csv(file, after or "")
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        left, came = _names(file, was), _names(file, now)
        kind: Kind = "added" if was is None else "removed" if now is None else "changed"
        names = tuple(sorted(left ^ came)) or tuple(sorted(left | came))
        yield RowChange(file, kind, names, ",".join((now or was or {}).values()))


def _names(file: str, row: Mapping[str, str] | None) -> set[str]:
    cells = ((row or {}).get(column, "") for column in _NAMING[file])
    return {name for cell in cells for name in cell.split(";") if name}


def _csv(file: str, text: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows of a file by what tells them apart; of rows that nothing tells apart, the last."""
    try:
        rows = [{str(key): str(value or "") for key, value in row.items()} for row in csv.DictReader(io.StringIO(text))]
    except csv.Error:
        return {}
    return {tuple(row.get(column, "") for column in _KEYS[file]): row for row in rows}
