"""The whole reading of a text: it raises for none, points at its words, and is the same everywhere."""

from __future__ import annotations

import pickle
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Context
from tests.extract.reading import extractor

NAMES = "北京 天津市 河北省 廊坊 固安县 雄安新区 中关村 京津冀 通武廊 北三县 我市 上海"
ACTS = "签署 协议 共建 承接 转移 疏解 非首都功能 落户 三地 共同 分别 产业园 对接 大学"
WORDS = st.sampled_from([*"与和、，。；的在向从到（）“”《》 \n", *NAMES.split(), *ACTS.split()])


def check(text: str, context: Context) -> None:
    found = extractor().extract(text, context)
    for pair in found.pairs:
        assert pair.a < pair.b
        assert text[pair.evidence.start : pair.evidence.end] == pair.evidence.text != ""
        assert pair.types and pair.domains and pair.rule
        assert not extractor().gazetteer.related(pair.a, pair.b) or "F-" in pair.a + pair.b
    for match in found.tag.matched:
        assert text[match.start : match.end] == match.text
    assert bool(found.pairs) <= found.tag.policy
    assert 0 <= found.tag.score <= 1
    assert found == extractor().extract(text, context)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=40), st.sampled_from([None, "131000", "120000"]))
def test_spans_are_exact_in_any_arrangement_of_words(words: list[str], publisher: str | None) -> None:
    check("".join(words), Context(publisher=publisher, day=date(2020, 1, 1)))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=20))
def test_it_raises_for_no_text(text: str, title: str) -> None:
    check(text, Context(title=title))


def test_long_text_without_punctuation_is_read_in_linear_time() -> None:
    found = extractor().extract("北京与天津" * 20_000, Context())
    assert found.places.mentions


def test_it_can_be_sent_to_another_process() -> None:
    text, context = "静海区与沧州市签署合作协议。", Context(day=date(2020, 1, 1))
    assert pickle.loads(pickle.dumps(extractor())).extract(text, context) == extractor().extract(text, context)
