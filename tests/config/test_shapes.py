"""A shape that no sentence can keep busy is accepted; one that could is refused, whatever it is written like."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import load_region
from config.shapes import LONGEST_GAP, flaw
from config.vocabulary import Vocabulary
from extract.clauses import LONGEST
from extract.rules import Grammar

GROUPS = {"with": ("与", "同", "携手"), "predicate": ("签署", "签署协议", "共建"), "organ": ("市委", "区委")}


def terms(group: str) -> Iterable[str]:
    return GROUPS[group]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("<a>.*{predicate}", "repeats without end (*, + or {n,}); write a gap (~9) or a bound ({0,9})"),
        ("<a>.+?{predicate}", "repeats without end (*, + or {n,}); write a gap (~9) or a bound ({0,9})"),
        ("<a>与{2,}{predicate}", "repeats without end (*, + or {n,}); write a gap (~9) or a bound ({0,9})"),
        ("<a>与*+{predicate}", "repeats without end (*, + or {n,}); write a gap (~9) or a bound ({0,9})"),
        ("<a>(?:(?:与+)+)+{predicate}", "repeats without end"),
        ("<a>(?:合作|合|作){0,40}{predicate}", "repeats a sequence or a choice up to 40 times"),
        ("<a>(?:与{0,9}){0,9}{predicate}", "repeats a sequence or a choice up to 9 times"),
        ("<a>(?:{with}){0,9}{predicate}", "repeats a sequence or a choice up to 9 times"),
        ("<a>{with}{0,9}{predicate}", "repeats a sequence or a choice up to 9 times"),
        ("<a>(?:~9与){0,3}{predicate}", "repeats a sequence or a choice up to 3 times"),
        ("<a>.{0,500}{predicate}", f"repeats up to 500 times; write at most {LONGEST_GAP}"),
        (
            "<a>~500{predicate}",
            f"has the gap ~500; at most {LONGEST_GAP} characters still belong together, write fewer",
        ),
        ("<a>~{predicate}", "has ~ without a number; write how many characters it may span (~9)"),
        ("<a>@{predicate}", "has @ without a number"),
        ("<a>~40≈40@40{predicate}", "can lie over a sentence in 137,842 ways from one place on (at most 10,000); "),
        ("<a>~60{with}≈60{with}@60{predicate}", "can lie over a sentence in "),
        (r"<a>(与)\1{predicate}", "refers back to what it matched before"),
        ("<a>(与)?(?(2)同|和){predicate}", "refers back to what it matched before"),
        ("(?<=与|携手)<a>{predicate}", "looks back over words of different lengths; write one (?<=…) for each length"),
        ("(?<={with})<a>{predicate}", "looks back over words of different lengths"),
        ("<a>({predicate}", "is no pattern: missing ), unterminated subpattern"),
        ("<a>{predicate}<a>", "has <a> twice; give each place a role of its own"),
        ("<a>与<to>{predicate}", "mixes <a>, <to>; use <a> <b> <c>, or <all>, or <from> <to>"),
        ("<c>{predicate}", "has <c> alone; a third party needs <a> or <b>"),
        ("<giver>{predicate}", "has role <giver>; known: a, b, c, all, from, to"),
        ("~9{predicate}", "names no place, so that it never gives a pair"),
        ("<a>[{with}]{predicate}", "has a place, a {group} or a gap inside [ ]"),
        ("<a>。{predicate}", "asks for '。', at which a sentence ends, so that it never matches; remove it"),
        ("<a>Ａ{predicate}", "asks for U+FF21 (fullwidth latin capital letter a), a full-width form"),
        ("<a>\u200b{predicate}", "asks for U+200B (zero width space), which no text is read with"),
    ],
)
def test_a_shape_that_is_refused(pattern: str, said: str) -> None:
    assert (flaw(pattern, terms) or "accepted").startswith(said)


@pytest.mark.parametrize(
    "pattern",
    [
        "<a>~26{with}~8<b>@60{predicate}",
        "(?:^|[，,：:])~5{with}~8<b>@40{predicate}",
        "<all>~24{predicate}(?=[，,]|$)",
        "<to>@60疏解(?:[\ue000-\uf8ff])?{predicate}~16(?:作用|承接)",
        "<a>[、，,\\s—+＋\\-“”]{0,4}<b>{predicate}",
        "(?<={organ})<a>{predicate}",
        "<a>(?!与。)~9{predicate}",
        "<a>~120<b>~120{with}<c>",
        "<a>{with}{0,1}<b>{predicate}",
    ],
)
def test_a_shape_that_is_accepted(pattern: str) -> None:
    assert flaw(pattern, terms) is None


def test_one_length_fits_where_what_follows_a_gap_cannot_stand_in_it() -> None:
    """Three gaps of 100 would be a million ways; a mark or a place after each leaves one."""
    assert flaw("<a>~100，~100，~100<b>", terms) is None
    assert flaw("<a>~100与~100与~100<b>", terms) is not None


PIECES = st.sampled_from(
    [
        "<b>",
        "{with}",
        "{predicate}",
        "~9",
        "~40",
        "≈30",
        "@60",
        "与",
        "[与同]{0,20}",
        "(?:与|与同)?",
        "了?",
        ".{0,60}",
        "，",
        "(?:与)?",
    ]
)


@settings(deadline=None, max_examples=100)
@given(st.lists(PIECES, min_size=1, max_size=9))
def test_what_is_accepted_is_quick_on_the_worst_sentences(pieces: list[str]) -> None:
    pattern = "<a>" + "".join(pieces)
    if flaw(pattern, terms) is not None:
        return
    compiled = compiled_by_the_grammar(pattern)
    began = time.perf_counter()
    for sentence in ("与" * LONGEST, ("\ue000" + "与" * 59) * (LONGEST // 60), "\ue000" * LONGEST):
        for at in range(len(sentence)):
            compiled.match(sentence, at)
    assert time.perf_counter() - began < 10


@cache
def shipped() -> Vocabulary:
    return load_region().vocabulary


def compiled_by_the_grammar(pattern: str) -> re.Pattern[str]:
    rule = shipped().rules[0].model_copy(update={"predicates": ("predicate_words",), "shapes": ()})
    groups = {**shipped().groups, "with": GROUPS["with"], "predicate_words": GROUPS["predicate"]}
    vocabulary = shipped().model_copy(update={"groups": groups, "shapes": {}, "rules": (rule,)})
    return Grammar(vocabulary)._compile(pattern, rule)


def test_every_shipped_shape_is_far_from_the_bound() -> None:
    vocabulary = shipped()
    for rule in vocabulary.rules:
        words = [word for group in rule.predicates for word in vocabulary.groups[group]]
        for shape in rule.shapes:
            for pattern in vocabulary.shapes[shape]:
                assert flaw(pattern, lambda g, w=words: w if g == "predicate" else vocabulary.groups[g]) is None
