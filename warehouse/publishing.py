"""Building a new published state beside the old one and putting it in place in one step.

A writer locks its file against every other process, so the published file is never written: a new one is built,
checked by the gates, closed, and renamed over it. Readers keep the state they opened. What was published stays in
`states/` (see `warehouse.states`), and any of it can be put back the same way.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse import states
from warehouse.gates import Yield, failures, shortfalls, yielded
from warehouse.migrations import migrate
from warehouse.reading import WarehouseError, connect, fingerprint, refuse_newer
from warehouse.schema import RUNS, TABLES
from warehouse.tables import Table, insert, literal, quoted

Rows = Iterable[Sequence[object]]
ROLLBACK = "rollback"

_ATTACHED = "published"


@dataclass(frozen=True, slots=True)
class Selected:
    """Rows that another database holds: a query there, with the columns of the table in order.

    They go from file to file without passing through Python, however many there are. Where a published file is known
    to hold the very same rows, `standing` is its fingerprint.
    """

    connection: duckdb.DuckDBPyConnection
    sql: str
    standing: str = ""

    def rows(self) -> Rows:
        """The same rows in Python, for a table that is small."""
        return self.connection.execute(self.sql).fetchall()


class PublicationRefused(WarehouseError):  # noqa: N818 - the refusal is the term
    """Gates that did not hold, in `failures`; the warehouse that was published before is still there."""

    def __init__(self, reasons: Sequence[str], liftable: bool = False) -> None:
        self.failures = tuple(reasons)
        hint = " (if that is meant, --force publishes all the same)" if liftable else ""
        super().__init__(f"not published, the old state stays: {'; '.join(reasons)}{hint}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A state that is built and not published: what speaks against it, and what only a person can judge (`doubts`)."""

    path: Path
    failures: tuple[str, ...]
    doubts: tuple[str, ...]


def publish(target: Path, rows: Mapping[str, Rows | Selected], force: bool = False) -> None:
    """Make `rows` (by table) the published state at `target` and keep it among the states.

    Raises `PublicationRefused` when a gate fails (`force` lifts only those that compare with the last good state) and
    `WarehouseError` when a newer program's warehouse stands there. The caller makes sure that it is alone: what a
    killed run left half-built beside the target is removed.
    """
    with candidate(target, rows) as made:
        reasons = made.failures if force else (*made.failures, *made.doubts)
        if reasons:
            raise PublicationRefused(reasons, liftable=not made.failures)
        _put_in_place(made.path, target)
    states.prune(target)


@contextmanager
def candidate(target: Path, rows: Mapping[str, Rows | Selected]) -> Iterator[Candidate]:
    """The state that publishing `rows` would put at `target`, with the verdict of the gates; gone afterwards."""
    refuse_newer(target)
    before = _last_good(target)
    with _beside(target) as fresh:
        with closing(_built(fresh, target, {**rows, "runs": _runs(target, rows)})) as connection:
            broken, now = failures(connection), yielded(connection)
            _name(connection, states.next_number(target))
        yield Candidate(fresh, tuple(broken), tuple(shortfalls(now, before)))


