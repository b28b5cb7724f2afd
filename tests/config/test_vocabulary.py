"""A slip in keywords.yaml must be a message with a line, never a silently different result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from config.loader import DEFAULT_REGION
from config.reading import ConfigError, read_yaml
from config.vocabulary import REQUIRED_GROUPS, Vocabulary


def smallest() -> dict[str, Any]:
    groups: dict[str, list[str]] = {name: [f"词{index}"] for index, name in enumerate(REQUIRED_GROUPS)}
    groups["sign"] = ["签署"]
    return {
        "groups": groups,
        "shapes": {"sides": ["<a>~9{with}<b>~9{predicate}"]},
        "rules": [{"name": "sides-sign", "shapes": ["sides"], "predicates": ["sign"], "types": ["agreement"]}],
        "domains": {"industry": ["sign"]},
        "policy": [{"name": "signed", "all": ["sign"]}],
    }


def refusal(tmp_path: Path, data: dict[str, Any]) -> str:
    path = tmp_path / "keywords.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, Vocabulary)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_shipped_vocabulary_is_valid() -> None:
    vocabulary = read_yaml(DEFAULT_REGION / "keywords.yaml", Vocabulary)
    assert {"transfer", "co_build", "division", "innovation", "agreement", "other"} == {
        kind for rule in vocabulary.rules for kind in rule.types
    }


def test_the_smallest_vocabulary_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "keywords.yaml"
    path.write_text(yaml.safe_dump(smallest(), allow_unicode=True), encoding="utf-8")
    assert read_yaml(path, Vocabulary).rules[0].name == "sides-sign"


def test_every_group_of_the_shipped_vocabulary_is_used() -> None:
    text = (DEFAULT_REGION / "keywords.yaml").read_text(encoding="utf-8")
    vocabulary = read_yaml(DEFAULT_REGION / "keywords.yaml", Vocabulary)
    used = set(REQUIRED_GROUPS)
    used.update(group for rule in vocabulary.rules for group in (*rule.predicates, *rule.unless, *rule.needs))
    used.update(group for groups in vocabulary.domains.values() for group in groups)
    used.update(group for tag in vocabulary.policy for group in (*tag.all, *tag.none))
    unused = {group for group in vocabulary.groups if group not in used and f"{{{group}}}" not in text}
    assert unused == set()


def test_a_group_that_is_empty(tmp_path: Path) -> None:
    data = smallest()
    data["groups"]["sign"] = []
    assert "group sign is empty" in refusal(tmp_path, data)


def test_a_term_that_stands_twice(tmp_path: Path) -> None:
    data = smallest()
    data["groups"]["sign"] = ["签署", "签订", "签署"]
    assert "group sign holds 签署 twice" in refusal(tmp_path, data)


def test_a_blank_term(tmp_path: Path) -> None:
    data = smallest()
    data["groups"]["sign"] = ["签署", ""]
    assert "blank term" in refusal(tmp_path, data)


def test_a_group_the_grammar_needs(tmp_path: Path) -> None:
    data = smallest()
    del data["groups"]["with"]
    assert "group with is missing" in refusal(tmp_path, data)


def test_unknown_keys_are_refused(tmp_path: Path) -> None:
    data = smallest()
    data["colour"] = "red"
    assert "colour" in refusal(tmp_path, data)
    data = smallest()
    data["rules"][0]["typs"] = ["agreement"]
    assert "typs" in refusal(tmp_path, data)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("<a>{lost}<b>", "'lost', which does not exist"),
        ("<giver>{predicate}<b>", "role <giver>; known: a, b"),
        ("<a>({predicate}<b>", "is no pattern"),
    ],
)
def test_a_shape_that_cannot_be_meant(tmp_path: Path, pattern: str, message: str) -> None:
    data = smallest()
    data["shapes"]["sides"] = [pattern]
    assert message in refusal(tmp_path, data)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("shapes", ["circles"], "names shape 'circles'"),
        ("predicates", ["signs"], "names group 'signs'"),
        ("types", ["marriage"], "transfer"),
        ("predicates", [], "predicates"),
    ],
)
def test_a_rule_that_cannot_be_meant(tmp_path: Path, key: str, value: list[str], message: str) -> None:
    data = smallest()
    data["rules"][0][key] = value
    assert message in refusal(tmp_path, data)


def test_a_rule_that_stands_twice(tmp_path: Path) -> None:
    data = smallest()
    data["rules"].append(data["rules"][0])
    assert "rule sides-sign stands twice" in refusal(tmp_path, data)


def test_domains_and_policy_rules_name_groups(tmp_path: Path) -> None:
    data = smallest()
    data["domains"] = {"industry": ["works"]}
    assert "domain industry names group 'works'" in refusal(tmp_path, data)
    data = smallest()
    data["policy"][0]["none"] = ["works"]
    assert "policy rule signed names group 'works'" in refusal(tmp_path, data)
