"""The report: one page that needs nothing else and does nothing a foreign page asks for."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.warehouse.states import changed, document, state
from warehouse.publishing import publish
from warehouse.report import link, write_report

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Seen(HTMLParser):
    """Tags and addresses of a page, and whether every tag is closed in order."""

    VOID = frozenset({"meta", "br", "rect", "path", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.hrefs: list[str] = []
        self.others: list[str] = []
        self.stack: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        self.others += [name for name, _ in attrs if name.startswith("on") or name in ("src", "action")]
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(path: Path) -> Seen:
    seen = Seen()
    seen.feed(path.read_text(encoding="utf-8"))
    seen.close()
    assert not seen.stack
    return seen


def test_the_report_shows_counts_pairs_quotes_and_both_matrices(tmp_path: Path) -> None:
    publish(tmp_path / "warehouse.duckdb", state())
    page = read(write_report(tmp_path / "warehouse.duckdb", tmp_path / "report"))
    for words in ("京津冀", "武清区 – 廊坊市", "廊坊市与武清区签署协议", "City matrix", "County matrix"):
        assert words in page.text
    assert "http://lf.example/1" in page.hrefs


def test_foreign_text_and_addresses_do_nothing(tmp_path: Path) -> None:
    hostile = state(document("d1", title=HOSTILE, url="javascript:alert(1)"))
    for table, column in (("portals", "name"), ("portals", "base_url"), ("city_pairs", "name_a"), ("units", "name")):
        hostile = changed(hostile, table, column, HOSTILE)
    hostile = {
        **hostile,
        "findings": [(HOSTILE, HOSTILE, 1, HOSTILE)],
        "alliances": [(None, None, HOSTILE, [HOSTILE], "d1")],
        "portal_health": [("run", "131000", 0, 0, 1, HOSTILE, HOSTILE, 0, 0, HOSTILE, HOSTILE)],
    }
    publish(tmp_path / "warehouse.duckdb", hostile)
    page = read(write_report(tmp_path / "warehouse.duckdb", tmp_path / "report"))
    assert page.tags.isdisjoint({"script", "img", "iframe", "link", "object", "base", "form"})
    assert page.others == []
    assert all(address.startswith(("http://", "https://")) for address in page.hrefs)
    assert HOSTILE in page.text


def test_an_empty_state_has_a_report_too(tmp_path: Path) -> None:
    empty = {name: [] for name in ("documents", "document_sources", "policies", "pair_evidence", "city_pairs")}
    unmarked = [(*row[:4], 0, 0, 0, []) for row in state()["matrix_county"]]
    empty["matrix_county"] = unmarked
    publish(tmp_path / "warehouse.duckdb", {**state(), **empty})
    assert "No pair is published yet." in read(write_report(tmp_path / "warehouse.duckdb", tmp_path)).text


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://www.lf.gov.cn/a?b=1&c=2", True),
        ("http://[::1", False),
        ("javascript:alert(1)", False),
        ("//x.example/a", False),
        ("data:text/html,x", False),
        ("https://", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, linked: bool) -> None:
    assert link(url, "字").startswith("<a ") is linked
