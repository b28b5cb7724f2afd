"""What a warehouse published from the sample portals, against the truth written by hand beside them.

Places are compared by portal and path, because the loopback port differs from run to run.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

TRUTH = Path(__file__).parent / "truth"
Row = tuple[str, ...]


def place(portal_id: str, url: str) -> str:
    """The key of a place in the truth: its portal and its path with query."""
    parts = urlsplit(url)
    return f"{portal_id}{parts.path}{'?' + parts.query if parts.query else ''}"


def truth(name: str, *columns: str) -> set[Row]:
    """The chosen columns of a truth file."""
    with (TRUTH / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
        return {tuple(row[column] for column in columns) for row in csv.DictReader(rows)}


def differences(warehouse: Path) -> list[str]:
    """One line for every row that is published and not true, or true and not published; empty when all is equal."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.create_function("place", place, ["VARCHAR", "VARCHAR"], "VARCHAR")

        def published(query: str) -> set[Row]:
            rows = connection.execute(query).fetchall()
            return {tuple("" if cell is None else str(cell) for cell in row) for row in rows}

        return [line for name, compare in COMPARED.items() for line in _differences(name, *compare(published))]


def _differences(name: str, found: set[Row], true: set[Row]) -> Iterable[str]:
    yield from (f"{name}: published, not true: {' | '.join(row)}" for row in sorted(found - true))
    yield from (f"{name}: true, not published: {' | '.join(row)}" for row in sorted(true - found))


Published = Callable[[str], set[Row]]


def _documents(published: Published) -> tuple[set[Row], set[Row]]:
    columns = ("key", "title", "published_on", "written_on", "doc_number")
    query = "SELECT place(portal_id, url), title, published_on, written_on, doc_number FROM documents"
    return published(query), truth("documents", *columns)


def _sources(published: Published) -> tuple[set[Row], set[Row]]:
    query = """
        SELECT place(documents.portal_id, documents.url), place(sources.portal_id, sources.url), sources.published_on
        FROM document_sources AS sources JOIN documents USING (doc_id)
    """
    true: set[Row] = {
        (key, portal_id + path, day)
        for key, portal_id, path, day in truth("sources", "key", "portal_id", "path", "published_on")
    }
    return published(query), true


def _policies(published: Published) -> tuple[set[Row], set[Row]]:
    query = """
        SELECT place(portal_id, url), industrial::INTEGER, level FROM policies JOIN documents USING (doc_id)
    """
    return published(query), truth("policies", "key", "industrial", "level")


def _pairs(published: Published) -> tuple[set[Row], set[Row]]:
    query = """
        SELECT DISTINCT place(portal_id, url), unit_a, unit_b, status, direction, year
        FROM pair_evidence JOIN documents USING (doc_id)
    """
    return published(query), truth("pairs", "key", "a", "b", "status", "direction", "year")


def _city_pairs(published: Published) -> tuple[set[Row], set[Row]]:
    query = "SELECT grain, unit_a, unit_b, first_year, last_year, documents FROM city_pairs"
    return published(query), truth("city_pairs", "grain", "a", "b", "first_year", "last_year", "documents")


def _matrix_city(published: Published) -> tuple[set[Row], set[Row]]:
    query = "SELECT unit_code, period, value::INTEGER, cumulative::INTEGER FROM matrix_city"
    return published(query), truth("matrix_city", "unit_code", "period", "value", "cumulative")


def _matrix_county(published: Published) -> tuple[set[Row], set[Row]]:
    query = """
        SELECT unit_code, period, value::INTEGER, cumulative::INTEGER FROM matrix_county
        WHERE value::INTEGER + cumulative::INTEGER > 0
    """
    return published(query), truth("matrix_county", "unit_code", "period", "value", "cumulative")


COMPARED: dict[str, Callable[[Published], tuple[set[Row], set[Row]]]] = {
    "documents": _documents,
    "document_sources": _sources,
    "policies": _policies,
    "pairs": _pairs,
    "city_pairs": _city_pairs,
    "matrix_city": _matrix_city,
    "matrix_county": _matrix_county,
}
