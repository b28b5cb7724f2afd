"""`xietong evaluate --rules`: which rules carry the figures of a set, which are wrong, and which are silent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.loader import load_region
from pipelines.evaluation import fired

ROWS: list[dict[str, Any]] = [
    {"id": 1, "text": "保定市与北京市丰台区签署协议。", "pairs": [{"a": "110106", "b": "130600"}]},
    {"id": 2, "text": "昨日，保定市与北京市丰台区签署协议。", "pairs": []},
    {"id": 3, "text": "唐山市与天津市签署协议。", "pairs": [], "optional": [{"a": "120000", "b": "130200"}]},
    {"id": 4, "text": "天津市武清区与廊坊市签约。武清区、廊坊市签约。", "pairs": [{"a": "120114", "b": "131000"}]},
    {"id": 5, "text": "今日多云。", "pairs": []},
]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from flows.command_line import main; main()", "evaluate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_every_rule_is_told_with_its_hits_its_precision_and_an_example(gold: Path) -> None:
    done = run(str(gold), "--rules", "--json", "--at-least", "named=0.5")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told[:2] == [
        {
            "rule": "agreement-sides",
            "hits": 3,
            "right": 2,
            "precision": 0.6667,
            "example": "天津市武清区与廊坊市签约",
            "example_right": True,
        },
        {
            "rule": "agreement-together",
            "hits": 1,
            "right": 1,
            "precision": 1.0,
            "example": "武清区、廊坊市签约",
            "example_right": True,
        },
    ]
    names = {rule.name for rule in load_region().vocabulary.rules} - {"agreement"}
    assert [row["rule"] for row in told[2:]] == sorted(names)
    assert {(row["hits"], row["precision"], row["example_right"]) for row in told[2:]} == {(0, None, None)}


def test_the_table_for_people_marks_a_wrong_example(gold: Path) -> None:
    lines = run(str(gold), "--rules").stdout.splitlines()
    assert lines[0].split() == ["rule", "hits", "precision", "example"]
    assert lines[1].split() == ["agreement-sides", "3", "0.6667", "天津市武清区与廊坊市签约"]
    assert lines[-1].split()[1:] == ["0", "-"]
    wrong = gold.with_name("wrong.jsonl")
    wrong.write_text(json.dumps(ROWS[1], ensure_ascii=False), encoding="utf-8")
    assert run(str(wrong), "--rules").stdout.splitlines()[1].split()[2:] == [
        "0.0000",
        "wrong:",
        "保定市与北京市丰台区签署协议",
    ]


def test_rules_need_the_texts_and_floors_hold_with_them(gold: Path) -> None:
    refused = run(str(gold), "--rules", "--predicted", str(gold))
    assert refused.returncode != 0
    assert "leave out --predicted" in refused.stderr
    low = run(str(gold), "--rules", "--at-least", "named=1.0")
    assert low.returncode == 1
    assert "is below 1.0" in low.stderr


def test_a_rule_whose_name_begins_another_is_told_apart() -> None:
    names = [rule.name for rule in load_region().vocabulary.rules]
    inner, outer = next((a, b) for a in names for b in names if b.startswith(f"{a}-"))
    pair = {"a": "110106", "b": "130600", "rule": outer, "evidence": {"text": "合作"}}
    told = {row.rule: row.hits for row in fired(load_region(), {"1": {"pairs": []}}, {"1": {"pairs": [pair]}})}
    assert (told[outer], told[inner]) == (1, 0)
    assert next(iter(told)) == outer
