"""List pages of many makes, each with the rows a reader of the page would write down.

`lists/NAME.html` was written for this test in the manner of real sites; `lists/NAME.json` says by hand what is on it.
A page without its JSON fails: write down what the page says, not what the code finds.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from extract.listing import read_listing

FOLDER = Path(__file__).parent / "lists"
PAGES = sorted(path.stem for path in FOLDER.glob("*.html"))


def plain(title: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", title))


def test_there_are_many_pages() -> None:
    assert len(PAGES) >= 55


@pytest.mark.parametrize("name", PAGES)
def test_rows_titles_days_order_and_next_page(name: str) -> None:
    golden = FOLDER / f"{name}.json"
    if not golden.exists():
        pytest.fail(f"{golden} is missing; write down by hand what {name}.html shows")
    truth: dict[str, Any] = json.loads(golden.read_text(encoding="utf-8"))
    url = truth["url"]
    found = read_listing((FOLDER / f"{name}.html").read_bytes(), url)
    assert found.kind == truth.get("kind", found.kind)
    if truth["items"] is not None:
        assert [(item.url, plain(item.title), item.day.isoformat() if item.day else None) for item in found.items] == [
            (urljoin(url, row["href"]), plain(row["title"]), row["date"]) for row in truth["items"]
        ]
    assert list(found.next) == ([urljoin(url, truth["next"])] if truth["next"] else [])
