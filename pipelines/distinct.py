"""Documents without their reposts: near-duplicates across portals and years are one document with all its sources.

What is one document depends on the texts and on the names of places alone. The vocabulary has no say, so that an edit
to it never moves a text from one document to another, and the groups that were found before still hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path

import duckdb

import pipelines.grouping
from config.loader import Region
from extract.gazetteer import Gazetteer
from extract.model import Context
from extract.places import find_places
from pipelines import identity
from pipelines.collecting import with_texts
from pipelines.documents import RANK, rows_of
from pipelines.grouping import Group, Grouping, Print, Text
from pipelines.speakers import NAMES
from pipelines.state import GROUPED, PRINTS, transaction
from pipelines.versions import code_version
from warehouse.tables import insert

DOCUMENTS = """
SELECT distinct_texts.* REPLACE (
    coalesce(whole.first_seen, distinct_texts.first_seen) AS first_seen,
    coalesce(whole.last_seen, distinct_texts.last_seen) AS last_seen,
    coalesce(whole.sources, distinct_texts.sources) AS sources
) FROM distinct_texts ANTI JOIN (SELECT doc_id FROM merged WHERE doc_id <> document) AS others USING (doc_id)
LEFT JOIN (
    SELECT document, min(first_seen) AS first_seen, max(last_seen) AS last_seen, sum(sources)::INTEGER AS sources
    FROM merged JOIN distinct_texts USING (doc_id) GROUP BY document
) AS whole ON document = doc_id"""
"""SQL for the distinct documents, reposts joined, with the columns of `distinct_texts`."""

SOURCES = f"""
SELECT coalesce(document, doc_id) AS doc_id, sources.* EXCLUDE (doc_id) FROM sources LEFT JOIN merged USING (doc_id)
ORDER BY coalesce(document, doc_id), {RANK}"""
"""SQL for all sources of the documents in their order, each under the id of its document."""

_PRINTS_A_TIME = 10_000


def join_reposts(state: duckdb.DuckDBPyConnection, region: Region) -> None:
    """Bring the table `merged` in line with the distinct texts: as found before, while what decides it is the same."""
    version = identity.digest(code_version(), _grouping_code(), *(region.sources[name] for name in NAMES))
    about = state.execute(
        "SELECT count(*), sum(hash(print_key, publisher_unit, publisher, day))::VARCHAR FROM distinct_texts"
    ).fetchone()
    basis = identity.digest(version, str(about))
    if state.execute("SELECT basis FROM grouped").fetchall() == [(basis,)]:
        return
    found = _found(state, region, version)
    with transaction(state):
        state.execute("DELETE FROM grouped")
        state.execute("DELETE FROM merged")
        insert(state, GROUPED, [(basis, json.dumps(found))])
        state.execute(_MERGED)


# The earliest publication of any of them speaks for all.
_MERGED = f"""
INSERT INTO merged
SELECT doc_id, first_value(doc_id) OVER (PARTITION BY members ORDER BY {RANK})
FROM (SELECT members, unnest(members) AS doc_id FROM (
    SELECT unnest(from_json(groups, '[["VARCHAR"]]')) AS members FROM grouped
)) JOIN distinct_texts USING (doc_id) ORDER BY doc_id"""


def _found(state: duckdb.DuckDBPyConnection, region: Region, version: str) -> list[Group]:
    contexts: dict[str, Context] = {}

    def read(doc_ids: Collection[str]) -> Iterator[Text]:
        sql = "SELECT * FROM distinct_texts WHERE doc_id IN (SELECT unnest(?::VARCHAR[]))"
        for text, context in _texts(state, sql, [sorted(doc_ids)]):
            contexts[text.doc_id] = context
            yield text

    names = [name for unit in region.units for name in (unit.name, unit.short_name)]
    names += [name.name for name in region.names]
    grouping = Grouping(names, read, _places(contexts, region))
    grouping.add(_prints(state, grouping, version))
    return grouping.groups()


def _places(contexts: dict[str, Context], region: Region) -> Callable[[str, str], frozenset[str]]:
    """Reads the units that a text names; a unit is the same one under its older names and codes."""
    gazetteer = Gazetteer.of(region)

    @cache
    def place(code: str) -> str:
        return min(other for other in gazetteer.versions if gazetteer.same_place(code, other))

    def places(doc_id: str, text: str) -> frozenset[str]:
        return frozenset(place(mention.code) for mention in find_places(text, gazetteer, contexts[doc_id]).mentions)

    return places


def _texts(state: duckdb.DuckDBPyConnection, texts: str, parameters: list[object]) -> Iterator[tuple[Text, Context]]:
    """Some of the distinct texts as they are compared, and what is known about them."""
    rows = rows_of(
        state,
        f"""SELECT doc_id, body, title, doc_number, url, publisher_unit, publisher, day
            FROM ({with_texts(texts)})""",
        parameters,
    )
    for doc_id, text, title, number, url, unit, publisher, day in rows:
        yield Text(doc_id, text, title, number), Context(title, url, unit, publisher, day)


def _prints(state: duckdb.DuckDBPyConnection, grouping: Grouping, version: str) -> Iterator[Print]:
    """The prints of all texts; those that the state lacks are made and kept, others that it has are dropped."""
    with transaction(state):
        state.execute(
            """DELETE FROM prints
               WHERE print_version <> ? OR print_key NOT IN (SELECT print_key FROM distinct_texts)""",
            [version],
        )
    missing = "SELECT * FROM distinct_texts ANTI JOIN prints USING (print_key)"
    keys = dict(state.execute(f"SELECT doc_id, print_key FROM ({missing})").fetchall())
    made: list[Print] = []
    for text, _ in _texts(state, missing, []):
        made.append(grouping.print(text))
        if len(made) == min(_PRINTS_A_TIME, len(keys)):
            _keep(state, made, keys, version)
            made = []
    _keep(state, made, keys, version)
    for doc_id, packed in rows_of(state, "SELECT doc_id, print FROM distinct_texts JOIN prints USING (print_key)"):
        yield Print.unpacked(doc_id, packed)


def _keep(state: duckdb.DuckDBPyConnection, made: list[Print], keys: dict[str, str], version: str) -> None:
    if made:
        with transaction(state):
            insert(state, PRINTS, [(keys[one.doc_id], version, one.packed()) for one in made])


@cache
def _grouping_code() -> str:
    folder = Path(pipelines.grouping.__file__).parent
    sources = [identity.__file__, __file__, *sorted(map(str, folder.glob("*.py")))]
    return identity.digest(*(Path(path).read_text(encoding="utf-8") for path in sources))
