"""Full-text search: what is found, in which order, with which words – and that the index follows what is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.collection import collection
from tests.warehouse.states import document, state
from warehouse.publishing import publish
from warehouse.reading import WarehouseError
from warehouse.search import Bounds, search, snippets, terms_of
from warehouse.search_index import INDEX_FILE, folded, refresh


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "warehouse.duckdb"
    publish(path, collection())
    return path


def found(warehouse: Path, query: str, bounds: Bounds = Bounds(), limit: int = 10) -> list[str]:  # noqa: B008
    return [hit.doc_id for hit in search(warehouse, query, bounds, limit).hits]


def published(folder: Path, *texts: str, titles: tuple[str, ...] = ()) -> Path:
    path = folder / "warehouse.duckdb"
    rows = [
        document(f"d{number}", titles[number] if titles else "题", f"http://x.example/{number}", text)
        for number, text in enumerate(texts)
    ]
    made = state(*rows)
    cells = [("120114", "武清区", "120000", period, 0, 0, 0, []) for _, period, *_ in made["periods"]]
    publish(path, {**made, "policies": [], "pair_evidence": [], "city_pairs": [], "matrix_county": cells}, force=True)
    return path


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("首钢", {"d5"}),
        ("产业", {"d1", "d2", "d3", "d4", "d5"}),
        ("廊坊 武清", {"d1", "d4"}),
        ("廊坊市与武清区", {"d1"}),
        ("国发〔2014〕12号", {"d2", "d3"}),
        ("钢", {"d5"}),
        ("迁", {"d5"}),
        ("京钢", set()),
        ("首钢 武清", set()),
    ],
)
def test_a_document_is_found_that_holds_every_term(warehouse: Path, query: str, wanted: set[str]) -> None:
    assert set(found(warehouse, query)) == wanted


def test_the_bounds_hold(warehouse: Path) -> None:
    assert found(warehouse, "产业园 北京") == ["d5"]
    assert set(found(warehouse, "产业", Bounds(since=date(2015, 9, 1)))) == {"d3", "d4", "d5"}
    assert set(found(warehouse, "产业", Bounds(until=date(2014, 3, 1)))) == {"d1", "d2"}
    assert found(warehouse, "产业", Bounds(portal="110000")) == ["d3"]
    with pytest.raises(WarehouseError, match="unknown portal 'nowhere'; `xietong portals` lists them"):
        search(warehouse, "产业", Bounds(portal="nowhere"))


def test_a_limit_shows_the_best_and_counts_all(warehouse: Path) -> None:
    best = search(warehouse, "产业", limit=2)
    everything = search(warehouse, "产业")
    assert (best.documents, len(best.hits)) == (5, 2)
    assert best.hits == everything.hits[:2]
    assert [hit.score for hit in everything.hits] == sorted((hit.score for hit in everything.hits), reverse=True)


def test_what_is_often_and_in_the_title_comes_first(tmp_path: Path) -> None:
    filler = "今天天气晴朗适宜出行。" * 5
    path = published(
        tmp_path,
        f"{filler}首钢搬迁。",
        f"首钢首钢首钢。{filler}",
        f"{filler}首钢。" + filler * 20,
        f"{filler}首钢设备。",
        titles=("题", "题", "题", "首钢的新园区"),
    )
    assert found(path, "首钢") == ["d3", "d1", "d0", "d2"]


@pytest.mark.parametrize("text", ["首\n钢", "首 钢", "首\u3000钢", "首\u200b钢", "ＡＩ产业", "Ai产业"])
def test_width_case_and_line_ends_do_not_count(tmp_path: Path, text: str) -> None:
    path = published(tmp_path, f"关于{text}的事。")
    (hit,) = search(path, "首钢" if "首" in text else "aI").hits
    (snippet,) = hit.snippets
    (mark,) = snippet.marks
    assert snippet.text[mark[0] : mark[1]] == text.removesuffix("产业")


def test_pairs_in_a_text_without_the_term_are_no_find(tmp_path: Path) -> None:
    path = published(tmp_path, "曹妃、妃甸。", "曹妃甸区。")
    result = search(path, "曹妃甸")
    assert ([hit.doc_id for hit in result.hits], result.documents) == (["d1"], 1)


def test_a_query_without_a_word_says_what_to_do(warehouse: Path) -> None:
    for query in ("", "  ", "，。", "\u200b"):
        with pytest.raises(WarehouseError, match="nothing to search for"):
            search(warehouse, query)
    with pytest.raises(WarehouseError, match="no warehouse yet"):
        search(warehouse.with_name("none") / "warehouse.duckdb", "首钢")


def test_the_index_follows_what_is_published_and_reads_only_what_is_new(tmp_path: Path) -> None:
    told: list[int] = []
    path = published(tmp_path, "首钢。", "唐山。", "保定。", "承德。")
    search(path, "首钢", told=told.append)
    search(path, "首钢", told=told.append)
    path = published(tmp_path, "首钢。", "唐山。", "保定。", "承德。", "首钢京唐。")
    assert [hit.doc_id for hit in search(path, "首钢", told=told.append).hits] == ["d0", "d4"]
    path = published(tmp_path, "首钢。", "唐山。", "保定。", "承德。")
    assert found(path, "首钢") == ["d0"]
    path = published(tmp_path, "首钢。", "唐山。", "保定。", "承德。", titles=("题", "首钢", "题", "题"))
    assert set(found(path, "首钢")) == {"d0", "d1"}
    assert told == [4, 1]
    assert {one.name for one in tmp_path.iterdir()} >= {INDEX_FILE}
    assert not list(tmp_path.glob(f"{INDEX_FILE}.new*"))


def test_a_damaged_or_old_index_is_made_anew(tmp_path: Path) -> None:
    path = published(tmp_path, "首钢。")
    path.with_name(INDEX_FILE).write_bytes(b"nothing" * 1000)
    assert found(path, "首钢") == ["d0"]


def test_an_index_grown_is_as_one_made_at_once(tmp_path: Path) -> None:
    texts = [f"首钢{'京唐' * (number % 4)}。唐山{'港' * (number % 3)}。" for number in range(30)]
    grown = tmp_path / "grown"
    at_once = tmp_path / "once"
    for folder in (grown, at_once):
        folder.mkdir()
    for upto in (20, 25, 30):
        path = published(grown, *texts[:upto])
        refresh(path)
    other = published(at_once, *texts)
    for query in ("首钢", "京唐 唐山", "港"):
        assert search(path, query, limit=50) == search(other, query, limit=50)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.text("首钢京唐港 \n，Ａa", max_size=12), min_size=1, max_size=6),
    st.text("首钢京唐港a", min_size=1, max_size=3),
)
def test_search_finds_what_reading_every_text_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], term: str
) -> None:
    path = published(tmp_path_factory.mktemp("any"), *texts)
    wanted = {f"d{number}" for number, text in enumerate(texts) if term in folded(text)[0]}
    result = search(path, term, limit=100)
    assert {hit.doc_id for hit in result.hits} == wanted
    assert result.documents == len(wanted)


@given(st.text("首钢京唐，\n 😀", max_size=80))
def test_a_snippet_stands_where_it_says(text: str) -> None:
    terms = terms_of("首钢 京唐")
    shown = snippets(text, terms)
    plain = folded(text)[0]
    assert bool(shown) == any(term in plain for term in terms)
    for one in shown:
        assert text[one.start : one.start + len(one.text)] == one.text
        assert {folded(one.text[start:end])[0] for start, end in one.marks} <= set(terms)
        assert one.marks
