"""A slip in keywords.yaml must be a message with a line, never a silently different result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import extract
from config.loader import DEFAULT_REGION, load_region
from config.reading import ConfigError, read_yaml
from config.vocabulary import REQUIRED_GROUPS, Vocabulary
from extract.extractor import Extractor
from extract.model import Context

EXTRACT = Path(extract.__file__).parent


def smallest() -> dict[str, Any]:
    groups: dict[str, list[str]] = {name: [f"词{index}"] for index, name in enumerate(REQUIRED_GROUPS)}
    groups["sign"] = ["签署"]
    return {
        "groups": groups,
        "shapes": {"sides": ["<a>~9{with}<b>~9{predicate}"]},
        "rules": [{"name": "sides-sign", "shapes": ["sides"], "predicates": ["sign"], "types": ["agreement"]}],
        "domains": {"industry": ["sign"]},
        "policy": [{"name": "signed", "all": ["sign"]}],
    }


def refusal(tmp_path: Path, data: dict[str, Any]) -> str:
    path = tmp_path / "keywords.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, Vocabulary)
    assert str(caught.value).startswith(f"{path}:")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_shipped_vocabulary_is_valid() -> None:
    vocabulary = read_yaml(DEFAULT_REGION / "keywords.yaml", Vocabulary)
    assert {"transfer", "co_build", "division", "innovation", "agreement", "other"} == {
        kind for rule in vocabulary.rules for kind in rule.types
    }


def test_the_smallest_vocabulary_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "keywords.yaml"
    path.write_text(yaml.safe_dump(smallest(), allow_unicode=True), encoding="utf-8")
    assert read_yaml(path, Vocabulary).rules[0].name == "sides-sign"


def test_the_grammar_reads_no_group_that_a_vocabulary_may_lack(tmp_path: Path) -> None:
    path = tmp_path / "keywords.yaml"
    path.write_text(yaml.safe_dump(smallest(), allow_unicode=True), encoding="utf-8")
    region = replace(load_region(), vocabulary=read_yaml(path, Vocabulary))
    found = Extractor(region).extract(
        "廊坊市词4天津市武清区签署产业合作框架协议。词7词13词14。", Context(publisher="131000")
    )
    assert found.places.mentions


def test_every_group_that_the_grammar_names_is_required() -> None:
    """Else the check for groups that nothing reads would refuse a group that the grammar reads itself."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in EXTRACT.glob("*.py"))
    named = set(re.findall(r"""groups\[["']([a-z_]+)["']\]|group == "([a-z_]+)\"""", source))
    shipped = read_yaml(DEFAULT_REGION / "keywords.yaml", Vocabulary).groups
    assert {name for pair in named for name in pair if name in shipped} - set(REQUIRED_GROUPS) == set()


HAND_WRITTEN = """\
groups:
{required}
  sign: [签署, 签订,
    签约,
    达成协议]
  build:
    - 共建
    - 合作区
not_before:
  签约: 率
shapes:
  sides:
    - "<a>~9{{with}}<b>~9{{predicate}}"
    - "<all>~9{{predicate}}"
rules:
  - name: sides-sign
    shapes: [sides]
    predicates: [sign]
    types: [agreement]
  - {{name: sides-build, shapes: [sides], predicates: [build],
     types: [co_build], unless: [negation]}}
domains:
  industry: [sign]
  planning: [build]
policy:
  - {{name: signed, all: [sign], none: [proposal]}}
"""
FIRST = len(REQUIRED_GROUPS) + 2
"""The line of group `sign` in the file below: one line for `groups:`, one for each group the grammar needs."""


def hand_written() -> str:
    required = "\n".join(f"  {name}: [词{index}]" for index, name in enumerate(REQUIRED_GROUPS))
    return HAND_WRITTEN.format(required=required)


def refused(folder: Path, text: str) -> str:
    """The refusal of a file, its path left out."""
    path = folder / "keywords.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, Vocabulary)
    where, message = str(caught.value).split("keywords.yaml:", 1)
    assert where == f"{folder}/"
    assert "\n" not in message
    return message


def line(offset: int) -> int:
    return FIRST + offset


