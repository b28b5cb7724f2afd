"""The text of an article and nothing of what stands around it."""

from __future__ import annotations

import pytest

from extract.page import read_page

LINES = (
    "本市与毗邻地区昨日举行产业对接会，双方围绕装备制造、新材料等领域，就共建园区的规划、用地和税收分享达成一致。",
    "会议提出，要建立定期会商机制，统筹推进交通、生态和公共服务领域的合作；年内完成首批项目的选址和审批。",
)
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
NOTICE = (
    "<div><p>欢迎使用无障碍功能，您可以通过快捷键放大、配色、指读；"
    "如需退出，请按组合键，如有疑问，请联系管理员。</p></div>"
)
SHORT = "记者从海关获悉，一月份口岸通关时间同比压缩两成。"


def body_of(html: str) -> list[str]:
    page = f"<html><head><title>两地举行对接会</title></head><body>{html}</body></html>"
    return read_page(page.encode(), "http://x.gov.cn/a/1.html").body.split("\n")


@pytest.mark.parametrize(
    "after",
    [
        "责任编辑：王某",
        "（责任编辑：王某）",
        "审核人：张某 录入：刘某",
        "信息来源：县农牧局",
        "时间：2013-09-12 10:00 来源：县招商局 作者：李四",
        "扫一扫在手机打开当前页",
        "[1][2][3][4] 下一页",
        "共 3 页 第 1 页 下一页",
        "上一篇：没有了",
        "--------------------",
        "【打印本页】",
        "网友评论</p><p>写得很好，希望看到更多的数据支撑，期待下一篇文章尽快发布出来。",
        "相关阅读：</p><p>另一篇文章的题目，与本文无关。",
        "《两地举行对接会》已有3条评论</p><p>支持，希望早日建成。",
    ],
)
def test_what_follows_is_left_out(after: str) -> None:
    assert body_of(f"<h1>两地举行对接会</h1><div>{TEXT}<p>{after}</p></div>") == list(LINES)


@pytest.mark.parametrize(
    "last",
    ["（记者 王某）", "（来源：某报 记者：高某）", "附件：项目名单", "（此件公开发布）", "咨询电话：0312-8888888"],
)
def test_what_belongs_to_the_text_stays(last: str) -> None:
    assert body_of(f"<h1>两地举行对接会</h1><div>{TEXT}<p>{last}</p></div>") == [*LINES, last]


@pytest.mark.parametrize(
    "first", ["（2016年2月20日）", "（2019年3月28日市人大常委会第八次会议通过）", "某政发〔2020〕3号"]
)
def test_what_opens_a_document_stays(first: str) -> None:
    above = "<h1>两地举行对接会</h1><p>发布时间：2020-05-06</p>"
    assert body_of(f"{above}<div class='t'><p>{first}</p>{TEXT}</div>") == [first, *LINES]


def test_a_box_of_facts_is_no_text() -> None:
    facts = "<p>索引号：0001</p><p>发布机构：某某市人民政府办公室，某某局</p><p>文号：某政发〔2020〕5号，有效</p>"
    assert body_of(f"<div>{facts}</div><h4>两地举行对接会</h4><div><p>{SHORT}</p></div>") == [SHORT]


def test_a_short_article_among_notices() -> None:
    article = f"<div><h1>两地举行对接会</h1><p>2024/02/27</p><div><p>{SHORT}</p></div></div>"
    assert body_of(NOTICE + article + NOTICE.replace("欢迎", "感谢")) == [SHORT]


def test_summaries_of_other_articles_do_not_outweigh_a_short_one() -> None:
    item = (
        "<div class='i'><a href='/{0}'>本县扎实推进人居环境整治{0}</a>"
        "<p>近日，各乡镇第{0}次组织党员干部清理河道，共清理垃圾三百余立方米，效果良好……</p></div>"
    )
    items = "".join(item.format(at) for at in range(6))
    assert body_of(f"<div><h1>两地举行对接会</h1><div><p>{SHORT}</p></div></div><div>{items}</div>") == [SHORT]


@pytest.mark.parametrize("tag", ["section", "div class=s"])
def test_a_text_in_sections_stays_whole(tag: str) -> None:
    sections = "".join(
        f"<{tag}><h2>第{at}部分</h2><div>{line}</div></{tag.split()[0]}>" for at, line in enumerate(LINES)
    )
    found = body_of(f"<div><h1>两地举行对接会</h1><p>来源：某局</p><div>{sections}</div></div>")
    assert found[0] == "第0部分"
    assert [line for line in found if line in LINES] == list(LINES)


def test_preformatted_text_keeps_its_lines() -> None:
    assert body_of("<h1>两地举行对接会</h1><pre>" + "\n".join(LINES) + "</pre>") == list(LINES)
