"""Bytes to documents, on pages written here in the manner of the CMS families."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Dated, Page
from extract.page import read_page

PARAGRAPHS = (
    "本市与毗邻地区昨日举行产业对接会，双方围绕装备制造、新材料等领域，就共建园区的规划、用地和税收分享达成一致。",
    "会议提出，要建立定期会商机制，统筹推进交通、生态和公共服务领域的合作；年内完成首批项目的选址和审批。",
    "与会企业代表表示，将抓住机遇，加快把研发成果带到两地的工厂，带动上下游企业集聚发展。",
)
TEXT = "\n".join(PARAGRAPHS)
MENU = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'
FOOTER = '<div class="footer"><p>主办：某某市人民政府办公室　网站标识码：1300000000　冀ICP备00000001号</p></div>'


def paragraphs(texts: tuple[str, ...] = PARAGRAPHS) -> str:
    return "".join(f'<p style="text-indent:2em">　　{text}</p>' for text in texts)


def page(head: str, body: str, encoding: str = "utf-8") -> bytes:
    html = f"<!DOCTYPE html><html><head>{head}</head><body>{MENU}{body}{FOOTER}</body></html>"
    return html.encode(encoding)


def read(head: str, body: str, url: str = "http://www.example.gov.cn/a/b.html") -> Page:
    return read_page(page(head, body), url)


def test_trs_article_with_labels() -> None:
    found = read(
        '<title>两地举行产业对接会_要闻_某某市人民政府</title><meta name="ArticleTitle" content="两地举行产业对接会">'
        '<meta name="PubDate" content="2021-03-04 10:00"><meta name="ContentSource" content="旧来源">',
        '<div class="crumb">您的位置：<a href="/">首页</a> &gt; 要闻</div><h1>两地举行产业对接会</h1>'
        '<div class="info"><span>发布时间：2021-03-05 08:30</span>'
        "<span>来源：某某日报</span><span>字号：大 中 小</span></div>"
        f'<div class="TRS_Editor">{paragraphs()}</div><div class="share">分享到：微信</div>'
        '<p>责任编辑：张三</p><ul class="xgwz"><li><a href="/1.html">另一篇文章的题目</a></li></ul>',
        "http://www.example.gov.cn/xw/202103/t20210306_1.html",
    )
    assert found.kind == "article"
    assert found.title == "两地举行产业对接会"
    assert found.published == Dated(date(2021, 3, 5), "label")
    assert found.source == "某某日报"
    assert found.body == TEXT
    assert found.dialect == "trs"
    assert (found.written, found.doc_number, found.issuers) == (None, None, ())


def test_a_formal_document_with_its_table() -> None:
    table = (
        "<table><tr><td><b>索 引 号：</b></td><td>000014349/2019-1</td><td><b>主题分类：</b></td><td>工业</td></tr>"
        "<tr><td><b>发文机关：</b></td><td>甲市人民政府、乙市人民政府</td><td>"
        "<b>成文日期：</b></td><td>2019年01月27日</td></tr>"
        "<tr><td><b>标　　题：</b></td><td colspan=3>甲市乙市关于共建产业园区的意见</td></tr>"
        "<tr><td><b>发文字号：</b></td><td>甲政发<span>［2019］</span>5号</td>"
        "<td><b>发布日期：</b></td><td>2019年02月15日</td></tr></table>"
    )
    found = read(
        "<title>某某市政府网站</title>",
        f'{table}<table><tr><td class="b12c" id="UCAP-CONTENT">'
        f"<p>甲市乙市关于<br>共建产业园区的意见</p>{paragraphs()}</td></tr></table>",
    )
    assert found.title == "甲市乙市关于共建产业园区的意见"
    assert found.published == Dated(date(2019, 2, 15), "table")
    assert found.written == Dated(date(2019, 1, 27), "table")
    assert found.doc_number == "甲政发〔2019〕5号"
    assert found.issuers == ("甲市人民政府", "乙市人民政府")
    assert found.body == f"甲市乙市关于\n共建产业园区的意见\n{TEXT}"


def test_a_document_without_metadata_is_dated_by_its_signature() -> None:
    body = (
        f"<p>甲政办发〔2020〕12号</p>"
        f"<p>各区人民政府：</p>{paragraphs()}<p>甲市人民政府办公室</p>"
        f"<p>二〇二〇年五月六日</p>"
        "<p>附件</p><p>乙局</p><p>2020年4月1日</p>"
    )
    found = read(
        "<title>关于推进产业协作的通知-甲市人民政府</title>",
        f'<h2>关于推进产业协作的通知</h2><p>2020-05-08</p><div id="zoom">{body}</div>',
    )
    assert found.written == Dated(date(2020, 5, 6), "signature")
    assert found.issuers == ("甲市人民政府办公室",)
    assert found.doc_number == "甲政办发〔2020〕12号"
    assert found.published == Dated(date(2020, 5, 8), "text")


def test_a_cited_number_is_not_the_documents_own() -> None:
    cited = ("根据《关于推进协作的意见》（甲政发〔2018〕3号）精神，经研究，决定开展试点工作，现将有关事项说明如下。",)
    assert (
        read("<title>试点工作开始</title>", f'<div id="zoom">{paragraphs(cited)}{paragraphs()}</div>').doc_number
        is None
    )


def test_the_time_a_page_was_made_is_not_its_publication() -> None:
    head = (
        '<meta name="ArticleTitle" content="社区举办活动"><meta name="PubDate" content="2024-06-03 14:25:31">'
        '<meta name="others" content="页面生成时间 2024-06-03 14:25:31">'
        '<meta name="template,templategroup,version" content="x">'
    )
    shown = read(
        head,
        f'<p class="fl">日期：2024-05-30 10:10 来源： 某街道</p><div class="Conzynr" id="zoom">{paragraphs()}</div>',
    )
    assert shown.published == Dated(date(2024, 5, 30), "label")
    assert shown.source == "某街道"
    assert shown.dialect == "ucap"
    assert read(head, f'<div id="zoom">{paragraphs()}</div>').published is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.beijing.gov.cn/zhengce/201905/t20190522_1.html", None),
        ("http://gk.tj.gov.cn/gkml/202005/t20200520_1.shtml", None),
        ("http://www.tj.gov.cn/zwgk/202106/t20210608_1.html", date(2021, 6, 8)),
        ("http://x.gov.cn/art/2022/8/2/art_1_2.html", date(2022, 8, 2)),
        (
            "http://x.gov.cn/columns/2f4bd0e6-1111-4c5e-9d1c-0a2b3c4d5e6f/202307/02/9b8bc727-4d53-11ee-985b-601895.html",
            date(2023, 7, 2),
        ),
    ],
)
def test_the_address_is_the_last_resort_and_never_a_migration(url: str, expected: date | None) -> None:
    found = read("<title>两地签约</title>", f'<div id="zoom">{paragraphs()}</div>', url).published
    assert (found.day if found else None) == expected
    assert found is None or found.where == "url"


def test_an_address_long_after_the_signature_is_a_migration() -> None:
    body = f'<div id="zoom">{paragraphs()}<p>甲市人民政府</p><p>2005年6月20日</p></div>'
    assert read("<title>意见</title>", body, "http://x.gov.cn/202005/t20200520_7.html").published is None


def test_source_written_by_a_script() -> None:
    script = "<script>var s='甲区文化委';if(s!=''){document.write(\"来源：甲区文化委\")}</script>"
    assert (
        read("<title>展览开幕</title>", f'<h3>展览开幕</h3>{script}<div id="zoom">{paragraphs()}</div>').source
        == "甲区文化委"
    )


def test_source_below_the_text_and_beside_its_label() -> None:
    after = read(
        "<title>座谈</title>",
        f'<div id="zoom">{paragraphs()}</div><div class="corner">信息来源： <b>甲市文旅局（原文广新局）</b></div>',
    )
    assert after.source == "甲市文旅局（原文广新局）"
    cells = read(
        "<title>座谈</title>",
        f"<dl><dt>来源：</dt><dd>甲市商务局</dd><dt>开始时间：</dt><dd>2030-01-01</dd></dl>"
        f'<div id="zoom">{paragraphs()}</div>',
    )
    assert cells.source == "甲市商务局"
    assert cells.published is None


def test_an_article_that_stands_twice_is_taken_once() -> None:
    body = (
        f'<div class="article_content">{paragraphs()}</div><div class="elder" style="display:none">{paragraphs()}</div>'
    )
    assert read("<title>两地签约</title>", body).body == TEXT


def test_unknown_containers_without_names() -> None:
    body = (
        "<table><tr><td><a href='/1'>栏目甲</a><br><a href='/2'>栏目乙</a></td><td><b>两地举行产业对接会</b><br>"
        f"2005年03月21日 11:21 甲报<br><div>{'<br><br>'.join(PARAGRAPHS)}</div></td></tr></table>"
    )
    found = read("<title>两地举行产业对接会-某某网</title>", body)
    assert found.title == "两地举行产业对接会"
    assert found.published == Dated(date(2005, 3, 21), "text")
    assert found.body == TEXT


def test_rows_lists_and_widgets_in_a_body() -> None:
    table = "<table><tr><td><p>序号</p></td><td><p>项目</p></td></tr><tr><td>1</td><td>园区</td></tr></table>"
    widget = '<p><img src="/icon.png"><a href="/f.pdf">通知正文.pdf</a></p>'
    found = read(
        "<title>安排</title>",
        f'<div id="zoom">{paragraphs()}{table}<ul><li>第一项。</li><li>第二项。</li></ul>{widget}</div>',
    )
    assert found.body == f"{TEXT}\n序号\t项目\n1\t园区\n第一项。\n第二项。"


def test_gb2312_page_with_rare_characters() -> None:
    raw = page(
        '<meta charset="gb2312"><title>瀍河区与喆县签约</title>', f'<div id="zoom">{paragraphs()}</div>', "gb18030"
    )
    found = read_page(raw, "http://x.gov.cn/a.html")
    assert found.title == "瀍河区与喆县签约"
    assert found.body == TEXT


def test_a_cut_title_is_completed() -> None:
    full = "甲市人民政府办公室关于印发推进区域协同发展若干措施分工方案的通知"
    found = read(
        f'<meta name="ArticleTitle" content="{full[:20]}…">',
        f'<h1 class="tit">{full}</h1><div id="zoom">{paragraphs()}</div>',
    )
    assert found.title == full


def test_a_page_of_pictures_has_no_text() -> None:
    found = read(
        '<meta name="ArticleTitle" content="图片新闻标题">',
        '<div class="xl_con"><h1>图片新闻标题</h1><span>日期：2023-06-08</span>'
        '<div id="zoom"><img src="1.jpg"></div></div>',
    )
    assert (found.kind, found.body, found.title) == ("article", "", "图片新闻标题")


@pytest.mark.parametrize(
    "raw",
    [
        b"<html><script>location.replace('/new/')</script></html>",
        "<title>系统提示</title><p>对不起，您访问的页面不存在或已删除！</p>".encode(),
        '<title>404</title><h1>404 Not Found</h1><a href="/">返回首页</a>'.encode(),
        b"",
    ],
)
def test_shells_and_errors_that_answer_200(raw: bytes) -> None:
    found = read_page(raw, "http://x.gov.cn/zwgk/202301/t20230101_1.html")
    assert (found.kind, found.body, found.published) == ("other", "", None)


def test_kinds() -> None:
    rows = "".join(
        f'<li><a href="./t{at}.html">关于第{at}批项目核准的公告</a><span>2024-01-{at}</span></li>'
        for at in range(10, 25)
    )
    assert read("<title>公告</title>", f"<ul>{rows}</ul>", "http://x.gov.cn/gg/index_2.html").kind == "list"
    assert read("<title>首页</title>", f"<ul>{rows}</ul>", "http://x.gov.cn/").kind == "home"
    assert read("<title>检索</title>", f"<ul>{rows}</ul>", "http://x.gov.cn/so/s?qt=1").kind == "search"


def test_fifty_megabytes() -> None:
    begun = time.perf_counter()
    found = read_page(f"<p>{TEXT}</p>".encode() + b" <i></i>" * 100 + b"x" * 50_000_000, "http://x.gov.cn/")
    assert "cut" in found.problems[0]
    assert time.perf_counter() - begun < 20


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=20))
def test_no_bytes_raise(raw: bytes, url: str, content_type: str) -> None:
    read_page(raw, url, content_type)


TAGS = [
    "<table>",
    "<tr>",
    "<td>",
    "<p>",
    "</div>",
    '<div id="zoom">',
    '<div class="view">',
    "<h1>",
    "<a href='x'>",
    "<script>",
    "<meta name=PubDate content='2020-01-01'>",
]
WORDS = [
    "发布日期：",
    "2020年1月1日",
    "来源：",
    "成文日期",
    "〔2020〕3号",
    "甲市人民政府",
    "，。；",
    "\x00",
    "第5号",
    "&amp;",
    "附件：",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(TAGS + WORDS), max_size=40))
def test_no_markup_raises(pieces: list[str]) -> None:
    found = read_page("".join(pieces).encode(), "http://x.gov.cn/a/202001/t20200101_1.html")
    assert all(line.strip() == line for line in found.body.split("\n"))
