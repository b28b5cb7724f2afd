"""The distinct texts with what is known about them, kept in the state for as long as nothing they are made of changes:
neither what was read and imported, nor the portals, units and names that tell who publishes.

However many there are, the database makes them; no document passes through Python.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from config.loader import Region
from pipelines import identity, ownership, speakers
from pipelines.crawl_logs import read_crawl_logs
from pipelines.derivation import geography
from pipelines.documents import IMPORT_DATES, RANK
from pipelines.indexing import ARCHIVE
from pipelines.ownership import IMPORT_PORTAL
from pipelines.state import CAPTURES, COLLECTED, DISTINCT_TEXTS, SOURCES, transaction
from pipelines.versions import code_version
from warehouse.tables import Table, insert

_FILES = (*speakers.NAMES, "portals.csv")


def collect(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> int:
    """Bring captures, sources, distinct texts and their contexts in line with what is stored; returns how many texts
    there are."""
    any_host = read_crawl_logs(data / ARCHIVE).any_host_files
    basis = _basis(state, any_host, region)
    known = state.execute("SELECT basis FROM collected").fetchall()
    if known != [(basis,)]:
        version = speakers.resolve_names(state, region)
        with transaction(state):
            state.execute("DELETE FROM collected")
            speakers.resolve_origins(state, region)
            state.execute(_FETCHED, [sorted(any_host)])
            _fill(state, CAPTURES, _CAPTURES)
            _fill(state, SOURCES, _SOURCES, code_version(), version)
            speakers.resolve_voices(state, region)
            _fill(state, DISTINCT_TEXTS, _DISTINCT_TEXTS)
            state.execute("DELETE FROM contexts")
            state.execute(_CONTEXTS)
            for table in ("fetched", "origins", "owners", "voices"):
                state.execute(f"DROP TABLE {table}")
            insert(state, COLLECTED, [(basis,)])
    counted = state.execute("SELECT count(*) FROM contexts").fetchone()
    return counted[0] if counted else 0


def with_texts(contexts: str, few: bool = False) -> str:
    """SQL for the rows of `contexts`, a query for some of the table, each with its text as `body`.

    Where they are `few`, only their texts are read; else all texts are, which is faster for many.
    """
    places = "rowid IN (SELECT {0}.rowid FROM {0} JOIN wanted ON {1} = text_key)"
    read, imported = (
        (places.format("readings", "page_key"), places.format("imported", "row_key")) if few else ("true", "true")
    )
    return f"""WITH wanted AS {"MATERIALIZED" if few else ""} ({contexts})
        SELECT * FROM wanted JOIN (
            SELECT page_key AS text_key, body FROM readings WHERE code_version = '{code_version()}' AND {read}
            UNION ALL SELECT row_key, body FROM imported WHERE {imported}
        ) USING (text_key)"""


def _fill(state: duckdb.DuckDBPyConnection, table: Table, rows: str, *parameters: str) -> None:
    """Replace all rows of a table; one that is dropped gives its place on the disk free at once."""
    state.execute(f"DROP TABLE {table.name}")
    state.execute(table.ddl())
    state.execute(f"INSERT INTO {table.name} {rows}", parameters)


_FETCHED = f"""
CREATE OR REPLACE TEMP TABLE fetched AS
SELECT captures.* EXCLUDE (any_host), CASE WHEN listed IS NULL AND any_host THEN asked ELSE listed END AS portal_id
FROM (
    SELECT capture_id, any_value(page_key) AS page_key, any_value(url) AS url, any_value(fetched_at) AS fetched_at,
           any_value(status) AS status, any_value(answered) AS answered, any_value(content_sha256) AS content_sha256,
           min({{'warc_file': warc_file, 'warc_offset': warc_offset}}) AS place,
           bool_or(list_contains(?::VARCHAR[], warc_file)) AS any_host
    FROM records GROUP BY capture_id
) AS captures JOIN origins ON origin = {speakers.ORIGIN}"""

_CAPTURES = """
SELECT capture_id, url, portal_id, fetched_at, answered, content_sha256, place.warc_file, place.warc_offset
FROM fetched ORDER BY capture_id"""

_PRECISIONS = " ".join(f"WHEN '{precision}' THEN '{source}'" for precision, source in IMPORT_DATES.items())
# Of a page that changed, the latest article speaks; it was seen from its first fetch on.
_SOURCES = f"""
WITH articles AS (
    SELECT fetched.*, readings.* EXCLUDE (page_key, body), min(fetched_at) OVER (PARTITION BY url) AS first_seen,
           max(fetched_at) OVER (PARTITION BY url) AS last_seen
    FROM fetched JOIN readings USING (page_key)
    WHERE status = 200 AND kind = 'article' AND doc_id IS NOT NULL AND code_version = ?
    QUALIFY row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC, capture_id) = 1
)
SELECT doc_id, page_key AS text_key, text_sha256, url, portal_id, unit_code, own, publisher, title, published_on,
       date_source, written_on, source, doc_number, coalesce(issuers, []), content_sha256, capture_id, first_seen,
       last_seen
