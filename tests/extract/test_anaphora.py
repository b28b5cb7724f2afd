"""Words that point back: 双方, 三地, 该县, 当地 mean what was named, and nothing when that is not clear."""

from __future__ import annotations

import pytest

from tests.extract.reading import pairs


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("怀柔区教委和丰宁满族自治县教育局负责人会面。双方签署合作协议。", {"怀柔-丰宁"}),
        ("种子由津南区提供，土地由曹妃甸区拿出。两地联手试种小站稻。", {"津南-曹妃甸"}),
        ("昌黎县同延庆区、怀来县座谈。会议开了一天。三地建立联席会议制度。", {"延庆-昌黎", "延庆-怀来", "昌黎-怀来"}),
        ("固安县的电子厂是大兴区与该县合作兴办的。", {"大兴-固安"}),
        ("在沧州市，北京的企业入驻当地园区。", {"北京-沧州"}),
    ],
)
def test_what_pointing_words_mean(text: str, wanted: set[str]) -> None:
    assert pairs(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "固安县、永清县和大兴区负责人参加会议。双方签署合作协议。",
        "中俄两国元首在北京会见。双方签署合作协议。",
        "廊坊市与固安县负责人会面。双方签署合作协议。",
        "怀来县与延庆区相邻。气候干燥。降水稀少。雨热同期。双方签署合作协议。",
        "列车从怀来县开出，延庆区两区间封闭施工，联合检修。",
    ],
)
def test_what_they_do_not_mean(text: str) -> None:
    assert pairs(text) == set()


def test_three_places_of_a_text_about_the_region_are_its_provinces() -> None:
    text = "会议在固安县召开，昌平区和武清区的企业参加。三地将联合攻关。"
    assert pairs(text, title="京津冀产业合作会议举行") == set()
