"""Extractions of one version of the rules that hold under another, because the edit between them cannot affect them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

import duckdb
from ahocorasick_rs import AhoCorasick, MatchKind

from config.loader import Region
from config.reading import ConfigError
from config.snapshot import rebuilt
from extract.gazetteer import fold
from pipelines.affected import Affected, affected
from pipelines.collecting import with_texts
from pipelines.reach import reach_version
from pipelines.state import REGIONS, transaction
from pipelines.versions import code_version
from warehouse.tables import insert

_ROWS_A_READ = 1000
_MOST_COMPARED = 3
_FEW = 0.01
_MOST_ONE_BY_ONE = 12
"""Words that the database finds sooner one by one than all at once are found here."""
_LOOK_ALIKES = r"[\x{2e80}-\x{2fdf}\x{f900}-\x{faff}]"
"""The characters that places are read with others for; texts in the state hold no halves of a surrogate pair."""


def keep_region(state: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Store the texts of a region, so that what is extracted under it can be made again and compared later."""
    known = state.execute("SELECT 1 FROM regions WHERE region_version = ?", [region.region_version]).fetchone()
    if known is None:
        sources = json.dumps(region.sources, ensure_ascii=False, sort_keys=True)
        insert(state, REGIONS, [(region.region_version, region.rules_version, region.settings.revised, sources)])


def kept_region(state: duckdb.DuckDBPyConnection, version: str, like: Region | None = None) -> Region | None:
    """The region of a version of the rules (or of the whole folder) that was kept, or None for one that never was."""
    row = state.execute(
        "SELECT sources FROM regions WHERE rules_version = ? OR region_version = ? ORDER BY rowid DESC LIMIT 1",
        [version, version],
    ).fetchone()
    return rebuilt(json.loads(row[0]), like) if row else None


def carry_over(state: duckdb.DuckDBPyConnection, region: Region) -> int:
    """Give the documents that an edit cannot affect their extractions under the new rules; returns how many.

    Of the versions that are there, the one is compared with that leaves least to extract, or the first that leaves
    little.
    """
    bounded: list[tuple[set[str], str]] = []
    for old, held in _before(state, region):
        edit = affected(old, region)
        if not edit.everything:
            bounded.append((touched(state, edit), old.rules_version))
            if len(bounded[-1][0]) <= held * _FEW:
                break
    if not bounded:
        return 0
    keys, before = min(bounded, key=lambda one: len(one[0]))
    state.execute("CREATE OR REPLACE TEMP TABLE touched (extraction_key VARCHAR)")
    state.execute("INSERT INTO touched SELECT unnest(?)", [sorted(keys)])
    with transaction(state):
        row = state.execute(
            """INSERT INTO extractions
               SELECT extraction_key, ?, code_version, policy, pairs, error, payload FROM extractions
               SEMI JOIN (SELECT extraction_key FROM contexts ANTI JOIN touched USING (extraction_key)
                   ANTI JOIN (SELECT extraction_key FROM extractions WHERE rules_version = ? AND code_version = ?)
                   USING (extraction_key) SEMI JOIN (SELECT extraction_key FROM reaches WHERE reach_version = ?)
                   USING (extraction_key)) USING (extraction_key)
               WHERE rules_version = ? AND code_version = ? AND error IS NULL""",
            [region.rules_version, region.rules_version, code_version(), reach_version(), before, code_version()],
        ).fetchone()
    return int(row[0]) if row else 0


def _before(state: duckdb.DuckDBPyConnection, region: Region) -> Iterator[tuple[Region, int]]:
    """The kept regions under which most documents have extractions, and how many have; the latest first."""
    rows = state.execute(
        """SELECT rules_version, held FROM (
               SELECT rules_version, count(*) AS held FROM extractions WHERE code_version = ? AND rules_version <> ?
               GROUP BY ALL
           ) JOIN (SELECT rules_version, max(rowid) AS kept FROM regions GROUP BY ALL) USING (rules_version)
           ORDER BY held DESC, kept DESC LIMIT ?""",
        [code_version(), region.rules_version, _MOST_COMPARED],
    ).fetchall()
    for version, held in rows:
        with suppress(ConfigError):
            if (old := kept_region(state, version, region)) is not None:
                yield old, held


def touched(state: duckdb.DuckDBPyConnection, edit: Affected) -> set[str]:
    """The keys of the documents that hold what an edit speaks of, where it counts."""
    found: set[str] = set()
    read = edit.near | edit.counted
    if read:
        found |= _holding(state, "SELECT extraction_key, read AS text FROM reaches", read)
    if edit.counted:
        found |= _holding(state, "SELECT extraction_key, counted AS text FROM reaches", edit.counted)
    if edit.anywhere:
        for column in ("title", "publisher_name"):
            found |= _holding(state, f"SELECT extraction_key, {column} AS text FROM contexts", edit.anywhere, fold)
        bodies = f"SELECT extraction_key, body AS text FROM ({with_texts('FROM contexts')})"
        found |= _holding(state, bodies, edit.anywhere, fold)
    if edit.publishers:
        sql = "SELECT extraction_key FROM contexts WHERE list_contains(?, publisher)"
        found |= {key for (key,) in _rows(state, sql, [sorted(edit.publishers)])}
    return found


def _holding(
    state: duckdb.DuckDBPyConnection, texts: str, words: Iterable[str], read_as: Callable[[str], str] = str
) -> set[str]:
    """The keys of those of `texts` (extraction_key, text) that hold a word as they are or as they are read."""
    sought = sorted(words)
    if len(sought) > _MOST_ONE_BY_ONE:
        automaton = AhoCorasick(sought, matchkind=MatchKind.Standard)
        return {
            key
            for key, text in _rows(state, texts)
            if automaton.find_matches_as_indexes(text)
            or ((other := read_as(text)) != text and automaton.find_matches_as_indexes(other))
        }
    held = " OR ".join(["contains(text, ?)"] * len(sought))
    found = {key for (key,) in _rows(state, f"SELECT extraction_key FROM ({texts}) WHERE {held}", sought)}
    if read_as is not str:
        rows = _rows(state, f"SELECT extraction_key, text FROM ({texts}) WHERE regexp_matches(text, ?)", [_LOOK_ALIKES])
        found |= {key for key, text in rows if any(word in read_as(text) for word in sought)}
    return found


def _rows(state: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[str, ...]]:
    reader = state.cursor()
    reader.execute(sql, parameters)
    while some := reader.fetchmany(_ROWS_A_READ):
        yield from some
    reader.close()
