"""Documents → extractions: every document read once under each version of rules and code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from config.loader import Region
from extract.extractor import Extractor
from extract.model import Context, Extraction, Match, Pair, PolicyTag, Span
from pipelines.carrying import carry_over
from pipelines.collecting import collect, with_texts
from pipelines.generations import forget_others, generation, holding, under_way
from pipelines.indexing import Progress
from pipelines.reach import Reach, Reaches, reach_version
from pipelines.state import EXTRACTIONS, bounded_memory, transaction
from pipelines.versions import code_version
from pipelines.workers import mapped
from warehouse.tables import insert

_DOCUMENTS_A_BATCH = 200
_CHARACTERS_A_BATCH = 300_000
_COMMIT_AFTER = 1000
_WORTH_PROCESSES = 400
"""Documents below which starting processes takes longer than they save."""
_WORTH_PICKING = 5000
"""Documents below which picking out their texts is faster than passing by all others."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What extracting gave: documents in all, extracted `now`, those that the extractor failed on, and those for which
    what an earlier version of the rules gave still holds."""

    documents: int
    now: int
    failed: int
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """An extraction as the state keeps it: places only as the codes they name, in order of their codes."""

    codes: tuple[str, ...]
    tag: PolicyTag
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    key: str
    text: str
    context: Context


@dataclass(frozen=True, slots=True)
class _Done:
    """What the extractor gave, and what of the text was read for it; an `error` where it failed."""

    key: str
    policy: bool = False
    pairs: int = 0
    payload: str = ""
    reach: Reach | None = None
    error: str | None = None


def extract_missing(
    state: duckdb.DuckDBPyConnection, data: Path, region: Region, workers: int, progress: Progress
) -> Extracted:
    """Extract every document that has no extraction under the region's rules and this code, in batches.

    What an earlier version of the rules extracted from texts that the edit between the two cannot affect still holds.
    Killed at any moment, the next call goes on from the last batch.
    """
    with bounded_memory(state):
        documents = collect(state, data, region)
        known = under_way(state, region)
        number = carry_over(state, region) if known is None else known
        reader = state.cursor()
        total = _missing(reader, number)
        carried = documents - total if known is None else 0
        progress("extract", 0, total)
        count = failed = 0
        waiting: list[_Done] = []
        processes = workers if total >= _WORTH_PROCESSES else 1
        batches = _batches(reader, total) if total else ()
        for done in mapped(_extract_batch, batches, processes, _prepare, (region,)):
            waiting += done
            count += len(done)
            failed += sum(one.error is not None for one in done)
            if len(waiting) >= _COMMIT_AFTER:
                _store(state, number, waiting)
                waiting = []
            progress("extract", count, total)
        _store(state, number, waiting)
    return Extracted(documents, count, failed, carried)


def stored(payload: str) -> Stored:
    """An extraction as it was before it was written."""
    row = json.loads(payload)
    tag = row["tag"]
    return Stored(
        tuple(row["codes"]),
        PolicyTag(
            tag["policy"],
            tag["industrial"],
            tag["level"],
            tuple(tag["types"]),
            tuple(tag["domains"]),
            tag["score"],
            tuple(Match(**match) for match in tag["matched"]),
        ),
        tuple(
            Pair(
                **{
                    **pair,
                    "types": tuple(pair["types"]),
                    "domains": tuple(pair["domains"]),
                    "evidence": Span(**pair["evidence"]),
                }
            )
            for pair in row["pairs"]
        ),
    )


def extractions(state: duckdb.DuckDBPyConnection, region: Region) -> dict[str, tuple[str, str | None]]:
    """extraction_key → (payload, error) under the region's rules and this code; the payload is empty where nothing was
    found."""
    sql = holding(generation(state, region), "extraction_key, payload, error")
    return {key: (payload, error) for key, payload, error in state.execute(sql).fetchall()}


def drop_outdated(state: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Forget extractions and readings of other versions: what they said is in no published state any more."""
    forget_others(state, region)
    for table in ("readings", "attachments"):
        state.execute(f"DELETE FROM {table} WHERE code_version <> ?", [code_version()])


def _missing(reader: duckdb.DuckDBPyConnection, number: int) -> int:
    """Let a reader know where the documents are that have no extraction in a generation; returns how many."""
    reader.execute(
        f"""CREATE OR REPLACE TEMP TABLE missing AS SELECT rowid AS place FROM contexts
            WHERE extraction_key NOT IN ({holding(number, "extraction_key")})"""
    )
    row = reader.execute("SELECT count(*) FROM missing").fetchone()
    return row[0] if row else 0


def _batches(reader: duckdb.DuckDBPyConnection, total: int) -> Iterator[list[_Task]]:
    batch: list[_Task] = []
    size = 0
    wanted = "SELECT * FROM contexts WHERE rowid IN (SELECT place FROM missing)"
    reader.execute(
        f"""SELECT extraction_key, title, url, publisher, publisher_name, day, body
            FROM ({with_texts(wanted, few=total < _WORTH_PICKING)})"""
    )
    while rows := reader.fetchmany(_DOCUMENTS_A_BATCH):
        for key, title, url, publisher, publisher_name, day, text in rows:
            batch.append(_Task(key, text, Context(title, url, publisher, publisher_name, day)))
            size += len(text)
            if size > _CHARACTERS_A_BATCH or len(batch) >= _DOCUMENTS_A_BATCH:
                yield batch
                batch, size = [], 0
    reader.close()
    if batch:
        yield batch


def _store(state: duckdb.DuckDBPyConnection, number: int, done: Sequence[_Done]) -> None:
    if done:
        with transaction(state):
            insert(state, EXTRACTIONS, (_row(number, one) for one in done))


def _row(number: int, one: _Done) -> tuple[object, ...]:
    reach = (reach_version(), one.reach.read, one.reach.counted) if one.reach else ("", "", "")
    return (one.key, number, None, one.policy, one.pairs, one.error, one.payload, *reach)


_extractor: Extractor | None = None
_reaches: Reaches | None = None


def _prepare(region: Region) -> None:
    global _extractor, _reaches
    _extractor = Extractor(region)
    _reaches = Reaches(region.vocabulary, _extractor)


def _extract_batch(tasks: list[_Task]) -> list[_Done]:
    assert _extractor is not None and _reaches is not None
    made: list[_Done] = []
    for task in tasks:
        try:
            found = _extractor.extract(task.text, task.context)
        except Exception as error:  # one text must not stop the run; it is counted and named in the findings
            made.append(_Done(task.key, error=f"{type(error).__name__}: {error}"[:300]))
            continue
        payload = _payload(found) if found.tag.policy or found.pairs else ""
        reach = _reaches.of(task.text, task.context, found)
        made.append(_Done(task.key, found.tag.policy, len(found.pairs), payload, reach))
    return made


def _payload(found: Extraction) -> str:
    codes = sorted(mention.code for mention in found.places.mentions)
    row = {"codes": codes, "tag": asdict(found.tag), "pairs": [asdict(pair) for pair in found.pairs]}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
