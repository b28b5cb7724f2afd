"""Lists made to take a reader's time: whatever stands in two megabytes, the rows are there within seconds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.listing import read_listing
from extract.written import embedded_list, with_written_markup

SIZE = 2_000_000
SECONDS = 20.0
URL = "http://x.gov.cn/list.html"


def filled(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()) + 1)


HOSTILE = {
    "scripts never closed": filled("<script>"),
    "writes never closed": "<script>" + filled("document.write('<a "),
    "arrays never closed": "<script>" + filled("[{'title':") + "</script>",
    "arrays in arrays": "<script>" + "[{" * 50_000 + "}]" * 50_000 + "</script>",
    "links by script": filled("<li onclick=\"open('/a/1.html')\">某县的一条标题</li>"),
    "next by call": filled("<a onclick='go(2)'>下一页</a>"),
    "functions": "<script>" + filled("function go(n){location.href='a'+") + "</script><a onclick='go(2)'>下一页</a>",
    "selects": filled("<select onchange='location.href=this.value'><option value='/a_1.html'>1</option></select>"),
    "frames": filled("<iframe src='/a.html'></iframe>"),
    "base64": "atob" + filled(">" + "QUJD" * 30),
    "days between": filled("<a href='/a'>某县的一条标题</a> 2024-01-02<br>"),
    "years": filled("<h3>2024年</h3><li><a href='/a'>某县的一条标题</a><i>01-02</i></li>"),
    "a table of tables": filled("<table><tr><td><a href='/a'>某县的一条标题</a></td><td>2024-01-02</td></tr></table>"),
    "twins": filled("<div class=x><ul><li><a href='/a'>某县的一条标题</a>2024-01-02</li></ul></div>"),
    "a sitemap": "<urlset>" + filled("<url><loc>http://x.gov.cn/a</loc><lastmod>2024-01-02</lastmod></url>"),
    "a widget": "laypage" + filled("location.href='a'+curr+"),
    "one word": filled("某"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_within_seconds(name: str) -> None:
    raw = HOSTILE[name].encode()[:SIZE]
    begun = time.process_time()
    read_listing(raw, URL)
    with_written_markup(raw.decode("utf-8", "replace"))
    embedded_list(raw.decode("utf-8", "replace"), URL)
    assert time.process_time() - begun < SECONDS


SCRAPS = [
    "<script>",
    "</script>",
    "document.write('",
    "<li><a href='/a.html'>某县的标题</a>",
    "');",
    "[{title:'甲乙', url:'/a'}]",
    '[{"title":"甲乙丙","url":"/b"},',
    "]",
    "<select onchange=location><option value=/a>1",
    'onclick="go(2)"',
    "<a onclick=\"go(this,'/x.html')\">下一页</a>",
    "function go(n){location.href='l_'+(n-1)+'.html'}",
    "laypage curr:1 pages:3",
    "<iframe src=//x>",
    "<base href='http://['>",
    "<time datetime=2024-13-45>",
    "<urlset>",
    "2024年",
    "02-30",
    "<h3>2023年</h3>",
    "<ul><li>",
    "<form action='http://['><input name=p>",
    "document.f.p.value=n;submit()",
    "atob",
    ">QUJDREVG<",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=25))
def test_no_scraps_raise(scraps: list[str]) -> None:
    raw = "".join(scraps).encode()
    assert read_listing(raw, URL) == read_listing(raw, URL)
