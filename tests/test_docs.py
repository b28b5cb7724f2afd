"""The documentation shows what is there, and what it shows works where the tool is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.warehouse.collection import collection
from warehouse.publishing import publish
from warehouse.recipes import as_markdown

DOCS = Path(__file__).parents[1] / "docs"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (DOCS / "warehouse.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    publish(tmp_path / "data" / "warehouse.duckdb", collection())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_cookbook_pages_are_those_of_the_queries() -> None:
    again = "write the pages anew with warehouse.recipes.as_markdown"
    assert (DOCS / "cookbook.md").read_text(encoding="utf-8") == as_markdown("en"), again
    assert (DOCS / "cookbook.zh.md").read_text(encoding="utf-8") == as_markdown("zh"), again


@pytest.mark.usefixtures("folder")
def test_pandas_opens_the_file() -> None:
    names: dict[str, object] = {}
    exec(block("python"), names)
    assert len(names["pairs"]) == 2  # type: ignore[arg-type]
    assert list(names["matrix"]["name"]) == ["北京市", "天津市", "廊坊市"]  # type: ignore[index]


@pytest.mark.usefixtures("folder")
def test_the_duckdb_cli_opens_the_file() -> None:
    if not shutil.which("duckdb"):
        pytest.skip("the DuckDB CLI is not installed here")
    lines = [line.removeprefix("D ") for line in block("console").splitlines() if line.startswith("D ")]
    command = ["duckdb", "-readonly", "data/warehouse.duckdb"]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert Path("pairs.csv").read_text(encoding="utf-8").count("\n") == 6


@pytest.mark.usefixtures("folder")
def test_r_opens_the_file() -> None:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed here")
    known = subprocess.run(["Rscript", "-e", "library(duckdb)"], capture_output=True, check=False)
    if known.returncode:
        pytest.skip("R has no package duckdb here")
    done = subprocess.run(["Rscript", "-e", block("r")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
