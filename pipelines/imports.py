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
    """What importing gave, in rows: `added` and already `known` went in, `rejected` did not, for the `problems` listed.

    `undated` of those that went in give no date.
    """

    added: int
    known: int
    rejected: int
    undated: int
    problems: tuple[str, ...]

    @property
    def rows(self) -> int:
        return self.added + self.known + self.rejected


def import_files(state: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> Imported:
    """Put the rows of `files` into the state; each file is one transaction (all of it or nothing).

    A row is known by its content, a file by the hash of its bytes: importing again changes nothing. A file that cannot
    be read is named like a bad row, and the other files go in.
    """
    parts = [_import_file(state, path) for path in files]
    return Imported(
        sum(part.added for part in parts),
        sum(part.known for part in parts),
        sum(part.rejected for part in parts),
        sum(part.undated for part in parts),
        tuple(problem for part in parts for problem in part.problems),
    )


def _import_file(state: duckdb.DuckDBPyConnection, path: Path) -> Imported:
    try:
        with path.open("rb") as file:
            run_id = "import-" + hashlib.file_digest(file, "sha256").hexdigest()[:12]
    except OSError as error:
        return Imported(0, 0, 1, 0, (f"{path}: {error.strerror or error}; check the file name",))
    counts = {"added": 0, "known": 0, "undated": 0, "rejected": 0}
    problems: list[str] = []
    with transaction(state):
        known = {row[0] for row in state.execute("SELECT row_key FROM imported").fetchall()}
        insert(state, IMPORTED, _new_rows(path, known, counts, problems))
        if (unnamed := counts["rejected"] - len(problems)) > 0:
            problems.append(f"{path.name}: and {unnamed} more rows were rejected")
        accepted = counts["added"] + counts["known"]
        state.execute("DELETE FROM import_runs WHERE run_id = ?", [run_id])
        insert(state, IMPORT_RUNS, [(run_id, path.name, accepted, counts["rejected"], problems)])
    return Imported(counts["added"], counts["known"], counts["rejected"], counts["undated"], tuple(problems))


def _new_rows(path: Path, known: set[str], counts: dict[str, int], problems: list[str]) -> Iterator[tuple[object, ...]]:
    for item in read_import(path):
        match item:
            case Refused():
                counts["rejected"] += 1
                if len(problems) < _NAMED_PROBLEMS:
                    problems.append(str(item))
            case ImportRow(id, url, publisher, title, stated, text):
                counts["undated"] += stated is None
                day, precision = (stated.first, stated.precision) if stated else (None, None)
                key = identity.digest(id, url, publisher, title, str(day), str(precision), text)
                if key in known:
                    counts["known"] += 1
                else:
                    known.add(key)
                    counts["added"] += 1
                    doc_id, sha256 = identity.doc_id(text), identity.sha256(text)
                    yield (key, id, url, publisher, title, day, precision, doc_id, sha256, text)
