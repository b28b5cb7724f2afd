"""Made-up edits of a region, as a researcher makes them: to terms, guards, rules, shapes, domains, names and units."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import yaml

from config.loader import Region
from config.snapshot import rebuilt

Vocabulary = dict[str, Any]
Rows = list[dict[str, str]]
Step = Callable[["Edit"], None]


class Edit:
    """A region's files as plain values, to be changed and made a region again; words are taken from `texts`."""

    def __init__(self, region: Region, texts: Sequence[str], chance: Random) -> None:
        self._region = region
        self._texts = texts
        self.chance = chance
        self.vocabulary: Vocabulary = yaml.safe_load(region.sources["keywords.yaml"])
        self.tables: dict[str, Rows] = {
            name: list(csv.DictReader(io.StringIO(region.sources[name])))
            for name in ("names.csv", "collisions.csv", "units.csv")
        }

    def word(self, least: int = 2, most: int = 4) -> str:
        """Some characters of some text."""
        text = self.chance.choice(self._texts)
        size = self.chance.randint(least, most)
        at = self.chance.randrange(max(1, len(text) - size))
        return text[at : at + size]

    def group(self) -> str:
        return self.chance.choice(sorted(self.vocabulary["groups"]))

    def region(self) -> Region:
        """The edited region; raises `ConfigError` where the edit is refused."""
        sources = dict(self._region.sources)
        sources["keywords.yaml"] = yaml.safe_dump(self.vocabulary, allow_unicode=True, sort_keys=False, width=10_000)
        for name, rows in self.tables.items():
            file = io.StringIO()
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            sources[name] = file.getvalue()
        return rebuilt(sources, self._region)


def add_term(edit: Edit) -> None:
    edit.vocabulary["groups"][edit.group()].append(edit.word())


def remove_term(edit: Edit) -> None:
    terms = edit.vocabulary["groups"][edit.group()]
    if len(terms) > 1:
        terms.remove(edit.chance.choice(terms))


def move_term(edit: Edit) -> None:
    terms = edit.vocabulary["groups"][edit.group()]
    if len(terms) > 1:
        term = edit.chance.choice(terms)
        terms.remove(term)
        edit.vocabulary["groups"][edit.group()].append(term)


def guard(edit: Edit) -> None:
    kind = edit.chance.choice(("not_after", "not_before"))
    term = edit.chance.choice(edit.vocabulary["groups"][edit.group()])
    edit.vocabulary.setdefault(kind, {})[term] = edit.word(1, 1)


def change_rule(edit: Edit) -> None:
    rule = edit.chance.choice(edit.vocabulary["rules"])
    field, values = edit.chance.choice(
        (
            ("types", [["transfer"], ["co_build"], ["innovation"], ["other"]]),
            ("lists", ["alone", "near", "marked", "compound", "never"]),
            ("moves", [True, False]),
            ("governs", [True, False]),
            ("joint", [True, False]),
            ("shares", [True, False]),
            ("domains", [["industry"], ["ecology"]]),
            ("unless", [["ended"], ["planned"]]),
            ("predicates", [[edit.group()], [*rule["predicates"], edit.group()]]),
        )
    )
    rule[field] = edit.chance.choice(values)


def move_rule(edit: Edit) -> None:
    rules = edit.vocabulary[edit.chance.choice(("rules", "policy"))]
    rules.insert(edit.chance.randrange(len(rules)), rules.pop(edit.chance.randrange(len(rules))))


def remove_rule(edit: Edit) -> None:
    rules = edit.vocabulary["rules"]
    rules.pop(edit.chance.randrange(len(rules)))


def change_shape(edit: Edit) -> None:
    name = edit.chance.choice(sorted(edit.vocabulary["shapes"]))
    patterns = edit.vocabulary["shapes"][name]
    at = edit.chance.randrange(len(patterns))
    if len(patterns) > 1 and edit.chance.random() < 0.5:
        del patterns[at]
    else:
        patterns[at] = patterns[at].replace("~1", "~2").replace("~6", "~3")


