"""How citations spell the titles and numbers of documents, kept in the state for each title and number there is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

import duckdb

import pipelines.derivation.citations
from pipelines import identity
from pipelines.derivation.citations import Heading, Headings, spelt_number, spelt_title
from pipelines.distinct import DOCUMENTS
from pipelines.state import SPELLINGS, transaction
from pipelines.versions import code_version
from warehouse.tables import insert

_SPELLING: Mapping[str, tuple[str, Callable[[str], tuple[str, ...]]]] = {
    "title": ("title", spelt_title),
    "number": ("doc_number", spelt_number),
}


def spell(state: duckdb.DuckDBPyConnection) -> None:
    """Bring the table `spellings` in line with the distinct texts."""
    version = _version()
    for kind, (column, spelt) in _SPELLING.items():
        missing = state.execute(
            f"""SELECT DISTINCT {column} FROM distinct_texts WHERE {column} IS NOT NULL
                EXCEPT SELECT written FROM spellings WHERE version = ? AND kind = ?""",
            [version, kind],
        ).fetchall()
        if missing:
            with transaction(state):
                state.execute("DELETE FROM spellings WHERE version <> ?", [version])
                insert(state, SPELLINGS, ((version, kind, written, list(spelt(written))) for (written,) in missing))


def headings(state: duckdb.DuckDBPyConnection) -> Headings:
    """Finds the documents of the state by what citations call them, in order of their ids."""

    def find(numbers: Collection[str], titles: Collection[str]) -> Iterator[Heading]:
        found = state.cursor()
        found.execute(_FOUND, [_version(), sorted(titles), sorted(numbers)])
        for doc_id, day, spelt_numbers, spelt_titles in found.fetchall():
            yield Heading(doc_id, day, tuple(spelt_numbers or ()), tuple(spelt_titles or ()))
        found.close()

    return find


_FOUND = f"""
WITH meant AS (
    SELECT kind, written, spelt FROM spellings
    WHERE version = $1 AND ((kind = 'title' AND list_has_any(spelt, $2::VARCHAR[]))
        OR (kind = 'number' AND list_has_any(spelt, $3::VARCHAR[])))
)
SELECT doc_id, day, numbers.spelt, titles.spelt FROM ({DOCUMENTS}) AS documents
LEFT JOIN (FROM meant WHERE kind = 'title') AS titles ON titles.written = title
LEFT JOIN (FROM meant WHERE kind = 'number') AS numbers ON numbers.written = doc_number
WHERE numbers.spelt IS NOT NULL OR titles.spelt IS NOT NULL ORDER BY doc_id"""


@cache
def _version() -> str:
    source = Path(pipelines.derivation.citations.__file__).read_text(encoding="utf-8")
    return identity.digest(code_version(), source)
