"""Bytes to list rows, on lists written here in the manner of the CMS families."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.listing import read_listing
from extract.model import Listing

TITLES = [f"关于第{number}批区域协作项目安排情况的公告" for number in "一二三四五六七八"]
BASE = "http://www.example.gov.cn/zwgk/gsgg/index.html"
FURNITURE = (
    '<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>'
    '<li><a href="/hd/">互动交流</a></li></ul>',
    '<div class="footer"><a href="http://www.gov.cn/">中国政府网</a><a href="/map.html">网站地图</a></div>',
)


def read(body: str, url: str = BASE) -> Listing:
    return read_listing(f"<html><body>{FURNITURE[0]}{body}{FURNITURE[1]}</body></html>".encode(), url)


def rows(pattern: str) -> str:
    return "".join(pattern.format(at=at, title=title, cut=title[:9] + "…") for at, title in enumerate(TITLES, 1))


@pytest.mark.parametrize(
    "pattern",
    [
        '<li><a href="./202405/t2024050{at}_1.html" title="{title}">{cut}</a><span>2024-05-0{at}</span></li>',
        '<li><span class="date">[2024/05/0{at}]</span><a href="./202405/t2024050{at}_1.html">{title}</a></li>',
        '<li><a href="/zwgk/">[公告]</a><a href="./202405/t2024050{at}_1.html">{title}</a><i>2024年5月{at}日</i></li>',
        '<li><a href="./202405/t2024050{at}_1.html"><h3>{title}</h3>'
        "<p>摘要文字，很长的一段说明。</p><span>2024-05-0{at}</span></a></li>",
        '<li><div><b>0{at}</b><em>2024-05</em></div><a href="./202405/t2024050{at}_1.html">{title}</a></li>',
        '<li><a href="./202405/t2024050{at}_1.html">{title}</a><span>[05-0{at}]</span></li>',
    ],
)
def test_shapes_of_rows(pattern: str) -> None:
    found = read(f'<div class="list"><ul>{rows(pattern)}</ul></div>')
    assert found.kind == "list"
    assert [item.title for item in found.items] == TITLES
    assert [item.day for item in found.items] == [date(2024, 5, at) for at in range(1, 9)]
    assert found.items[0].url == "http://www.example.gov.cn/zwgk/gsgg/202405/t20240501_1.html"


def test_a_day_without_a_year_is_no_day() -> None:
    found = read(f"<ul>{rows('<li><a href=/a/{at}.html>{title}</a><span>05-0{at}</span></li>')}</ul>")
    assert [item.title for item in found.items] == TITLES
    assert {item.day for item in found.items} == {None}


def test_a_table_with_a_pinned_row_and_a_hidden_box_in_each_row() -> None:
    pattern = (
        '<tr><td><a href="/a/{at}.html">{title}</a><div style="display:none"><ul><li>'
        '<a href="/j/{at}.html">一图读懂第{at}批公告</a></li>'
        '<li><a href="/k/{at}.html">专家解读第{at}批公告内容</a></li></ul></div></td>'
        "<td>文号</td><td>2024-05-0{at}</td></tr>"
    )
    pinned = '<tr><td><a href="/a/0.html">长期有效的办事指南</a></td><td></td><td>2020-01-02</td></tr>'
    found = read(f"<table><tr><th>名称</th><th>文号</th><th>发布日期</th></tr>{pinned}{rows(pattern)}</table>")
    assert [item.url.rsplit("/", 2)[-2] for item in found.items] == ["a"] * 9
    assert found.items[0].day == date(2020, 1, 2)


def test_a_list_cut_into_several_blocks() -> None:
    pattern = '<li><a href="/a/{at}.html">{title}</a><span>2024-05-0{at}</span></li>'
    pieces = rows(pattern).replace("</li><li>", "</li>|<li>").split("|")
    body = "".join(f'<ul class="five">{"".join(pieces[at : at + 4])}</ul>' for at in (0, 4))
    assert [item.title for item in read(f"<div>{body}</div>").items] == TITLES


def test_dummy_rows_with_an_empty_flag() -> None:
    pattern = (
        '<li><i class="flag">是</i><a href="/a/{at}.html">{title}</a><b>2024-05-0{at}</b></li>'
        '<li><i class="flag"></i><a href="/b/{at}.html">{title}填充</a><b>2024-05-0{at}</b>'
        "</li>"
    )
    assert [item.title for item in read(f"<ul>{rows(pattern)}</ul>").items] == TITLES


def test_an_empty_column_gives_no_menu() -> None:
    found = read('<ul class="list"><li>暂无数据</li></ul>')
    assert found.items == ()


LIST = f"<ul>{rows('<li><a href=/a/{at}.html>{title}</a><span>2024-05-0{at}</span></li>')}</ul>"


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<script>createPageHTML(29, 0, "index", "html");</script>', "index_1.html"),
        (
            '<script>function createPageHTML(a){}\ncreatePageHTML(29,3,"index_7","shtml","570");</script>',
            "index_7_4.shtml",
        ),
        ("<script>createPageHTML('paging',29, 1,'list','html',289);</script>", "list_2.html"),
        ('<script>createPageHTML(4, 3, "index", "html");</script>', None),
        (
            "<script>var currentPage=0;var countPage=56;var nextPage=currentPage+1;\n"
            'document.write("<a href=\\"index"+"_"+nextPage+"."+"html\\">下一页</a>");</script>',
            "index_1.html",
        ),
        ('<a href="index_2.html">下一页</a>', "index_2.html"),
        ('<a href="javascript:;" onclick="location.href=\'index_2.html\'">下一页 &gt;</a>', "index_2.html"),
        ('<p><a class="select" href="index.html">1</a><a href="index_2.html">2</a></p>', "index_2.html"),
        ("<p>共1页</p>", None),
    ],
)
def test_next_pages(pager: str, following: str | None) -> None:
    expected = (BASE.rsplit("/", 1)[0] + "/" + following,) if following else ()
    assert read(LIST + pager).next == expected


def test_hanweb_records() -> None:
    record = (
        "<record><![CDATA[<li>"
        "<a href='/art/2024/5/{at}/art_1_{at}.html' title='{title}'>{cut}</a>"
        "<span>2024-05-0{at}</span></li>]]></record>"
    )
    body = (
        f'<div id="1412"><script type="text/xml"><datastore><totalrecord>90</totalrecord>'
        f"<recordset>{rows(record)}</recordset></datastore></script></div>"
    )
    found = read(body, "http://www.example.gov.cn/col/col360/index.html")
    assert [item.title for item in found.items] == TITLES
    assert found.next == ("http://www.example.gov.cn/col/col360/index.html?uid=1412&pageNum=2",)
    assert found.dialect == "jcms"


def test_blocks_of_the_uuid_family() -> None:
    block = "/columns/{0}/templates/{0}/blocks/{0}".format("2f4bd0e6-1111-4c5e-9d1c-0a2b3c4d5e6f")
    found = read(LIST, f"http://www.example.gov.cn{block}?page=3&fix=0")
    assert found.next == (f"http://www.example.gov.cn{block}?page=4&fix=0",)


def test_json_lists() -> None:
    static = [{"TITLE": "甲通知", "SUB_TITLE": "", "URL": "http://x.gov.cn/1.htm", "DOCRELPUBTIME": "2024-05-03"}]
    found = read_listing(json.dumps(static).encode(), "http://x.gov.cn/ZUIXIN.json")
    assert [(item.url, item.title, item.day) for item in found.items] == [
        ("http://x.gov.cn/1.htm", "甲通知", date(2024, 5, 3))
    ]
    row = {"title": "关于<em>协同</em>的意见", "url": "/2.htm", "pubtime": 1714665600000, "pubtimeStr": None}
    search = {"code": 200, "searchVO": {"totalpage": 3, "listVO": [row]}}
    found = read_listing(json.dumps(search).encode(), "http://x.gov.cn/data?t=zhengce&p=1&n=20")
    assert [(item.url, item.title, item.day) for item in found.items] == [
        ("http://x.gov.cn/2.htm", "关于协同的意见", date(2024, 5, 3))
    ]
    assert found.next == ("http://x.gov.cn/data?t=zhengce&p=2&n=20",)


PIECES = [
    "<ul>",
    "<li>",
    "</li>",
    "<a href='t20240101_1.html'>",
    "</a>",
    "某某工作的通知公告",
    "2024-01-01",
    "01-01",
    "下一页",
]
PIECES += ["<table>", "<td>", "<record>", "{", "[", "createPageHTML(2,0,'a','b')", "\x00"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=50), st.text(max_size=20))
def test_nothing_raises(pieces: list[str], url: str) -> None:
    read_listing("".join(pieces).encode(), url)
