"""Reading the published warehouse without ever disturbing it or being able to touch anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.schema import WAREHOUSE_VERSION

WAREHOUSE_FILE = "warehouse.duckdb"


class WarehouseError(RuntimeError):
    """The warehouse cannot be read, or a statement is wrong, told in one line with what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query with the names of their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@contextmanager
def connect(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read this warehouse and nothing else: no other file, no extension, no setting.

    It shows one whole published state until it is closed, whatever is published meanwhile. Raises `WarehouseError`.
    """
    connection = _open(path)
    try:
        yield connection
    finally:
        connection.close()


def query(path: Path, sql: str, values: Mapping[str, str] | None = None) -> Answer:
    """The answer to one statement (with `values` for its `$name`); an error of the statement is one line."""
    with connect(path) as connection:
        try:
            result = connection.execute(sql, values or None)
            columns = tuple(str(column[0]) for column in result.description or ())
            return Answer(columns, result.fetchall() if columns else [])
        except duckdb.Error as error:
            raise WarehouseError(" ".join(str(error).split())) from None


def version(path: Path) -> int | None:
    """The schema version of a warehouse; None where there is no file. Raises `WarehouseError` for any other file."""
    if not path.exists():
        return None
    with connect(path) as connection:
        try:
            row = connection.execute("SELECT max(schema_version) FROM warehouse_state").fetchone()
        except duckdb.Error:
            raise WarehouseError(f"{path}: not a warehouse of xietong; move the file away and run again") from None
    return int(row[0]) if row and row[0] is not None else 0


def fingerprint(path: Path) -> str:
    """What changes whenever another file takes a path, or somebody writes to the one that is there; empty for none."""
    if not path.exists():
        return ""
    about = path.stat()
    return f"{about.st_ino}-{about.st_size}-{about.st_mtime_ns}"


def refuse_newer(path: Path) -> None:
    """Raise `WarehouseError` for a warehouse that a newer program has written: it must not be replaced."""
    found = version(path)
    if found is not None and found > WAREHOUSE_VERSION:
        raise WarehouseError(
            f"{path}: published by a newer xietong (schema {found}, this one knows {WAREHOUSE_VERSION}); "
            "update xietong or choose another --data folder; the file was left as it is"
        )


def refuse_older(path: Path) -> None:
    """Raise `WarehouseError` for a warehouse whose tables are not yet those that this program writes out."""
    found = version(path)
    if found is not None and found < WAREHOUSE_VERSION:
        raise WarehouseError(
            f"{path}: published by an older xietong (schema {found}, this one reads {WAREHOUSE_VERSION}); "
            "run `xietong publish` to publish it anew from what is stored"
        )


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise WarehouseError(f"{path}: no warehouse yet; run `xietong nightly`, or `xietong import` and `publish`")
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "lock_configuration": True,
    }
    try:
        return duckdb.connect(path, read_only=True, config=config)
    except duckdb.Error as error:
        text = " ".join(str(error).split())
        if "lock" in text.lower():
            why = "another program has opened it for writing; close that one"
        elif "newer version" in text or "version number" in text:
            why = f"written by a newer DuckDB; update xietong ({text[:120]})"
        else:
            why = f"not readable as a warehouse; move it away and run again ({text[:120]})"
        raise WarehouseError(f"{path}: {why}") from None
