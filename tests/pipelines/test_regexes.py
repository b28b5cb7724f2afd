"""Every match of a pattern holds one of the words that are told for it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.loader import load_region
from pipelines.regexes import needed

PATTERNS = sorted(
    collision.pattern
    for collision in load_region().collisions
    if collision.rule in ("not_the_place", "township", "organisation")
)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("高铁", {"高铁"}),
        ("公路(?!局)", {"公路"}),
        ("(?:大街|大道)", {"大"}),
        ("[东西]站", {"站"}),
        ("[东西]", {"东", "西"}),
        (r"(?:大街|\d)", None),
        ("高?", None),
        ("(?i:a)", None),
        ("(?<=北)京{2}", {"京"}),
    ],
)
def test_what_is_needed(pattern: str, words: set[str] | None) -> None:
    assert needed(pattern) == words


def test_every_pattern_of_the_region_needs_some_word() -> None:
    assert PATTERNS
    assert [pattern for pattern in PATTERNS if not needed(pattern)] == []


@given(st.sampled_from(PATTERNS), st.data())
def test_a_match_holds_a_needed_word(pattern: str, data: st.DataObject) -> None:
    found = re.search(pattern, data.draw(st.from_regex(pattern)))
    assert found is not None
    assert any(word in found.group() for word in needed(pattern) or ())
