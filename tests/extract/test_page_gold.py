"""The figures of the page and list readers on the labelled real pages, pinned: what falls here has been broken."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest

from extract.listing import read_listing
from extract.page import read_page
from tests.shared_material import SHARED, needs_shared

pytestmark = pytest.mark.shared
GOLD = SHARED / "gold"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, GOLD / f"{name}.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def labelled(name: str) -> list[dict[str, Any]]:
    with (GOLD / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def figures(*, government: bool) -> dict[str, float]:
    scorer = module("score_pages")
    gold = [row for row in labelled("dev_pages.jsonl") if row["government"] is government]
    predicted = {}
    for row in gold:
        page = read_page((GOLD / row["html_file"]).read_bytes(), row["url"], "text/html")
        predicted[row["id"]] = {
            "title": page.title,
            "published": str(page.published.day) if page.published else None,
            "written": str(page.written.day) if page.written else None,
            "source": page.source,
            "doc_number": page.doc_number,
            "body": page.body,
        }
    summary = scorer.summary(scorer.score(gold, predicted))
    return {name: value["mean"] for name, value in summary.items() if value["mean"] is not None}


@needs_shared("gold/dev_pages.jsonl")
def test_government_pages() -> None:
    found = figures(government=True)
    for name in ("title", "published", "written", "source", "doc_number", "body F1"):
        assert found[name] >= 0.99, (name, found)
    for name in ("written", "source", "doc_number"):
        assert found[f"spurious {name}"] <= 0.01, (name, found)


@needs_shared("gold/dev_pages.jsonl")
def test_other_pages() -> None:
    found = figures(government=False)
    assert found["title"] >= 0.96, found
    assert found["published"] >= 0.96, found
    assert found["body F1"] >= 0.99, found


@needs_shared("gold/dev_lists.jsonl")
def test_lists() -> None:
    wanted = made = hit = 0
    for row in labelled("dev_lists.jsonl"):
        key = module("score_lists").key
        found = read_listing((GOLD / row["html_file"]).read_bytes(), row["url"], "text/html")
        gold = {key(row["url"], item["href"]): (item["title"].split(), item["date"]) for item in row["items"]}
        got = {key(row["url"], item.url): (item.title.split(), item.day and str(item.day)) for item in found.items}
        assert bool(found.next) == bool(row["next"]), row["id"]
        hit += sum(got.get(name) == value for name, value in gold.items())
        wanted, made = wanted + len(gold), made + len(got)
    assert 2 * hit / (wanted + made) >= 0.99