@pytest.mark.parametrize(
    ("old", "new", "offset", "message"),
    [
        (
            "    签约,",
            "    ,",
            1,
            "not YAML: expected the node content, but found ','; check indentation, colons and quotes",
        ),
        (
            "    签约,",
            "    签署,",
            1,
            "group sign holds '签署' twice, first in line {first}; keep one",
        ),
        (
            "签订,",
            '" 签订",',
            0,
            "group sign: term ' 签订' has outer spaces; write '签订'",
        ),
        (
            "    签约,",
            "    '',",
            1,
            "group sign: term '' is blank; remove it or write a term",
        ),
        (
            "    签约,",
            "    签约",
            1,
            "group sign: term '签约 达成协议' is one term with ' ' in it; write a comma and a blank (, ) "
            "between two terms",
        ),
        (
            "    签约,",
            "    签约，结对,",
            1,
            "group sign: term '签约，结对' is one term with '，' in it; write a comma and a blank "
            "(, ) between two terms",
        ),
        (
            "    签约,",
            "    ＡＢ签约,",
            1,
            "group sign: term 'ＡＢ签约' holds U+FF21 (fullwidth latin capital letter a), a "
            "full-width form that misses the plain one; write 'AB签约'",
        ),
        (
            "    签约,",
            "    签\u3000约,",
            1,
            "group sign: term '签\\u3000约' holds U+3000 (ideographic space), which texts are "
            "read without; write '签约'",
        ),
        (
            "    签约,",
            "    签\u200b约,",
            1,
            "group sign: term '签\\u200b约' holds U+200B (zero width space), which no text is read with; write '签约'",
        ),
        (
            "    签约,",
            '    "签\\n约",',
            1,
            "group sign: term '签\\n约' holds U+000A (line break), which texts are read without; write '签约'",
        ),
        (
            "    达成协议]",
            "    达成协议。]",
            2,
            "group sign: term '达成协议。' holds '。', at which a sentence ends, so that it is "
            "never found; remove it or divide the term",
        ),
        (
            "    - 合作区",
            "    - 合作⾼地",
            5,
            "group build: term '合作⾼地' holds U+2FBC (kangxi radical tall), which only "
            "looks like a Chinese character; write '合作高地'",
        ),
        (
            "    - 合作区",
            "    - 2015",
            5,
            "groups.build.1: expected words; put them in quotes, found '2015'",
        ),
        (
            "    - 共建\n    - 合作区",
            "    []",
            3,
            "group build is empty; give it a term or remove it",
        ),
        (
            "  build:\n",
            "  sign:\n",
            3,
            "key 'sign' stands twice, first in line {first}; merge the two",
        ),
        (
            "  签约: 率",
            "  签约: 率字率",
            7,
            "not_before: the guard of '签约' holds '率' twice; keep one",
        ),
        (
            "  签约: 率",
            "  签到: 率",
            7,
            "not_before: the guard of '签到' guards a term of no group; correct the term or remove the guard",
        ),
        (
            "  签约: 率",
            "  签约: 率。",
            7,
            "not_before: the guard of '签约' holds '。', at which a sentence ends in any case; remove it",
        ),
        (
            '    - "<all>~9{predicate}"',
            '    - "<all>~9{predicate}+"',
            11,
            "shape sides: '<all>~9{predicate}+' repeats "
            "without end (*, + or {n,}); write a gap (~9) or a bound ({0,9})",
        ),
        (
            '    - "<all>~9{predicate}"',
            '    - "<all>~9{biuld}"',
            11,
            "shape sides names group 'biuld', which does not exist; did you mean build?",
        ),
        (
            '    - "<all>~9{predicate}"',
            '    - "<a>~9{with}<b>~9{predicate}"',
            11,
            "shape sides holds '<a>~9{with}<b>~9{predicate}' twice, first in line {line10}; keep one",
        ),
        (
            "    predicates: [sign]",
            "    predicate: [sign]",
            15,
            "rules.0.predicate: unknown key 'predicate'; did you mean predicates? known: ",
        ),
        (
            "    predicates: [sign]",
            "    predicates: [sing]",
            15,
            "rule sides-sign names group 'sing', which does not exist; did you mean sign?",
        ),
        (
            "    predicates: [sign]",
            "    predicates: [sign, sign]",
            15,
            "rule sides-sign names group sign twice in predicates; keep one",
        ),
        (
            "     types: [co_build], unless: [negation]",
            "     types: [co_build], unless: [build]",
            18,
            "rule sides-build asks for group build and forbids it; take it out of one of them",
        ),
        (
            "name: sides-build,",
            "name: sides-sign,",
            17,
            "rule sides-sign stands twice, first in line {line13}; rename one",
        ),
        (
            "  planning: [build]",
            "  planning: [sign]",
            21,
            "domain planning names group sign, which shows domain industry (line {line20}); keep one",
        ),
        (
            "  planning: [build]",
            "  plannning: [build]",
            21,
            "domains.plannning: Input should be 'industry', ",
        ),
        (
            "none: [proposal]",
            "none: [sign]",
            23,
            "policy rule signed asks for group sign and forbids it, so that it never holds; take it out of one of them",
        ),
        (
            "policy:",
            "polizy:",
            22,
            "polizy: unknown key 'polizy'; did you mean policy? known: groups, ",
        ),
    ],
)
def test_a_slip_is_told_with_its_line_and_a_remedy(
    tmp_path: Path, old: str, new: str, offset: int, message: str
) -> None:
    text = hand_written()
    assert text.count(old) == 1
    said = refused(tmp_path, text.replace(old, new))
    expected = message.replace("{first}", str(FIRST))
    for number in (10, 13, 20):
        expected = expected.replace(f"{{line{number}}}", str(line(number)))
    found = int(said.split(":", 1)[0])
    assert (found, said.split(": ", 1)[1][: len(expected)]) == (line(offset), expected)


def test_the_file_that_the_slips_are_put_into_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "keywords.yaml"
    path.write_text(hand_written(), encoding="utf-8")
    assert [rule.name for rule in read_yaml(path, Vocabulary).rules] == ["sides-sign", "sides-build"]


