"""How long publishing takes against DuckDB's own copy of the same tables, and questions to a warehouse at full size.

The copy goes from Parquet files into a new file of the same tables, and does nothing else: no gates, no derivation.
Both take turns on the same rows in the same run. Questions are put to a warehouse of a million documents and as many
statements.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from config.loader import Region, load_region
from pipelines import stages, state
from tests import many_documents, many_statements
from tests.benchmark_tables import Cell, Measured
from tests.shared_material import SHARED
from warehouse.reading import WAREHOUSE_FILE, connect
from warehouse.recipes import recipes
from warehouse.schema import TABLES
from warehouse.tables import literal, quoted

TITLE = "Publishing: time against DuckDB's copy of the same tables from Parquet (below 2 is asked)"
COLUMNS = ("publishing", "documents", "seconds", "CPU s", "copy seconds", "copy CPU s", "ratio", "CPU ratio")
QUESTIONS_TITLE = "Questions: seconds of a reader's question to a warehouse at full size"
QUESTIONS_COLUMNS = ("question", "documents", "statements", "rows", "first s", "best s", "CPU s")
DOCUMENTS, MANY, TURNS = 20_113, 1_000_000, 5

_CORPUS = SHARED / "corpus" / "real_docs.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock and of all cores."""

    wall: float
    cpu: float

    def least(self, other: Took) -> Took:
        return Took(min(self.wall, other.wall), min(self.cpu, other.cpu))


NEVER = Took(float("inf"), float("inf"))


def took(run: Callable[[], object]) -> Took:
    """What one turn took."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def prepared(data: Path, region: Region, documents: int) -> None:
    """A data folder with that many documents extracted: of the corpus, or generated where it is absent."""
    source = data.with_name("some.jsonl.gz")
    if _CORPUS.exists():
        with gzip.open(_CORPUS, "rb") as lines, gzip.open(source, "wb", compresslevel=1) as some:
            some.writelines(islice(lines, documents))
    else:
        many_documents.write(many_documents.documents(documents), source)
    stages.import_documents(data, region, [source])
    stages.extract_documents(data, region)


def to_parquet(warehouse: Path, folder: Path) -> None:
    """Every table of a warehouse as a Parquet file."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        for table in TABLES:
            connection.execute(f"COPY {quoted(table.name)} TO {literal(str(folder / table.name))} (FORMAT parquet)")


def from_parquet(folder: Path, target: Path) -> None:
    """The same tables in a new database file, safely on disk."""
    target.unlink(missing_ok=True)
    with duckdb.connect(target) as connection:
        for table in TABLES:
            connection.execute(table.ddl())
            parquet = literal(str(folder / table.name))
            connection.execute(f"INSERT INTO {quoted(table.name)} SELECT * FROM read_parquet({parquet})")
        connection.execute("CHECKPOINT")


def forget(data: Path) -> None:
    """Make the next publication copy every document, as after a night that brought new ones."""
    with state.opened(data) as opened:
        opened.execute("DELETE FROM published")


def measure(documents: int = DOCUMENTS, turns: int = TURNS) -> Measured:
    """The table of publishing."""
    region = load_region()
    with TemporaryDirectory() as place:
        folder, data = Path(place), Path(place) / "data"
        prepared(data, region, documents)
        held = stages.publish(data, region, force=True).documents
        to_parquet(data / WAREHOUSE_FILE, folder)
        whole, rules, copy = NEVER, NEVER, NEVER
        for _ in range(turns):
            forget(data)
            whole = whole.least(took(lambda: stages.publish(data, region, force=True)))
            copy = copy.least(took(lambda: from_parquet(folder, folder / "copy.duckdb")))
            rules = rules.least(took(lambda: stages.publish(data, region, force=True)))
    rows: list[tuple[Cell, ...]] = [
        (name, held, ours.wall, ours.cpu, copy.wall, copy.cpu, ours.wall / copy.wall, ours.cpu / copy.cpu)
        for name, ours in (("all documents written anew", whole), ("after an edit of the rules", rules))
    ]
    note = f"Best of {turns} turns; publishing derives, writes, passes all gates, and syncs to disk."
    return Measured(TITLE, COLUMNS, tuple(rows), (note,))


