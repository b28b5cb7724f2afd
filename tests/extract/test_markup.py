"""Trees and lines."""

from __future__ import annotations

import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.markup import given_name, is_hidden, lines, metas, name_of, named, parse, raw_text


def texts(source: str) -> list[str]:
    return [line.text for line in lines(parse(source)[0])]


def test_a_block_is_a_line() -> None:
    source = "<div>甲<p>乙<b>丙</b></p>丁<br>戊<ul><li>己</li><li>庚</li></ul><script>x()</script></div>"
    assert texts(source) == ["甲", "乙丙", "丁", "戊", "己", "庚"]


def test_a_row_of_data_is_a_line_with_tabs() -> None:
    source = "<table><tr><td><p>序号</p></td><td>项目</td></tr><tr><td>1</td><td>甲<br>乙</td></tr></table>"
    assert texts(source) == ["序号\t项目", "1\t甲 乙"]


def test_a_table_that_frames_the_page_is_no_row() -> None:
    inner = "<table><tr><td>一</td><td>二</td></tr></table>"
    assert texts(f"<table><tr><td>菜单</td><td><p>甲</p>{inner}<p>乙</p></td></tr></table>") == [
        "菜单",
        "甲",
        "一\t二",
        "乙",
    ]


def test_white_space() -> None:
    assert texts("<p>　　我市\n与　　北京市&nbsp;签约</p>") == ["我市与 北京市 签约"]
    assert texts("<pre>第一行\n第二行</pre>") == ["第一行\n第二行"]


def test_metas_with_odd_syntax() -> None:
    root, _ = parse(
        "<meta name=\"SiteDomain\"content=\"http://a\"><META content='甲' name='ArticleTitle'><meta name=PubDate>"
    )
    assert metas(root.iter("meta")) == {"sitedomain": "http://a", "articletitle": "甲"}


def test_an_open_comment_swallows_nothing() -> None:
    assert "正文" in "".join(texts("<p>前</p><!-- 旧代码 <p>正文</p>"))


def test_deep_nesting_keeps_the_words_in_linear_time() -> None:
    begun = time.perf_counter()
    root, problems = parse("<div>" * 30_000 + "深处的文字" * 100)
    assert sum(len(line.text) for line in lines(root)) == 500
    assert problems
    assert time.perf_counter() - begun < 20


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["<p>", "</p>", "<td>", "<tr>", "<table>", "</table>", "<a>", "<br>", "甲", "<!--", "<"]))
)
def test_any_markup(pieces: list[str]) -> None:
    for line in lines(parse("".join(pieces))[0]):
        assert line.text == line.text.strip() != ""


def test_a_page_that_holds_its_words_is_not_read_flat() -> None:
    scripts = "<script>for(i=0;i<5;i++){if(a<b&&c>d)x()}</script>" * 40
    for source in (
        scripts + "<p>甲，乙。</p>",
        "<p>" + "1 < 2，3 > 2。" * 60,
        "<!-- " + "旧" * 300 + " --><p>" + "新" * 400,
    ):
        root, problems = parse(source)
        assert not problems
        assert "flat" not in raw_text(root)


def test_names_are_remembered_but_long_ones_are_not_kept() -> None:
    is_menu = named(re.compile(r"(?:^|[\s-])menu(?=$|[\s-])"))
    for kind, expected in (("topMenu", True), ("menus", False), ("x " * 300 + "menu", True), ("", False)):
        for _ in range(2):
            assert is_menu(given_name({"class": kind})) is expected
    assert name_of({"id": "topNav", "class": "Box"}) == "top-nav box"


def test_what_asks_not_to_be_shown() -> None:
    for style in ("display:none", "color:red; DISPLAY : None", "visibility:hidden"):
        assert is_hidden({"style": style})
    assert is_hidden({"hidden": ""})
    assert not is_hidden({"style": "border:none; overflow:hidden"})
