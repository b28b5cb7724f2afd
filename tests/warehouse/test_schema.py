"""The schema tells in the database itself what every table and column means."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.states import state
from warehouse.publishing import publish
from warehouse.reading import query
from warehouse.schema import CONTRACT, EXPORTED, TABLES


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "warehouse.duckdb"
    publish(path, state())
    return path


def test_every_table_and_column_of_the_published_file_has_its_comment(warehouse: Path) -> None:
    tables = query(warehouse, "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal").rows
    views = query(warehouse, "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").rows
    columns = query(
        warehouse, "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
    ).rows
    assert len(columns) > len(tables) >= len(TABLES)
    assert [name for name, comment in (*tables, *views, *columns) if not str(comment or "").strip()] == []


def test_the_comments_are_those_of_the_schema(warehouse: Path) -> None:
    rows = query(warehouse, "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal").rows
    assert {(table, column): comment for table, column, comment in rows} == {
        (table.name, column.name): column.comment for table in TABLES for column in table.columns
    }


def test_what_others_rely_on_is_exported() -> None:
    assert set(CONTRACT) < set(EXPORTED) <= set(TABLES)
    assert [table.name for table in EXPORTED if table not in CONTRACT] == ["citations"]
