"""Every CMS family on pages in its own markup, each with a golden that a person wrote or reviewed.

`families/FAMILY/pages.csv` lists the pages of a family (at least a list, an article and an odd one) with the address
and the media type they came under; `FILE.json` beside each says what stands on it. A page without its golden gets a
draft and fails, and goes on failing until someone has compared the draft with the page and set `reviewed`.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from config.model import Crawling
from crawlers.shapes import is_article
from crawlers.spiders import FAMILIES, spider_class
from crawlers.target import Target, host_of
from extract.page import read_page

FOLDER = Path(__file__).parent / "families"
CRAWLING = Crawling(user_agent="xietong/0.1 (a test)", contact="nobody@example.org")
PAGES = [
    (folder.name, row["file"], row["url"], row["content_type"])
    for folder in sorted(path for path in FOLDER.iterdir() if (path / "pages.csv").exists())
    for row in csv.DictReader((folder / "pages.csv").open(encoding="utf-8"))
]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def observed(family: str, raw: bytes, url: str, media: str, kind: str | None) -> dict[str, Any]:
    """What the code finds on a page, in the form of a golden."""
    target = Target("x", family, frozenset((host_of(url),)))
    spider = spider_class(family)(target, CRAWLING)
    response = HtmlResponse(url, body=raw, headers={"Content-Type": media}, request=Request(url))
    listing = spider.rows(response)
    found: dict[str, Any] = {"dialect": listing.dialect, "kind": listing.kind}
    if (kind or listing.kind) == "article":
        page = read_page(raw, url, media)
        lines = page.body.split("\n")
        found["article"] = {
            "title": page.title,
            "published": page.published.day.isoformat() if page.published else None,
            "source": page.source,
            "first": lines[0][:16],
            "last": lines[-1][-14:],
        }
        return found
    found["rows"] = [[item.title, item.url, item.day.isoformat() if item.day else None] for item in listing.items]
    found["next"] = [
        {"url": visit.url, "form": dict(visit.form), "guess": visit.guess}
        for visit in spider._further(response, listing)
    ]
    return found


def test_every_family_has_pages_and_a_spider_of_its_own() -> None:
    kept: dict[str, int] = {}
    for family, *_ in PAGES:
        kept[family] = kept.get(family, 0) + 1
    assert set(kept) == set(FAMILIES)
    assert {family for family, count in kept.items() if count < 3} == set()


def test_no_golden_stands_without_its_page() -> None:
    goldens = {(path.parent.name, path.name.removesuffix(".json")) for path in FOLDER.glob("*/*.*.json")}
    assert goldens <= {(family, file) for family, file, _, _ in PAGES}


@pytest.mark.parametrize(("family", "file", "url", "media"), PAGES, ids=[f"{page[0]}/{page[1]}" for page in PAGES])
def test_page(family: str, file: str, url: str, media: str) -> None:
    path = FOLDER / family / f"{file}.json"
    raw = (FOLDER / family / file).read_bytes()
    golden = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if golden.pop("reviewed", False) is not True:
        draft = {"reviewed": False, **observed(family, raw, url, media, None)}
        path.write_text(json.dumps(draft, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path} is a draft: compare it with {file} as a reader sees it, correct it, set reviewed to true")
    found = observed(family, raw, url, media, golden["kind"])
    for rows in (golden.get("rows", []), found.get("rows", [])):
        for row in rows:
            row[0] = plain(row[0])
    if "article" in golden:
        for said in (golden["article"], found["article"]):
            said["title"] = plain(said["title"])
        assert is_article(url) or family == "generic", "the address is not told as that of an article"
    assert found == golden
