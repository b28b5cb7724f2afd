"""Which extractions of one version of the rules hold under another, because the edit cannot affect them."""

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
from pipelines.generations import Generation, begin, generations, holding
from pipelines.state import REGIONS
from warehouse.tables import insert

_ROWS_A_READ = 1000
_MOST_COMPARED = 3
_NEARLY = 0.99
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
    return rebuilt(json.loads(row[0]), like, checked=True) if row else None


def carry_over(state: duckdb.DuckDBPyConnection, region: Region) -> int:
    """Let what was extracted hold under the region's rules wherever the edit cannot affect it; returns the generation.

    Of the versions that are there, the one is gone on from that leaves least to extract, or the first that leaves
    little.
    """
    keep_region(state, region)
    known = generations(state)
    most = max((before.held for before in known), default=0)
    best: tuple[int, Generation | None, set[str]] = (0, None, set())
    for before, edit in _edits(state, region, known):
        if not edit.everything:
            keys = touched(state, edit, before.number)
            best = max(best, (before.held - len(keys), before, keys), key=lambda one: one[0])
            if best[0] >= most * _NEARLY:
                break
    return begin(state, region, *best[1:])


def _edits(
    state: duckdb.DuckDBPyConnection, region: Region, known: Sequence[Generation]
) -> Iterator[tuple[Generation, Affected]]:
    """The generations that may be gone on from, with what was edited since: one of the same rules, then the fullest."""
    ordered = sorted(known, key=lambda before: (before.rules_version != region.rules_version, -before.held))
    for before in ordered[:_MOST_COMPARED]:
        if before.rules_version == region.rules_version:
            yield before, Affected()
            continue
        with suppress(ConfigError):
            if (old := kept_region(state, before.rules_version, region)) is not None:
                yield before, affected(old, region)


def touched(state: duckdb.DuckDBPyConnection, edit: Affected, before: int) -> set[str]:
    """The keys of the extractions of a generation that an edit can affect, and of documents that have none in it."""
    found: set[str] = set()
    read = edit.near | edit.counted
    for column, words in (("read", read), ("counted", edit.counted)):
        if words:
            found |= _holding(state, holding(before, f"extraction_key, {column} AS text"), words)
    if edit.anywhere:
        for column in ("title", "publisher_name"):
            found |= _holding(state, f"SELECT extraction_key, {column} AS text FROM contexts", edit.anywhere, fold)
        bodies = f"SELECT extraction_key, body AS text FROM ({with_texts('FROM contexts')})"
        found |= _holding(state, bodies, edit.anywhere, fold)
    if edit.publishers:
        sql = "SELECT extraction_key FROM contexts WHERE list_contains(?, publisher)"
        found |= {key for (key,) in _rows(state, sql, [sorted(edit.publishers)])}
    if edit.anywhere or edit.publishers:
        sql = f"{holding(before, 'extraction_key')} AND extraction_key NOT IN (SELECT extraction_key FROM contexts)"
        found |= {key for (key,) in _rows(state, sql)}
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
