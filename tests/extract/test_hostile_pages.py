"""Pages of four megabytes made to be slow: each is read, or read flat with a stated problem, within seconds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.page import read_page

SIZE = 4_000_000
SECONDS = 5
TEXT = "各县（市、区）人民政府要加强组织领导，健全工作机制，确保各项任务按期完成，取得实效。"


def filled(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()))


HOSTILE = {
    "nested blocks": filled("<div>字，"),
    "nested inline": filled("<span><b>a"),
    "nested tables": filled("<table><tr><td>字，句。"),
    "nested lists": filled("<ul><li><a href=x>字，句。"),
    "tags that close others": filled("<div><p><span><table><tr><td><ul><li>字。</div></ul>"),
    "unclosed paragraphs": filled("<p>字，句。"),
    "a tag of many attributes": "<div " + " ".join(f"a{at}=x" for at in range(330_000)) + f"><p>{TEXT}</p></div>",
    "quoted attributes that hold tags": "<div " + " ".join(f'a{at}="<>"' for at in range(250_000)) + ">字",
    "an attribute that is never closed": f"<p>{TEXT}</p><div a='" + filled("x "),
    "one text": filled("句子，没有换行。"),
    "an entity bomb": '<!DOCTYPE x [<!ENTITY a "字字"><!ENTITY b "&a;&a;&a;&a;">]>' + filled("&b;"),
    "comments": filled("<!-- x -->字"),
    "comments that are never closed": filled("<!--"),
    "labels": filled("<div>2020-01-01 来源：</div>"),
    "numbers": filled("（2020"),
    "rows": filled('<li><a href="/t20200101_1.html">新闻标题一二三四</a><span>2020-01-01</span></li>'),
    "headings": filled("<h1><b>标题"),
    "scripts": filled("<script>document.write('来源：x')</script>"),
    "lines of preformatted text": "<pre>" + filled("2020年1月\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_within_seconds(name: str) -> None:
    raw = HOSTILE[name].encode()[:SIZE]
    begun = time.process_time()
    read_page(raw, "http://x.gov.cn/a/1.html")
    assert time.process_time() - begun < SECONDS


def test_what_cannot_be_a_tree_is_read_flat_and_says_so() -> None:
    head = '<title>标题在此处</title><meta name="PubDate" content="2020-01-02 10:00">'
    found = read_page((head + "<div>" * 150_000 + f"{TEXT}<br>{TEXT * 2}").encode(), "http://x.gov.cn/a/1.html")
    assert found.body == f"{TEXT}\n{TEXT * 2}"
    assert found.title == "标题在此处"
    assert found.published is not None and found.published.day.isoformat() == "2020-01-02"
    assert any("read flat" in problem for problem in found.problems)


def test_a_tag_of_many_attributes_keeps_its_text() -> None:
    found = read_page(HOSTILE["a tag of many attributes"].encode(), "http://x.gov.cn/a/1.html")
    assert found.body == TEXT
    pasted = f'<p style="background:url(data:image/png;base64,{"A" * 90_000})">{TEXT}</p><p class="x>y">{TEXT * 2}</p>'
    assert read_page(pasted.encode(), "http://x.gov.cn/a/1.html").body == f"{TEXT}\n{TEXT * 2}"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(
        ["", "http://[", "//x", "http://x.gov.cn/art/2020/13/45/art_1_2.html", "/t99999999_1.html", "\x00"]
    ),
    st.sampled_from(["", "text/html; charset=gbk", "text/html; charset=nonsense", "charset=utf-16"]),
)
def test_any_bytes_are_read(raw: bytes, url: str, content_type: str) -> None:
    for start in (b"", b"<title>\xe7\x94\xb2</title><div>", "<p>甲市人民政府</p><p>2020年1月1日</p>".encode()):
        found = read_page(start + raw, url, content_type)
        assert found == read_page(start + raw, url, content_type)
        assert all(line == line.strip() != "" for line in found.body.split("\n")) or found.body == ""
