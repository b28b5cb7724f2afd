"""The title among metas, headings, the `title` element and the first line."""

from __future__ import annotations

import pytest

from extract.page import read_page

TEXT = (
    "<p>本市与毗邻地区昨日举行产业对接会，双方围绕装备制造、新材料等领域，就共建园区的规划、用地和税收分享达成一致。</p>"
    "<p>会议提出，要建立定期会商机制，统筹推进交通、生态和公共服务领域的合作；年内完成首批项目的选址和审批。</p>"
)
TITLE = "两地共建产业园区迈出新步伐"


def title_of(head: str, above: str = "", text: str = TEXT) -> str:
    html = f"<html><head>{head}</head><body>{above}<div>{text}</div></body></html>"
    return read_page(html.encode(), "http://x.gov.cn/a/1.html").title


@pytest.mark.parametrize(
    ("head", "above"),
    [
        (f"<title>{TITLE}_要闻_某某市人民政府</title>", ""),
        (f"<title>{TITLE}-某某市人民政府门户网站</title>", ""),
        (f"<title>{TITLE}(页 1) - 要闻 - 某某网</title>", ""),
        (f"<title>{TITLE}- -</title>", ""),
        ("<title>某某市人民政府</title>", f"<div><b>{TITLE}</b></div><p>2020-05-06 来源：某报</p>"),
        ("", f"<h3>评论排行榜</h3><p>1. 别的文章</p><p>2. 又一篇</p><p>3. 再一篇</p><p><a href='/1'>{TITLE}</a></p>"),
        ("", f"<div>首页 &gt; 要闻</div><div>{TITLE}</div><div>本报记者 王某</div>"),
        ("", f"<div>{TITLE}</div><div>某政发〔2020〕3号</div>"),
        (f"<title>{TITLE}</title>", f"<h2>{TITLE}<small>(2020年5月6日)</small></h2>"),
        (f"<title>{TITLE} - 某网</title>", f"<h1>{TITLE[:6]}<br>{TITLE[6:]}<br><i>2020-05-06 来源：某局</i></h1>"),
        (f"<title>{TITLE} - 某网</title>", f"<h1>{TITLE[:6]}<br>{TITLE[6:]}</h1>"),
    ],
)  # fmt: skip
def test_titles(head: str, above: str) -> None:
    assert title_of(head, above) == TITLE


def test_a_title_that_stands_in_the_text_only_is_no_text() -> None:
    html = f"<html><body><div><p>{TITLE}</p>{TEXT}</div></body></html>"
    found = read_page(html.encode(), "http://x.gov.cn/a/1.html")
    assert found.title == TITLE
    assert not found.body.startswith(TITLE)
