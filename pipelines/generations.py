"""Which extractions hold under which rules.

Every change of the rules, and of the code that extracts, begins a generation. An extraction holds from the generation
in which it was made until one in which it may read differently. So an edit writes only the extractions it can affect;
all others hold on as they stand, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from config.loader import Region
from pipelines.reach import reach_version
from pipelines.state import GENERATIONS, transaction
from pipelines.versions import code_version
from warehouse.tables import insert


@dataclass(frozen=True, slots=True)
class Generation:
    """A stretch of time under one version of the rules and the present code; `held` counts what holds in it."""

    number: int
    rules_version: str
    held: int


def generation(state: duckdb.DuckDBPyConnection, region: Region) -> int | None:
    """The last generation under the region's rules and this code; None where nothing was extracted under them."""
    row = state.execute(
        "SELECT max(generation) FROM generations WHERE rules_version = ? AND code_version = ?",
        [region.rules_version, code_version()],
    ).fetchone()
    return row[0] if row else None


def under_way(state: duckdb.DuckDBPyConnection, region: Region) -> int | None:
    """The same where no other generation has begun since."""
    own = generation(state, region)
    return own if own == _last(state) else None


def holding(number: int | None, columns: str = "*") -> str:
    """SQL for the extractions that hold in a generation; for none of them where there is no generation."""
    held = "false" if number is None else f"since <= {number} AND (until IS NULL OR until >= {number})"
    return f"SELECT {columns} FROM extractions WHERE {held}"


def generations(state: duckdb.DuckDBPyConnection) -> list[Generation]:
    """The last generation of each version of the rules under this code; the latest first."""
    spans = state.execute("SELECT since, until, count(*) FROM extractions GROUP BY ALL").fetchall()
    rows = state.execute(
        "SELECT max(generation), rules_version FROM generations WHERE code_version = ? GROUP BY ALL", [code_version()]
    ).fetchall()
    return [
        Generation(number, rules, sum(n for since, until, n in spans if since <= number <= (until or number)))
        for number, rules in sorted(rows, reverse=True)
    ]


def begin(
    state: duckdb.DuckDBPyConnection, region: Region, before: Generation | None, touched: Iterable[str] = ()
) -> int:
    """Begin a generation in which those extractions of the one `before` hold that are not `touched`.

    Texts that the extractor failed on are tried again, and read again is what an unknown part of the text was read for,
    unless the rules are the same.
    """
    last = _last(state) or 0
    number = last + 1
    state.execute("CREATE OR REPLACE TEMP TABLE touched (extraction_key VARCHAR)")
    state.execute("INSERT INTO touched SELECT unnest(?)", [list(touched)])
    same = before is not None and before.rules_version == region.rules_version
    unsure = "" if same else f"OR error IS NOT NULL OR reach_version <> '{reach_version()}'"
    affected = f"(extraction_key IN (SELECT extraction_key FROM touched) {unsure})"
    with transaction(state):
        insert(state, GENERATIONS, [(number, region.rules_version, code_version())])
        gone = f"since > {before.number} OR {affected}" if before else "true"
        state.execute(f"UPDATE extractions SET until = {last} WHERE until IS NULL AND ({gone})")
        if before is not None and before.number < last:
            state.execute(
                f"""INSERT INTO extractions SELECT * REPLACE ({number} AS since, NULL AS until)
                    FROM ({holding(before.number)}) WHERE until < {last} AND NOT {affected}"""
            )
    return number


def forget_others(state: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Keep only what holds under the region's rules and this code."""
    own = generation(state, region)
    with transaction(state):
        state.execute(f"DELETE FROM extractions WHERE rowid NOT IN ({holding(own, 'rowid')})")
        state.execute("UPDATE extractions SET until = NULL WHERE until IS NOT NULL")
        state.execute("DELETE FROM generations WHERE generation IS DISTINCT FROM ?", [own])


def _last(state: duckdb.DuckDBPyConnection) -> int | None:
    row = state.execute("SELECT max(generation) FROM generations").fetchone()
    return row[0] if row else None
