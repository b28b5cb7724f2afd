"""Two states side by side: everything that differs is named, with its words and what is responsible."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.warehouse.states import Row, changed, document, state
from warehouse.changes_report import difference_page, story_page
from warehouse.comparison import Difference, difference, pair_story
from warehouse.publishing import publish
from warehouse.reading import WarehouseError

RULES = "rules: [{name: sign, predicates: [sign], types: [agreement]}]\ngroups: {sign: [%s], veto: [%s]}\n"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def published(folder: Path, name: str, rows: dict[str, list[Row]]) -> Path:
    path = folder / name / "warehouse.duckdb"
    path.parent.mkdir()
    publish(path, rows)
    return path


def bare(rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The same documents without a policy, a pair or a marked cell."""
    made = {**rows, "policies": [], "pair_evidence": [], "city_pairs": []}
    made["matrix_county"] = [(*row[:4], 0, 0, 0, []) for row in rows["matrix_county"]]
    return made


def under(rows: dict[str, list[Row]], version: str, signs: str, veto: str = "废止") -> dict[str, list[Row]]:
    """The same under another version of the rules."""
    made = dict(rows)
    for table in ("policies", "pair_evidence", "runs", "warehouse_state"):
        made[table] = [tuple(version if cell == "r1" else cell for cell in row) for row in rows[table]]
    source = json.dumps({"keywords.yaml": RULES % (signs, veto)}, ensure_ascii=False)
    made["rules"] = [(version, date(2026, 11, 21), source)]
    return changed(made, "pair_evidence", "rule", "sign-sides") if made["pair_evidence"] else made


@pytest.fixture
def found(tmp_path: Path) -> Difference:
    before = published(tmp_path, "a", under(bare(state()), "r1", "签约"))
    return difference(before, published(tmp_path, "b", under(state(), "r2", "签约, 签署")))


def test_what_a_new_term_brings_is_named_with_the_term(found: Difference) -> None:
    assert not found.nothing
    assert found.rules.told() == ["term 签署 added to sign"]
    (policy,) = found.appeared.policies
    assert (policy.doc_id, policy.matched) == ("d1", (("sign", "廊坊"),))
    (pair,) = found.appeared.pairs
    assert (pair.name_a, pair.name_b, pair.documents) == ("武清区", "廊坊市", 1)
    (statement,) = pair.statements
    assert statement.quote == "廊坊市与武清区签署协议"
    assert [(one.kind, one.subject) for one in statement.causes] == [("term", "签署")]
    assert statement.causes[0].told == "term 签署 added to sign; it stands in the quotation"
    assert [(one.matrix, one.name, one.period) for one in found.appeared.cells] == [
        ("county", "武清区", "早"),
        ("county", "武清区", "晚"),
    ]
    (document,) = found.appeared.cells[0].made_by
    assert document.causes[0].told == "is a collaboration policy now"
    assert document.statements == (statement,)
    vanished = found.vanished
    assert (vanished.statements, vanished.policies, vanished.pairs, vanished.cells) == (0, (), (), ())


def test_another_statement_of_a_pair_that_stays_is_shown_with_its_pair(tmp_path: Path) -> None:
    before = published(tmp_path, "a", state())
    other = changed(changed(state(), "pair_evidence", "evidence_id", "e2"), "city_pairs", "evidence_ids", ["e2"])
    found = difference(before, published(tmp_path, "b", other))
    assert found.appeared.pairs == found.vanished.pairs == ()
    (came,), (went,) = found.appeared.elsewhere, found.vanished.elsewhere
    assert (came.evidence_id, went.evidence_id) == ("e2", "e1")
    assert (came.name_a, came.name_b) == ("武清区", "廊坊市")
    assert "武清区 – 廊坊市: <q>廊坊市与武清区签署协议</q>" in difference_page(found)


def test_what_appeared_with_its_pair_is_not_shown_twice(found: Difference) -> None:
    assert found.appeared.statements == 1
    assert found.appeared.elsewhere == ()


def test_backwards_everything_vanishes(tmp_path: Path, found: Difference) -> None:
    back = difference(tmp_path / "b" / "warehouse.duckdb", tmp_path / "a" / "warehouse.duckdb")
    assert back.rules.told() == ["term 签署 removed from sign"]
    assert [pair.unit_a for pair in back.vanished.pairs] == [pair.unit_a for pair in found.appeared.pairs]
    assert [(one.name, one.period) for one in back.vanished.cells] == [
        (one.name, one.period) for one in found.appeared.cells
    ]
    assert back.vanished.pairs[0].statements[0].causes[0].told.startswith("term 签署 removed from sign")
    assert back.appeared == type(back.appeared)(0, 0, (), (), (), ())


def test_a_guard_in_the_sentence_is_seen_though_it_is_not_in_the_quotation(tmp_path: Path) -> None:
    before = published(tmp_path, "a", under(state(), "r1", "签署"))
    after = published(tmp_path, "b", under(bare(state()), "r2", "签署", "废止, 近日"))
    (statement,) = difference(before, after).vanished.pairs[0].statements
    assert [one.told for one in statement.causes] == ["term 近日 added to veto; it stands in the sentence"]


def test_a_state_is_the_same_as_itself(tmp_path: Path) -> None:
    path = published(tmp_path, "a", state())
    same = difference(path, path)
    assert same.nothing
    assert same.rules.told() == []


