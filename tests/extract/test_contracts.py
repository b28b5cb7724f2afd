"""甲方, 乙方, 丙方: a contract names its parties once."""

from __future__ import annotations

from tests.extract.reading import pairs, read


def test_parties_by_their_labels() -> None:
    text = "甲方：北京市西城区人民政府\n乙方：河北省阜平县人民政府\n第一条 甲方每年选派医师到乙方服务。"
    (pair,) = read(text).pairs
    assert (pair.a, pair.b, pair.rule, pair.types) == ("110102", "130624", "contract", ("agreement",))
    assert pair.evidence.text == "甲方：北京市西城区人民政府\n乙方：河北省阜平县"


def test_three_parties_are_three_pairs() -> None:
    assert pairs("甲方（滦平县）、乙方（密云区）、丙方（怀柔区）每季度巡河。") == {
        "怀柔-密云",
        "怀柔-滦平",
        "密云-滦平",
    }


def test_one_label_alone_and_far_apart_make_none() -> None:
    assert pairs("甲方：固安县人民政府\n第一条 总则。") == set()
    assert pairs(f"甲方：固安县人民政府\n{'本条无内容。' * 80}\n乙方：大兴区人民政府") == set()


def test_the_same_label_twice_is_the_same_party() -> None:
    assert pairs("甲方：固安县人民政府\n甲方：大兴区人民政府\n") == set()
