"""Which links of a page are its document's attachments."""

from __future__ import annotations

import pytest

from extract.attachment_links import MOST, may_link_files, suffix_of
from extract.page import read_page

PROSE = "<p>廊坊市人民政府与天津市武清区人民政府签署产业合作框架协议，双方将共同建设高端装备制造产业园区。</p>" * 3


def attached(body: str, around: str = "", url: str = "http://a.cn/zc/202405/t20240501_1.html") -> list[tuple[str, str]]:
    page = read_page(
        f'<html><head><meta charset="utf-8"><title>关于印发规划的通知</title></head><body>{around}'
        f'<h1>关于印发规划的通知</h1><div class="content">{PROSE}{body}</div><div class="foot">主办单位：样例市 '
        '<a href="/guide/manual.pdf">使用手册</a></div></body></html>'.encode(),
        url,
    )
    return [(one.url, one.name) for one in page.attachments]


@pytest.mark.parametrize(
    ("markup", "url", "name"),
    [
        ('<p><a href="./P0202405.pdf">发展规划.pdf</a></p>', "http://a.cn/zc/202405/P0202405.pdf", "发展规划.pdf"),
        ('<a href="/f/表 一.XLSX#x">点击下载</a>', "http://a.cn/f/%E8%A1%A8%20%E4%B8%80.XLSX", "表 一.XLSX"),
        ('<a href="/down.jsp?id=7" title="名单.docx">下载</a>', "http://a.cn/down.jsp?id=7", "名单.docx"),
        ('<a href="/d.jsp?showname=%E5%90%8D%E5%8D%95.wps&amp;f=1">附件</a>',
         "http://a.cn/d.jsp?showname=%E5%90%8D%E5%8D%95.wps&f=1", "名单.wps"),
        ('<iframe src="/pdfjs/viewer.html?file=/f/plan.pdf"></iframe>', "http://a.cn/f/plan.pdf", "plan.pdf"),
    ],
)  # fmt: skip
def test_files_in_the_text(markup: str, url: str, name: str) -> None:
    assert attached(f"<p>附件如下：</p>{markup}") == [(url, name)]


@pytest.mark.parametrize(
    "around",
    [
        '<div class="fujian"><a href="/f/1.docx">规划文本</a></div>',
        '<ul id="attachment-list"><li><a href="/f/1.docx">规划文本</a></li></ul>',
        '<div><p>附 件：<a href="/f/1.docx">规划文本</a></p></div>',
        '<table><tr><td>相关</td><td><a href="/f/1.docx">附件1：规划文本</a></td></tr></table>',
    ],
)
def test_lists_of_attachments_beside_the_text(around: str) -> None:
    assert [url for url, _ in attached("", around)] == ["http://a.cn/f/1.docx"]


def test_other_files_and_other_links_are_none() -> None:
    assert (
        attached(
            '<a href="/zc/2.html">相关文件</a><a href="javascript:x(\'1.pdf\')">x</a><a href="http://[1/2.pdf">y</a>'
        )
        == []
    )
    assert attached("", '<div class="nav"><a href="/app/gov.zip">客户端下载</a></div>') == []


def test_a_page_with_very_many_files_gives_the_first() -> None:
    found = attached("".join(f'<p><a href="/f/{n}.pdf">附件{n}</a></p>' for n in range(200)))
    assert [url for url, _ in found] == [f"http://a.cn/f/{n}.pdf" for n in range(MOST)]


def test_a_file_named_twice_is_one() -> None:
    assert len(attached('<a href="/f/1.pdf">规划.pdf</a><a href="/f/1.pdf">下载</a>')) == 1


def test_a_page_that_only_says_see_the_attachment_is_an_article() -> None:
    page = read_page(
        "<html><head><title>关于印发规划的通知</title></head><body><h1>关于印发规划的通知</h1><div><p>见附件</p>"
        '<p><a href="1.pdf">附件：规划全文</a></p></div></body></html>'.encode(),
        "http://a.cn/info?no=7",
    )
    assert (page.kind, [one.url for one in page.attachments]) == ("article", ["http://a.cn/1.pdf"])


def test_the_kind_of_file_is_in_the_path_the_query_or_the_name() -> None:
    assert suffix_of("http://a.cn/a.PDF?x=1") == "pdf"
    assert suffix_of("http://a.cn/a?f=b.et") == "et"
    assert suffix_of("http://a.cn/a", "", "方案.docx ") == "docx"
    assert suffix_of("http://a.cn/a.html", "方案") == ""
    assert may_link_files(b'<a href="x.ofd">') and not may_link_files("见附件.html")
