"""Exports: the same bytes for the same state, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.states import document, state
from warehouse.exports import cell, export, harmless
from warehouse.publishing import publish
from warehouse.schema import EXPORTED

HOSTILE = ('=HYPERLINK("http://x.example","看")', "+1+1", "-2", "@SUM(A1)", "\t=1", "  =1", "\n=1", "＝1", "\u3000=1")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    made = harmless(text)
    assert made.lstrip()[:1] not in set("=+-@＝＋－＠")
    assert made in (text, "'" + text)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (-3, "-3"),
        (0.25, "0.25"),
        (date(2014, 2, 25), "2014-02-25"),
        (datetime(2026, 11, 1, 2, 3, 4), "2026-11-01 02:03:04"),
        (["甲", "乙"], "甲;乙"),
        (["=1"], "'=1"),
        ([], ""),
        ([{"rule": "a", "start": 1}], '[{"rule": "a", "start": 1}]'),
    ],
)
def test_cells(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_every_exported_table_is_a_file_that_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    publish(path, state(*(document(f"d{n}", title=title) for n, title in enumerate(HOSTILE))))
    files = export(path, tmp_path / "exports")
    assert [file.name for file in files] == [f"{table.name}.csv" for table in EXPORTED]
    for table, file in zip(EXPORTED, files, strict=True):
        raw = file.read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" not in raw
        with file.open(encoding="utf-8", newline="") as lines:
            assert tuple(next(csv.reader(lines))) == table.column_names
    with (tmp_path / "exports" / "documents.csv").open(encoding="utf-8", newline="") as lines:
        titles = [row["title"] for row in csv.DictReader(lines)]
    assert titles == ["'" + title for title in HOSTILE]


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        path = tmp_path / name / "warehouse.duckdb"
        path.parent.mkdir()
        publish(path, state(document("d1"), document("d2")))
        made.append([file.read_bytes() for file in export(path, tmp_path / name / "exports")])
    assert made[0] == made[1]
