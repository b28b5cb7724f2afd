"""A term that no text can hold in that form is refused, and the reader of pages agrees about the form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.terms import SENTENCE_ENDS, as_read, char_flaw, flaw
from extract.clauses import sentences
from extract.decoding import decode
from extract.gazetteer import fold
from extract.markup import tidy

CHARACTERS = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("合作 　\t\u200b\u00ad\ufeff\u2028Ａ１－、，。⾼凞\ue000\ufffc\ufe0f"),
)


@given(st.text(CHARACTERS, min_size=1, max_size=6))
def test_the_reader_of_pages_leaves_an_accepted_term_as_it_is(term: str) -> None:
    if flaw(term) is None:
        assert decode(term.encode()).text == term
        assert tidy(term) == term
        assert fold(term) == term
        assert sentences(term) == [(0, len(term))]


@given(st.text(CHARACTERS, min_size=1, max_size=6))
def test_the_form_that_is_offered_holds_no_character_that_is_refused(term: str) -> None:
    assert all("\u2e80" <= char < "\u2f00" for char in as_read(term) if char_flaw(char))


@given(st.text("合作共建协同签署转移京津冀DOIab123", min_size=1))
def test_plain_words_are_accepted(term: str) -> None:
    assert flaw(term) is None


@pytest.mark.parametrize("term", ["、", "—", "－", "–", "/", "-", "产、学、研", "Preprint server", "“双城”", "G7·京新"])
def test_marks_that_texts_hold_are_accepted(term: str) -> None:
    assert flaw(term) is None


def test_the_ends_of_sentences_are_those_the_extractor_cuts_at() -> None:
    cut = {chr(code) for code in range(0x3000, 0x3100)} | {chr(code) for code in range(0xFF00, 0xFFF0)}
    cut |= {chr(code) for code in range(0x80)}
    assert {char for char in cut if len(sentences(f"甲{char}乙")) == 2} == SENTENCE_ENDS


def test_a_sentence_end_is_allowed_where_whole_texts_are_searched() -> None:
    assert flaw("您好！") is not None
    assert flaw("您好！", in_sentences=False) is None


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (
            "ＤＯＩ",
            "holds U+FF24 (fullwidth latin capital letter d), a full-width form that misses the plain one; write 'DOI'",
        ),
        (
            "⻓三角",
            "holds U+2ED3 (cjk radical c-simplified long), which only looks like a Chinese character; "
            "write the plain character",
        ),
        ("合\ufe00作", "holds U+FE00 (variation selector-1), which no text is read with; write '合作'"),
        ("合\x07作", "holds U+0007 (unnamed), which no text is read with; write '合作'"),
        ("\ue000", "holds U+E000 (unnamed), which no text is read with; write the plain character"),
        ("a  b", "holds several blanks, which texts are read without; write 'a b'"),
        ("双方、各方", "is one term with '、' in it; write a comma and a blank (, ) between two terms"),
    ],
)
def test_the_refusal_says_what_to_write(term: str, said: str) -> None:
    assert flaw(term) == said
