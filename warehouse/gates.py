"""What must hold before a new state replaces the published one; a failing gate is told by name and keeps the old state.

Each gate counts what breaks it; a gate over nothing passes only where nothing is a possible truth. Gates over the
tables themselves hold for every state; those against the last good state ask whether a state that is true in itself can
be all of it, and a person who knows better may say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True)
class Gate:
    """`violations` is a query for one number that must be 0; `meaning` says what a violation is."""

    name: str
    meaning: str
    violations: str


@dataclass(frozen=True, slots=True)
class Yield:
    """How much a state holds: rows by table, and distinct documents by portal."""

    rows: Mapping[str, int]
    documents: Mapping[str, int]


def _lost(name: str, table: str, column: str, other: str, key: str) -> Gate:
    """A reference that leads nowhere."""
    return Gate(
        name,
        f"{table}.{column} not in {other}.{key}",
        f"""SELECT count(*) FROM {table} WHERE {column} IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.{key} = {table}.{column})""",
    )


def _lost_of_list(name: str, table: str, column: str, other: str, key: str) -> Gate:
    """A reference out of a list that leads nowhere."""
    return Gate(
        name,
        f"{table}.{column} with members not in {other}.{key}",
        f"""SELECT count(*) FROM (SELECT DISTINCT unnest({column}) AS member FROM {table}) AS members
            WHERE NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.{key} = member)""",
    )


def _twice(table: str, *key: str) -> Gate:
    columns = ", ".join(key)
    return Gate(
        f"{table}-unique",
        f"{table} rows that share {columns}",
        f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {columns} HAVING count(*) > 1)",
    )


def _incomplete(table: str, level: str) -> Gate:
    return Gate(
        f"{table}-complete",
        f"cells missing from or extra in {table} (every {level} of the vintage × every period)",
        f"""SELECT count(*) FROM (
                SELECT DISTINCT unit_code, period FROM {table}
            ) AS cells FULL JOIN (
                SELECT DISTINCT code AS unit_code, period FROM units, warehouse_state, periods
                WHERE {_LEVELS[level]} AND (valid_from IS NULL OR valid_from <= vintage)
                  AND (valid_to IS NULL OR vintage < valid_to)
            ) AS wanted USING (unit_code, period)
            WHERE cells.period IS NULL OR wanted.period IS NULL""",
    )


def _uncounted(table: str) -> Gate:
    return Gate(
        f"{table}-counted",
        f"{table} cells whose value, documents and doc_ids do not agree",
        f"""SELECT count(*) FROM {table} WHERE NOT coalesce(value IN (0, 1) AND cumulative IN (value, 1)
                AND value = (documents > 0)::INTEGER AND documents = len(doc_ids), false)""",
    )


_LEVELS = {
    "county-level unit": "units.level = 'county'",
    "city": "units.level IN ('province', 'prefecture') AND city_code = code",
}
_UNITS_OF_PAIRS = tuple(
    _lost(f"{table}-{column}", table, column, "units", "code")
    for table in ("pair_evidence", "city_pairs", "city_pair_years")
    for column in ("unit_a", "unit_b")
)
GATES = (
    Gate("units-present", "units is empty", "SELECT count(*) = 0 FROM units"),
    Gate("portals-present", "portals is empty", "SELECT count(*) = 0 FROM portals"),
    Gate("matrices-present", "a matrix is empty", "SELECT count(*) = 0 FROM matrix_city, matrix_county"),
    _incomplete("matrix_city", "city"),
    _incomplete("matrix_county", "county-level unit"),
    _twice("matrix_city", "unit_code", "period"),
    _twice("matrix_county", "unit_code", "period"),
    _uncounted("matrix_city"),
    _uncounted("matrix_county"),
    _twice("documents", "doc_id"),
    _twice("captures", "capture_id"),
    _twice("policies", "doc_id", "rules_version"),
    _twice("pair_evidence", "evidence_id"),
    _twice("city_pairs", "grain", "unit_a", "unit_b"),
    _twice("runs", "run_id"),
    Gate(
        "pairs-ordered",
        "pairs whose unit_a is not before unit_b",
        """SELECT (SELECT count(*) FROM pair_evidence WHERE unit_a >= unit_b)
                + (SELECT count(*) FROM city_pairs WHERE unit_a >= unit_b)""",
    ),
    Gate(
        "quotes-stand-in-texts",
        "quotes that are not the words at their place in the text",
        """SELECT count(*) FROM pair_evidence JOIN documents USING (doc_id)
           WHERE quote = '' OR quote IS DISTINCT FROM substring("text", start + 1, "end" - start)""",
    ),
    _lost("policies-document", "policies", "doc_id", "documents", "doc_id"),
    _lost("evidence-document", "pair_evidence", "doc_id", "documents", "doc_id"),
    _lost("sources-document", "document_sources", "doc_id", "documents", "doc_id"),
    _lost("documents-source", "documents", "doc_id", "document_sources", "doc_id"),
    _lost("events-document", "region_events", "doc_id", "documents", "doc_id"),
    _lost("agreements-document", "provincial_agreements", "doc_id", "documents", "doc_id"),
    _lost("alliances-document", "alliances", "doc_id", "documents", "doc_id"),
    _lost("citations-document", "citations", "doc_id", "documents", "doc_id"),
    _lost("citations-cited", "citations", "cited_doc_id", "documents", "doc_id"),
    _lost("agreements-evidence", "provincial_agreements", "evidence_id", "pair_evidence", "evidence_id"),
    _lost_of_list("pairs-evidence", "city_pairs", "evidence_ids", "pair_evidence", "evidence_id"),
    _lost_of_list("pairs-documents", "city_pairs", "doc_ids", "documents", "doc_id"),
    _lost_of_list("matrix_city-documents", "matrix_city", "doc_ids", "policies", "doc_id"),
    _lost_of_list("matrix_county-documents", "matrix_county", "doc_ids", "policies", "doc_id"),
    _lost("documents-capture", "documents", "capture_id", "captures", "capture_id"),
    _lost("documents-portal", "documents", "portal_id", "portals", "portal_id"),
    _lost("sources-portal", "document_sources", "portal_id", "portals", "portal_id"),
    _lost("captures-portal", "captures", "portal_id", "portals", "portal_id"),
    _lost("policies-rules", "policies", "rules_version", "rules", "rules_version"),
    _lost("evidence-rules", "pair_evidence", "rules_version", "rules", "rules_version"),
    _lost("health-run", "portal_health", "run_id", "runs", "run_id"),
    *_UNITS_OF_PAIRS,
)
COUNTED = ("documents", "captures", "policies", "pair_evidence")
_ENOUGH_TO_MISS = 20
_PORTAL_THAT_SPEAKS = 5
_PORTALS_NAMED = 5


def failures(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One line for each gate that does not hold over the tables of a connection."""
    lines: list[str] = []
    for gate in GATES:
        row = connection.execute(gate.violations).fetchone()
        count = int(row[0]) if row else 1
        if count:
            lines.append(f"{gate.name}: {count} × {gate.meaning}")
    return lines


