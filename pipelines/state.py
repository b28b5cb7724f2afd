"""The private working state: what the stages have made so far, so that a run does only what is missing.

DATA/state.duckdb can be deleted at any time: the archive is the source, imports excepted. Every stage writes in
transactions that leave a state from which the same stage goes on; a process that is killed loses at most its last
unfinished batch. One run at a time holds the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import StageError
from warehouse.tables import Column, Table

STATE_VERSION = 3
STATE_FILE = "state.duckdb"

_MEMORY = "384MiB"

WARC_FILES = Table(
    "warc_files",
    "WARC files as last indexed",
    (
        Column("warc_file", "VARCHAR"),
        Column("size", "BIGINT"),
        Column("modified_ns", "BIGINT"),
        Column("problems", "VARCHAR[]"),
    ),
)
RECORDS = Table(
    "records",
    "Archived responses; the same capture may stand in more than one file",
    (
        Column("warc_file", "VARCHAR"),
        Column("warc_offset", "BIGINT"),
        Column("capture_id", "VARCHAR"),
        Column("page_key", "VARCHAR", "stands for address, content type and payload: what reading a page depends on"),
        Column("url", "VARCHAR"),
        Column("fetched_at", "TIMESTAMP"),
        Column("status", "INTEGER"),
        Column("content_type", "VARCHAR"),
        Column("content_sha256", "VARCHAR"),
    ),
)
READINGS = Table(
    "readings",
    "Pages as read by one version of the code",
    (
        Column("page_key", "VARCHAR"),
        Column("code_version", "VARCHAR"),
        Column("kind", "VARCHAR", "a PageKind, or `skipped` with the reason in `problems`"),
        Column("title", "VARCHAR"),
        Column("published_on", "DATE"),
        Column("date_source", "VARCHAR"),
        Column("written_on", "DATE"),
        Column("source", "VARCHAR"),
        Column("doc_number", "VARCHAR"),
        Column("issuers", "VARCHAR[]"),
        Column("dialect", "VARCHAR"),
        Column("problems", "VARCHAR[]"),
        Column("doc_id", "VARCHAR"),
        Column("text_sha256", "VARCHAR"),
        Column("body", "VARCHAR"),
    ),
)
IMPORT_RUNS = Table(
    "import_runs",
    "Imported files by content",
    (
        Column("run_id", "VARCHAR"),
        Column("name", "VARCHAR"),
        Column("accepted", "INTEGER"),
        Column("refused", "INTEGER"),
        Column("problems", "VARCHAR[]"),
    ),
)
IMPORTED = Table(
    "imported",
    "Documents collected elsewhere, by the content of their row",
    (
        Column("row_key", "VARCHAR"),
        Column("id", "VARCHAR"),
        Column("url", "VARCHAR"),
        Column("publisher", "VARCHAR"),
        Column("title", "VARCHAR"),
        Column("published_on", "DATE"),
        Column("date_precision", "VARCHAR", "day, month or year: of the last two, `published_on` is the first day"),
        Column("doc_id", "VARCHAR"),
        Column("text_sha256", "VARCHAR"),
        Column("body", "VARCHAR"),
    ),
)
GENERATIONS = Table(
    "generations",
    "The versions of rules and code that something was extracted under, in the order in which they came",
    (
        Column("generation", "INTEGER"),
        Column("rules_version", "VARCHAR"),
        Column("code_version", "VARCHAR"),
    ),
)
EXTRACTIONS = Table(
    "extractions",
    "What the extractor reads from one text in one context, and the generations in which it reads so",
    (
        Column("extraction_key", "VARCHAR"),
        Column("since", "INTEGER", "generation in which it was made"),
        Column("until", "INTEGER", "last generation in which it held; NULL while it holds"),
        Column("policy", "BOOLEAN"),
        Column("pairs", "INTEGER"),
        Column("error", "VARCHAR"),
        Column("payload", "VARCHAR", "JSON; empty for a text that is no policy and holds no pair"),
        Column("reach_version", "VARCHAR", "version of the code that told what was read; empty where nothing did"),
        Column("read", "VARCHAR", "what of the text was read for its sense"),
        Column("counted", "VARCHAR", "what was only counted besides, to tell what the text is about"),
    ),
)
REGIONS = Table(
    "regions",
    "Every version of a region that something was extracted under, as the texts of its files",
    (
        Column("region_version", "VARCHAR", "stands for all files of the region"),
        Column("rules_version", "VARCHAR", "stands for those files that decide what is extracted"),
        Column("revised", "DATE"),
        Column("sources", "VARCHAR", "JSON: file name to text"),
    ),
)
CONTEXTS = Table(
    "contexts",
    "The distinct documents as they are extracted: where the text is, and what is known about it",
    (
        Column("extraction_key", "VARCHAR"),
        Column("text_key", "VARCHAR"),
        Column("title", "VARCHAR"),
        Column("url", "VARCHAR"),
        Column("publisher", "VARCHAR", "code of the unit that speaks"),
        Column("publisher_name", "VARCHAR"),
        Column("day", "DATE"),
    ),
)
COLLECTED = Table("collected", "What the contexts were made of", (Column("basis", "VARCHAR"),))
PRINTS = Table(
    "prints",
    "Texts in a few numbers, by which near-duplicates are found",
    (
        Column("print_key", "VARCHAR", "stands for the text, its title and its document number"),
        Column("print_version", "VARCHAR", "stands for the names of places and the code that made it"),
        Column("print", "VARCHAR"),
    ),
)
GROUPED = Table(
    "grouped",
    "Which documents are one, as last found",
    (
        Column("basis", "VARCHAR", "stands for everything that decides it"),
        Column("groups", "VARCHAR", "JSON: ids by group"),
    ),
)
_SINCE_2 = (REGIONS, CONTEXTS, COLLECTED, PRINTS, GROUPED)
TABLES = (WARC_FILES, RECORDS, READINGS, IMPORT_RUNS, IMPORTED, EXTRACTIONS, *_SINCE_2, GENERATIONS)
# Texts are picked out one by one and searched whole; unpacking their neighbours first takes ten times as long.
_UNPACKED = {"readings": ("body",), "imported": ("body",), "extractions": ("read", "counted")}


class StateError(StageError):
    """The working state cannot be used, told in one line with what to do."""


@contextmanager
def opened(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The state of a data folder, created when absent; closed when the block ends.

    Raises `StateError` for a state from a newer version, one that another run holds, and a file that is no state.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = data / STATE_FILE
    try:
        connection = duckdb.connect(path)
    except duckdb.Error as error:
        raise StateError(_why(path, error)) from None
    try:
        _prepare(connection, path)
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of a block or nothing of it."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def bounded_memory(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let the database use no more memory than a long run beside several processes can spare; it spills to disk."""
    connection.execute(f"SET memory_limit = '{_MEMORY}'")
    try:
        yield
    finally:
        connection.execute("RESET memory_limit")


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        with transaction(connection):
            connection.execute("CREATE TABLE state_version (version INTEGER)")
            connection.execute("INSERT INTO state_version VALUES (?)", [STATE_VERSION])
            for table in TABLES:
                connection.execute(_ddl(table))
        return
    if "state_version" not in tables:
        raise StateError(f"{path}: not a state of xietong; move the file away and run again")
    row = connection.execute("SELECT max(version) FROM state_version").fetchone()
    version = row[0] if row else None
    if version is None or version > STATE_VERSION:
        raise StateError(
            f"{path}: written by a newer xietong (state version {version}, this one knows {STATE_VERSION}); "
            "update xietong or choose another --data folder"
        )
    if version < STATE_VERSION:
        with transaction(connection):
            if version < 2:
                _unpack(connection)
            _number_generations(connection)
            connection.execute("UPDATE state_version SET version = ?", [STATE_VERSION])


