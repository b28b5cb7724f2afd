"""The policy tag: what speaks for it, at which level, and with which words."""

from __future__ import annotations

import pytest

from tests.extract.reading import read


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("北京市与天津市签署合作协议。", "province"),
        ("保定市与沧州市签署合作协议。", "city"),
        ("雄安新区与保定市签署合作协议。", "city"),
        ("保定市与天津市静海区签署合作协议。", "county"),
        ("京津冀三地民政部门签署养老服务协议。", "region"),
        ("今年全市粮食产量再创新高。", "none"),
    ],
)
def test_the_level_is_that_of_the_most_specific_pair(text: str, level: str) -> None:
    tag = read(text).tag
    assert tag.level == level
    assert tag.policy == (level != "none")


def test_a_slogan_is_no_policy() -> None:
    assert not read("要推动京津冀协同发展。").tag.policy


def test_every_matched_rule_points_at_words() -> None:
    text = "京津冀三地签署协议。静海区与沧州市共建产业园，并承接北京市项目。"
    tag = read(text).tag
    assert tag.matched
    assert all(text[match.start : match.end] == match.text for match in tag.matched)
    assert 0 < tag.score <= 1


def test_score_grows_with_what_speaks_for_policy() -> None:
    one = read("保定市与沧州市签署合作协议。").tag.score
    more = read("保定市与沧州市签署合作协议。衡水市与邢台市共建产业园。").tag.score
    assert 0 < one < more <= 1
    assert read("").tag.score == 0


def test_industrial_is_kept_apart() -> None:
    assert read("静海区与沧州市共建汽车产业园。").tag.industrial
    assert not read("静海区与沧州市签署医疗卫生合作协议。").tag.industrial


def test_types_and_domains_are_those_of_the_pairs() -> None:
    tag = read("静海区与沧州市签署教育合作协议。").tag
    assert tag.types == ("agreement",)
    assert tag.domains == ("public_service",)
