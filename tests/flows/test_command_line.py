"""The command line as a person meets it: help with an example, results, and errors of one line that say what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.command_line import xietong

COMMANDS = sorted(xietong.commands)


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from flows.command_line import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, timeout=120)


def the_only_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_the_commands_of_the_contract_are_there() -> None:
    contract = "nightly import crawl reextract publish report export serve extract links explain sql evaluate portals"
    history = "states diff rollback search"
    assert {*contract.split(), *history.split()} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert f"Example: xietong {name}" in " ".join(done.stdout.split())


def test_extract_keeps_order_and_ids_and_says_which_rows_it_could_not_read(tmp_path: Path) -> None:
    rows = [
        {"id": "甲", "text": "廊坊市与天津市武清区签署产业合作框架协议。", "date": "2015-06-01"},
        {"id": "乙", "text": "保定市与天津市签署协议。", "date": "2015-06-31"},
        {"id": "丙"},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n{broken\n", encoding="utf-8")
    done = run("extract", str(source), str(tmp_path / "out.jsonl"))
    made = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert done.returncode == 1
    assert "3 rows" in the_only_line(done)
    assert [row["id"] for row in made] == ["甲", "乙", "丙", None]
    assert [row["error"] is None for row in made] == [True, False, False, False]
    assert "2015-06-31" in made[1]["error"]
    assert [(pair["a"], pair["b"], pair["year"]) for pair in made[1]["pairs"]] == [("120000", "130600", None)]
    assert "neither text nor html_file" in made[2]["error"]
    assert "not JSON" in made[3]["error"]
    pair = made[0]["pairs"][0]
    assert {pair["a"], pair["b"]} == {"120114", "131000"}
    quoted = pair["evidence"]
    assert rows[0]["text"][quoted["start"] : quoted["end"]] == quoted["text"]


def test_extract_gives_the_same_rows_whatever_the_number_of_workers(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    text = "北京市丰台区与保定市签署协议，共建科技园区。"
    source.write_text(
        "".join(
            json.dumps({"id": number, "text": f"第{number}条　{text}"}, ensure_ascii=False) + "\n"
            for number in range(200)
        ),
        encoding="utf-8",
    )
    made = []
    for workers in ("1", "2"):
        assert run("extract", str(source), str(tmp_path / workers), "--workers", workers).returncode == 0
        made.append((tmp_path / workers).read_bytes())
    assert made[0] == made[1]
    assert [json.loads(line)["id"] for line in made[0].splitlines()] == list(range(200))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nightly", "--portal", "130000x"), "unknown portal '130000x'; did you mean: 130000"),
        (("extract", "missing.jsonl"), "missing.jsonl"),
        (("sql", "SELECT 1", "--data", "nowhere"), "xietong nightly"),
        (("export", "--data", "nowhere"), "xietong nightly"),
        (("explain", "abc", "--data", "nowhere"), "xietong"),
        (("nonsense",), "nonsense"),
        (("nightly", "--replay", "missing.warc.gz"), "missing.warc.gz"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode != 0
    assert said in the_only_line(done)


def test_evaluate_counts_as_the_guide_says_and_fails_below_a_floor(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    text = "保定市与北京市丰台区签署协议。"
    pairs = [{"a": "110106", "b": "130600", "type": ["agreement"]}]
    gold.write_text(
        json.dumps({"id": 1, "text": text, "pairs": pairs, "policy": True, "level": "county"}), encoding="utf-8"
    )
    done = run("evaluate", str(gold), "--json", "--at-least", "named=1.0")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["named"] == {
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
        "hit": 1,
        "predicted": 1,
        "gold": 1,
    }
    empty = tmp_path / "empty.jsonl"
    empty.write_text(json.dumps({"id": 1, "pairs": [], "policy": False, "level": "none"}), encoding="utf-8")
    low = run("evaluate", str(gold), "--predicted", str(empty), "--at-least", "named=0.5")
    assert low.returncode == 1
    assert "named F1 0.0000 is below 0.5" in the_only_line(low)
