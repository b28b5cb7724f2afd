"""The day of publication: which of the days on a page and in its address it is, and which are migrations."""

from __future__ import annotations

from datetime import date

import pytest

from extract.model import Dated, Page
from extract.page import read_page

TEXT = (
    "<p>本市与毗邻地区昨日举行产业对接会，双方围绕装备制造、新材料等领域，就共建园区的规划、用地和税收分享达成一致。</p>"
    "<p>会议提出，要建立定期会商机制，统筹推进交通、生态和公共服务领域的合作；年内完成首批项目的选址和审批。</p>"
)
PLAIN = "http://www.x.gov.cn/a/b.html"
TIMED_UUID = "9b8bc727-4d53-11ee-985b-6018954d7f7f"  # made on 2023-09-07
IMPORTED = f"http://h.gov.cn/columns/580d0301-2e0b-4152-9dd1-7d7f4e0f4980/202307/02/{TIMED_UUID}.html"
BEIJING = "http://www.beijing.gov.cn/zhengce/201905/t20190522_1.html"


def read(head: str = "", above: str = "", signed: str = "", url: str = PLAIN, below: str = "") -> Page:
    signature = f"<p>甲市人民政府</p><p>{signed}</p>" if signed else ""
    html = (
        f"<html><head><title>两地签约</title>{head}</head><body><h1>两地签约</h1>{above}"
        f"<div>{TEXT}{signature}</div>{below}</body></html>"
    )
    return read_page(html.encode(), url)


def meta(day: str) -> str:
    return f'<meta name="PubDate" content="{day} 08:30:00">'


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2022-08-17 09:12",
        "发布日期:2022年8月17日",
        "[发布日期] 2022/8/17",
        "發佈日期：2022年8月17日",
        "时间 &nbsp;:&nbsp; 2022-08-17 10:12:22",
        "日期：２０２２年０８月１７日",
        "信息时间：二〇二二年八月十七日",
        "Updated: August 17, 2022",
        "Date: 17 August 2022",
        "来信时间：2022-08-01　回复时间：2022-08-17",
        "【发布时间：2022-08-17】【浏览次数：88】",
        "作者：李雷 发布：2022-08-17 点击：301",
    ],
)
def test_labels(line: str) -> None:
    assert read(above=f"<p>{line}</p>").published == Dated(date(2022, 8, 17), "label")


@pytest.mark.parametrize(
    "block",
    [
        "<p>2022年08月17日 16:35&nbsp;&nbsp;发改局</p>",
        "<div><b>17</b><span>2022-08</span></div>",
        "<p><em>2022</em> <i>08</i>/<i>17</i> 09:12:01</p>",
        "<p>[ 2022-8-17 ]</p>",
    ],
)
def test_days_without_a_label(block: str) -> None:
    assert read(above=block).published == Dated(date(2022, 8, 17), "text")


def test_a_clock_and_the_days_of_other_articles_are_not_the_articles() -> None:
    found = read(
        above="<div>今天是：2026年11月20日 星期五</div>",
        below="<ul><li><a href='/1.html'>另一篇文章的题目在此</a> 2001-02-03</li></ul>",
        url="http://www.x.gov.cn/xw/2016-11/08/content_1.htm",
    )
    assert found.published == Dated(date(2016, 11, 8), "url")


def test_a_forum_tells_the_day_below_the_text() -> None:
    below = "<p>本贴由某某于2005年8月12日16:12:21在某论坛发表.</p>"
    assert read(below=below).published == Dated(date(2005, 8, 12), "text")


def test_what_readers_see_stands_whatever_the_head_and_the_address_say() -> None:
    url = "http://www.x.gov.cn/xw/202005/t20200520_1.html"
    found = read(meta("2023-05-12"), "<p>发布时间：2009-09-30</p>", url=url)
    assert (found.published, found.problems) == (Dated(date(2009, 9, 30), "label"), ())


@pytest.mark.parametrize(
    ("url", "head", "signed", "expected", "dropped"),
    [
        # the days on which whole hosts were imported
        (BEIJING, "", "", None, "2019-05-22"),
        (BEIJING, "2019-05-22", "", None, "2019-05-22"),
        ("http://www.tj.gov.cn/zwgk/202005/t20200519_1.html", "2020-05-19", "2016-09-30", None, "2020-05-19"),
        (BEIJING, "2011-03-01", "", ("2011-03-01", "meta"), "2019-05-22"),
        (BEIJING.replace("0522", "0510"), "", "", None, "2019-05-10"),
        (BEIJING.replace("0522", "0510"), "2019-05-10", "", ("2019-05-10", "meta"), "2019-05-10"),
        # long after the signature
        ("http://www.x.gov.cn/zw/202005/t20200520_7.html", "", "2005-06-20", None, "2020-05-20"),
        (PLAIN, "2021-10-11", "2015-06-08", None, "2021-10-11"),
        (PLAIN, "2015-07-11", "2015-06-08", ("2015-07-11", "meta"), ""),
        # the head is made anew, the address is not
        ("http://www.x.gov.cn/xw/20150612/8.html", "2021-10-11", "", ("2015-06-12", "url"), "2021-10-11"),
        ("http://www.x.gov.cn/xw/20150612/8.html", "2015-06-14", "", ("2015-06-14", "meta"), ""),
        # a name that holds the moment of the import
        (IMPORTED, "2023-09-07", "", ("2023-07-02", "url"), "2023-09-07"),
        (f"http://h.gov.cn/info/{TIMED_UUID}.html", "2023-09-07", "2023-06-20", None, "2023-09-07"),
        (f"http://h.gov.cn/info/{TIMED_UUID}.html", "2023-09-07", "2023-09-04", ("2023-09-07", "meta"), ""),
    ],
)  # fmt: skip
def test_migrations(url: str, head: str, signed: str, expected: tuple[str, str] | None, dropped: str) -> None:
    year, month, day = signed.split("-") if signed else ("", "", "")
    found = read(meta(head) if head else "", signed=f"{year}年{int(month)}月{int(day)}日" if signed else "", url=url)
    assert found.published == (Dated(date.fromisoformat(expected[0]), expected[1]) if expected else None)
    told = (f"{dropped} is the day of a migration, not of publication",) if dropped else ()
    assert found.problems == told


def test_publication_writing_and_the_days_of_events_are_kept_apart() -> None:
    above = "<p>发布时间：2021-03-05</p><p>成文日期：2021年3月1日</p><p>开始时间：2021-04-01</p>"
    found = read(above=above, signed="二〇二一年三月一日")
    assert found.published == Dated(date(2021, 3, 5), "label")
    assert found.written == Dated(date(2021, 3, 1), "table")