def yielded(connection: duckdb.DuckDBPyConnection) -> Yield:
    """What the state of a connection holds; raises `duckdb.Error` where it is no state."""
    rows = {}
    for table in COUNTED:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        rows[table] = int(row[0]) if row else 0
    portals = connection.execute("SELECT portal_id, count(DISTINCT doc_id) FROM document_sources GROUP BY ALL")
    return Yield(rows, dict(portals.fetchall()))


def shortfalls(now: Yield, before: Yield | None) -> list[str]:
    """One line for each sign that a new state is not all of it, measured against the last good one.

    The archive only grows, so half the documents or captures cannot have gone, nor all of a portal that spoke; rules
    may take away most policies or pairs, but nine in ten is a slip of the pen until somebody says that it is meant.
    """
    return [] if before is None else list(_shortfalls(now, before))


def _shortfalls(now: Yield, before: Yield) -> Iterator[str]:
    for table in ("documents", "captures"):
        if now.rows[table] * 2 < before.rows[table]:
            yield f"{table}-halved: {now.rows[table]} {table} where the published state has {before.rows[table]}"
    for table in ("policies", "pair_evidence"):
        if before.rows[table] >= _ENOUGH_TO_MISS and now.rows[table] * 10 < before.rows[table]:
            yield f"{table}-gone: {now.rows[table]} {table} where the published state has {before.rows[table]}"
    silent = {
        portal: count
        for portal, count in sorted(before.documents.items())
        if count >= _PORTAL_THAT_SPEAKS and not now.documents.get(portal)
    }
    if silent:
        shown = ", ".join(f"{portal} ({count} documents)" for portal, count in list(silent.items())[:_PORTALS_NAMED])
        more = f" and {len(silent) - _PORTALS_NAMED} more" if len(silent) > _PORTALS_NAMED else ""
        yield f"portals-silent: {len(silent)} × no document any more of a portal that had some: {shown}{more}"
