"""A table as a value: its columns with types and meanings, how it is created, and how rows get in quickly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

_ROWS_A_BATCH = 2000
_TEXT_A_BATCH = 4_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `type` is a DuckDB type, `comment` says what a value means and in which unit."""

    name: str
    type: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, what a row of it means, and its columns in order."""

    name: str
    comment: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def ddl(self, database: str = "") -> str:
        """The CREATE TABLE statement, in an attached `database` where one is named."""
        columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in self.columns)
        where = f"{quoted(database)}." if database else ""
        return f"CREATE TABLE {where}{quoted(self.name)} ({columns})"

    def comments(self) -> Iterator[str]:
        """COMMENT ON statements for the table and every column that has a comment."""
        if self.comment:
            yield f"COMMENT ON TABLE {quoted(self.name)} IS {literal(self.comment)}"
        for column in self.columns:
            if column.comment:
                where = f"{quoted(self.name)}.{quoted(column.name)}"
                yield f"COMMENT ON COLUMN {where} IS {literal(column.comment)}"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def insert(connection: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Sequence[object]]) -> int:
    """Append rows given in the order of the table's columns; returns how many.

    Rows travel as JSON with the declared types: DuckDB's own row-by-row binding takes ten times as long, and a data
    frame guesses types from its first rows. Dates and times may be Python values; nothing may hold NUL.
    """
    structure = json.dumps([{column.name: _json_type(column.type) for column in table.columns}])
    statement = (
        f"INSERT INTO {quoted(table.name)} SELECT unnest(row) FROM (SELECT unnest(from_json_strict(?, ?)) AS row)"
    )
    names = table.column_names
    count = 0
    for batch in batches(rows):
        cells = [dict(zip(names, row, strict=True)) for row in batch]
        connection.execute(statement, [json.dumps(cells, ensure_ascii=False, default=str), structure])
        count += len(batch)
    return count


def batches(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """Rows in batches that are bounded in number and in text, so that memory is too."""
    batch: list[Sequence[object]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(cell) for cell in row if isinstance(cell, str))
        if len(batch) >= _ROWS_A_BATCH or size > _TEXT_A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _json_type(declared: str) -> object:
    """A DuckDB type in the notation of `from_json`."""
    if declared.endswith("[]"):
        return [_json_type(declared[:-2])]
    if declared.startswith("STRUCT(") and declared.endswith(")"):
        fields = (part.strip().rpartition(" ") for part in declared[len("STRUCT(") : -1].split(","))
        return {name.strip('"'): _json_type(kind) for name, _, kind in fields}
    return declared