def _unpack(connection: duckdb.DuckDBPyConnection) -> None:
    for table in _SINCE_2:
        connection.execute(_ddl(table))
    for table in (READINGS, IMPORTED):
        connection.execute(f"ALTER TABLE {table.name} RENAME TO {table.name}_1")
        connection.execute(_ddl(table))
        connection.execute(f"INSERT INTO {table.name} SELECT * FROM {table.name}_1")
        connection.execute(f"DROP TABLE {table.name}_1")


def _number_generations(connection: duckdb.DuckDBPyConnection) -> None:
    """Version 3 has generations: what each version of the rules extracted holds in one of its own, reach unknown."""
    connection.execute("DROP TABLE IF EXISTS reaches")
    connection.execute("ALTER TABLE extractions RENAME TO extractions_2")
    for table in (GENERATIONS, EXTRACTIONS):
        connection.execute(_ddl(table))
    connection.execute(
        """INSERT INTO generations SELECT row_number() OVER (ORDER BY max(rowid)), rules_version, code_version
           FROM extractions_2 GROUP BY ALL"""
    )
    connection.execute(
        """INSERT INTO extractions
           SELECT extraction_key, generation, nullif(generation, (SELECT max(generation) FROM generations)), policy,
                  pairs, error, payload, '', '', ''
           FROM extractions_2 JOIN generations USING (rules_version, code_version)"""
    )
    connection.execute("DROP TABLE extractions_2")


def _ddl(table: Table) -> str:
    ddl = table.ddl()
    for column in _UNPACKED.get(table.name, ()):
        ddl = ddl.replace(f'"{column}" VARCHAR', f'"{column}" VARCHAR USING COMPRESSION uncompressed')
    return ddl


def _why(path: Path, error: duckdb.Error) -> str:
    text = " ".join(str(error).split())
    if "lock" in text.lower():
        return f"{path}: another run is using it; wait until it has ended, or choose another --data folder"
    if "newer version" in text or "version number" in text:
        return f"{path}: written by a newer DuckDB; update xietong or choose another --data folder ({text[:120]})"
    return f"{path}: cannot be opened; restore it from a backup or move it away ({text[:160]})"