FROM articles JOIN owners USING (portal_id)
UNION ALL
SELECT doc_id, row_key, text_sha256, url, '{IMPORT_PORTAL}', unit_code, unit_code IS NOT NULL, publisher, title,
       published_on, CASE date_precision {_PRECISIONS} END,
       NULL, nullif(publisher, ''), NULL, [], text_sha256, NULL, NULL, NULL
FROM imported LEFT JOIN (SELECT * FROM speakers WHERE version = ?) AS speakers
    ON name = publisher AND day IS NOT DISTINCT FROM published_on
WHERE doc_id IS NOT NULL
ORDER BY doc_id, {RANK}"""


def _digest(*columns: str) -> str:
    """SQL for `identity.digest` of text columns."""
    return f"left(sha256(concat_ws(chr(0), {', '.join(columns)})), 16)"


_ABOUT = ("text_sha256", "title", "url")
# Sources stand in order, so that the first row of a text is the one that speaks for it.
_DISTINCT_TEXTS = f"""
WITH seen AS (
    SELECT doc_id, min(rowid) AS first, min(first_seen) AS first_day, max(last_seen) AS last_day, count(*) AS sources
    FROM sources GROUP BY doc_id
), firsts AS (
    SELECT sources.*, coalesce(published_on, written_on) AS day, first_day, last_day, seen.sources
    FROM sources JOIN seen ON sources.rowid = first
), told AS (
    SELECT firsts.* EXCLUDE (day, first_day, last_day, sources)
           REPLACE (first_day AS first_seen, last_day AS last_seen), sources, firsts.day,
           coalesce(voices.code, firsts.unit_code) AS publisher_unit
    FROM firsts LEFT JOIN voices USING (unit_code, day)
)
SELECT *,
       {_digest(*_ABOUT, "coalesce(publisher_unit, '')", "publisher", "coalesce(day::VARCHAR, 'None')")},
       {_digest("doc_id", "text_sha256", "title", "coalesce(doc_number, '')")}
FROM told ORDER BY doc_id"""

_CONTEXTS = """
INSERT INTO contexts
SELECT extraction_key, text_key, title, url, publisher_unit, publisher, day FROM distinct_texts ORDER BY doc_id"""


def _basis(state: duckdb.DuckDBPyConnection, any_host: frozenset[str], region: Region) -> str:
    """Stands for everything that decides which texts there are and in which contexts."""
    contents = state.execute(
        """SELECT (SELECT sum(hash(warc_file, capture_id, page_key, url, fetched_at, status, answered))
                   FROM records)::VARCHAR,
                  (SELECT sum(hash(page_key, text_sha256)) FROM readings WHERE code_version = ?)::VARCHAR,
                  (SELECT sum(hash(row_key, doc_id)) FROM imported)::VARCHAR""",
        [code_version()],
    ).fetchone()
    texts = (region.sources[name] for name in _FILES)
    return identity.digest(code_version(), _collecting_code(), str(contents), *sorted(any_host), *texts)


@cache
def _collecting_code() -> str:
    modules = (identity, ownership, geography, speakers)
    paths = [__file__, *(module.__file__ or "" for module in modules)]
    return identity.digest(IMPORT_PORTAL, RANK, *(Path(path).read_text(encoding="utf-8") for path in paths))
