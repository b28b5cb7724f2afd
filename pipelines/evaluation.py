"""How good the extractor is, as a number: predictions against a labelled set.

The measures are those of the labelling guide's scorer: pairs at the grain they are named and rolled up to the 13
cities, the policy tag, place mentions by span and code, and the shares of right levels, types and domains. The same
comparison, told by rule, says which rules carry the figures and which to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from config import Region

Row = Mapping[str, Any]
Key = tuple[Any, ...]
MEASURES = ("named", "city13", "policy", "places")


@dataclass(slots=True)
class Count:
    """Hits among what was predicted and what was wanted."""

    hit: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, wanted: set[Key], found: set[Key]) -> None:
        self.hit += len(wanted & found)
        self.predicted += len(found)
        self.gold += len(wanted)

    @property
    def precision(self) -> float:
        return self.hit / self.predicted if self.predicted else float(self.gold == 0)

    @property
    def recall(self) -> float:
        return self.hit / self.gold if self.gold else float(self.predicted == 0)

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Share:
    """How many of how many."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:
        self.right += right
        self.of += 1

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 0.0


@dataclass(slots=True)
class Scores:
    """What `evaluate` found; `missing` counts labelled rows without a prediction."""

    counts: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in MEASURES})
    level: Share = field(default_factory=Share)
    types: Share = field(default_factory=Share)
    domains: Share = field(default_factory=Share)
    passages: int = 0
    missing: int = 0

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(self.counts)

    def f1(self, measure: str) -> float:
        """F1 of one measure; `KeyError` for an unknown one."""
        return self.counts[measure].f1

    def as_dict(self) -> dict[str, Any]:
        """The figures for machines, in the scorer's own shape."""
        figures: dict[str, Any] = {
            name: {
                "precision": round(count.precision, 4),
                "recall": round(count.recall, 4),
                "f1": round(count.f1, 4),
                "hit": count.hit,
                "predicted": count.predicted,
                "gold": count.gold,
            }
            for name, count in self.counts.items()
            if name != "places" or count.gold
        }
        return figures | {
            "level_accuracy": round(self.level.value, 4),
            "type_overlap": round(self.types.value, 4),
            "domain_overlap": round(self.domains.value, 4),
            "passages": self.passages,
            "missing": self.missing,
        }

    def as_table(self) -> str:
        """The figures for people, one measure a line."""
        return "\n".join(
            f"{name:15s} "
            + (" ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else f"{value}")
            for name, value in self.as_dict().items()
        )


@dataclass(frozen=True, slots=True)
class Fired:
    """What one rule did in a set.

    `hits` are the distinct pairs it gave, passage by passage and compared as `evaluate` compares them, of which `right`
    are labelled. `example` is the shortest quotation of a right one, or of a wrong one where none is right.
    """

    rule: str
    hits: int = 0
    right: int = 0
    example: str = ""

    @property
    def precision(self) -> float | None:
        """None where nothing was hit: a rule that is silent is neither right nor wrong."""
        return self.right / self.hits if self.hits else None

    def as_dict(self) -> dict[str, Any]:
        """The row for machines; `example_right` is null where there is no example."""
        precision = self.precision
        return {
            "rule": self.rule,
            "hits": self.hits,
            "right": self.right,
            "precision": None if precision is None else round(precision, 4),
            "example": self.example,
            "example_right": bool(self.right) if self.hits else None,
        }


def evaluate(region: Region, gold: Mapping[str, Row], predicted: Mapping[str, Row]) -> Scores:
    """Score predictions against labels, both by id.

    Endpoints are compared as the unit of 2015 they map to where that is one unit. Pairs that gold lists as `optional`
    (readers differed) count neither way; a null policy or level is not scored; place mentions inside organisation names
    and self-references do not count either way.
    """
    same = _units_of_2015(region)
    city = {unit.code: unit.city_code or unit.code for unit in region.units}
    scores = Scores()
    for key, want in gold.items():
        found = predicted.get(key)
        scores.passages += 1
        scores.missing += found is None
        found = found or {}
        for measure, mapped in (("named", same), ("city13", city)):
            optional = _pairs(want.get("optional"), mapped)
            labelled = _pairs(want.get("pairs"), mapped)
            scores.counts[measure].add(labelled, _pairs(found.get("pairs"), mapped) - (optional - labelled))
        _score_labels(scores, want, found, same)
        if want.get("policy") is not None:
            scores.counts["policy"].add(
                {("policy",)} if want["policy"] else set(), {("policy",)} if found.get("policy") else set()
            )
        if want.get("level") is not None:
            scores.level.add(want["level"] == found.get("level"))
        if "places" in want:
            _score_places(scores.counts["places"], want["places"], found.get("places") or (), same)
    return scores


def fired(region: Region, gold: Mapping[str, Row], predicted: Mapping[str, Row]) -> list[Fired]:
    """What each rule did, the busiest first; the rules of the vocabulary that never fired stand last, with 0 hits.

    Each predicted pair must say its `rule`: the name of a rule of the vocabulary, with the construction it was found in
    where there are several (`agreement-sides`), or of a reading that is built in (`park-name`, `contract`). Of several
    rules that give a pair in one sentence the extractor names the one with the shortest quotation: only that one is
    told.
    """
    same = _units_of_2015(region)
    quotations: dict[str, dict[bool, list[str]]] = {}
    for key, want in gold.items():
        labelled, optional = _pairs(want.get("pairs"), same), _pairs(want.get("optional"), same)
        given: dict[tuple[str, Key], str] = {}
        for row in (predicted.get(key) or {}).get("pairs") or ():
            pair, words = _pair(row, same), row["evidence"]["text"]
            if pair[0] != pair[1] and pair not in optional - labelled:
                at = row["rule"], pair
                given[at] = min(given.get(at, words), words, key=_shortest)
        for (rule, pair), words in given.items():
            quotations.setdefault(rule, {True: [], False: []})[pair in labelled].append(words)
    found = [
        Fired(rule, len(told[True]) + len(told[False]), len(told[True]), min(told[True] or told[False], key=_shortest))
        for rule, told in quotations.items()
    ]
    names = [rule.name for rule in region.vocabulary.rules]
    heard = {_rule_of(name, names) for name in quotations}
    return [
        *sorted(found, key=lambda one: (-one.hits, one.rule)),
        *(Fired(name) for name in sorted(names) if name not in heard),
    ]


def fired_table(rules: Iterable[Fired]) -> str:
    """The rows of `fired` for people; an example that is not labelled is marked `wrong:`."""
    lines = [f"{'rule':26s} {'hits':>5s} {'precision':>9s}  example"]
    for one in rules:
        precision = "-" if one.precision is None else f"{one.precision:.4f}"
        example = " ".join(one.example.split())
        mark = "wrong: " if one.hits and not one.right else ""
        lines.append(f"{one.rule:26s} {one.hits:5d} {precision:>9s}  {mark}{example}".rstrip())
    return "\n".join(lines)


def _shortest(words: str) -> tuple[int, str]:
    return len(words), words


def _rule_of(fired_name: str, names: Iterable[str]) -> str | None:
    """The rule that `agreement-sides` is a construction of, by the longest name (`division-three`, not `division`)."""
    return max((name for name in names if f"{fired_name}-".startswith(f"{name}-")), key=len, default=None)


def _units_of_2015(region: Region) -> dict[str, str]:
    """The codes that stand for one unit of 2015, and that unit's code."""
    return {
        unit.code: unit.unit202[0] for unit in region.units if unit.relation in ("identity", "1:1") and unit.unit202
    }


def _pairs(rows: Iterable[Row] | None, mapped: Mapping[str, str]) -> set[Key]:
    made = {_pair(row, mapped) for row in rows or ()}
    return {pair for pair in made if pair[0] != pair[1]}


def _pair(row: Row, mapped: Mapping[str, str]) -> Key:
    return tuple(sorted(mapped.get(row[end], row[end]) for end in ("a", "b")))


def _score_labels(scores: Scores, want: Row, found: Row, same: Mapping[str, str]) -> None:
    by_pair = {_pair(row, same): row for row in found.get("pairs") or ()}
    for row in want.get("pairs") or ():
        if match := by_pair.get(_pair(row, same)):
            scores.types.add(bool(_labels(row, "type") & _labels(match, "type")))
            scores.domains.add(bool(_labels(row, "domain") & _labels(match, "domain")))


def _labels(row: Row, name: str) -> set[str]:
    value = row.get(name, row.get(name + "s")) or ()
    return {value} if isinstance(value, str) else set(value)


def _score_places(count: Count, want: Iterable[Row], found: Iterable[Row], same: Mapping[str, str]) -> None:
    want = list(want)
    aside = [(row["start"], row["end"]) for row in want if row.get("in_org") or row.get("self")]
    labelled = {_place(row, same) for row in want if not (row.get("in_org") or row.get("self"))}
    counted = {
        _place(row, same)
        for row in found
        if not any(start <= row["start"] and row["end"] <= end for start, end in aside)
    }
    count.add(labelled, counted)


def _place(row: Row, same: Mapping[str, str]) -> Key:
    return row["start"], row["end"], same.get(row["code"], row["code"])
