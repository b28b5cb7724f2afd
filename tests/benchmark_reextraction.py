"""What re-extraction costs: one keyword against everything, many documents against few, two processes against one.

Real documents are used when `shared/` stands beside the checkout, made-up ones otherwise; where more are wanted than
there are, they come again under numbers of their own. Every result of an edit is held against reading everything anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from multiprocessing import active_children
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import duckdb
import yaml
from ahocorasick_rs import AhoCorasick, MatchKind

from config import Region, load_region
from config.reading import ConfigError
from config.snapshot import rebuilt
from pipelines import extraction, stages, state
from pipelines.collecting import with_texts
from pipelines.generations import forget_others, generation, holding
from tests.benchmark_tables import Cell, Measured
from tests.many_documents import documents, fill, write
from tests.shared_material import SHARED

TITLE = "Re-extraction: processor seconds, and the ratio to a baseline in the same run"
COLUMNS = ("work", "documents", "read", "figure", "against", "its figure", "ratio", "asked", "same result")
MEMORY = "≤ 1,200"

_TEXTS = SHARED / "corpus" / "real_docs.jsonl.gz"
_ROOT = Path(__file__).resolve().parents[1]
_LOOK_EVERY = 0.2
_SHARE = 0.01
_KEYWORDS = (0.5, 0.9, 1.0)
"""Which keywords are taken of all that few documents hold, by how many hold them."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Documents that are read for each measurement, and `made_up` rows of which they are numbered without a corpus."""

    few: int = 20_000
    many: int = 200_000
    short: int = 1_000_000
    made_up: int = 20_000
    turns: int = 3


@dataclass(frozen=True, slots=True)
class Peaks:
    """The most memory in MiB that the first process had, that a worker had, and that all had at one time."""

    first: float = 0.0
    worker: float = 0.0
    all: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """One extraction: `extracted` documents, `seconds` by the clock and of the processor for this process."""

    extracted: int
    seconds: float
    processor: float
    peaks: Peaks = Peaks()


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit carried out by need and by reading everything; `held_by` documents hold the keyword."""

    keyword: str
    held_by: int
    documents: int
    by_need: Run
    anew: Run
    same: bool


def measure(sizes: Sizes = Sizes(), texts: Path = _TEXTS) -> Measured:
    """The table of re-extraction."""
    region = load_region()
    with TemporaryDirectory(prefix="reextraction-") as name:
        folder = Path(name)
        real = texts.exists()
        rows = texts if real else write(documents(sizes.made_up), folder / "rows.jsonl.gz")
        table: list[tuple[Cell, ...]] = []

        data = filled(folder / "few", region, rows, sizes.few)
        extracted(data, region)
        edits = list(_edits(data, region))
        few = [one_keyword(data, region, *edit, turns=sizes.turns) for edit in edits]
        table += [_keyword_row(one) for one in few]

        data = filled(folder / "many", region, rows, sizes.many)
        two = in_a_process(data, 2)
        edit = next(_edits(data, region))
        alone = in_a_process(data, 1, without=edit[0])
        with state.opened(data) as opened:
            forget_others(opened, region)
        many = one_keyword(data, region, *edit, turns=sizes.turns)
        table.append(_keyword_row(many))
        table.append(_keyword_row(many, alone))
        table.append(_growth_row(few[0], many))
        table.append(_processes_row(many, two))

        short = write(documents(sizes.made_up, telling=10), folder / "short.jsonl.gz")
        peaks = in_a_process(filled(folder / "short", region, short, sizes.short), 2)
        table += _memory_rows(sizes.short, peaks)
    notes = (
        f"{'Real' if real else 'Made-up'} documents. A keyword is one of the vocabulary that at most 1 % of the "
        "documents hold, and is taken out of it: of all these the one in the middle by how many documents hold it, the "
        "one that nine tenths stay below, and the commonest. Read: the documents that the edit made to be read again.",
        "Figures are processor seconds of one process, with two processes seconds by the clock, for memory MiB.",
        f"One keyword is the best of {sizes.turns} turns; “new process” is one turn in which everything is still to be "
        "compiled. Memory is the most that the first process had, the larger of two workers, and all at one time.",
    )
    return Measured(TITLE, COLUMNS, tuple(table), notes)


def filled(data: Path, region: Region, rows: Path, count: int) -> Path:
    """A data folder with `count` documents, nothing of which is extracted."""
    data.mkdir()
    fill(data, region, rows, count)
    return data


def one_keyword(data: Path, region: Region, keyword: str, held_by: int, edited: Region, turns: int = 1) -> Edited:
    """Go on to the rules without a keyword by need, then read everything anew under them, and compare."""
    by_need: list[Run] = []
    for _ in range(turns):
        with state.opened(data) as opened:
            forget_others(opened, region)
        by_need.append(extracted(data, edited))
    found = _result(data, edited)
    with state.opened(data) as opened:
        for table in ("extractions", "generations", "contexts", "collected"):
            opened.execute(f"DELETE FROM {table}")
    anew = extracted(data, edited)
    same = found == _result(data, edited)
    extracted(data, region)
    best = min(by_need, key=lambda run: run.processor)
    return Edited(keyword, held_by, anew.extracted, best, anew, same)


def extracted(data: Path, region: Region, workers: int = 1) -> Run:
    """One extraction in this process, and in `workers` more if there are two or more; joining reposts is no part of it,
    because no edit of the vocabulary changes them."""
    begun, used = time.perf_counter(), time.process_time()
    with state.opened(data) as opened:
        done = extraction.extract_missing(opened, data, region, workers, stages.silent)
    return Run(done.now, time.perf_counter() - begun, time.process_time() - used)


def in_a_process(data: Path, workers: int, without: str = "") -> Run:
    """One extraction in a process of its own, under the rules as they are or `without` a keyword."""
    command = [sys.executable, "-m", "tests.benchmark_reextraction", str(data), str(workers), without]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-500:]}")
    told = json.loads(done.stdout)
    return Run(**{**told, "peaks": Peaks(**told["peaks"])})


def without_term(region: Region, term: str) -> Region | None:
    """The region without a term of its vocabulary; None where it cannot do without."""
    vocabulary = yaml.safe_load(region.sources["keywords.yaml"])
    for terms in vocabulary["groups"].values():
        if term in terms:
            terms.remove(term)
    for guards in ("not_after", "not_before"):
        vocabulary.get(guards, {}).pop(term, None)
    text = yaml.safe_dump(vocabulary, allow_unicode=True, sort_keys=False, width=10_000)
    try:
        return rebuilt({**region.sources, "keywords.yaml": text}, region)
    except ConfigError:
        return None


def _edits(data: Path, region: Region) -> Iterator[tuple[str, int, Region]]:
    """Keywords that few documents hold, each with how many do and the region without it."""
    with state.opened(data) as opened:
        held_by, count = _held_by(opened, region)
    rare = sorted((held, term) for term, held in held_by.items() if held <= max(1, count * _SHARE))
    if not rare:
        raise ValueError(f"every keyword stands in more than 1 % of {count} documents; measure more of them")
    for quantile in _KEYWORDS:
        at = round(quantile * (len(rare) - 1))
        for held, term in (*rare[at::-1], *rare[at + 1 :]):
            if (edited := without_term(region, term)) is not None:
                yield term, held, edited
                break


def _held_by(opened: duckdb.DuckDBPyConnection, region: Region) -> tuple[Counter[str], int]:
    """How many documents hold each term of the vocabulary in text or title, and how many documents there are."""
    terms = sorted({term for terms in region.vocabulary.groups.values() for term in terms})
    automaton = AhoCorasick(terms, matchkind=MatchKind.Standard)
    held_by: Counter[str] = Counter()
    count = 0
    opened.execute(f"SELECT title || chr(10) || body FROM ({with_texts('FROM contexts')})")
    while rows := opened.fetchmany(1000):
        count += len(rows)
        for (text,) in rows:
            held_by.update({terms[at] for at, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)})
    return held_by, count


def _result(data: Path, region: Region) -> tuple[object, ...]:
    """Stands for everything that is extracted under a region's rules."""
    with state.opened(data) as opened:
        held = holding(generation(opened, region), "hash(extraction_key, policy, pairs, error, payload) AS row")
        row = opened.execute(f"SELECT count(*), sum(row), bit_xor(row) FROM ({held})").fetchone()
    return row or ()


