"""Who publishes what is stored: the portal of every address, the unit behind every publisher, its code on every day.

Each is looked up once for every host, name and day there is, into tables by which the database joins the documents.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date

import duckdb

from config.loader import Region
from extract.gazetteer import Gazetteer
from pipelines import identity
from pipelines.derivation.geography import Geography
from pipelines.ownership import portal_id, publisher_of_portal
from pipelines.state import SPEAKERS, transaction
from pipelines.versions import code_version
from warehouse.tables import Column, Table, insert

NAMES = ("units.csv", "names.csv", "collisions.csv")
"""The files of a region that tell which unit a name means."""

# What precedes the path; where blanks or control characters make that unsure, the whole address.
ORIGIN = r"""CASE WHEN regexp_matches(url, '[\x00-\x20]') THEN url
             ELSE regexp_extract(url, '^[^/?#]*(//[^/?#]*)?') END"""

_ORIGINS = Table("origins", "", (Column("origin", "VARCHAR"), Column("listed", "VARCHAR"), Column("asked", "VARCHAR")))
_OWNERS = Table(
    "owners",
    "",
    (
        Column("portal_id", "VARCHAR"),
        Column("unit_code", "VARCHAR"),
        Column("own", "BOOLEAN"),
        Column("publisher", "VARCHAR"),
    ),
)
_VOICES = Table("voices", "", (Column("unit_code", "VARCHAR"), Column("day", "DATE"), Column("code", "VARCHAR")))
_ANY = "any"


def resolve_origins(state: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Temporary table `origins`: the portal that each one is `listed` as, and what it is where any host is `asked` for;
    and `owners`, the publisher behind each of these portals."""
    known = [row[0] for row in state.execute(f"SELECT DISTINCT {ORIGIN} FROM records").fetchall()]
    rows = [
        (origin, portal_id(region, origin, (), frozenset()), portal_id(region, origin, (_ANY,), frozenset({_ANY})))
        for origin in known
    ]
    _make(state, _ORIGINS, rows)
    owners = (publisher_of_portal(region, portal) for portal in {row[2] for row in rows if row[2]})
    _make(state, _OWNERS, [(one.portal_id, one.unit, one.own, one.name) for one in owners])


def resolve_names(state: duckdb.DuckDBPyConnection, region: Region) -> str:
    """Bring the table `speakers` in line with the imported documents; returns the version of the rows that count."""
    version = identity.digest(code_version(), *(region.sources[name] for name in NAMES))
    missing = state.execute(
        """SELECT publisher, published_on FROM imported WHERE publisher <> '' AND doc_id IS NOT NULL
           EXCEPT SELECT name, day FROM speakers WHERE version = ?""",
        [version],
    ).fetchall()
    if missing:
        gazetteer = Gazetteer.of(region)
        found = ((version, name, day, gazetteer.resolve_publisher(name, day)) for name, day in missing)
        with transaction(state):
            state.execute("DELETE FROM speakers WHERE version <> ?", [version])
            insert(state, SPEAKERS, found)
    return version


def resolve_voices(state: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Temporary table `voices`: the code under which each unit of the sources was known on each of their days."""
    spoken = state.execute(
        """SELECT DISTINCT unit_code, coalesce(published_on, written_on) AS day FROM sources
           WHERE unit_code IS NOT NULL AND day IS NOT NULL"""
    ).fetchall()
    _make(state, _VOICES, _in_force(spoken, region))


def _in_force(spoken: Iterable[tuple[str, date]], region: Region) -> Iterator[tuple[object, ...]]:
    """Between two days on which a unit of the region begins or ends, every code stays the same."""
    geography = Geography(region)
    borders = sorted({day for unit in region.units for day in (unit.valid_from, unit.valid_to) if day})
    known: dict[tuple[str, int], str] = {}
    for unit, day in spoken:
        stretch = (unit, bisect_right(borders, day))
        if stretch not in known:
            known[stretch] = geography.in_force(unit, day)
        yield unit, day, known[stretch]


def _make(state: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    state.execute(table.ddl().replace("CREATE TABLE", "CREATE OR REPLACE TEMP TABLE", 1))
    insert(state, table, rows)