def test_the_first_state_is_all_new(tmp_path: Path) -> None:
    first = difference(None, published(tmp_path, "a", state()))
    assert (first.before.rules_version, first.before.documents) == ("", 0)
    assert first.appeared.documents == 1
    assert [one.causes[0].told for one in first.appeared.policies] == ["the document is new"]


def test_a_document_that_went_and_one_that_is_grouped_otherwise(tmp_path: Path) -> None:
    rows = state()
    before = published(tmp_path, "a", changed(rows, "document_sources", "text_sha256", "t"))
    gone = bare(state(document("d9", text="别的")))
    one = difference(before, published(tmp_path, "b", gone))
    assert one.vanished.pairs[0].statements[0].causes[0].told == "the document is no longer there"
    other = difference(before, published(tmp_path, "c", changed(gone, "document_sources", "text_sha256", "t")))
    told = other.vanished.pairs[0].statements[0].causes[0].told
    assert told == "grouped otherwise: its text stands now under document d9"


def test_a_day_that_changed_is_a_cause(tmp_path: Path) -> None:
    before = published(tmp_path, "a", bare(state()))
    later = changed(state(), "documents", "published_on", date(2015, 1, 1))
    (statement,) = difference(before, published(tmp_path, "b", later)).appeared.pairs[0].statements
    assert [one.told for one in statement.causes] == ["its day changed: 2014-02-25 → 2015-01-01"]


def test_code_that_changed_is_a_cause(tmp_path: Path) -> None:
    before = published(tmp_path, "a", changed(bare(state()), "warehouse_state", "code_version", "c1"))
    after = published(tmp_path, "b", changed(state(), "warehouse_state", "code_version", "c2"))
    (statement,) = difference(before, after).appeared.pairs[0].statements
    assert [one.told for one in statement.causes] == ["the extracting code changed: c1 → c2"]


def test_what_nothing_explains_says_so(tmp_path: Path) -> None:
    before = published(tmp_path, "a", bare(state()))
    (statement,) = difference(before, published(tmp_path, "b", state())).appeared.pairs[0].statements
    assert [one.kind for one in statement.causes] == ["none"]


@pytest.mark.parametrize("names", [("廊坊市", "武清区"), ("120114", "131000"), ("武清区", "131000")])
def test_the_story_of_a_pair(tmp_path: Path, found: Difference, names: tuple[str, str]) -> None:
    story = pair_story(tmp_path / "a" / "warehouse.duckdb", tmp_path / "b" / "warehouse.duckdb", *names)
    assert (story.unit_a, story.unit_b) == ("120114", "131000")
    assert story.grains == (("named", 0, 1), ("city13", 0, 0))
    assert story.appeared == found.appeared.pairs[0].statements
    assert (story.vanished, story.stayed) == ((), ())
    path = tmp_path / "b" / "warehouse.duckdb"
    same = pair_story(path, path, *names)
    assert [one.quote for one in same.stayed] == ["廊坊市与武清区签署协议"]


def test_a_unit_nobody_knows_is_named(tmp_path: Path) -> None:
    path = published(tmp_path, "a", state())
    with pytest.raises(WarehouseError, match="火星市: no unit of either state"):
        pair_story(path, path, "廊坊市", "火星市")
    with pytest.raises(WarehouseError, match="no unit of either state"):
        pair_story(path, path, "' OR 1=1 --", "廊坊市")


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        assert not any(name == "href" and not str(value).startswith("http") for name, value in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_page_shows_hostile_text_and_does_not_run_it(tmp_path: Path) -> None:
    text = HOSTILE + "廊坊市与武清区签署协议。"
    rows = state(document("d1", title=HOSTILE, url="javascript:alert(1)", text=text))
    for table, column in (("pair_evidence", "rule"), ("city_pairs", "name_a"), ("matrix_county", "name")):
        rows = changed(rows, table, column, HOSTILE)
    rows = changed(rows, "pair_evidence", "quote", text)
    rows = changed(changed(rows, "pair_evidence", "start", 0), "pair_evidence", "end", len(text))
    before = published(tmp_path, "a", bare(rows))
    after = published(tmp_path, "b", rows)
    story = pair_story(before, after, "131000", "120114")
    for page in (difference_page(difference(before, after)), story_page(story)):
        reader = Reader()
        reader.feed(page)
        assert not {"script", "img"} & set(reader.tags)
        assert HOSTILE in " ".join(reader.words)


def test_the_page_has_a_figure_of_the_cities_that_changed(tmp_path: Path) -> None:
    rows = state()
    (pair,) = rows["city_pairs"]
    cities = [
        ("120000", "天津市", "天津", "province", None, "120000"),
        ("131000", "廊坊市", "廊坊", "prefecture", None, "131000"),
    ]
    rows["units"] = [rows["units"][1], *((*city, None, None, None, None) for city in cities)]
    rows["city_pairs"] = [pair, ("120000", "131000", "天津市", "廊坊市", "city13", *pair[5:])]
    rows["matrix_city"] = [(code, name, period, 0, 0, 0, []) for code, name, *_ in cities for period in ("早", "晚")]
    page = difference_page(difference(published(tmp_path, "a", bare(rows)), published(tmp_path, "b", rows)))
    assert '<rect x="118" y="84" width="32" height="32" rx="3" class="came">' in page
    assert page.count('class="came"><title>') == 2


def test_everything_can_be_told_as_json(found: Difference) -> None:
    assert json.loads(json.dumps(asdict(found.appeared), ensure_ascii=False))["pairs"][0]["statements"][0]["causes"]
