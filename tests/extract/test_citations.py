"""Citations: the numbers and titles a text cites, in one spelling, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.citations import citations, issuer_of_number, normal_number, normal_title, own_number

RANKS = {"河北省": "provincial", "廊坊市": "city", "北京市": "provincial", "丰台区": "city"}


def found(text: str) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.number, one.title, one.issuer) for one in citations(text, RANKS)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "number",
    [
        "京政发〔2014〕12号",
        "京政发[2014]12号",
        "京政发（2014）第12号",
        "京政发〔 2014 〕 012 号",
        "京 政 发【２０１４】１２号",
        "京政发﹝2014﹞12号",
    ],
)
def test_a_number_has_one_spelling(number: str) -> None:
    assert normal_number(f"详见附件。{number}") == "京政发〔2014〕12号"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("根据国发〔2014〕12号精神", ["国发〔2014〕12号"]),
        ("按照京政发〔2014〕12号和津政办发〔2015〕3号的要求", ["京政发〔2014〕12号", "津政办发〔2015〕3号"]),
        ("依据北京市人民政府令第200号执行", ["北京市人民政府令第200号"]),
        ("国务院令（第588号）公布", ["国务院令第588号"]),
        ("见税务总局公告2020年第8号", ["税务总局公告2020年第8号"]),
        ("审图号：GS（2016）1610号", []),
        ("联系电话〔2014〕没有号", []),
        ("长安街12号", []),
    ],
)
def test_numbers_in_a_sentence(text: str, wanted: list[str]) -> None:
    assert [number for number, *_ in found(text)] == wanted


def test_a_title_with_its_number_is_one_citation() -> None:
    text = "落实《国务院关于加快发展的意见》（国发〔2014〕12号），制定本办法。"
    (one,) = citations(text)
    assert (one.number, one.title, one.issuer) == ("国发〔2014〕12号", "国务院关于加快发展的意见", "national")
    assert text[one.start : one.end] == "《国务院关于加快发展的意见》（国发〔2014〕12号）"


def test_a_number_far_behind_a_title_is_another_citation() -> None:
    assert found("落实《京津冀协同发展规划纲要》，并按冀政发〔2015〕7号执行。") == [
        (None, "京津冀协同发展规划纲要", "national"),
        ("冀政发〔2015〕7号", None, "provincial"),
    ]


def test_works_that_are_no_policies_are_no_citations() -> None:
    assert found("据《人民日报》报道，纪录片《大国重器》和《新闻联播》播出。") == []


def test_a_short_name_stands_for_the_full_title() -> None:
    text = "《廊坊市临空产业发展规划》（以下简称《规划》）印发。《规划》提出，《规划》要求"
    assert found(text) == [(None, "廊坊市临空产业发展规划", "city")] * 3


def test_a_title_broken_over_lines_or_in_other_forms_has_one_spelling() -> None:
    assert normal_title("关于京津冀\n协同 发展(2016-2020年)的⼀些意见") == "关于京津冀协同发展（2016—2020年）的一些意见"


@pytest.mark.parametrize(
    ("number", "issuer"),
    [
        ("国发〔2014〕12号", "national"),
        ("国办函〔2020〕129号", "national"),
        ("中办发〔2015〕45号", "national"),
        ("发改地区〔2015〕738号", "national"),
        ("财税〔2015〕116号", "national"),
        ("京政发〔2014〕12号", "provincial"),
        ("冀办字〔2014〕18号", "provincial"),
        ("粤府办〔2007〕44号", "provincial"),
        ("北京市人民政府令第200号", "provincial"),
        ("廊政发〔2015〕20号", "city"),
        ("保政办函〔2021〕52号", "city"),
        ("涿政发〔2017〕14号", "city"),
        ("某某〔2017〕14号", None),
    ],
)
def test_the_issuer_of_a_number(number: str, issuer: str | None) -> None:
    assert issuer_of_number(number) == issuer


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("中华人民共和国安全生产法", "national"),
        ("交通运输部关于服务发展的指导意见", "national"),
        ("河北省大气污染防治条例", "provincial"),
        ("浙江省旅游业发展规划", "provincial"),
        ("廊坊市城市总体规划", "city"),
        ("北京市丰台区招商办法", "city"),
        ("关于加强合作的意见", None),
    ],
)
def test_the_issuer_of_a_title(title: str, issuer: str | None) -> None:
    assert found(f"根据《{title}》") == [(None, title, issuer)]


def test_the_texts_own_number_is_no_citation() -> None:
    text = "冀政发〔2015〕7号\n河北省人民政府关于合作的意见\n根据国发〔2014〕12号，"
    assert own_number(text) == "冀政发〔2015〕7号"
    assert [number for number, *_ in found(text)] == ["国发〔2014〕12号"]
    assert own_number("发文字号：京政发〔2014〕12号 发布日期：2014-02-01") == "京政发〔2014〕12号"
    assert own_number("根据国发〔2014〕12号，") is None


PIECES = (
    "《",
    "》",
    "（",
    "）",
    "〔2014〕12号",
    "国发",
    "令第3号",
    "公告2020年第8号",
    "以下简称",
    "规划",
    "的意见",
    "\n",
    " ",
    "根据",
    "😀",
    "〈",
    "〉",
)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_every_citation_stands_where_it_says(text: str) -> None:
    for one in citations(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.number or one.title
        words = normal_title(text[one.start : one.end])
        assert "号" in words if one.number else words.startswith("《") and words.endswith("》")


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in citations(text))
