"""Documents collected elsewhere → the state, once for each distinct row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import identity
from pipelines.rows import ImportRow, Refused, read_import
from pipelines.state import IMPORT_RUNS, IMPORTED, transaction
from warehouse.tables import insert

_NAMED_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing gave: rows that went in (`new` of them not there before), rows refused, and why, one line each."""

    accepted: int
    new: int
    refused: int
    undated: int
    problems: tuple[str, ...]


def import_files(state: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> Imported:
    """Put the rows of `files` into the state; each file is one transaction.

    A row is known by its content, a file by the hash of its bytes: importing again changes nothing. A file that cannot
    be read is named like a bad row, and the other files go in.
    """
    total = Imported(0, 0, 0, 0, ())
    for path in files:
        one = _import_file(state, path)
        total = Imported(
            total.accepted + one.accepted,
            total.new + one.new,
            total.refused + one.refused,
            total.undated + one.undated,
            total.problems + one.problems,
        )
    return total


def _import_file(state: duckdb.DuckDBPyConnection, path: Path) -> Imported:
    try:
        with path.open("rb") as file:
            run_id = "import-" + hashlib.file_digest(file, "sha256").hexdigest()[:12]
    except OSError as error:
        reason = error.strerror or str(error)
        return Imported(0, 0, 1, 0, (f"{path}: {reason}; check the file name",))
    counts = {"accepted": 0, "new": 0, "undated": 0, "refused": 0}
    problems: list[str] = []
    with transaction(state):
        known = {row[0] for row in state.execute("SELECT row_key FROM imported").fetchall()}
        insert(state, IMPORTED, _new_rows(path, known, counts, problems))
        if counts["refused"] > len(problems):
            problems.append(f"{path.name}: and {counts['refused'] - len(problems)} more rows were refused")
        state.execute("DELETE FROM import_runs WHERE run_id = ?", [run_id])
        insert(state, IMPORT_RUNS, [(run_id, path.name, counts["accepted"], counts["refused"], problems)])
    return Imported(counts["accepted"], counts["new"], counts["refused"], counts["undated"], tuple(problems))


def _new_rows(
    path: Path, known: set[str], counts: dict[str, int], problems: list[str]
) -> Iterator[tuple[object, ...]]:
    for item in read_import(path):
        match item:
            case Refused():
                counts["refused"] += 1
                if len(problems) < _NAMED_PROBLEMS:
                    problems.append(str(item))
            case ImportRow(id, url, publisher, title, day, text):
                counts["accepted"] += 1
                counts["undated"] += day is None
                key = identity.digest(id, url, publisher, title, str(day), text)
                if key not in known:
                    known.add(key)
                    counts["new"] += 1
                    doc_id, sha256 = identity.doc_id(text), identity.sha256(text)
                    yield (key, id, url, publisher, title, day, doc_id, sha256, text)
