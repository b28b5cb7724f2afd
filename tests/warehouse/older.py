"""A published state as an older program wrote it: the same rows under the tables of then."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.warehouse.states import state
from warehouse.publishing import publish

_NOT_YET = {"warehouse_state": ("number", "published_at")}
_FIRST_TABLES = (
    "units", "portals", "captures", "documents", "document_sources", "policies", "pair_evidence", "city_pairs",
    "city_pair_years", "matrix_city", "matrix_county", "region_events", "provincial_agreements", "alliances", "rules",
    "runs", "portal_health", "periods", "findings", "warehouse_state",
)  # fmt: skip


def published_by_version_1(path: Path, schema_version: int = 1) -> None:
    """Write a state of schema 1 to `path`; `schema_version` is what it says of itself."""
    made = path.parent / "being-made"
    made.mkdir()
    publish(made / "now.duckdb", state())
    with duckdb.connect(path) as connection:
        connection.execute(f"ATTACH '{made / 'now.duckdb'}' AS now (READ_ONLY)")
        for table in _FIRST_TABLES:
            without = _NOT_YET.get(table, ())
            columns = f"* EXCLUDE ({', '.join(without)})" if without else "*"
            connection.execute(f"CREATE TABLE {table} AS SELECT {columns} FROM now.{table}")
        connection.execute("UPDATE warehouse_state SET schema_version = ?", [schema_version])
        connection.execute("DETACH now")
    for left in sorted(made.rglob("*"), reverse=True):
        left.unlink() if left.is_file() else left.rmdir()
    made.rmdir()
