"""Lists that only a script draws, in a real Chromium whose every request goes through the crawler."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from crawlers.browser import can_draw
from tests.crawlers.loopback import Reply, Routes, article_page, article_rows, run_crawlers, serve, write_region

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ROWS = article_rows("/zc/202405/t20240501_{}.html", 0, 4)
SCRIPTED = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>政策文件</title></head><body><ul id="list"></ul>
<img src="/picture.png"><script src="http://elsewhere.test:PORT/count.js"></script><script src="/draw.js"></script>
</body></html>"""
DRAW = """fetch("/api/list?page=1").then(answer => answer.json()).then(answer => {
  document.getElementById("list").innerHTML = answer.map(
    row => `<li><a href="${row.u}">${row.t}</a><span>${row.d}</span></li>`).join("");
}); fetch("/forbidden.json").catch(() => 0);"""


def routes(port: int) -> Routes:
    answer = [{"t": title, "u": href, "d": "2024-05-01"} for href, title in ROWS]
    articles = {href: Reply(article_page(title)) for href, title in ROWS}
    return {
        "scripted.test": {
            "/zc/": Reply(SCRIPTED.replace("PORT", str(port))),
            "/draw.js": Reply(DRAW, media="text/javascript; charset=utf-8"),
            "/api/list": Reply(json.dumps(answer), media="application/json"),
            "/robots.txt": Reply("User-agent: *\nDisallow: /forbidden.json\n", media="text/plain"),
            **articles,
        },
        "elsewhere.test": {"/count.js": Reply("", media="text/javascript")},
    }


def flagged(folder: Path) -> Path:
    """The region with every column marked as one for the browser."""
    path = folder / "columns.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*rows[0], "browser"])
        table.writeheader()
        table.writerows({**row, "browser": "yes"} for row in rows)
    return folder


@pytest.mark.skipif(not can_draw(), reason="the extra `browser` is not installed")
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_list_drawn_by_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIETONG_CHROMIUM", CHROMIUM or "")
    with serve({}) as web:
        web.routes.update(routes(web.port))
        region = write_region(tmp_path / "region", web.port, [("scripted", "trs", ["/zc/"])])
        plain = run_crawlers(region, tmp_path / "plain")
        assert plain.portals["scripted"]["new_pages"] == 0
        web.asked.clear()
        run = run_crawlers(flagged(region), tmp_path / "drawn")
    assert run.portals["scripted"]["new_pages"] == 4, run.errors
    asked = web.targets("scripted.test")
    assert sorted(asked) == sorted(["/zc/", "/draw.js", "/api/list?page=1", *(href for href, _ in ROWS)])
    assert not [one for one in web.asked if one.host == "elsewhere.test"]
    assert {one.agent for one in web.asked} == {"xietong/0.1 (a test on loopback) +nobody@example.org"}


@pytest.mark.skipif(can_draw(), reason="the extra `browser` is installed")
def test_without_the_extra_the_page_is_read_as_it_came_and_the_lack_is_told(tmp_path: Path) -> None:
    with serve({}) as web:
        web.routes.update(routes(web.port))
        region = flagged(write_region(tmp_path / "region", web.port, [("scripted", "trs", ["/zc/"])]))
        run = run_crawlers(region, tmp_path / "data")
    assert "pip install xietong[browser]" in run.errors
    assert run.portals["scripted"]["errors"] >= 1
