"""What holds for every text: exact spans, no exception, linear time, and the same answer wherever it is asked."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.gazetteer import fold
from extract.model import Context, Extraction
from flows.rows import day_of
from tests.extract.reading import extractor

ROOT = Path(__file__).resolve().parents[2]
AUTHORED = sorted((ROOT / "tests" / "gold").glob("authored-*.jsonl"))
STATED = "北京市与天津市签署合作协议，"
HAN = [chr(point) for point in range(0x4E00, 0x9FA6)]
STRANGE = {
    "controls": "\x00\x07\x1b\x7f\x85",
    "private use": "\ue000\uf8ff\U000f0000",
    "combining": "北\u0301\u20dd\u3099京",
    "right to left": "\u202eשלום مرحبا\u202c\u200f",
    "joiners": "北\u200b京\u2060\ufeff与\u200d天津",
    "not characters": "\ufffe\uffff\U0010ffff",
    "astral": "𠀀😀👨‍👩‍👧🇨🇳",
    "lone brackets": "《“（【〔『",
    "closing brackets": "》”）】〕』",
    "separators": "\u2028\u2029\u3000\x0b\x0c\r",
}
PLACES = "北京 天津市 河北省 廊坊 固安县 新华区 和平 雄安新区 中关村 京津冀 通武廊 北三县 我市 上海 合作市 京郊 首钢"
WORDS = "签署 协议 共建 承接 转移 分别 三地 双方 非首都功能 产业园 甲方： 乙方： 2015年 结对 —— 不再 大学 街道 快速路"
PIECES = st.one_of(
    st.sampled_from([*PLACES.split(), *WORDS.split(), *"与和、，。；：的在向从到（）“”《》·/ \n"]),
    st.sampled_from(list(STRANGE.values())),
    st.text(max_size=6),
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
PUBLISHERS = st.sampled_from([None, "110000", "131000", "131022", "F-HE-XIONGAN", "nowhere"])
DAYS = st.sampled_from([None, date(1986, 5, 1), date(2009, 11, 12), date(2026, 1, 1)])


def check_spans(text: str, context: Context, found: Extraction) -> None:
    """Every offset slices the text to the words that are claimed; a rule that fired on the title quotes the title."""
    spans = [*found.places.mentions, *found.places.vetoes, *(pair.evidence for pair in found.pairs)]
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
    for match in found.tag.matched:
        assert text[match.start : match.end] == match.text or (match.end == 0 and match.text in context.title)


@settings(max_examples=250, deadline=None)
@given(TEXTS, TEXTS, PUBLISHERS, DAYS)
@example("", "", None, None)
@example(f"{STATED}{''.join(STRANGE.values())}", "京津冀", "131000", None)
def test_every_span_slices_its_text_and_no_text_raises(
    text: str, title: str, publisher: str | None, day: date | None
) -> None:
    context = Context(title=title, publisher=publisher, publisher_name=title, day=day)
    check_spans(text, context, extractor().extract(text, context))


@pytest.mark.parametrize("name", STRANGE)
def test_a_sentence_of_a_hundred_thousand_strange_characters_is_read(name: str) -> None:
    text = STATED + (STRANGE[name] * 100_000)[:100_000] + STATED
    context = Context(day=date(2020, 1, 1))
    found = extractor().extract(text, context)
    check_spans(text, context, found)
    assert ("110000", "120000") in {(pair.a, pair.b) for pair in found.pairs}


# Sizes at which the shortest takes a good part of a tenth of a second, so that growth can be told from noise.
HOSTILE = {
    "dense statements": ("静海区与沧州市、廊坊市签署合作协议，共建产业园，承接北京企业转移。", 5_000),
    "dense statements in one sentence": ("静海区与沧州市、廊坊市签署合作协议，共建产业园，承接北京企业转移，", 4_000),
    "brackets never closed": ("（《“【", 400_000),
    "brackets never opened": ("北京（天津）》“廊坊", 7_000),
    "与": ("与", 400_000),
    "places and 与": ("北京与", 8_000),
    "places": ("固安县武清区廊坊市", 10_000),
    "places in a list": ("北京、天津、廊坊、", 12_000),
    "namesakes": ("新华区桥西区和平", 8_000),
    "digits": ("0123456789", 400_000),
    "years": ("2015年1月", 400_000),
    "predicates": ("签署共建转移承接", 200_000),
    "我市": ("我市与", 8_000),
    "双方": ("双方共同签署", 300_000),
    "rows": ("河东区——滦州市\n", 8_000),
    "a contract": ("甲方：北京市\n乙方：天津市\n", 15_000),
    "line breaks": ("\n", 400_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear(name: str) -> None:
    """Twice the text takes twice the time; four times would be quadratic, and three is neither by far."""
    piece, size = HOSTILE[name]

    def seconds(times: int) -> float:
        text = STATED + (piece * (size * times // len(piece) + 1))[: size * times] + STATED
        begun = time.process_time()
        extractor().extract(text, Context(publisher="131000", day=date(2020, 1, 1)))
        return time.process_time() - begun

    for _ in range(3):
        one, two, four = seconds(1), seconds(2), seconds(4)
        if min(two / one, four / two) < 3:
            return
    pytest.fail(f"{name}: {one:.3f} s, {two:.3f} s, {four:.3f} s for one, two and four times {size} characters")


@pytest.mark.parametrize("between", ["", "。"])
def test_two_megabytes_of_random_characters_take_seconds(between: str) -> None:
    chance = random.Random(20261121)
    drawn = "".join(chance.choices(HAN, k=2_000_000 // len("字".encode())))
    text = STATED + between.join(drawn[at : at + 60] for at in range(0, len(drawn), 60))
    extractor()
    begun = time.process_time()
    found = extractor().extract(text, Context())
    assert time.process_time() - begun < 5
    assert found.pairs


@cache
def authored() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for path in AUTHORED for line in path.read_text(encoding="utf-8").splitlines())


def speaks(row: dict[str, Any]) -> Context:
    day, name = day_of(row), row.get("publisher") or ""
    publisher = extractor().gazetteer.resolve_publisher(name, day) if name else None
    return Context(title=row["title"] or "", publisher=publisher, publisher_name=name, day=day)


def extracted(row: dict[str, Any]) -> Extraction:
    return extractor().extract(row["text"], speaks(row))


def test_threads_and_order_do_not_matter() -> None:
    rows = list(authored())
    alone = [extracted(row) for row in rows]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(extracted, rows)) == alone
    assert [extracted(row) for row in reversed(rows)] == alone[::-1]


def test_process_hash_seed_locale_and_order_do_not_matter(tmp_path: Path) -> None:
    def lines(order: Callable[[list[str]], Iterator[str]], **environment: str) -> dict[str, str]:
        given = [line for path in AUTHORED for line in path.read_text(encoding="utf-8").splitlines()]
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_text("\n".join(order(given)), encoding="utf-8")
        command = [sys.executable, "-c", "from flows.command_line import main; main()"]
        subprocess.run(
            [*command, "extract", str(source), str(target), "--workers", "1"],
            env={**os.environ, **environment},
            cwd=ROOT,
            check=True,
            timeout=120,
        )
        return {json.loads(line)["id"]: line for line in target.read_text(encoding="utf-8").splitlines()}

    one = lines(iter, PYTHONHASHSEED="0", LC_ALL="C", TZ="UTC")
    assert len(one) == len(authored())
    assert lines(reversed, PYTHONHASHSEED="4242", LC_ALL="zh_CN.GB18030", TZ="Asia/Shanghai") == one


ELSEWHERE = {
    "agreement": "浙江省杭州市与江苏省苏州市签署文化旅游合作协议。",
    "weather": "上海市气象台昨日发布高温预警，提醒市民减少外出。",
    "park": "广东省深圳市、东莞市共建科技园区，承接广州市转移的企业。",
}
"""Paragraphs of our own about places of other regions."""


def told(text: str, context: Context) -> tuple[object, ...]:
    """What a text tells, wherever in it."""
    found = extractor().extract(text, context)
    pairs = sorted(
        (p.a, p.b, p.types, p.domains, p.status, p.direction or "", p.via, p.year or 0, p.evidence.text, p.rule)
        for p in found.pairs
    )
    return pairs, found.tag.level, found.tag.policy


@pytest.mark.parametrize("about", ELSEWHERE)
def test_a_paragraph_about_another_region_behind_a_text_changes_nothing(about: str) -> None:
    for row in authored():
        context = speaks(row)
        assert told(f"{row['text']}\n{ELSEWHERE[about]}", context) == told(row["text"], context), row["id"]


@pytest.mark.parametrize("about", ELSEWHERE)
def test_a_paragraph_about_another_region_before_a_text_changes_nothing(about: str) -> None:
    """Letters are left out: a question to a government is known by the words its text begins with."""
    for row in authored():
        if not row["text"].startswith("网友问"):
            context = speaks(row)
            assert told(f"{ELSEWHERE[about]}\n{row['text']}", context) == told(row["text"], context), row["id"]


@cache
def lookalikes() -> dict[str, list[str]]:
    """Characters that only look like a Chinese character, by that character."""
    found: dict[str, list[str]] = {}
    for point in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(point))
        if len(plain) == 1 and plain != chr(point):
            found.setdefault(plain, []).append(chr(point))
    return found


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_places_are_read_through_characters_that_only_look_alike(data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(authored()))
    swaps = [index for index, char in enumerate(row["text"]) if char in lookalikes()]
    chosen = data.draw(st.sets(st.sampled_from(swaps))) if swaps else set()
    chars = list(row["text"])
    for index in chosen:
        chars[index] = data.draw(st.sampled_from(lookalikes()[chars[index]]))
    text = "".join(chars)
    assert fold(text) == row["text"]
    found, plain = extractor().extract(text, speaks(row)), extracted(row)
    check_spans(text, speaks(row), found)
    assert [(m.start, m.end, m.code, m.kind, m.reason) for m in found.places.mentions] == [
        (m.start, m.end, m.code, m.kind, m.reason) for m in plain.places.mentions
    ]
