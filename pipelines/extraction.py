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
from pipelines.carrying import carry_over, keep_region
from pipelines.collecting import collect, with_texts
from pipelines.indexing import Progress
from pipelines.reach import Reach, Reaches, reach_version
from pipelines.state import EXTRACTIONS, REACHES, bounded_memory, transaction
from pipelines.versions import code_version
from pipelines.workers import mapped
from warehouse.tables import insert

_DOCUMENTS_A_BATCH = 200
_CHARACTERS_A_BATCH = 300_000
_COMMIT_AFTER = 1000
_WORTH_PROCESSES = 400
"""Documents below which starting processes takes longer than they save."""


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
    """A row of the extractions, and what of the text was read; None where the extractor failed."""

    row: tuple[object, ...]
    reach: Reach | None


def extract_missing(
    state: duckdb.DuckDBPyConnection, data: Path, region: Region, workers: int, progress: Progress
) -> Extracted:
    """Extract every document that has no extraction under the region's rules and this code, in batches.

    What an earlier version of the rules extracted from texts that the edit between the two cannot affect is carried
    over. Killed at any moment, the next call goes on from the last batch.
    """
    version = (region.rules_version, code_version())
    with bounded_memory(state):
        documents = collect(state, data, region)
        keep_region(state, region)
        carried = carry_over(state, region) if missing(state, version) else 0
        total = missing(state, version)
        progress("extract", 0, total)
        count = failed = 0
        waiting: list[_Done] = []
        processes = workers if total >= _WORTH_PROCESSES else 1
        for done in mapped(_extract_batch, _batches(state, version), processes, _prepare, (region, *version)):
            waiting += done
            count += len(done)
            failed += sum(one.row[5] is not None for one in done)
            if len(waiting) >= _COMMIT_AFTER:
                _store(state, waiting)
                waiting = []
            progress("extract", count, total)
        _store(state, waiting)
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
    rows = state.execute(
        """SELECT extraction_key, payload, error FROM extractions WHERE rules_version = ? AND code_version = ?""",
        [region.rules_version, code_version()],
    ).fetchall()
    return {key: (payload, error) for key, payload, error in rows}


def drop_outdated(state: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Forget extractions and readings of other versions: what they said is in no published state any more."""
    with transaction(state):
        state.execute(
            "DELETE FROM extractions WHERE rules_version <> ? OR code_version <> ?",
            [region.rules_version, code_version()],
        )
        for table in ("readings", "attachments"):
            state.execute(f"DELETE FROM {table} WHERE code_version <> ?", [code_version()])
        state.execute(
            """DELETE FROM reaches
               WHERE reach_version <> ? OR extraction_key NOT IN (SELECT extraction_key FROM extractions)""",
            [reach_version()],
        )


def missing(state: duckdb.DuckDBPyConnection, version: tuple[str, str]) -> int:
    """How many documents have no extraction under a version of rules and code."""
    row = state.execute(f"SELECT count(*) FROM ({_MISSING})", version).fetchone()
    return row[0] if row else 0


_MISSING = """SELECT contexts.* FROM contexts WHERE extraction_key NOT IN (
    SELECT extraction_key FROM extractions WHERE rules_version = ? AND code_version = ?)"""


def _batches(state: duckdb.DuckDBPyConnection, version: tuple[str, str]) -> Iterator[list[_Task]]:
    batch: list[_Task] = []
    size = 0
    reader = state.cursor()
    reader.execute(
        f"""SELECT extraction_key, title, url, publisher, publisher_name, day, body
            FROM ({with_texts(_MISSING)})""",
        version,
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


def _store(state: duckdb.DuckDBPyConnection, done: Sequence[_Done]) -> None:
    with transaction(state):
        insert(state, EXTRACTIONS, (one.row for one in done))
        reaches = ((one.row[0], one.reach) for one in done if one.reach is not None)
        insert(state, REACHES, ((key, reach_version(), reach.read, reach.counted) for key, reach in reaches))


_extractor: Extractor | None = None
_reaches: Reaches | None = None
_versions: tuple[str, str] = ("", "")


def _prepare(region: Region, rules: str, code: str) -> None:
    global _extractor, _reaches, _versions
    _extractor, _reaches, _versions = Extractor(region), Reaches(region.vocabulary), (rules, code)


def _extract_batch(tasks: list[_Task]) -> list[_Done]:
    assert _extractor is not None and _reaches is not None
    made: list[_Done] = []
    for task in tasks:
        try:
            found = _extractor.extract(task.text, task.context)
        except Exception as error:  # one text must not stop the run; it is counted and named in the findings
            reason = f"{type(error).__name__}: {error}"[:300]
            made.append(_Done((task.key, *_versions, False, 0, reason, ""), None))
            continue
        payload = _payload(found) if found.tag.policy or found.pairs else ""
        row = (task.key, *_versions, found.tag.policy, len(found.pairs), None, payload)
        made.append(_Done(row, _reaches.of(task.text, task.context, found)))
    return made


def _payload(found: Extraction) -> str:
    codes = sorted(mention.code for mention in found.places.mentions)
    row = {"codes": codes, "tag": asdict(found.tag), "pairs": [asdict(pair) for pair in found.pairs]}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
