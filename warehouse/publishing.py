"""Building a new published state beside the old one and putting it in place in one step.

A writer locks its file against every other process, so the published file is never written: a new one is built,
checked by the gates, closed, and renamed over it. Readers keep the state they opened.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from warehouse.gates import failures, too_few
from warehouse.reading import WarehouseError, connect, refuse_newer
from warehouse.schema import TABLES
from warehouse.tables import insert

Rows = Iterable[Sequence[object]]


class PublicationRefused(WarehouseError):  # noqa: N818 - the refusal is the term
    """Gates that did not hold, in `failures`; the warehouse that was published before is still there."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.failures = tuple(reasons)
        super().__init__(f"not published, the old state stays: {'; '.join(reasons)}")


def publish(target: Path, rows: Mapping[str, Rows], force: bool = False) -> None:
    """Make `rows` (by table) the published state at `target`.

    Raises `PublicationRefused` when a gate fails (`force` lifts only the one that asks for enough documents) and
    `WarehouseError` when a newer program's warehouse stands there. The caller makes sure that it is alone: what a
    killed run left half-built beside the target is removed.
    """
    refuse_newer(target)
    for left in target.parent.glob(f"{target.name}.new*"):
        left.unlink(missing_ok=True)
    before = None if force else _documents(target)
    fresh = target.with_name(f"{target.name}.new-{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        connection = duckdb.connect(fresh)
        try:
            reasons = _build(connection, rows, before)
        finally:
            connection.close()
        if reasons:
            raise PublicationRefused(reasons)
        _settle(fresh)
        fresh.replace(target)
        _settle(target.parent)
    finally:
        for left in target.parent.glob(f"{fresh.name}*"):
            left.unlink(missing_ok=True)


def _build(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Rows], before: int | None) -> list[str]:
    if unknown := sorted(rows.keys() - {table.name for table in TABLES}):
        raise ValueError(f"no such table: {', '.join(unknown)}")
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("BEGIN TRANSACTION")
    counts: dict[str, int] = {}
    for table in TABLES:
        connection.execute(table.ddl())
        counts[table.name] = insert(connection, table, rows.get(table.name, ()))
        for statement in table.comments():
            connection.execute(statement)
    connection.execute("COMMIT")
    reasons = failures(connection)
    if few := too_few(counts["documents"], before):
        reasons.append(few)
    connection.execute("CHECKPOINT")
    return reasons


def _documents(path: Path) -> int | None:
    if not path.exists():
        return None
    with connect(path) as connection:
        try:
            row = connection.execute("SELECT count(*) FROM documents").fetchone()
        except duckdb.Error:
            raise WarehouseError(f"{path}: has no documents table; move the file away and run again") from None
    return int(row[0]) if row else None


def _settle(path: Path) -> None:
    """Make sure that what a path holds is on disk before something relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
