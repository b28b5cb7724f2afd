"""What a researcher edited, read from the texts that published states keep."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rule_changes import RuleChanges, rule_changes

WORDS = """
groups:
  sign: [签署, 签订]
  build: [共建]
shapes: {sites: [甲]}
rules:
  - {name: agreement, predicates: [sign], unless: [build], types: [agreement]}
policy:
  - {name: platform, all: [sign], within: 30}
not_before: {签署: 人}
"""
NAMES = "name,kind,codes,valid_from,valid_to,note\n京津冀,region,110000,,,\n"
UNITS = "code,name,short_name,valid_from,aliases\n131000,廊坊市,廊坊,1989-04-01,\n"


def source(words: str = WORDS, names: str = NAMES, units: str = UNITS) -> str:
    return json.dumps({"keywords.yaml": words, "names.csv": names, "units.csv": units}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("edited", "told"),
    [
        (source(WORDS.replace("签署, 签订", "签署, 签订, 签约")), ["term 签约 added to sign"]),
        (source(WORDS.replace(", 签订", "")), ["term 签订 removed from sign"]),
        (
            source(WORDS.replace(", 签订", "").replace("[共建]", "[共建, 签订]")),
            ["term 签订 moved sign → build"],
        ),
        (source(WORDS.replace("签署: 人", "签署: 者")), ["term 签署 changed in not_before"]),
        (source(WORDS.replace(", unless: [build]", "")), ["rule agreement changed (unless)"]),
        (source(WORDS.replace("within: 30", "within: 40")), ["policy rule platform changed (within)"]),
        (source(WORDS.replace("[甲]", "[乙]")), ["shape sites changed"]),
        (
            source(WORDS.replace("agreement, predicates", "accord, predicates")),
            ["rule accord added", "rule agreement removed"],
        ),
        (source(names=NAMES + "环渤海,region,110000,,,\n"), ["names.csv: row added: 环渤海,region,110000,,,"]),
        (source(names=NAMES[: NAMES.index("京津冀")]), ["names.csv: row removed: 京津冀,region,110000,,,"]),
        (
            source(units=UNITS.replace("04-01,", "04-01,廊城")),
            ["units.csv: row changed: 131000,廊坊市,廊坊,1989-04-01,廊城"],
        ),
        (source(WORDS + "# a remark\n"), []),
    ],
)
def test_an_edit_is_told_as_what_it_is(edited: str, told: list[str]) -> None:
    assert rule_changes(source(), edited).told() == told


def test_a_new_alias_is_the_name_that_matters() -> None:
    (row,) = rule_changes(source(), source(units=UNITS.replace("04-01,", "04-01,廊城"))).rows
    assert row.names == ("廊城",)


def test_a_name_of_evidence_leads_to_its_rule() -> None:
    changes = rule_changes(source(), source(WORDS.replace(", 签订", "")))
    names = ("agreement", "agreement-sides", "other")
    assert [changes.rule(name) for name in names] == ["agreement", "agreement", "other"]
    assert changes.named_by is not None
    assert changes.named_by["agreement"] == {"sign", "build"}


@given(st.text(max_size=40), st.text(max_size=40))
def test_texts_that_say_nothing_are_no_error(before: str, after: str) -> None:
    for one, other in ((before, after), (source(before, before, before), source(after, after, after))):
        assert isinstance(rule_changes(one, other), RuleChanges)


TERMS = st.lists(st.sampled_from(["签署", "共建", "合作", "协作"]), unique=True)


@given(TERMS, TERMS)
def test_the_same_change_backwards_is_its_opposite(before: list[str], after: list[str]) -> None:
    one, other = (json.dumps({"keywords.yaml": f"groups: {{sign: [{', '.join(terms)}]}}"}) for terms in (before, after))
    there = {(change.term, change.kind) for change in rule_changes(one, other).terms}
    back = {(change.term, change.kind) for change in rule_changes(other, one).terms}
    opposite = {"added": "removed", "removed": "added"}
    assert {(term, opposite[kind]) for term, kind in there} == back
    assert {term for term, kind in there if kind == "added"} == set(after) - set(before)
