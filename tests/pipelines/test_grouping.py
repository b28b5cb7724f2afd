"""Reposts are one policy; a text with one place, number or name changed is another."""

from __future__ import annotations

import random

from pipelines.grouping import PolicyText, grouped_ids, same_policies

TEXT = (
    "廊坊市与天津市武清区签署产业合作框架协议，双方将共建高端装备制造产业园区，规划面积15平方公里。"
    "根据协议，两地建立联席会议制度，定期会商产业转移中的具体问题，统筹推进基础设施和公共服务。"
    "双方还将在人才培养、技术攻关、成果转化等方面加强合作，推动上下游企业协同配套，共同打造区域产业高地。"
)
CODES = ("120114", "131000")


def grouped(*texts: PolicyText) -> list[tuple[str, ...]]:
    return grouped_ids(same_policies(texts))


def test_a_repost_with_other_wording_around_it_is_the_same_policy() -> None:
    repost = "本站讯　" + TEXT.replace("具体问题", "有关问题") + "双方有关负责同志出席。"
    assert grouped(PolicyText("b", repost, CODES), PolicyText("a", TEXT, CODES)) == [("a", "b")]


def test_one_swapped_city_keeps_two_policies_apart() -> None:
    swapped = PolicyText("b", TEXT.replace("廊坊市", "沧州市"), ("120114", "130900"))
    assert grouped(PolicyText("a", TEXT, CODES), swapped) == []


def test_one_swapped_place_outside_the_region_does_too() -> None:
    here = TEXT + "上海市派员观摩。"
    there = TEXT + "武汉市派员观摩。"
    assert grouped(PolicyText("a", here, CODES), PolicyText("b", there, CODES)) == []


def test_one_other_number_does_too() -> None:
    assert grouped(PolicyText("a", TEXT, CODES), PolicyText("b", TEXT.replace("15", "16"), CODES)) == []
    year = TEXT + "第二批项目开工。"
    assert grouped(PolicyText("a", year, CODES), PolicyText("b", year.replace("第二", "第三"), CODES)) == []


def test_different_document_numbers_do_too() -> None:
    one = PolicyText("a", TEXT, CODES, "廊政字〔2015〕3号")
    assert grouped(one, PolicyText("b", TEXT + "特此通知。", CODES, "廊政字〔2015〕4号")) == []


def test_the_line_with_the_document_number_may_stand_or_be_missing() -> None:
    printed = PolicyText("b", "廊政字〔2015〕3号\n" + TEXT, CODES)
    for number in (None, "廊政字〔2015〕3号"):
        assert grouped(PolicyText("a", TEXT, CODES, number), printed) == [("a", "b")]
    assert grouped(PolicyText("a", TEXT, CODES, "廊政字〔2015〕4号"), printed) == []


def test_the_order_of_the_texts_does_not_matter() -> None:
    texts = [PolicyText(f"{n}", TEXT + "特此通知。" * (n % 3), CODES) for n in range(9)]
    expected = grouped(*texts)
    for seed in range(5):
        random.Random(seed).shuffle(texts)
        assert grouped(*texts) == expected
    assert expected == [tuple("012345678")]
