"""States of an older program: brought up to date in a copy, or refused in one line."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.warehouse.older import published_by_version_1
from tests.warehouse.states import document, state
from warehouse import states
from warehouse.comparison import difference
from warehouse.migrations import readable
from warehouse.publishing import publish, rollback
from warehouse.reading import WarehouseError, query, refuse_older, version
from warehouse.schema import TABLES, WAREHOUSE_VERSION


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    published_by_version_1(path)
    assert version(path) == 1
    return path


def test_an_older_state_has_all_tables_of_today_and_stays_as_it_was(target: Path) -> None:
    before = target.read_bytes()
    with readable(target) as path:
        assert version(path) == WAREHOUSE_VERSION
        for table in TABLES:
            columns = [row[0] for row in query(path, f"SELECT column_name FROM (DESCRIBE {table.name})").rows]
            assert set(columns) == set(table.column_names), table.name
        assert query(path, "SELECT title FROM documents").rows == [("题",)]
    assert target.read_bytes() == before
    assert [left.name for left in target.parent.iterdir()] == [target.name]


def test_what_needs_todays_tables_says_how_to_get_them(target: Path) -> None:
    with pytest.raises(WarehouseError, match=r"schema 1, this one reads \d+\); run `xietong publish`"):
        refuse_older(target)
    publish(target, state())
    refuse_older(target)


def test_publishing_over_an_older_state_keeps_it_and_it_can_be_put_back(target: Path) -> None:
    publish(target, state(document("d1", title="新")))
    assert [(one.number, one.schema_version) for one in states.kept(target)] == [(1, 1), (2, WAREHOUSE_VERSION)]
    rollback(target, states.kept(target)[0])
    assert version(target) == WAREHOUSE_VERSION
    assert query(target, "SELECT title FROM documents").rows == [("题",)]
    assert [one.published for one in states.kept(target)] == [True, False]
    publish(target, state())
    assert [one.number for one in states.kept(target)] == [1, 2, 3]


def test_an_older_state_can_be_compared(target: Path) -> None:
    publish(target, state())
    one, two = (state.path for state in states.kept(target))
    assert difference(one, two).nothing


def test_a_state_from_before_all_steps_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    published_by_version_1(path, schema_version=0)
    before = path.read_bytes()
    publish(path, state())
    kept = states.kept(path)[0]
    assert kept.path.read_bytes() == before
    for refused in (lambda: rollback(path, kept), lambda: difference(kept.path, path)):
        with pytest.raises(WarehouseError, match=r"schema 0, which this xietong .* run `xietong publish`"):
            refused()


def test_a_state_of_a_newer_program_is_refused_and_stays(target: Path) -> None:
    publish(target, state())
    with duckdb.connect(states.kept(target)[0].path) as connection:
        connection.execute("UPDATE warehouse_state SET schema_version = 99")
    with pytest.raises(WarehouseError, match="published by a newer xietong"):
        rollback(target, states.kept(target)[0])


def test_an_older_state_that_lacks_a_table_is_refused(target: Path) -> None:
    publish(target, state())
    published = target.read_bytes()
    with duckdb.connect(states.kept(target)[0].path) as connection:
        connection.execute("DROP TABLE pair_evidence")
    with pytest.raises(WarehouseError):
        rollback(target, states.kept(target)[0])
    assert target.read_bytes() == published
