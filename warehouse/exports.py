"""The contract's tables as CSV files, byte for byte the same for the same published state."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb

from warehouse.reading import connect
from warehouse.schema import EXPORTED
from warehouse.tables import Table, quoted

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_A_READ = 1000


def export(path: Path, folder: Path) -> tuple[Path, ...]:
    """Write every contract table of the warehouse at `path` to `folder`/TABLE.csv; returns the files.

    UTF-8 without BOM, LF, rows in the order of the published table, NULL empty, lists joined with `;`, days and times
    (UTC) in ISO form. A text that a spreadsheet would run as a formula begins with an apostrophe. Each file is replaced
    in one step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with connect(path) as connection:
        return tuple(_export(connection, table, folder / f"{table.name}.csv") for table in EXPORTED)


def cell(value: object) -> str:
    """A value as a CSV cell that a spreadsheet shows and does not run."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case int() | float():
            return repr(value)
        case list() if any(isinstance(item, dict) for item in value):
            return harmless(json.dumps(value, ensure_ascii=False, default=str))
        case list():
            return harmless(";".join(str(item) for item in value))
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """`text` with an apostrophe before anything that begins like a formula, also after blanks."""
    return "'" + text if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _export(connection: duckdb.DuckDBPyConnection, table: Table, target: Path) -> Path:
    columns = ", ".join(quoted(name) for name in table.column_names)
    rows = connection.execute(f"SELECT {columns} FROM {quoted(table.name)} ORDER BY rowid")
    fresh = target.with_name(target.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        for row in _rows(rows):
            writer.writerow([cell(value) for value in row])
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    return target


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    while some := result.fetchmany(_ROWS_A_READ):
        yield from some
