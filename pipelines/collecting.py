"""The distinct documents with what is known about them, kept in the state for as long as nothing they are made of
changes: neither what was read and imported, nor the portals, units and names that tell who publishes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb

from config.loader import Region
from pipelines import documents, identity, ownership
from pipelines.crawl_logs import read_crawl_logs
from pipelines.derivation import geography
from pipelines.derivation.geography import Geography
from pipelines.indexing import ARCHIVE
from pipelines.state import COLLECTED, CONTEXTS, transaction
from pipelines.versions import code_version
from warehouse.tables import insert

_FILES = ("units.csv", "names.csv", "collisions.csv", "portals.csv")


def collect(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> int:
    """Bring the contexts of the state in line with its documents; returns how many documents there are."""
    basis = _basis(state, data, region)
    known = state.execute("SELECT basis FROM collected").fetchall()
    if known != [(basis,)]:
        with transaction(state):
            state.execute("DELETE FROM collected")
            state.execute("DELETE FROM contexts")
            insert(state, CONTEXTS, _contexts(state, data, region))
            insert(state, COLLECTED, [(basis,)])
    counted = state.execute("SELECT count(*) FROM contexts").fetchone()
    return counted[0] if counted else 0


def with_texts(contexts: str) -> str:
    """SQL for the rows of `contexts`, a query for some of the table, each with its text as `body`."""
    return f"""SELECT * FROM ({contexts}) JOIN (
        SELECT page_key AS text_key, body FROM readings WHERE code_version = '{code_version()}'
        UNION ALL SELECT row_key, body FROM imported
    ) USING (text_key)"""


def _contexts(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> Iterator[tuple[object, ...]]:
    units = Geography(region)
    for document in documents.stream(state, data, region):
        about = documents.context(document, units)
        key = documents.extraction_key(document, about)
        publisher = (about.publisher, about.publisher_name)
        yield (key, document.first.text_key, about.title, about.url, *publisher, about.day)


def _basis(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> str:
    """Stands for everything that decides which documents there are and in which contexts."""
    contents = state.execute(
        """SELECT (SELECT sum(hash(warc_file, capture_id, page_key, url, fetched_at, status)) FROM records)::VARCHAR,
                  (SELECT sum(hash(page_key, code_version, text_sha256)) FROM readings)::VARCHAR,
                  (SELECT sum(hash(row_key, doc_id)) FROM imported)::VARCHAR"""
    ).fetchone()
    hosts = sorted(read_crawl_logs(data / ARCHIVE).any_host_files)
    texts = (region.sources[name] for name in _FILES)
    return identity.digest(code_version(), _collecting_code(), str(contents), *hosts, *texts)


@cache
def _collecting_code() -> str:
    modules = (documents, identity, ownership, geography)
    return identity.digest(*(Path(module.__file__ or "").read_text(encoding="utf-8") for module in modules))
