"""Whole pages written here in the manner of the CMS families, each beside what a person says stands in it.

`pages/NAME.html` is read as bytes, `pages/NAME.json` is the reviewed reading. A page without its reading fails.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from extract.model import Dated, Page
from extract.page import read_page

FOLDER = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))


def golden(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def dated(found: Dated | None) -> list[str] | None:
    return [found.day.isoformat(), found.where] if found else None


def said(page: Page, url: str) -> dict[str, Any]:
    return {
        "url": url,
        "title": page.title,
        "published": dated(page.published),
        "written": dated(page.written),
        "source": page.source,
        "doc_number": page.doc_number,
        "issuers": list(page.issuers),
        "problems": list(page.problems),
        "body": page.body.split("\n"),
    }


def test_every_page_has_its_reading_and_the_other_way_round() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(NAMES)
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_reading(name: str) -> None:
    url = golden(name)["url"]
    assert said(read_page((FOLDER / f"{name}.html").read_bytes(), url), url) == golden(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_an_article(name: str) -> None:
    assert read_page((FOLDER / f"{name}.html").read_bytes(), golden(name)["url"]).kind == "article"


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_class_or_id_is_needed(name: str) -> None:
    """The ids and classes of another CMS change neither the text nor the facts."""
    raw = (FOLDER / f"{name}.html").read_bytes()
    named = re.compile(rb"(<(?!meta)[^<>]*?\s(?:id|class)=)(\"[^\"]*\"|'[^']*'|[^\s>]+)")
    before = b""
    while before != raw:
        before, raw = raw, named.sub(rb"\1qx", raw)
        raw = raw.replace(b"class=qx", b"c=qx").replace(b"id=qx", b"i=qx")
    found = said(read_page(raw, golden(name)["url"]), golden(name)["url"])
    assert found == golden(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("changed", ["crlf", "encoding", "menu", "footer"])
def test_offsets_into_the_text_are_stable(name: str, changed: str) -> None:
    """What is no part of the article – line ends, encoding, menus, footers – moves no character of it."""
    raw = (FOLDER / f"{name}.html").read_bytes()
    page = read_page(raw, golden(name)["url"])
    text = raw.decode(page.encoding)
    links = "".join(f'<li><a href="/{at}/">栏目{at}</a></li>' for at in range(30))
    changes = {
        "crlf": text.replace("\n", "\r\n").encode(page.encoding),
        "encoding": re.sub("charset=[\"']?[\\w-]+", "charset=gb18030", text).encode("gb18030"),
        "menu": re.sub("(<body[^>]*>)", rf"\1<ul>{links}</ul>", text, flags=re.I).encode(page.encoding),
        "footer": re.sub(
            "</body>", "<div>主办：某某局　冀ICP备00000001号　网站地图</div></body>", text, flags=re.I
        ).encode(page.encoding),
    }
    assert read_page(changes[changed], golden(name)["url"]).body == page.body
