"""Which terms of the vocabulary no stored text holds, found without reading again what was searched before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb

from config.loader import Region
from pipelines.collecting import with_texts
from pipelines.documents import rows_of
from pipelines.state import SOUGHT, transaction
from pipelines.unmatched import sightings
from warehouse.tables import insert

_FEW = 12
"""So many terms the database finds sooner one by one than all at once are found here."""
_PLACES = "SELECT DISTINCT ON (place) hash(text_sha256, title) AS place, text_key, title FROM sources"
_PLACE = "hash(text_sha256, title)"


def unmatched_terms(state: duckdb.DuckDBPyConnection, region: Region) -> tuple[str, ...]:
    """The terms of the vocabulary that no title and no text holds; none where there are no documents at all.

    A term that was found stays found while the text that holds it is there; one that was not is sought in new texts;
    only a term that is new itself is sought in all.
    """
    if state.execute("SELECT 1 FROM sources LIMIT 1").fetchone() is None:
        return ()
    terms = list(dict.fromkeys(term for group in region.vocabulary.groups.values() for term in group))
    _forget(state, terms)
    known = dict(state.execute("SELECT term, found_in FROM sought").fetchall())
    found = dict(_found(state, [term for term in terms if term not in known], _PLACES))
    lacking = [term for term in terms if term in known and known[term] is None]
    found.update(_found(state, lacking, f"{_PLACES} WHERE {_PLACE} NOT IN (SELECT place FROM searched)"))
    with transaction(state):
        state.execute("DELETE FROM sought WHERE term IN (SELECT unnest(?::VARCHAR[]))", [sorted(found)])
        insert(state, SOUGHT, [(term, found.get(term)) for term in terms if term in found or term not in known])
        state.execute(_SEARCHED)
    held = {**known, **found}
    return tuple(term for term in terms if held.get(term) is None)


_SEARCHED = f"""
INSERT INTO searched
SELECT DISTINCT {_PLACE} FROM sources WHERE {_PLACE} NOT IN (SELECT place FROM searched)"""


def _forget(state: duckdb.DuckDBPyConnection, terms: list[str]) -> None:
    """Forget the terms that are no longer meant, the texts that are no longer there, and what was found in these."""
    with transaction(state):
        state.execute("DELETE FROM sought WHERE term NOT IN (SELECT unnest(?::VARCHAR[]))", [terms])
        for table, column in (("sought", "found_in"), ("searched", "place")):
            state.execute(
                f"""DELETE FROM {table} WHERE {column} IS NOT NULL
                    AND {column} NOT IN (SELECT {_PLACE} FROM sources)"""
            )


def _found(state: duckdb.DuckDBPyConnection, terms: list[str], places: str) -> Iterator[tuple[str, int]]:
    """Each of `terms` that one of `places` holds, with that place."""
    if len(terms) > _FEW:
        yield from sightings(terms, _read(state, places))
        return
    for term in terms:
        row = state.execute(
            f"SELECT place FROM ({with_texts(places)}) WHERE contains(title, $1) OR contains(body, $1) LIMIT 1", [term]
        ).fetchone()
        if row is not None:
            yield term, row[0]


def _read(state: duckdb.DuckDBPyConnection, places: str) -> Iterable[tuple[str, int]]:
    for place, title, body in rows_of(state, f"SELECT place, title, body FROM ({with_texts(places)})"):
        yield title, place
        yield body, place
