"""Quality is a number: what the extractor reaches on labelled sets, and never less.

Our own sets are always there; those beside the checkout came with a scorer, and `xietong evaluate` must count exactly
as it does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared_material import SHARED, needs_shared

XIETONG = [sys.executable, "-c", "from flows.command_line import main; main()"]
OWN = Path(__file__).parents[1] / "gold"
PINNED = {
    "dev_passages.jsonl": {"named": 0.935, "city13": 0.94, "policy": 0.955, "places": 0.995, "level_accuracy": 0.92},
    "dev_docs.jsonl": {"named": 0.94, "city13": 0.94, "policy": 0.99, "level_accuracy": 0.94},
}
"""Measured on 21 November 2026 (0.9381, 0.9433, 0.9610, 0.9962, 0.9265; 0.9474, 0.9474, 1.0, 0.95), minus a hair."""
AUTHORED = {
    "authored-1.jsonl": {"named": 0.995, "city13": 0.995, "policy": 0.995, "places": 0.96, "level_accuracy": 0.995},
    "authored-2.jsonl": {"named": 0.965, "city13": 0.995, "policy": 0.995, "places": 0.985, "level_accuracy": 0.98},
    "authored-3.jsonl": {"named": 0.875, "city13": 0.94, "policy": 0.93, "places": 0.955, "level_accuracy": 0.93},
    "authored-4.jsonl": {"named": 0.74, "city13": 0.73, "policy": 0.72, "places": 0.965, "level_accuracy": 0.69},
    "authored-5.jsonl": {"named": 0.735, "city13": 0.785, "policy": 0.785, "places": 0.98, "level_accuracy": 0.755},
    "authored-6.jsonl": {"named": 0.935, "city13": 0.94, "policy": 0.92, "places": 0.94, "level_accuracy": 0.9},
    "authored-7.jsonl": {"named": 0.865, "city13": 0.875, "policy": 0.93, "places": 0.94, "level_accuracy": 0.89},
}
"""Measured on 21 November 2026, minus a hair. Sets 4 and 5 were written to be hard: they say what is not read yet.

1: 1, 1, 1, 0.9655, 1;
2: 0.9704, 1, 1, 0.9892, 0.9867;
3: 0.8811, 0.9423, 0.9362, 0.9604, 0.9333;
4: 0.7429, 0.7333, 0.725, 0.9701, 0.6933;
5: 0.7414, 0.7912, 0.7901, 0.9834, 0.76;
6: 0.9379, 0.9434, 0.9213, 0.9451, 0.9067;
7: 0.8684, 0.878, 0.9318, 0.9439, 0.8933.
"""


def answer(*command: str) -> dict[str, dict[str, float] | float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    figures: dict[str, dict[str, float] | float] = json.loads(done.stdout)
    return figures


def below(figures: dict[str, dict[str, float] | float], floors: dict[str, float]) -> dict[str, float]:
    """The measures that do not reach their floor, with what they reach."""
    reached = {name: value["f1"] if isinstance(value, dict) else value for name, value in figures.items()}
    return {name: reached[name] for name, floor in floors.items() if reached[name] < floor}


@pytest.mark.parametrize("name", AUTHORED)
def test_figures_on_our_own_passages(name: str) -> None:
    figures = answer(*XIETONG, "evaluate", str(OWN / name), "--json")
    assert (figures["passages"], figures["missing"]) == (75, 0)
    assert below(figures, AUTHORED[name]) == {}, figures


@pytest.mark.shared
@pytest.mark.parametrize("name", PINNED)
@needs_shared("gold/score.py")
def test_figures_on_the_labelled_set(name: str, tmp_path: Path) -> None:
    gold, found = str(SHARED / "gold" / name), str(tmp_path / "found.jsonl")
    subprocess.run([*XIETONG, "extract", gold, found], check=True, timeout=120)
    ours = answer(*XIETONG, "evaluate", gold, "--predicted", found, "--json")
    assert ours == answer(sys.executable, str(SHARED / "gold" / "score.py"), gold, found, "--json")
    assert below(ours, PINNED[name]) == {}, ours


@pytest.mark.shared
@needs_shared("gold/score.py")
def test_our_own_passages_count_as_the_scorer_counts_them(tmp_path: Path) -> None:
    gold, found = tmp_path / "gold.jsonl", str(tmp_path / "found.jsonl")
    gold.write_text("".join(path.read_text(encoding="utf-8") for path in sorted(OWN.glob("*.jsonl"))), encoding="utf-8")
    subprocess.run([*XIETONG, "extract", str(gold), found], check=True, timeout=120)
    scorer = [sys.executable, str(SHARED / "gold" / "score.py"), str(gold), found, "--json"]
    assert answer(*XIETONG, "evaluate", str(gold), "--json") == answer(*scorer)
