"""What counts as the same text, fetch or statement."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipelines import identity


def test_width_white_space_and_source_lines_do_not_make_another_text() -> None:
    plain = "廊坊市与武清区签署协议。\n共建园区（一期）3平方公里。"
    repost = "来源：廊坊日报\n　　廊坊市与武清区签署协议。\n\n 共建园区(一期)３平方公里。\n（责任编辑：王某）"
    assert identity.doc_id(plain) == identity.doc_id(repost)


def test_a_long_paragraph_that_begins_like_a_source_line_is_text() -> None:
    long = "来源：" + "这一段话说的是资金的来源以及如何使用" * 8
    assert identity.normalised(long) == long.replace("：", ":")


def test_a_text_of_source_lines_only_is_no_document() -> None:
    assert identity.doc_id("来源：新华社\n编辑：李某\n\n") is None


@given(st.text())
def test_storable_keeps_every_offset_and_can_be_encoded(text: str) -> None:
    kept = identity.storable(text)
    assert len(kept) == len(text)
    kept.encode("utf-8")
    assert "\0" not in kept


@given(st.text(), st.text(alphabet=" \t\n\u3000\u00a0\u200b"))
def test_white_space_never_makes_another_document(text: str, blank: str) -> None:
    assert identity.normalised(blank + text) == identity.normalised(text)


FOLDED = "１２（）％，。：…℃Ⅱ①²×—“”㎡か゛́éＡ｡ﾞ⼀"


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "M", "P", "S"))) | st.text(FOLDED))
def test_width_is_folded_as_unicode_says(text: str) -> None:
    assert identity.normalised("文" + text) == "".join(unicodedata.normalize("NFKC", "文" + text).split())
