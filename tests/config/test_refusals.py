"""Whoever edits the vocabulary and slips is told so by every command: one line, no traceback, exit status 1."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import DEFAULT_REGION


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A copy of the shipped region whose vocabulary has one slip, and the message that tells of it."""
    folder = tmp_path_factory.mktemp("edited") / "region"
    shutil.copytree(DEFAULT_REGION, folder)
    path = folder / "keywords.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("shapes:"))
    lines[at + 1 : at + 1] = ["  slip:", '    - "<a>~9{with}', '       <b>.*{predicate}"']
    path.write_text("\n".join(lines), encoding="utf-8")
    said = (
        f"xietong: {path}:{at + 3}: shape slip: '<a>~9{{with}} <b>.*{{predicate}}' repeats without end (*, + "
        "or {n,}); write a gap (~9) or a bound ({0,9})\n"
    )
    return folder, said


COMMANDS = (
    ("extract", "in.jsonl"),
    ("evaluate", "in.jsonl"),
    ("import", "in.jsonl", "--data", "data"),
    ("reextract", "--data", "data"),
    ("publish", "--data", "data"),
    ("crawl", "--data", "data"),
    ("nightly", "--data", "data"),
    ("portals", "--data", "data"),
    ("serve", "--data", "data"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_slip_is_one_line_on_stderr(edited: tuple[Path, str], tmp_path: Path, command: tuple[str, ...]) -> None:
    folder, said = edited
    row = {
        "id": "1",
        "url": "",
        "publisher": "",
        "title": "",
        "date": "",
        "text": "廊坊市与武清区签署协议。",
        "policy": 1,
    }
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    done = xietong(*command, "--region", str(folder), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_the_region_of_the_environment_is_checked_too(edited: tuple[Path, str], tmp_path: Path) -> None:
    folder, said = edited
    done = xietong("portals", "--data", "data", cwd=tmp_path, XIETONG_REGION=str(folder))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def xietong(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from flows.command_line import main; main()", *arguments],
        capture_output=True, text=True, cwd=cwd, check=False, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip
