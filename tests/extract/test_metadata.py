"""Source, number and issuers, in the wordings of many sites."""

from __future__ import annotations

import pytest

from extract.metadata import FIELDS, Fragment, clean_number, labelled, number_line, order_number, stamped_source
from extract.page import read_page

TEXT = (
    "<p>本市与毗邻地区昨日举行产业对接会，双方围绕装备制造、新材料等领域，就共建园区的规划、用地和税收分享达成一致。</p>"
    "<p>会议提出，要建立定期会商机制，统筹推进交通、生态和公共服务领域的合作；年内完成首批项目的选址和审批。</p>"
)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("来源：甲市日报　浏览次数：3", "甲市日报"),
        ("稿源： <a href='/x'>甲市日报</a> 编辑：李某", "甲市日报"),
        ("來源：中央社　作者：陳某", "中央社"),
        ("Source: 甲市日报", "甲市日报"),
        ("【信息来源：市商务局】【浏览次数：88】", "市商务局"),
        ("转载自：新华社", "新华社"),
        ("2020-05-06 08:16　甲市日报　作者：某某", "甲市日报"),
        ("<span>2020年05月06日 16:35</span> <span>发改局</span> 点击：[3]", "发改局"),
        ("http://www.x.com 2009年03月16日 09:07 商业观察网", "商业观察网"),
        ("<div>2020-05-06</div><div>区商务局</div>", "区商务局"),
        ("来源： 作者：李某 发布时间：2020-05-06", None),
        ("发布时间：2020-05-06 发布人：admin", None),
        ("2020-05-06 张三", None),
    ],
)
def test_source(line: str, source: str | None) -> None:
    html = f"<title>两地举行对接会</title><h1>两地举行对接会</h1><div>{line}</div><div>{TEXT}</div>"
    assert read_page(html.encode(), "http://x.gov.cn/a/1.html").source == source


def test_a_stamp_counts_only_near_the_beginning_of_a_short_line() -> None:
    assert stamped_source("会议于2020年5月6日 甲市日报") == "甲市日报"
    assert stamped_source("甲" * 60 + "2020年5月6日 甲市日报") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("京政发［2020］1号", "京政发〔2020〕1号"),
        ("丰政办规〔２０２０〕５号", "丰政办规〔2020〕5号"),
        ("清政字﹝2015﹞41号", "清政字〔2015〕41号"),
        ("（甲政发【2018】3号）", "甲政发〔2018〕3号"),
        ("无", None),
        ("―", None),
    ],
)
def test_numbers(text: str, number: str | None) -> None:
    assert clean_number(text) == number


def test_lines_that_are_numbers() -> None:
    assert number_line("京政发〔2020〕1号") == "京政发〔2020〕1号"
    assert number_line("根据京政发〔2020〕1号文件精神，现通知如下。") is None
    assert order_number("2021年第5号") == "2021年第5号"
    assert order_number("甲市人民政府令第12号") == "甲市人民政府令第12号"


def test_an_order_is_issued_by_whom_its_number_names() -> None:
    html = (
        "<title>甲市开发区办法</title><h1>甲市开发区办法</h1><p>发布时间：2008-02-01</p><div><p>甲市人民政府令</p>"
        f"<p>第12号</p>{TEXT}<p>市长　李某某</p><p>二○○八年一月二十日</p></div>"
    )
    found = read_page(html.encode(), "http://x.gov.cn/a/1.html")
    assert (found.doc_number, found.issuers) == ("甲市人民政府令第12号", ("甲市人民政府",))
    assert found.written is not None and found.written.day.isoformat() == "2008-01-20"


@pytest.mark.parametrize("field", FIELDS)
def test_every_label_is_read_with_and_without_gaps(field: str) -> None:
    for label in FIELDS[field]:
        for written in (label, " ".join(label), label.upper()):
            found = labelled((Fragment(f"某某 {written}：甲乙", None, "before"),))
            assert [(item.field, item.value) for item in found] == [(field, "甲乙")], written


def test_the_longest_label_counts_and_look_alike_letters_are_no_mistake() -> None:
    def fields(text: str) -> list[str]:
        return [item.field for item in labelled((Fragment(text, None, "before"),))]

    assert fields("信息来源单位：甲局 发文日期：2020-01-02 日期：2020-01-03") == ["source", "written", "dated"]
    assert len(fields("ſource：甲局")) <= 1
