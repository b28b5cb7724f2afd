"""The benchmark of publishing, made small: it measures whole publications, and asks questions that have answers."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from config import load_region
from tests import benchmark_publishing, many_statements
from warehouse.gates import failures

PER_QUESTION = 0.3


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many_statements.warehouse(tmp_path_factory.mktemp("large"), load_region(), 3000, 4000)


def test_a_generated_warehouse_has_the_size_asked_for_and_passes_all_gates(large: Path) -> None:
    with closing(duckdb.connect(large, read_only=True)) as connection:
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM pair_evidence)"
        ).fetchone()
        assert counted == (3000, 4000)
        assert failures(connection) == []


def test_statements_need_documents_to_stand_in(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="9 statements need 3 documents or more"):
        many_statements.warehouse(tmp_path, load_region(), 2, 9)


def test_every_question_is_answered_at_once(large: Path) -> None:
    asked = {**benchmark_publishing.reads(large), **benchmark_publishing.cookbook()}
    took = dict(benchmark_publishing._answers(large, asked, turns=2))
    assert len(took) == len(asked) > 40
    silent = [name for name, (rows, *_) in took.items() if not rows]
    assert silent == ["cookbook: who-cites"] or not silent, silent
    slow = {name: cpu for name, (_, _, _, cpu) in took.items() if cpu > PER_QUESTION}
    assert slow == {}


def test_publishing_is_measured_against_a_copy_of_the_same_rows() -> None:
    table = benchmark_publishing.measure(documents=60, turns=1)
    anew, again = table.rows
    assert anew[1] == again[1]
    assert int(str(anew[1])) > 50
    assert all(isinstance(cell, float) and cell > 0 for row in table.rows for cell in row[2:])