def _keyword_row(edited: Edited, alone: Run | None = None) -> tuple[Cell, ...]:
    run, where = (alone, ", new process") if alone else (edited.by_need, "")
    ratio = edited.anew.processor / run.processor
    work = f"{edited.keyword} (in {edited.held_by:,}) taken out{where}"
    return (
        work, edited.documents, run.extracted, run.processor, "all read anew", edited.anew.processor, ratio,
        "≥ 100", "yes" if edited.same else "NO",
    )  # fmt: skip


def _growth_row(few: Edited, many: Edited) -> tuple[Cell, ...]:
    ratio = many.anew.processor / few.anew.processor
    asked = f"≤ {11 * many.documents / few.documents / 10:.0f}"
    against = f"{few.documents:,} documents"
    return (
        "all read anew", many.documents, many.anew.extracted, many.anew.processor, against, few.anew.processor, ratio,
        asked, None,
    )  # fmt: skip


def _processes_row(many: Edited, two: Run) -> tuple[Cell, ...]:
    ratio = many.anew.seconds / two.seconds
    return (
        "all read by two processes", many.documents, two.extracted, two.seconds, "by one", many.anew.seconds, ratio,
        "≥ 1.8", None,
    )  # fmt: skip


def _memory_rows(count: int, run: Run) -> Iterator[tuple[Cell, ...]]:
    peaks = run.peaks
    for who, peak, asked in (
        ("first process", peaks.first, ""),
        ("a worker", peaks.worker, ""),
        ("all", peaks.all, MEMORY),
    ):
        yield f"memory: {who}", count, run.extracted, peak or None, None, None, None, asked or None, None


class _Watch:
    """Looks at the memory of this process and of those it started, again and again; finds nothing where no /proc is."""

    def __init__(self) -> None:
        self.peaks = Peaks()
        self._over = Event()

    @contextmanager
    def looking(self) -> Iterator[None]:
        thread = Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            workers = [child.pid for child in active_children() if child.pid is not None]
            now = [_memory(pid, "VmRSS") for pid in (os.getpid(), *workers)]
            self.peaks = Peaks(
                _memory(os.getpid(), "VmHWM"),
                max([self.peaks.worker, *(_memory(pid, "VmHWM") for pid in workers)]),
                max(self.peaks.all, sum(now)),
            )


def _memory(pid: int, field: str) -> float:
    """A figure in MiB of what Linux tells about a process; 0 for one that is not there any more."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), 0.0)


def _main(data: str, workers: str, without: str) -> None:
    region = load_region()
    edited = without_term(region, without) if without else region
    assert edited is not None
    watch = _Watch()
    with watch.looking():
        run = extracted(Path(data), edited, int(workers))
    print(json.dumps(asdict(replace(run, peaks=watch.peaks))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
