"""Statements of our own writing, each with the pairs that a reader of the guide gives it (`statements.csv`).

They name units of every kind and part of the region, so that a rule which knows only one kind of place shows.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from config import load_region
from extract.extractor import Extractor
from extract.model import Context

with (Path(__file__).parent / "statements.csv").open(encoding="utf-8", newline="") as rows:
    STATEMENTS = list(csv.DictReader(rows))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(load_region())


@pytest.mark.parametrize("row", STATEMENTS, ids=lambda row: row["text"][:16])
def test_a_statement_gives_the_pairs_a_reader_gives_it(extractor: Extractor, row: dict[str, str]) -> None:
    context = Context(publisher=row["publisher"] or None, day=date(int(row["year"]), 5, 1))
    found = extractor.extract(row["text"], context)
    assert sorted({f"{pair.a}+{pair.b}" for pair in found.pairs}) == row["pairs"].split()
    assert all(row["text"][pair.evidence.start : pair.evidence.end] == pair.evidence.text for pair in found.pairs)


@pytest.mark.parametrize("row", STATEMENTS[::5], ids=lambda row: row["text"][:16])
def test_a_sentence_about_other_places_changes_nothing(extractor: Extractor, row: dict[str, str]) -> None:
    context = Context(publisher=row["publisher"] or None, day=date(int(row["year"]), 5, 1))
    alone = {(pair.a, pair.b) for pair in extractor.extract(row["text"], context).pairs}
    beside = extractor.extract(row["text"] + "\n苏州市与无锡市签署太湖治理合作协议。", context)
    assert {(pair.a, pair.b) for pair in beside.pairs} == alone