def rollback(target: Path, state: states.State) -> None:
    """Put a kept state back in one step; the act is a run of kind `rollback`, told by this and every later state.

    A state of an older schema is brought up to date in a copy first. Raises `WarehouseError` for one that cannot be, or
    that does not pass the gates any more.
    """
    refuse_newer(target)
    if state.problem:
        raise WarehouseError(f"state {state.number}: {state.problem}")
    told = _rollbacks(target)
    with _beside(target) as fresh:
        shutil.copyfile(state.path, fresh)
        migrate(fresh, state.path)
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        connection = duckdb.connect(fresh)
        try:
            connection.execute("DELETE FROM runs WHERE kind = ?", [ROLLBACK])
            row = connection.execute("SELECT rules_version, code_version FROM warehouse_state").fetchone()
            rules, code = row or (None, None)
            run = f"rollback-{state.number}-{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:4]}"
            insert(connection, RUNS, [*told, (run, now, now, ROLLBACK, rules, code)])
            _name(connection, state.number, state.published_at)
            broken = failures(connection)
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
        if broken:
            raise PublicationRefused(broken)
        _put_in_place(fresh, target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A name for a file beside the target; whatever stands there under it, or was left by a killed run, goes away."""
    for left in target.parent.glob(f"{target.name}.new*"):
        left.unlink(missing_ok=True)
    fresh = target.with_name(f"{target.name}.new-{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        yield fresh
    finally:
        for left in target.parent.glob(f"{fresh.name}*"):
            left.unlink(missing_ok=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    states.keep(target)
    _settle(fresh)
    fresh.replace(target)
    _settle(target.parent)
    states.keep(target)


def _built(fresh: Path, target: Path, rows: Mapping[str, Rows | Selected]) -> duckdb.DuckDBPyConnection:
    """A connection to a new file with all tables filled; from a copy of the published one where that holds the most."""
    if unknown := sorted(rows.keys() - {table.name for table in TABLES}):
        raise ValueError(f"no such table: {', '.join(unknown)}")
    selected = {table: some for table in TABLES if isinstance(some := rows.get(table.name), Selected)}
    standing = _standing(fresh, target, selected.values())
    if not standing:
        for table, some in selected.items():
            _copy(fresh, table, some)
    connection = duckdb.connect(fresh)
    try:
        connection.execute("BEGIN TRANSACTION")
        for table in TABLES:
            if table not in selected:
                connection.execute(f"DROP TABLE IF EXISTS {quoted(table.name)}")
                connection.execute(table.ddl())
                given = rows.get(table.name, ())
                insert(connection, table, () if isinstance(given, Selected) else given)
            for statement in table.comments():
                connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _standing(fresh: Path, target: Path, selected: Collection[Selected]) -> bool:
    """Whether the published file was copied because all that is selected stands in it."""
    published = fingerprint(target)
    if not selected or not published or any(one.standing != published for one in selected):
        return False
    shutil.copyfile(target, fresh)
    if fingerprint(target) == published:
        return True
    fresh.unlink()
    return False


def _copy(fresh: Path, table: Table, selected: Selected) -> None:
    """Make a table where its rows are: no other connection can read their database while that one has it open."""
    with closing(selected.connection.cursor()) as connection:
        connection.execute(f"ATTACH {literal(str(fresh))} AS {_ATTACHED}")
        try:
            connection.execute(table.ddl(_ATTACHED))
            connection.execute(f"INSERT INTO {_ATTACHED}.{quoted(table.name)} {selected.sql}")
        finally:
            connection.execute(f"DETACH {_ATTACHED}")


def _name(connection: duckdb.DuckDBPyConnection, number: int, at: datetime | None = None) -> None:
    moment = at or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute("UPDATE warehouse_state SET number = ?, published_at = ?", [number, moment])
    connection.execute("CHECKPOINT")


def _runs(target: Path, rows: Mapping[str, Rows | Selected]) -> Rows:
    """The runs of a new state: its own, and the rollbacks that the published one tells of."""
    own = rows.get("runs", ())
    return [*(own.rows() if isinstance(own, Selected) else own), *_rollbacks(target)]


def _rollbacks(target: Path) -> list[tuple[object, ...]]:
    if not target.exists():
        return []
    columns = ", ".join(quoted(name) for name in RUNS.column_names)
    with connect(target) as connection:
        return connection.execute(
            f"SELECT {columns} FROM runs WHERE kind = ? ORDER BY started_at, run_id", [ROLLBACK]
        ).fetchall()


def _last_good(path: Path) -> Yield | None:
    if not path.exists():
        return None
    with connect(path) as connection:
        try:
            return yielded(connection)
        except duckdb.Error:
            raise WarehouseError(f"{path}: lacks tables; move the file away and run again") from None


def _settle(path: Path) -> None:
    """Make sure that what a path holds is on disk before something relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
