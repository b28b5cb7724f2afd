"""The labelled sets and the scorers that came with them, run as they are: what counts as right is not ours to say."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.shared_material import SHARED

GOLD = SHARED / "gold"


def lacking(*names: str, gold: Path = GOLD) -> str:
    """Why a quality table cannot be made here, or nothing."""
    lost = [name for name in names if not (gold / name).exists()]
    if not lost:
        return ""
    return (
        f"shared/gold/{lost[0]} is not beside this checkout. The labelled real texts and pages are other people's and "
        "no part of the repository; put them into ../shared/gold to measure quality."
    )


def labelled(path: Path) -> list[dict[str, Any]]:
    """The rows of a labelled set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def run(*command: str | Path) -> str:
    """What a Python program prints; one that fails is an error with its own words."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=600)
    if done.returncode:
        told = done.stderr.strip()[-500:] or "it says nothing"
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}: {told}")
    return done.stdout


def score(scorer: Path, gold: Path, predicted: Iterable[Mapping[str, Any]], *options: str) -> dict[str, Any]:
    """What a set's scorer says of predictions."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "predicted.jsonl")
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in predicted), encoding="utf-8")
        scored: dict[str, Any] = json.loads(run(scorer, gold, file, "--json", *options))
    return scored
