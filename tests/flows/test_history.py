"""An edit of the vocabulary: its preview, its publication, the look back and the way back, as a person goes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.loader import DEFAULT_REGION
from tests.pipelines.made_up import AGREEMENT, PARK, WEATHER, write_rows
from tests.pipelines.made_up import region as made_up_region

INVENTED = "结缘"
COINED = f"唐山市与天津市滨海新区{INVENTED}，双方的企业将一起发展装备制造产业。"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from flows.command_line import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


def told(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def edit(region: Path, before: str, after: str) -> None:
    words = (region if (region / "keywords.yaml").exists() else DEFAULT_REGION) / "keywords.yaml"
    text = words.read_text(encoding="utf-8")
    assert before in text
    (region / "keywords.yaml").write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which state 1 is published under the rules that ship, and 2 under rules with a new term."""
    home = tmp_path_factory.mktemp("home")
    region, data = home / "region", home / "data"
    made_up_region(region)
    texts = {"廊坊市人民政府": AGREEMENT, "保定市人民政府": PARK, "唐山市人民政府": (COINED,), "某报": WEATHER}
    rows = [
        {"id": name, "text": "\n".join(text), "publisher": name, "title": f"{name}的消息", "date": "2015-05-0" + str(n)}
        for n, (name, text) in enumerate(texts.items(), 1)
    ]
    where = ("--data", str(data), "--region", str(region))
    assert run("import", str(write_rows(home / "rows.jsonl", rows)), *where).returncode == 0
    assert run("reextract", *where, "--workers", "1").returncode == 0
    edit(region, "  sign: [", f"  sign: [{INVENTED}, ")
    return home


def where(home: Path) -> tuple[str, ...]:
    return ("--data", str(home / "data"))


def test_a_preview_shows_the_difference_and_publishes_nothing(home: Path) -> None:
    published = (home / "data" / "warehouse.duckdb").read_bytes()
    page = home / "preview.html"
    arguments = ("reextract", "--preview", *where(home), "--region", str(home / "region"), "--workers", "1")
    preview = told(*arguments, "--html", str(page))
    assert (home / "data" / "warehouse.duckdb").read_bytes() == published
    (kept,) = (home / "data" / "states").iterdir()
    assert kept.name == f"0001-{preview['before']['rules_version']}.duckdb"
    assert preview["rules"]["terms"] == [{"term": INVENTED, "kind": "added", "groups": ["sign"]}]
    assert preview["refused"] == []
    pairs = {(pair["name_a"], pair["name_b"]) for pair in preview["appeared"]["pairs"] if pair["grain"] == "named"}
    assert pairs == {("滨海新区", "唐山市")}
    (tagged,) = preview["appeared"]["policies"]
    assert tagged["title"] == "唐山市人民政府的消息"
    assert {cause["subject"] for cause in tagged["causes"]} == {INVENTED}
    cells = {(cell["matrix"], cell["name"], cell["period"]) for cell in preview["appeared"]["cells"]}
    assert ("city", "唐山市", "2014-2016") in cells
    assert preview["vanished"]["pairs"] == preview["vanished"]["policies"] == preview["vanished"]["cells"] == []
    statement = preview["appeared"]["pairs"][0]["statements"][0]
    assert statement["quote"] in COINED
    assert statement["rule"].startswith("agreement")
    shown = page.read_text(encoding="utf-8")
    assert INVENTED in shown
    assert "</html>" in shown
    lines = run(*arguments).stdout
    assert "nothing is published" in lines
    assert f"because: term {INVENTED} added to sign; it stands in the quotation" in lines


def test_what_was_previewed_is_published_compared_and_taken_back(home: Path) -> None:
    region = ("--region", str(home / "region"))
    preview = told("reextract", "--preview", *where(home), *region, "--workers", "1")
    assert run("reextract", *where(home), *region, "--workers", "1").returncode == 0
    difference = told("diff", *where(home))
    for side in ("appeared", "vanished", "rules"):
        assert difference[side] == preview[side]
    one, two = told("states", *where(home))
    assert [(state["number"], state["published"]) for state in (one, two)] == [(1, False), (2, True)]
    by_version = told("diff", one["rules_version"][:8], two["rules_version"], *where(home))
    assert by_version["appeared"] == difference["appeared"]

    story = told("diff", "1", "2", "--pair", "唐山市", "滨海新区", *where(home))
    assert story["appeared"][0]["causes"][0]["subject"] == INVENTED
    said = run("diff", "--pair", "唐山市", "滨海新区", "--html", str(home / "pair.html"), *where(home)).stdout
    assert "appeared, with 1 documents" in said
    assert INVENTED in (home / "pair.html").read_text(encoding="utf-8")

    back = run("rollback", *where(home))
    assert (back.returncode, back.stderr) == (0, "")
    assert "published again: state 1" in back.stdout
    assert [state["published"] for state in told("states", *where(home))] == [True, False]
    assert told("sql", "SELECT kind FROM runs WHERE kind = 'rollback'", *where(home)) == [{"kind": "rollback"}]
    pairs = "SELECT name_b FROM city_pairs WHERE name_a = '滨海新区'"
    assert told("sql", pairs, *where(home)) == []

    assert run("publish", *where(home), *region).returncode == 0
    for matrix, units in (("matrix_city", 13), ("matrix_county", 202)):
        sql = f"SELECT DISTINCT count(*) AS n, count(DISTINCT unit_code) AS units FROM {matrix} GROUP BY period"
        assert told("sql", sql, *where(home)) == [{"n": units, "units": units}]
    assert [state["number"] for state in told("states", *where(home))] == [1, 2, 3]
    assert told("diff", "2", "3", *where(home))["same"]
    assert [state["number"] for state in told("states", "prune", "--keep", "2", *where(home))] == [2, 3]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff",), "not among the kept ones; run `xietong publish`"),
        (("diff", "1", "7"), "no kept state"),
        (("rollback",), "run `xietong publish`"),
        (("rollback", "7"), "7: no kept state"),
        (("states", "--keep", "2"), "xietong states prune"),
        (("reextract", "--html", "x.html"), "--preview"),
    ],
)
def test_what_cannot_be_done_is_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, "--data", str(tmp_path / "data"))
    assert done.returncode != 0
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