def test_a_group_or_a_shape_that_nothing_reads(tmp_path: Path) -> None:
    unread = hand_written().replace("  build:", "  dance: [跳舞]\n  build:")
    assert refused(tmp_path, unread) == (
        f"{line(3)}: group dance is read by no rule, shape, domain or policy rule; name it in one, or remove it"
    )
    unnamed = hand_written().replace("rules:\n", '  circle:\n    - "<a>~9<b>"\nrules:\n')
    assert refused(tmp_path, unnamed) == (
        f"{line(12)}: shape circle is named by no rule; name it in `shapes` of one, or remove it"
    )


def test_a_term_that_a_masked_term_always_hides(tmp_path: Path) -> None:
    """In shapes masked words are blotted out, so a term that holds one can never be read there."""
    masked = REQUIRED_GROUPS.index("masked") + 2
    text = hand_written().replace("  masked: [词0]", "  masked: [词0, 作区]").replace("  planning: [build]\n", "")
    assert refused(tmp_path, text) == (
        f"{line(5)}: group build: term '合作区' never counts, because '作区' of group masked (line {masked}) hides it; "
        "remove one of them"
    )


def test_a_masked_term_hides_nothing_that_counts_elsewhere_or_where_a_guard_lifts_it(tmp_path: Path) -> None:
    text = hand_written().replace("  masked: [词0]", "  masked: [词0, 作区]")
    path = tmp_path / "keywords.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_yaml(path, Vocabulary).domains["planning"] == ("build",)
    guarded = text.replace("  planning: [build]\n", "").replace("not_before:", "not_after:\n  作区: 合\nnot_before:")
    path.write_text(guarded, encoding="utf-8")
    assert read_yaml(path, Vocabulary).not_after == {"作区": "合"}


def test_a_longer_term_of_the_same_group_hides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keywords.yaml"
    path.write_text(hand_written().replace("[签署, 签订,", "[签, 签署, 签订,"), encoding="utf-8")
    assert read_yaml(path, Vocabulary).groups["sign"][:2] == ("签", "签署")


WORDS = st.lists(
    st.text("合作共建协同签署转移疏解", min_size=1, max_size=4).filter(lambda word: word != "签署"),
    min_size=2,
    max_size=30,
    unique=True,
)
FAULTS: list[Callable[[str], str]] = [
    lambda word: f'" {word}"',
    lambda word: f'"{word}\u3000"',
    lambda word: f"{word}\u200d移",
    lambda word: f"{word}Ａ",
    lambda word: f"{word}。后",
    lambda word: f"{word}⾼",
    lambda word: f"{word}，{word}",
    lambda word: f"{word} {word}",
    lambda word: "''",
    lambda word: "2015",
]


@given(words=WORDS, breaks=st.data())
def test_one_fault_anywhere_in_a_list_is_refused_at_its_line(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], breaks: st.DataObject
) -> None:
    at = breaks.draw(st.integers(1, len(words) - 1))
    fault = breaks.draw(st.sampled_from(FAULTS))
    ends = breaks.draw(st.lists(st.sampled_from([", ", ",\n    ", ",\n\n      "]), min_size=len(words)))
    written = [*words[:at], fault(words[at]), *words[at + 1 :]]
    lists = "".join(word + end for word, end in zip(written, ends, strict=False))
    text = hand_written().replace("[签署, 签订,", f"[签署, 签订, {lists}")
    before = "".join(word + end for word, end in zip(written[:at], ends, strict=False))
    folder = tmp_path_factory.mktemp("vocabulary", numbered=True)
    assert refused(folder, text).startswith(f"{FIRST + before.count(chr(10))}: ")


def test_a_group_the_grammar_needs(tmp_path: Path) -> None:
    data = smallest()
    del data["groups"]["with"]
    assert "group with is missing; the grammar needs it" in refusal(tmp_path, data)
    data["groups"]["with"] = []
    assert "group with is empty; the grammar needs it, give it a term" in refusal(tmp_path, data)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "shapes",
            ["circles"],
            "names shape 'circles'",
        ),
        (
            "shapes",
            [],
            "has neither a frame nor a shape",
        ),
        (
            "types",
            ["marriage"],
            "transfer",
        ),
        (
            "predicates",
            [],
            "predicates",
        ),
        (
            "predicates",
            None,
            "rules.0.predicates: expected a list in [ ], found 'None'",
        ),
    ],
)
def test_a_rule_that_cannot_be_meant(tmp_path: Path, key: str, value: list[str], message: str) -> None:
    data = smallest()
    data["rules"][0][key] = value
    assert message in refusal(tmp_path, data)


def test_domains_and_policy_rules_name_groups(tmp_path: Path) -> None:
    data = smallest()
    data["domains"] = {"industry": ["works"]}
    assert "domain industry names group 'works'" in refusal(tmp_path, data)
    data = smallest()
    data["policy"][0]["none"] = ["works"]
    assert "policy rule signed names group 'works'" in refusal(tmp_path, data)
