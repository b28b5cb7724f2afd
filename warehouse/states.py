"""The states that were published, kept beside the warehouse so that any two can be compared and any one put back.

A kept state is a hard link to the file that was published (a copy where the disk has no links) and is never written
again: `states/<number>-<rules version>.duckdb`. Numbers only grow.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from warehouse.reading import WarehouseError, connect, query

STATES_FOLDER = "states"
KEPT = 10
KEPT_BYTES = 20 * 1024**3

_NAME = re.compile(r"(\d+)-(.*)\.duckdb")
_UNSAFE = re.compile(r"[^0-9A-Za-z]")
_SHORTEST_VERSION = 4
_UNFINISHED = ".new"


@dataclass(frozen=True, slots=True)
class State:
    """A kept state; `published` is whether it is the one that readers see now. Times are UTC.

    A file that cannot be read as a state says why in `problem`, and nothing else of it is known.
    """

    number: int
    path: Path
    size: int
    published: bool = False
    schema_version: int | None = None
    rules_version: str = ""
    code_version: str = ""
    published_at: datetime | None = None
    documents: int = 0
    policies: int = 0
    pairs: int = 0
    problem: str = ""


def kept(target: Path) -> list[State]:
    """The kept states of the warehouse at `target`, oldest first."""
    now = _number(target)
    return [_state(number, path, number == now) for number, path in _files(target)]


def next_number(target: Path) -> int:
    """The number of the next state to publish."""
    numbers = [number for number, _ in _files(target)]
    return 1 + max((_reserved(target), *numbers) if target.exists() else (0, *numbers))


def keep(target: Path) -> None:
    """Make sure that the published state is among the kept ones."""
    if not target.exists():
        return
    number = _reserved(target)
    if number in dict(_files(target)):
        return
    folder = target.parent / STATES_FOLDER
    folder.mkdir(exist_ok=True)
    rules = query(target, "SELECT rules_version FROM warehouse_state LIMIT 1").rows
    name = _UNSAFE.sub("_", str(rules[0][0])) if rules else "unknown"
    place = folder / f"{number:04d}-{name}.duckdb"
    for left in folder.glob(f".*{_UNFINISHED}"):
        left.unlink(missing_ok=True)
    fresh = place.with_name(f".{place.name}{_UNFINISHED}")
    try:
        os.link(target, fresh)
    except OSError:
        shutil.copy2(target, fresh)
    fresh.replace(place)


def prune(target: Path, most: int = KEPT, most_bytes: int | None = KEPT_BYTES) -> list[Path]:
    """Remove the oldest kept states until at most `most` stay and they fit in `most_bytes`; returns what went.

    The published one always stays; bytes alone never take the one before it, which `rollback` needs.
    """
    now = _number(target)
    files = _files(target)
    published = [number for number, _ in files if number == now]
    others = [number for number, _ in reversed(files) if number != now]
    stay = [*published, *others[: max(0, most - len(published))]]
    sizes = {number: path.stat().st_size for number, path in files}
    while most_bytes is not None and len(stay) > 2 and sum(sizes[number] for number in stay) > most_bytes:
        stay.pop()
    gone = [path for number, path in files if number not in stay]
    for path in gone:
        path.unlink()
    return gone


def find(states: Iterable[State], wanted: str) -> State:
    """The state that a person means: a number, the beginning of a rules version (its latest state), or a day
    (YYYY-MM-DD: the last state published on it or before). Raises `WarehouseError` that lists what there is."""
    usable = [state for state in states if not state.problem]
    found: list[State] = []
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", wanted):
        with contextlib.suppress(ValueError):
            day = date.fromisoformat(wanted)
            found = [state for state in usable if state.published_at and state.published_at.date() <= day]
            found.sort(key=lambda state: (state.published_at or datetime.min, state.number))
    else:
        found = [state for state in usable if wanted.isdecimal() and state.number == int(wanted)]
        if not found and len(wanted) >= _SHORTEST_VERSION:
            found = [state for state in usable if state.rules_version.startswith(wanted)]
    if not found:
        there = ", ".join(f"{state.number} ({state.rules_version})" for state in usable[-KEPT:]) or "none is kept"
        raise WarehouseError(
            f"{wanted}: no kept state; give a number, a rules version or a day (YYYY-MM-DD). Kept: {there}"
        )
    return found[-1]


def before(states: Iterable[State], state: State) -> State:
    """The state published before another one. Raises `WarehouseError` where none is kept."""
    earlier = [one for one in states if one.number < state.number and not one.problem]
    if not earlier:
        raise WarehouseError(f"state {state.number}: no state before it is kept; see `xietong states`")
    return earlier[-1]


def published(states: Iterable[State]) -> State:
    """The state that readers see. Raises `WarehouseError` where it is not kept."""
    for state in states:
        if state.published:
            return state
    raise WarehouseError("the published state is not among the kept ones; run `xietong publish` once")


def _files(target: Path) -> list[tuple[int, Path]]:
    folder = target.parent / STATES_FOLDER
    if not folder.is_dir():
        return []
    named = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((int(match[1]), path) for match, path in named if match)


def _reserved(target: Path) -> int:
    """The number of the published state, or the one under which it will be kept."""
    number = _number(target)
    return 1 + max((number for number, _ in _files(target)), default=0) if number is None else number


def _number(target: Path) -> int | None:
    """The number that the published state bears; None for one that an older program has published and nobody kept."""
    if not target.exists():
        return None
    with contextlib.suppress(WarehouseError):
        number = query(target, "SELECT max(number) FROM warehouse_state").rows[0][0]
        if number is not None:
            return int(str(number))
    return next((number for number, path in _files(target) if path.samefile(target)), None)


def _state(number: int, path: Path, published: bool) -> State:
    size = path.stat().st_size
    try:
        with connect(path) as connection:
            names = connection.execute("SELECT column_name FROM (DESCRIBE warehouse_state)").fetchall()
            day = "published_at" if ("published_at",) in names else "NULL"
            row = connection.execute(
                f"""SELECT schema_version, rules_version, code_version, {day},
                           (SELECT count(*) FROM documents), (SELECT count(*) FROM policies),
                           (SELECT count(*) FROM city_pairs WHERE grain = 'named')
                    FROM warehouse_state"""
            ).fetchone()
    except (WarehouseError, duckdb.Error) as error:
        return State(number, path, size, published, problem=" ".join(str(error).split())[:200])
    if row is None:
        return State(number, path, size, published, problem=f"{path}: says nothing of itself")
    schema, rules, code, at, documents, policies, pairs = row
    at = at or datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    return State(number, path, size, published, schema, rules or "", code or "", at, documents, policies, pairs)
