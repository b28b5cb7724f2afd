"""Terms that no stored text holds are found without reading every word of every text, and told once a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipelines import stages
from pipelines.unmatched import unmatched
from tests.pipelines.made_up import AGREEMENT, fetches, region, write_rows, write_warc
from tests.pipelines.whole_way import run
from warehouse.reading import query

WORDS = st.text("甲乙丙ab ", min_size=1, max_size=4)


@given(st.lists(WORDS, max_size=12), st.lists(st.text("甲乙丙ab ", max_size=30), max_size=8))
def test_it_is_what_looking_for_each_term_in_each_text_gives(terms: list[str], texts: list[str]) -> None:
    assert unmatched(terms, texts) == tuple(dict.fromkeys(t for t in terms if not any(t in text for text in texts)))


def test_terms_are_found_however_often_others_stand_before_them() -> None:
    common = [chr(at) for at in range(0x4E00, 0x4E40)]
    texts = ["".join(common) * 200, *("".join(common) * 40 + f"稀有{number}" for number in range(20))]
    terms = [*common, *(f"稀有{number}" for number in range(20)), "无人使用"]
    assert unmatched(terms, texts) == ("无人使用",)


def test_reading_ends_when_every_term_was_seen() -> None:
    read: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(5):
            read.append(number)
            yield f"第{number}段说合作"

    assert unmatched(["合作", "第1段"], texts()) == ()
    assert max(read) <= 2


def test_a_publication_names_the_terms_that_no_title_and_no_text_holds(tmp_path: Path) -> None:
    shipped = region(tmp_path / "region")
    data = tmp_path / "data"
    write_warc(data / "archive" / "a.warc.gz", fetches())
    published = run(data, shipped)
    terms = {term for group in shipped.vocabulary.groups.values() for term in group}
    text = "".join(
        str(cell)
        for row in query(data / "warehouse.duckdb", 'SELECT title, "text" FROM documents').rows
        for cell in row
    )
    assert set(published.unmatched_terms) == {term for term in terms if term not in text} != set()
    ((subject, count, message),) = query(
        data / "warehouse.duckdb", "SELECT subject, \"count\", message FROM findings WHERE kind = 'vocabulary'"
    ).rows
    assert (subject, count) == ("unmatched terms", len(published.unmatched_terms))
    assert message == (
        f"terms of the vocabulary that no text holds: {', '.join(published.unmatched_terms[:12])} …;"
        " `xietong publish --json` lists all"
    )
    assert f"{count} × {message}" in published.findings


def test_a_term_is_told_no_longer_once_a_text_holds_it_and_nothing_is_told_without_texts(tmp_path: Path) -> None:
    shipped = region(tmp_path / "region")
    data = tmp_path / "data"
    assert run(data, shipped).unmatched_terms == ()
    rows = [{"id": "1", "title": "一", "text": "\n".join(AGREEMENT), "date": "2020-01-01"}]
    stages.import_documents(data, shipped, [write_rows(tmp_path / "1.jsonl", rows)])
    before = run(data, shipped).unmatched_terms
    rows = [{"id": "2", "title": before[0], "text": before[1], "date": "2020-01-01"}]
    stages.import_documents(data, shipped, [write_rows(tmp_path / "2.jsonl", rows)])
    after = run(data, shipped).unmatched_terms
    assert set(before) - set(after) >= {before[0], before[1]}
    assert set(after) < set(before)
