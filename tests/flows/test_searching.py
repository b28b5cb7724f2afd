"""`xietong search` as a person meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.collection import collection
from tests.warehouse.states import changed
from warehouse.publishing import publish
from warehouse.search_index import refresh

XIETONG = [sys.executable, "-c", "from flows.command_line import main; main()"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searching")
    warehouse = folder / "warehouse.duckdb"
    publish(warehouse, changed(collection(), "documents", "title", "廊坊\x1b[31m与\n武清"))
    refresh(warehouse)
    return folder


def search(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*XIETONG, "search", "--data", str(data), *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_finds_are_shown_with_the_terms_marked_and_nothing_a_terminal_obeys(data: Path) -> None:
    done = search(data, "武清 协议")
    assert done.returncode == 0, done.stderr
    assert "【武清】" in done.stdout
    assert "【协议】" in done.stdout
    assert "\x1b" not in done.stdout
    assert "廊坊\\x1b[31m与 武清" in done.stdout
    assert "2 documents" in done.stderr


def test_json_tells_bounds_kept_and_where_the_terms_stand(data: Path) -> None:
    done = search(data, "产业", "--from", "2015", "--to", "2015-09", "--json")
    made = json.loads(done.stdout)
    (hit,) = made["hits"]
    (snippet,) = hit["snippets"]
    assert (made["documents"], hit["doc_id"], hit["policy"]) == (1, "d3", True)
    assert {snippet["text"][start:end] for start, end in snippet["marks"]} == {"产业"}
    assert json.loads(search(data, "产业", "--portal", "110000", "--json").stdout)["documents"] == 1
    assert len(json.loads(search(data, "产业", "--limit", "2", "--json").stdout)["hits"]) == 2
    assert json.loads(search(data, "无此词语", "--json").stdout) == {"documents": 0, "hits": []}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("，",), "nothing to search for"),
        (("产业", "--from", "last year"), "--from"),
        (("产业", "--portal", "x"), "unknown portal"),
        (("产业", "--limit", "0"), "--limit"),
    ],
)
def test_an_error_is_one_line(data: Path, arguments: tuple[str, ...], said: str) -> None:
    done = search(data, *arguments)
    assert done.returncode != 0
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
