"""What readers notice of publishing: processes that query in a loop while state after state is put in place.

The same processes query first while nothing happens, then during the publications, so that both figures come from one
run on one machine. Every query checks that what it sees is one whole state, and never an older one than before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.benchmark_tables import Measured
from tests.warehouse.states import Row, document, state
from warehouse.publishing import publish
from warehouse.reading import WAREHOUSE_FILE, connect

TITLE = "Readers: latency of a connection with its queries, idle and during publications"
COLUMNS = ("phase", "readers", "published", "queries", "p50 ms", "p99 ms", "worst ms", "p99 ÷ idle", "errors", "mixed")
ROOT = Path(__file__).resolve().parents[1]
READERS, PUBLICATIONS, DOCUMENTS, IDLE_SECONDS, PAUSE_SECONDS = 8, 20, 2000, 8.0, 0.1

_ANSWERED = "answered-"


@dataclass(frozen=True, slots=True)
class Answered:
    """What readers met: latencies in seconds by phase, and how many queries failed or saw more than one state."""

    idle: tuple[float, ...]
    busy: tuple[float, ...]
    errors: tuple[str, ...]
    mixed: int
    publications: int

    def ratio(self, share: float = 0.99) -> float:
        """How much longer the slowest queries but one in a hundred take during publications."""
        return quantile(self.busy, share) / quantile(self.idle, share)


def quantile(values: tuple[float, ...], share: float) -> float:
    """The value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def numbered(number: int, documents: int) -> dict[str, list[Row]]:
    """A state whose every document bears the number of the state."""
    return state(*(document(f"d{at:06d}", title=str(number), url=f"http://lf.example/{at}") for at in range(documents)))


def readers_during_publications(
    readers: int = READERS,
    publications: int = PUBLICATIONS,
    documents: int = DOCUMENTS,
    idle_seconds: float = IDLE_SECONDS,
) -> Answered:
    """Start the readers, let them query alone, then publish; raises when a publication fails."""
    with tempfile.TemporaryDirectory() as folder:
        target, stop = Path(folder) / WAREHOUSE_FILE, Path(folder) / "stop"
        publish(target, numbered(0, documents))
        command = [sys.executable, "-m", "tests.benchmark_readers"]
        running = [
            subprocess.Popen([*command, "read", str(target), str(stop)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for _ in range(readers)
        ]
        try:
            while len(list(stop.parent.glob(f"{_ANSWERED}*"))) < readers:
                if gone := [reader.returncode for reader in running if reader.poll() is not None]:
                    raise RuntimeError(f"a reader ended with {gone[0]} before its first answer; see the error above")
                time.sleep(0.05)
            idle_from = time.time()
            time.sleep(idle_seconds)
            idle_to = time.time()
            spoken = [str(target), str(publications), str(documents)]
            publishing = subprocess.Popen([*command, "publish", *spoken], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            said, _ = publishing.communicate()
            if publishing.returncode:
                raise RuntimeError("a publication failed; see the error above")
            begun, ended = map(float, said.split())
            stop.touch()
            told = [json.loads(reader.communicate(timeout=60)[0]) for reader in running]
        finally:
            for reader in running:
                if reader.poll() is None:
                    reader.kill()
    answers = [answer for one in told for answer in one["answers"]]
    return Answered(
        tuple(took for at, took in answers if idle_from <= at < idle_to),
        tuple(took for at, took in answers if begun <= at < ended),
        tuple(error for one in told for error in one["errors"]),
        sum(one["mixed"] for one in told),
        publications,
    )


def measure() -> Measured:
    """The table of readers."""
    met = readers_during_publications()
    rows = []
    for phase, took in (("idle", met.idle), ("publishing", met.busy)):
        figures = (quantile(took, 0.5) * 1000, quantile(took, 0.99) * 1000, max(took) * 1000)
        ratio = None if phase == "idle" else met.ratio()
        faults = (None, None) if phase == "idle" else (len(met.errors), met.mixed)
        published = 0 if phase == "idle" else met.publications
        rows.append((phase, READERS, published, len(took), *figures, ratio, *faults))
    note = (
        f"{READERS} processes, each opening the warehouse of {DOCUMENTS:,} documents anew for five queries every "
        f"{PAUSE_SECONDS * 1000:.0f} ms; publishing is one more process on the same {os.cpu_count()} cores."
    )
    return Measured(TITLE, COLUMNS, tuple(rows), (note,))


def _read(target: Path, stop: Path) -> Iterator[tuple[float, float, int | str]]:
    """(when, how long, the state seen or what went wrong) until told to stop, or until who asked is gone."""
    parent = os.getppid()
    while not stop.exists() and os.getppid() == parent:
        at, begun = time.time(), time.perf_counter()
        seen: int | str
        try:
            with connect(target) as connection:
                seen = _look(connection)
        except Exception as error:  # whatever a reader can meet is what is measured here
            seen = f"{type(error).__name__}: {error}"
        yield at, time.perf_counter() - begun, seen
        time.sleep(PAUSE_SECONDS)


def _look(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the state, or -1 where its parts do not agree."""
    first = connection.execute("SELECT min(title), max(title), count(*) FROM documents").fetchone()
    places = connection.execute("SELECT count(*) FROM document_sources").fetchone()
    connection.execute("SELECT unit_a, unit_b, documents FROM city_pairs ORDER BY documents DESC").fetchall()
    named = connection.execute("SELECT number FROM warehouse_state").fetchone()
    last = connection.execute("SELECT min(title), max(title), count(*) FROM documents").fetchone()
    assert first is not None and places is not None and named is not None
    whole = first == last and first[0] == first[1] and first[2] == places[0] and named[0] == int(first[0]) + 1
    return int(first[0]) if whole else -1


def _read_and_tell(target: Path, stop: Path) -> None:
    answers, errors, mixed, latest = [], [], 0, 0
    for at, took, seen in _read(target, stop):
        answers.append((at, took))
        (stop.parent / f"{_ANSWERED}{os.getpid()}").touch()
        if isinstance(seen, str):
            errors.append(seen)
        elif seen < latest:
            mixed += 1
        else:
            latest = seen
    print(json.dumps({"answers": answers, "errors": errors, "mixed": mixed}))


def _publish_and_tell(target: Path, publications: int, documents: int) -> None:
    begun = time.time()
    for number in range(1, publications + 1):
        publish(target, numbered(number, documents))
    print(begun, time.time())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["read", target, stop]:
            _read_and_tell(Path(target), Path(stop))
        case ["publish", target, publications, documents]:
            _publish_and_tell(Path(target), int(publications), int(documents))
