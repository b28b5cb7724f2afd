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
from pipelines.derivation.geography import Geography
from pipelines.documents import collect, context, extraction_key, texts
from pipelines.indexing import Progress
from pipelines.state import EXTRACTIONS, transaction
from pipelines.versions import code_version
from pipelines.workers import mapped
from warehouse.tables import insert

_DOCUMENTS_A_BATCH = 200
_CHARACTERS_A_BATCH = 300_000
_COMMIT_AFTER = 1000


@dataclass(frozen=True, slots=True)
class Extracted:
    """What extracting gave: documents in all, extracted `now`, and those that the extractor failed on."""

    documents: int
    now: int
    failed: int


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


def extract_missing(
    state: duckdb.DuckDBPyConnection, data: Path, region: Region, workers: int, progress: Progress
) -> Extracted:
    """Extract every document that has no extraction under the region's rules and this code, in batches."""
    geography = Geography(region)
    documents = collect(state, data, region)
    version = (region.rules_version, code_version())
    done = {
        row[0]
        for row in state.execute(
            "SELECT extraction_key FROM extractions WHERE rules_version = ? AND code_version = ?", version
        ).fetchall()
    }
    contexts: dict[str, tuple[str, Context]] = {}
    keys: dict[str, str] = {}
    for document in documents:
        about = context(document, geography)
        key = extraction_key(document, about)
        if key not in done:
            contexts[document.doc_id] = (key, about)
            keys[document.doc_id] = document.first.text_key
    progress("extract", 0, len(contexts))
    count = failed = 0
    waiting: list[tuple[object, ...]] = []
    for rows in mapped(_extract_batch, _batches(state, keys, contexts), workers, _prepare, (region, *version)):
        waiting += rows
        count += len(rows)
        failed += sum(row[5] is not None for row in rows)
        if len(waiting) >= _COMMIT_AFTER:
            _store(state, waiting)
            waiting = []
        progress("extract", count, len(contexts))
    _store(state, waiting)
    return Extracted(len(documents), count, failed)


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
        state.execute("DELETE FROM readings WHERE code_version <> ?", [code_version()])


def _batches(
    state: duckdb.DuckDBPyConnection, keys: dict[str, str], contexts: dict[str, tuple[str, Context]]
) -> Iterator[list[_Task]]:
    batch: list[_Task] = []
    size = 0
    for doc_id, text in texts(state, keys):
        key, about = contexts[doc_id]
        batch.append(_Task(key, text, about))
        size += len(text)
        if size > _CHARACTERS_A_BATCH or len(batch) >= _DOCUMENTS_A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _store(state: duckdb.DuckDBPyConnection, rows: Sequence[tuple[object, ...]]) -> None:
    with transaction(state):
        insert(state, EXTRACTIONS, rows)


_extractor: Extractor | None = None
_versions: tuple[str, str] = ("", "")


def _prepare(region: Region, rules: str, code: str) -> None:
    global _extractor, _versions
    _extractor, _versions = Extractor(region), (rules, code)


def _extract_batch(tasks: list[_Task]) -> list[tuple[object, ...]]:
    assert _extractor is not None
    rows: list[tuple[object, ...]] = []
    for task in tasks:
        try:
            found = _extractor.extract(task.text, task.context)
        except Exception as error:  # one text must not stop the run; it is counted and named in the findings
            reason = f"{type(error).__name__}: {error}"[:300]
            rows.append((task.key, *_versions, False, 0, reason, ""))
            continue
        payload = _payload(found) if found.tag.policy or found.pairs else ""
        rows.append((task.key, *_versions, found.tag.policy, len(found.pairs), None, payload))
    return rows


def _payload(found: Extraction) -> str:
    codes = sorted(mention.code for mention in found.places.mentions)
    row = {"codes": codes, "tag": asdict(found.tag), "pairs": [asdict(pair) for pair in found.pairs]}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
