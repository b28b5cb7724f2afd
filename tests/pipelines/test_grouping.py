"""Reposts are one document; a text with one place, number or name changed is another, however alike they are."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.grouping import Group, Grouping, Text, same_documents

CITIES = ("廊坊市", "武清区", "沧州市", "静海区", "北京市", "天津市", "保定市", "唐山市")
LINES = (
    "廊坊市与天津市武清区签署产业合作框架协议，双方将共建高端装备制造产业园区，规划面积15平方公里。",
    "根据协议，两地建立联席会议制度，定期会商产业转移中的具体问题，统筹推进基础设施和公共服务。",
    "首批12家企业总投资35亿元，计划于2016年6月底前开工，由廊坊市提供土地和配套设施。",
    "双方还将在人才培养、技术攻关、成果转化等方面加强合作，推动上下游企业协同配套，共同打造区域产业高地。",
)
TEXT = "\n".join(LINES)
TITLE = "廊坊市与武清区签署产业合作框架协议"
FULL_WIDTH = str.maketrans("0123456789,()", "０１２３４５６７８９，（）")


def places(_: str, text: str) -> frozenset[str]:
    return frozenset(city for city in CITIES if city in text)


def grouped(texts: Iterable[Text]) -> list[Group]:
    known = {text.doc_id: text for text in texts}
    return same_documents(known.values(), CITIES, again(known), places)


def again(known: dict[str, Text]) -> Callable[[Collection[str]], list[Text]]:
    return lambda doc_ids: [known[doc_id] for doc_id in doc_ids]


def one(text: str, title: str = TITLE, number: str | None = None) -> bool:
    """Whether a text is the same document as TEXT."""
    first = Text("a", TEXT, TITLE)
    return grouped([first, Text("b", text, title, number)]) == [("a", "b")]


@pytest.mark.parametrize(
    "repost",
    [
        TEXT.translate(FULL_WIDTH),
        TEXT.replace("\n", ""),
        TEXT.replace("，", " ").replace("。", "\n　　"),
        TEXT.replace("，", "、").replace("。", "；"),
        "来源：廊坊日报　作者：某某\n" + TEXT + "\n（责任编辑：某某）",
        "发布时间：2016-03-02 来源：武清区政府网 \n" + TEXT,
        "新华社天津3月2日电（记者某某）" + TEXT,
        TITLE + "\n来源：廊坊日报 发布时间：2016-03-02 09:30\n" + TEXT,
        TITLE + "来源：新华网发布时间：2016-03-02" + TEXT.replace("\n", ""),
        "编者按：近日，廊坊市与天津市在产业协同方面迈出新的一步，现将有关情况转载如下，供各地参考。\n" + TEXT,
        "\n".join(LINES[:3]),
        TEXT[:-20],
        TEXT + "\n双方有关负责同志出席签署活动。",
        "本站讯　" + TEXT.replace("具体问题", "有关问题"),
    ],
)
def test_what_a_repost_changes_makes_no_other_document(repost: str) -> None:
    assert one(repost)


def test_a_changed_headline_makes_none_either() -> None:
    assert one(TEXT, "廊坊武清携手共建产业园区")
    assert one("廊坊武清携手共建产业园区\n" + TEXT, "廊坊武清携手共建产业园区")
    assert one(TEXT, "")


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("廊坊市", "沧州市"),
        LINES[0] + "\n" + LINES[1] + "\n" + LINES[2].replace("廊坊市", "武清区") + "\n" + LINES[3],
        TEXT + "\n保定市派员观摩。",
        TEXT + "\n上海市派员观摩。",
        TEXT.replace("15", "16"),
        TEXT.replace("35亿元", "36亿元"),
        TEXT.replace("2016年", "2017年"),
        TEXT.replace("首批", "第二批"),
        TEXT.replace("两地", "三地"),
        TEXT.replace("由廊坊市提供", "不由廊坊市提供"),
        "\n".join(LINES[:1]),
    ],
)
def test_another_place_number_or_meaning_makes_another_document(other: str) -> None:
    assert not one(other)


def test_the_places_of_two_texts_stand_in_the_same_order() -> None:
    swapped = TEXT.replace("廊坊市与天津市武清区", "天津市武清区与廊坊市")
    assert places("", swapped) == places("", TEXT)
    assert not one(swapped)


def test_one_swapped_place_outside_the_region_makes_another_document() -> None:
    more = "\n随后，武汉代表到会交流经验，会议取得圆满成功。"
    assert grouped([Text("a", TEXT + more), Text("b", TEXT + more.replace("武汉", "上海"))]) == []
    assert grouped([Text("a", TEXT + more), Text("b", TEXT + more + "完")]) == [("a", "b")]


def test_a_name_resolved_to_another_unit_makes_another_document() -> None:
    """新华区 of 石家庄 and of 沧州: the words are the same, the places are not."""
    known = {text.doc_id: text for text in (Text("a", TEXT, TITLE), Text("b", TEXT + "\n特此通知。", TITLE))}
    found = same_documents(known.values(), CITIES, again(known), lambda doc_id, _: frozenset({doc_id}))
    assert found == []


NOTICE = (
    "各县（市、区）人民政府，市政府各部门：\n为做好全市产业转移承接工作，现将有关事项通知如下，请认真贯彻执行。\n"
    "要加强组织领导，明确责任分工，细化工作措施，确保各项任务落到实处。\n要强化督促检查，及时总结经验，按时报送进展情况。"
)


@pytest.mark.parametrize(
    ("titles", "same"),
    [
        (("关于做好2015年产业转移承接工作的通知", "关于做好2016年产业转移承接工作的通知"), False),
        (("关于做好产业转移承接工作的通知（第二批）", "关于做好产业转移承接工作的通知（第三批）"), False),
        (("关于做好上半年产业转移承接工作的通知", "关于做好下半年产业转移承接工作的通知"), False),
        (("关于做好2015年产业转移承接工作的通知", "关于做好产业转移承接工作的通知"), True),
        (("廊坊市做好产业转移承接工作的通知", "沧州市做好产业转移承接工作的通知"), False),
        (("关于做好产业转移承接工作的通知", "产业转移承接工作：市政府发出通知"), True),
        (("关于451路调整的建议", "关于603路调整的建议"), False),
    ],
)
def test_notices_of_one_wording_are_told_apart_by_their_headlines(titles: tuple[str, str], same: bool) -> None:
    texts = [Text(title, NOTICE + "\n" * at + "特此通知。" * at, title) for at, title in enumerate(titles)]
    if titles[0].count("2015") and same:
        texts[1] = replace(texts[1], text="2015年以来，" + NOTICE)
        texts[0] = replace(texts[0], text="2015年以来，" + NOTICE + "特此通知。")
    assert bool(grouped(texts)) is same


@pytest.mark.parametrize("changed", ["535路加站", "534路加站"])
def test_a_first_line_that_tells_the_headline_with_another_number_is_no_note(changed: str) -> None:
    title, answer = "建议534路加站", "\n来信收悉，现答复如下：" + NOTICE
    texts = [
        Text("a", f"{title}\n{title}，谢谢{answer}", title),
        Text("b", f"{title}\n建议{changed}，谢谢{answer}完", title),
    ]
    assert bool(grouped(texts)) is (changed in title)


def test_yearly_notices_dated_in_their_last_line_are_apart() -> None:
    texts = [Text(f"{year}", f"{TEXT}\n{year}年3月2日", TITLE) for year in range(2000, 2020)]
    assert grouped(texts) == []


def test_a_cut_text_that_fits_two_documents_is_given_to_neither() -> None:
    dated = [Text(f"{year}", f"{TEXT}\n{year}年3月2日", TITLE) for year in (2015, 2016)]
    assert grouped([*dated, Text("cut", TEXT, TITLE)]) == []
    assert grouped([*dated, Text("cut", TEXT, TITLE), Text("cut2", TEXT + "完", TITLE)]) == [("cut", "cut2")]
    assert grouped([dated[0], Text("cut", TEXT, TITLE)]) == [("2015", "cut")]


def test_different_document_numbers_are_different_documents() -> None:
    def pair(one: str | None, other: str) -> list[Group]:
        return grouped([Text("a", TEXT, TITLE, one), Text("b", other, TITLE)])

    printed = "廊政字〔2015〕3号\n" + TEXT
    assert pair(None, printed) == pair("廊政字〔2015〕3号", printed) == pair("廊政字[2015]3号", printed) == [("a", "b")]
    assert pair("廊政字〔2015〕4号", printed) == []


def test_a_text_without_a_number_never_joins_two_that_have_different_ones() -> None:
    texts = [
        Text("a", TEXT + "特此通知。", TITLE),
        Text("b", TEXT, TITLE, "廊政字〔2015〕3号"),
        Text("c", TEXT + "完", TITLE, "廊政字〔2015〕4号"),
    ]
    assert all(not {"b", "c"} <= set(group) for group in grouped(texts))


# One text or any others: order, batches, processes ---------------------------------------------------------------


def family() -> list[Text]:
    """Reposts and near-misses of a few documents, of which some could be copies of others."""
    found = []
    for city, number, year in product(("廊坊市", "沧州市"), ("15", "16"), ("", "\n2015年3月2日", "\n2016年3月2日")):
        text = (TEXT + year).replace("廊坊市", city).replace("15平方", f"{number}平方")
        noted = ("来源：某某日报\n" + text, "编者按：供各地参考。\n" + text)
        forms = (text, *noted, text + "完", "\n".join(text.split("\n")[:3]), text[:60])
        name, title = f"{city}{number}{year.strip()}", TITLE.replace("廊坊市", city)
        found += [Text(f"{name}-{at}", form, title) for at, form in enumerate(forms)]
    found += [Text(f"few{at}", "两地加强合作，" + "共同推进协同发展。" * (at % 3 + 1)) for at in range(5)]
    return [*found, Text("empty", "，"), Text("short", "合作"), Text("same", "合作。")]


FAMILY = family()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(FAMILY), unique_by=lambda text: text.doc_id, max_size=30), st.data())
def test_batches_in_any_order_give_what_all_at_once_gives(texts: Sequence[Text], data: st.DataObject) -> None:
    known = {text.doc_id: text for text in texts}
    growing = Grouping(CITIES, again(known), places)
    rest = list(data.draw(st.permutations(texts)))
    while rest:
        some = data.draw(st.integers(1, len(rest)))
        growing.add(rest[:some])
        rest = rest[some:]
    assert growing.groups() == grouped(texts)


def test_a_group_never_names_two_sets_of_places() -> None:
    by_id = {text.doc_id: text for text in FAMILY}
    found = grouped(FAMILY)
    assert len(found) >= 8
    for group in found:
        assert len({places("", by_id[doc_id].text) for doc_id in group}) == 1


def test_nothing_that_a_new_document_does_not_meet_is_compared_again() -> None:
    known = {text.doc_id: text for text in FAMILY}
    read: list[str] = []

    def counted(doc_ids: Collection[str]) -> list[Text]:
        read.extend(doc_ids)
        return [known[doc_id] for doc_id in doc_ids]

    grouping = Grouping(CITIES, counted, places)
    grouping.add(FAMILY)
    read.clear()
    new = Text("new", TEXT.replace("廊坊市", "唐山市"), TITLE)
    known[new.doc_id] = new
    grouping.add([new])
    assert read == []
    known["newer"] = Text("newer", "来源：某某日报\n" + new.text, TITLE)
    grouping.add([known["newer"]])
    assert sorted(read) == ["new", "newer"]
    assert ("new", "newer") in grouping.groups()


def test_another_process_with_another_hash_seed_gives_the_same() -> None:
    code = "from tests.pipelines.test_grouping import FAMILY, grouped; print(grouped(FAMILY))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "77")
    }
    assert len(found) == 1
    assert found.pop().decode().strip() == str(grouped(FAMILY))


def test_texts_of_one_pattern_cost_no_more_than_others() -> None:
    """Thousands that differ in one place, number or date alone are never compared with each other."""
    chance = random.Random(5)

    def pattern(at: int) -> Text:
        return Text(f"{at}", TEXT.replace("15平方", f"{at}平方").replace("廊坊市", chance.choice(CITIES)), TITLE)

    def none(doc_ids: Collection[str]) -> list[Text]:
        raise AssertionError(f"{len(doc_ids)} texts of one pattern were compared")

    grouping = Grouping(CITIES, none, places)
    grouping.add(map(pattern, range(3000)))
    assert grouping.groups() == []
