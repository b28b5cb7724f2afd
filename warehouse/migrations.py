"""Older published states made readable by this program: a copy is brought up to date step by step, or refused by name.

A state is never changed where it stands: what is kept stays as it was published.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.reading import WarehouseError, refuse_newer, version
from warehouse.schema import TABLES, WAREHOUSE_VERSION
from warehouse.tables import quoted

Step = Callable[[duckdb.DuckDBPyConnection], None]


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """A file with what is at `path` under the tables of this program: the file itself, or a migrated copy of it that is
    gone afterwards. Raises `WarehouseError` for a state that no step leads from."""
    if version(path) == WAREHOUSE_VERSION:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="xietong-state-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        migrate(copy, path)
        yield copy


def migrate(copy: Path, origin: Path) -> None:
    """Bring a file up to this program's tables where it lies; errors speak of `origin`, the file it is a copy of."""
    refuse_newer(copy)
    found = version(copy)
    if found is None or found not in {*STEPS, WAREHOUSE_VERSION}:
        raise WarehouseError(
            f"{origin}: schema {found}, which this xietong (schema {WAREHOUSE_VERSION}) cannot bring up to date; "
            "run `xietong publish` to build a state anew from what is stored"
        )
    with duckdb.connect(copy) as connection:
        for at in range(found, WAREHOUSE_VERSION):
            connection.execute("BEGIN TRANSACTION")
            try:
                STEPS[at](connection)
            except duckdb.Error as error:
                told = " ".join(str(error).split())[:200]
                raise WarehouseError(
                    f"{origin}: not whole, so schema {at} cannot become schema {at + 1} ({told}); remove this state"
                ) from None
            connection.execute("UPDATE warehouse_state SET schema_version = ?", [at + 1])
            connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def _add_what_lacks(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables that came later, empty, and columns that came later, unknown, each with its comment."""
    rows = connection.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    known = {(table, column) for table, column in rows}
    for table in TABLES:
        if not any(name == table.name for name, _ in known):
            connection.execute(table.ddl())
        for column in table.columns:
            if (table.name, column.name) not in known and any(name == table.name for name, _ in known):
                connection.execute(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {quoted(column.name)} {column.type}")
        for statement in table.comments():
            connection.execute(statement)


STEPS: Mapping[int, Step] = {1: _add_what_lacks}
"""Schema version → what leads to the next one."""