def questions(documents: int = MANY, evidence: int = MANY, turns: int = 3) -> Measured:
    """The table of questions: reads of every table of the contract, then the cookbook."""
    with made(documents, evidence) as (warehouse, seconds):
        rows = tuple(
            (name, documents, evidence, *asked)
            for name, asked in _answers(warehouse, {**reads(warehouse), **cookbook()}, turns)
        )
        size = warehouse.stat().st_size
    note = (
        f"Made in {seconds:.0f} s, {size / 2**20:,.0f} MiB. `first`: in a new connection; rows are fetched into Python."
    )
    return Measured(QUESTIONS_TITLE, QUESTIONS_COLUMNS, rows, (note,))


@contextmanager
def made(documents: int, evidence: int) -> Iterator[tuple[Path, float]]:
    """A generated warehouse, and how long its making took."""
    with TemporaryDirectory() as folder:
        begun = time.perf_counter()
        warehouse = many_statements.warehouse(Path(folder), load_region(), documents, evidence)
        yield warehouse, time.perf_counter() - begun


Question = tuple[str, dict[str, str] | None]


def reads(warehouse: Path) -> Mapping[str, Question]:
    """What readers typically ask of each table of the contract, about things that this warehouse holds."""
    with connect(warehouse) as connection:
        row = connection.execute(
            """SELECT doc_id, documents.url, documents.portal_id, unit_a, unit_b, documents.published_on::VARCHAR
               FROM pair_evidence JOIN documents USING (doc_id) LIMIT 1 OFFSET 77"""
        ).fetchone()
    assert row is not None, "a warehouse with fewer than 78 statements"
    known = dict(zip(("doc", "url", "portal", "a", "b", "day"), row, strict=True))

    def about(sql: str, *names: str) -> Question:
        return sql, {name: known[name] for name in names} or None

    whole = ("units", "portals", "city_pair_years", "matrix_city", "matrix_county", "region_events", "alliances")
    return {
        **{f"{table}, whole": about(f"FROM {table}") for table in (*whole, "rules", "runs")},
        "city_pairs, whole": about("SELECT * EXCLUDE (doc_ids, evidence_ids) FROM city_pairs"),
        "provincial_agreements, whole": about("FROM provincial_agreements"),
        "portal_health, latest run": about("FROM portal_health WHERE run_id = (SELECT max(run_id) FROM portal_health)"),
        "captures of an address": about("FROM captures WHERE url = $url", "url"),
        "documents, one by its id": about("FROM documents WHERE doc_id = $doc", "doc"),
        "documents, one by its address": about("FROM documents WHERE url = $url", "url"),
        "documents, latest 100 of a portal": about(
            """SELECT doc_id, title, published_on FROM documents WHERE portal_id = $portal
               ORDER BY published_on DESC LIMIT 100""",
            "portal",
        ),
        "documents, by year": about("SELECT year(published_on), count(*) FROM documents GROUP BY ALL"),
        "document_sources of a document": about("FROM document_sources WHERE doc_id = $doc", "doc"),
        "policies, one by its document": about("FROM policies WHERE doc_id = $doc", "doc"),
        "policies, by level and year": about("SELECT level, year(published_on), count(*) FROM policies GROUP BY ALL"),
        "pair_evidence of a pair": about("FROM pair_evidence WHERE unit_a = $a AND unit_b = $b", "a", "b"),
        "pair_evidence of a document": about("FROM pair_evidence WHERE doc_id = $doc", "doc"),
        "city_pairs, one with its evidence": about("FROM city_pairs WHERE unit_a = $a AND unit_b = $b", "a", "b"),
    }


def cookbook() -> Mapping[str, Question]:
    """Every recipe with the values it is asked with by default."""
    return {f"cookbook: {one.name}": (one.sql, one.values({}) or None) for one in recipes()}


def _answers(
    warehouse: Path, asked: Mapping[str, Question], turns: int
) -> Iterator[tuple[str, tuple[int, float, float, float]]]:
    for name, (sql, values) in asked.items():
        with connect(warehouse) as connection:
            found: list[tuple[object, ...]] = []

            def ask() -> None:
                found[:] = connection.execute(sql, values).fetchall()  # noqa: B023 - asked before the next turn

            first = took(ask)
            best = first
            for _ in range(turns - 1):
                best = best.least(took(ask))
            yield name, (len(found), first.wall, best.wall, best.cpu)
