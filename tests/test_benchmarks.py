"""The benchmarks measure what they say, and say what they cannot measure."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from config import Region, load_region
from pipelines import state
from tests import benchmark_extraction, benchmark_pages, benchmark_reextraction, benchmark_speed
from tests.baseline_packages import NotInstalledError, load
from tests.benchmark_extraction import Baseline, Cooccurrence
from tests.benchmark_pages import Read, Reader
from tests.benchmark_scorers import run
from tests.benchmark_tables import Measured, write
from tests.benchmarks import main
from tests.cooccurrence import keywords, pairs, sentences
from tests.many_documents import documents
from tests.many_documents import write as write_documents
from tests.place_recognisers import Recognise, cpca, dated_names, jionlp
from tests.shared_material import needs_shared

BEFORE, AFTER = date(2015, 6, 1), date(2018, 6, 1)
"""蓟县 became 蓟州区 in 2016."""


@cache
def region() -> Region:
    return load_region()


def spotted(recognise: Recognise, sentence: str, day: date = AFTER) -> list[tuple[str, str]]:
    return [(sentence[spot.start : spot.end], spot.code) for spot in recognise(sentence, day).spots]


# Co-occurrence ---------------------------------------------------------------------------------------------------


@given(st.text(alphabet="甲乙。！？；\n "))
def test_sentences_are_the_text(text: str) -> None:
    found = list(sentences(text))
    assert "".join(sentence for _, sentence in found) == text
    assert all(text.startswith(sentence, at) and sentence for at, sentence in found)


@given(st.frozensets(st.sampled_from("abcde")))
def test_every_two_places_of_a_sentence_with_a_keyword(places: frozenset[str]) -> None:
    found = pairs([("合作", places)], ["合作"], lambda a, b: False)
    assert len(found) == len(places) * (len(places) - 1) // 2
    assert all(a < b for a, b in found)
    assert pairs([("同往", places)], ["合作"], lambda a, b: False) == []
    assert pairs([("合作", places)], ["合作"], lambda a, b: "a" in (a, b)) == [
        pair for pair in found if "a" not in pair
    ]


def test_places_of_two_sentences_are_no_pair() -> None:
    assert pairs([("合作", frozenset("a")), ("合作", frozenset("b"))], ["合作"], lambda a, b: False) == []


def test_a_prediction_has_the_offsets_of_the_text() -> None:
    text = "首先是天气。北京市通州区与天津市武清区签署合作协议。"
    row = {"id": "x", "text": text, "date": "2018-06"}
    (made,) = Cooccurrence(region()).with_recogniser([row], dated_names(region()))
    assert [text[place["start"] : place["end"]] for place in made["places"]] == ["北京市", "通州区", "天津市", "武清区"]
    assert {"a": "110112", "b": "120114"} in made["pairs"]
    assert {"a": "110000", "b": "110112"} not in made["pairs"], "one lies in the other"
    assert made["policy"] is True


def test_places_of_an_extractor_are_read_sentence_by_sentence() -> None:
    text = "通州区开会。武清区与廊坊市合作。"
    codes = {"通州区": "110112", "武清区": "120114", "廊坊市": "131000"}
    places = [{"start": text.index(word), "end": text.index(word) + 3, "code": code} for word, code in codes.items()]
    (made,) = Cooccurrence(region()).with_places_of([{"id": "x", "text": text}], [{"id": "x", "places": places}])
    assert made["pairs"] == [{"a": "120114", "b": "131000"}]
    assert made["places"] == places


def test_keywords_are_those_of_the_vocabulary() -> None:
    assert {"合作", "共建"} <= set(keywords(region().vocabulary))


# Recognisers -----------------------------------------------------------------------------------------------------


def test_dated_names_are_those_of_the_day() -> None:
    recognise = dated_names(region())
    assert [code for _, code in spotted(recognise, "蓟县", BEFORE)] == ["120225"]
    assert [code for _, code in spotted(recognise, "蓟州区", AFTER)] == ["120119"]
    assert spotted(recognise, "蓟州区", BEFORE) == []


def test_a_name_of_two_units_decides_nothing() -> None:
    assert spotted(dated_names(region()), "新华区与固安县") == [("固安县", "131022")]


def test_cpca_reads_every_address_of_a_sentence() -> None:
    try:
        recognise = cpca(region())
    except NotInstalledError as error:
        pytest.skip(str(error))
    sentence = "北京市通州区与天津、上海市合作"
    assert spotted(recognise, sentence) == [("北京市", "110000"), ("通州区", "110112"), ("天津", "120000")]
    assert recognise(sentence, None).places == {"110112", "120000"}
    assert spotted(recognise, "没有地名") == []


def test_jionlp_reads_every_place_of_a_sentence() -> None:
    try:
        recognise = jionlp(region())
    except NotInstalledError as error:
        pytest.skip(str(error))
    sentence = "廊坊市固安县承接北京转移"
    assert spotted(recognise, sentence) == [("廊坊市", "131000"), ("固安县", "131022"), ("北京", "110000")]
    assert recognise(sentence, None).places == {"131022", "110000"}


def test_a_package_that_is_not_there_says_how_to_get_it() -> None:
    with pytest.raises(NotInstalledError, match="nowhere_to_be_found is not installed: `make bench` installs it"):
        load("nowhere_to_be_found")


# Tables ----------------------------------------------------------------------------------------------------------


def test_a_table_shows_counts_figures_and_dashes(tmp_path: Path) -> None:
    table = Measured("Figures", ("who", "pages", "F1"), (("a|b", 1234, 0.98765), ("[c]", 5, None)), ("A note.",))
    markdown, machine = write([table], tmp_path / "made" / "here")
    assert markdown.read_text(encoding="utf-8") == (
        "## Figures\n\n| who | pages | F1 |\n| --- | ---: | ---: |\n"
        "| a\\|b | 1,234 | 0.988 |\n| [c] | 5 | – |\n\nA note.\n"
    )
    (told,) = json.loads(machine.read_text(encoding="utf-8"))
    assert told["rows"] == [{"who": "a|b", "pages": 1234, "F1": 0.98765}, {"who": "[c]", "pages": 5, "F1": None}]
    console = Console(width=80)
    with console.capture() as printed:
        console.print(table.as_rich())
    assert "[c]" in printed.get() and "0.988" in printed.get() and "A note." in printed.get()


def test_a_table_is_whole_or_says_why_it_is_not() -> None:
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        Measured("Figures", ("who",), (("a", 1),))
    with pytest.raises(ValueError, match="say why there are none"):
        Measured("Figures", ("who",))


@pytest.mark.parametrize("measure", [benchmark_pages.measure, benchmark_extraction.measure])
def test_without_labelled_sets_a_quality_table_says_why(measure: Callable[[Path], Measured], tmp_path: Path) -> None:
    table = measure(tmp_path)
    assert table.rows == () and "is not beside this checkout" in table.skipped
    assert table.skipped in table.as_markdown() and table.as_json()["rows"] == []


def test_a_program_that_fails_is_told_with_its_words() -> None:
    with pytest.raises(RuntimeError, match="no such luck"):
        run("-c", "import sys; sys.exit('no such luck')")


# The measurements ------------------------------------------------------------------------------------------------


def test_the_ratio_says_how_many_times_faster_ours_is() -> None:
    def wait(longer: float) -> None:
        time.sleep(longer)

    contest = benchmark_speed.Contest("w", 10, "things", lambda: wait(0.01), "slow", lambda: wait(0.1))
    ((_, amount, _, ours, _, theirs, ratio),) = benchmark_speed.measure([contest], turns=2).rows
    assert amount == 10
    assert isinstance(ours, int) and isinstance(theirs, int) and ours > theirs
    assert isinstance(ratio, float) and 1.5 < ratio <= 11


@pytest.mark.shared
@needs_shared("gold/dev_pages.jsonl")
def test_a_reader_is_scored_on_the_fields_it_has() -> None:
    def titles() -> Read:
        return lambda raw, url: {"title": "", "source": "made up"}

    def absent() -> Read:
        raise NotInstalledError("absent", ImportError(name="absent"))

    readers = (Reader("titles", frozenset(("title",)), titles), Reader("absent", frozenset(("title",)), absent))
    table = benchmark_pages.measure(readers=readers)
    assert [row[:4] for row in table.rows] == [
        ("government", "pages that count", 42, 42),
        ("government", "titles", 0.0, None),
        ("government", "absent", None, None),
        ("other", "pages that count", 29, 29),
        ("other", "titles", 0.0, None),
        ("other", "absent", None, None),
    ]
    assert any("absent is not installed" in note for note in table.notes)


@pytest.mark.shared
@needs_shared("gold/score.py")
def test_the_grammar_beats_co_occurrence_of_the_same_places() -> None:
    def absent(_: Region) -> Recognise:
        raise NotInstalledError("absent", ImportError(name="absent"))

    table = benchmark_extraction.measure(
        baselines=(Baseline("our dated names", dated_names), Baseline("absent", absent))
    )
    rows = {row[1]: dict(zip(table.columns, row, strict=True)) for row in table.rows if row[0] == "250 passages"}

    def figure(extractor: str, measure: str) -> float:
        value = rows[extractor][measure]
        assert isinstance(value, float), (extractor, measure, value)
        return value

    names, own = "co-occurrence: our dated names", benchmark_extraction.OWN_PLACES
    for measure in ("pairs F1", "city13 F1", "policy F1"):
        assert figure("ours", measure) > figure(own, measure) > 0.3
        assert figure("ours", measure) > figure(names, measure) > 0.3
    assert figure(own, "places F1") == pytest.approx(figure("ours", "places F1"))
    assert figure(names, "city13 F1") == pytest.approx(0.64, abs=0.03)
    assert rows[own]["level"] is None and rows["ours"]["level"] is not None
    assert set(list(rows["co-occurrence: absent"].values())[2:]) == {None}
    assert any("absent is not installed" in note for note in table.notes)


def test_re_extraction_is_measured_and_held_against_reading_everything(tmp_path: Path) -> None:
    sizes = benchmark_reextraction.Sizes(few=60, many=120, short=80, made_up=120, turns=1)
    table = benchmark_reextraction.measure(sizes, tmp_path / "none.jsonl.gz")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row["same result"] for row in rows[:5]] == ["yes"] * 5
    assert [(row["work"], row["documents"]) for row in rows[5:8]] == [
        ("all read anew", 120), ("all read by two processes", 120), ("memory: first process", 80),
    ]  # fmt: skip
    assert all(row["figure"] is None or row["figure"] > 0 for row in rows)


def test_a_re_extraction_that_misses_what_an_edit_changes_is_told(tmp_path: Path) -> None:
    rows = write_documents(documents(60), tmp_path / "rows.jsonl.gz")
    data = benchmark_reextraction.filled(tmp_path / "data", region(), rows, 60)
    benchmark_reextraction.extracted(data, region())
    edited = benchmark_reextraction.without_term(region(), "共建")
    assert edited is not None
    assert benchmark_reextraction.one_keyword(data, region(), "共建", 1, edited).same
    with state.opened(data) as opened:
        opened.execute("UPDATE extractions SET read = '', counted = ''")
    assert not benchmark_reextraction.one_keyword(data, region(), "共建", 1, edited).same


def test_the_command_prints_and_writes_its_tables(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--only", "pages", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert benchmark_pages.TITLE in done.output
    assert benchmark_pages.TITLE in (tmp_path / "out" / "benchmarks.md").read_text(encoding="utf-8")
    assert (
        json.loads((tmp_path / "out" / "benchmarks.json").read_text(encoding="utf-8"))[0]["title"]
        == benchmark_pages.TITLE
    )