def change_policy(edit: Edit) -> None:
    rule = edit.chance.choice(edit.vocabulary["policy"])
    field, values = edit.chance.choice(
        (
            ("within", [5, 30, 200]),
            ("weight", [0.1, 0.9]),
            ("none", [[], [edit.group()]]),
            ("section", ["any", "title", "text"]),
            ("level", ["region", "none"]),
            ("all", [[edit.group(), edit.group()], list(reversed(rule["all"])), rule["all"][1:] or rule["all"]]),
        )
    )
    rule[field] = edit.chance.choice(values)


def move_domain(edit: Edit) -> None:
    domains = edit.vocabulary["domains"]
    source, target = edit.chance.sample(sorted(domains), 2)
    if len(domains[source]) > 1:
        domains[target].append(domains[source].pop())


def add_name(edit: Edit) -> None:
    kind = edit.chance.choice(("alias", "town", "outside", "organisation", "compound", "region"))
    codes = edit.chance.sample([row["code"] for row in edit.tables["units.csv"]], 2)
    held = {"outside": "", "compound": ";".join(codes), "region": ";".join(codes)}.get(kind, codes[0])
    row = dict.fromkeys(edit.tables["names.csv"][0], "")
    edit.tables["names.csv"].append({**row, "name": edit.word(2, 3), "kind": kind, "codes": held})


def add_area(edit: Edit) -> None:
    unit = edit.chance.choice([row for row in edit.tables["units.csv"] if row["short_name"]])
    area = edit.chance.choice([row for row in edit.tables["units.csv"] if row["level"] == "functional"])
    name = unit["short_name"] + edit.chance.choice(("高新区", "经开区", "开发区"))
    row = dict.fromkeys(edit.tables["names.csv"][0], "")
    edit.tables["names.csv"].append({**row, "name": name, "kind": "alias", "codes": area["code"]})


def change_letter(edit: Edit) -> None:
    row = dict.fromkeys(edit.tables["names.csv"][0], "")
    code = edit.chance.choice([row["code"] for row in edit.tables["units.csv"]])
    edit.tables["names.csv"].append({**row, "name": edit.word(1, 1), "kind": "letter", "codes": code})


def remove_row(edit: Edit) -> None:
    rows = edit.tables[edit.chance.choice(("names.csv", "collisions.csv"))]
    rows.pop(edit.chance.randrange(len(rows)))


def change_unit(edit: Edit) -> None:
    unit = edit.chance.choice(edit.tables["units.csv"])
    field = edit.chance.choice(("short_name", "aliases", "valid_to", "unit202", "city_code", "within"))
    other = edit.chance.choice(edit.tables["units.csv"])
    values = {"short_name": edit.word(2, 2), "aliases": edit.word(2, 3), "valid_to": "2030-01-01"}
    unit[field] = values.get(field, other.get(field, ""))


def add_collision(edit: Edit) -> None:
    rule = edit.chance.choice(("veto", "supported", "full_name_only", "needs_parent", "not_the_place", "township",
                               "organisation"))  # fmt: skip
    names = [row["short_name"] for row in edit.tables["units.csv"] if row["short_name"]]
    named = rule in ("supported", "full_name_only", "needs_parent")
    row = dict.fromkeys(edit.tables["collisions.csv"][0], "")
    pattern = edit.chance.choice(names) if named else edit.word(1, 3)
    if not named and rule != "veto" and edit.chance.random() < 0.5:
        pattern = f"(?:{pattern}|{edit.word(2, 2)})(?!{edit.word(1, 1)})"
    edit.tables["collisions.csv"].append({**row, "pattern": pattern, "rule": rule})


VOCABULARY_STEPS: tuple[Step, ...] = (
    add_term, remove_term, move_term, guard, change_rule, move_rule, remove_rule, change_shape, change_policy,
    move_domain,
)  # fmt: skip
PLACE_STEPS: tuple[Step, ...] = (add_name, add_area, change_letter, remove_row, change_unit, add_collision)
