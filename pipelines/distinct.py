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
from extract.places import find_places
from pipelines import identity
from pipelines.derivation.geography import Geography
from pipelines.documents import Document, context, merged, texts
from pipelines.grouping import Group, Grouping, Print, Text
from pipelines.state import GROUPED, PRINTS, transaction
from pipelines.versions import code_version
from warehouse.tables import insert

Documents = dict[str, Document]

_FILES = ("units.csv", "names.csv", "collisions.csv")
_PRINTS_A_TIME = 10_000


def without_reposts(
    state: duckdb.DuckDBPyConnection, documents: Documents, region: Region, geography: Geography
) -> Documents:
    """The documents by id, those that are one merged: the earliest publication speaks, all sources are kept."""
    distinct = dict(documents)
    for group in _groups(state, documents, region, geography):
        whole = merged(distinct.pop(doc_id) for doc_id in group)
        distinct[whole.doc_id] = whole
    return distinct


def _groups(
    state: duckdb.DuckDBPyConnection, documents: Documents, region: Region, geography: Geography
) -> list[Group]:
    """The documents that are one, by their ids: as found before, while everything that decides it is the same."""
    version = identity.digest(code_version(), _grouping_code(), *(region.sources[name] for name in _FILES))
    abouts = (
        (_print_key(document), about.publisher or "", about.publisher_name, str(about.day))
        for document in documents.values()
        for about in (context(document, geography),)
    )
    basis = identity.digest(version, *("\t".join(about) for about in sorted(abouts)))
    known = state.execute("SELECT groups FROM grouped WHERE basis = ?", [basis]).fetchone()
    if known is not None:
        return [tuple(group) for group in json.loads(known[0])]
    found = _found(state, documents, region, geography, version)
    with transaction(state):
        state.execute("DELETE FROM grouped")
        insert(state, GROUPED, [(basis, json.dumps(found))])
    return found


def _found(
    state: duckdb.DuckDBPyConnection, documents: Documents, region: Region, geography: Geography, version: str
) -> list[Group]:
    def read(doc_ids: Collection[str]) -> Iterator[Text]:
        for doc_id, text in texts(state, {doc_id: documents[doc_id].first.text_key for doc_id in doc_ids}):
            first = documents[doc_id].first
            yield Text(doc_id, text, first.title, first.doc_number)

    names = [name for unit in region.units for name in (unit.name, unit.short_name)]
    names += [name.name for name in region.names]
    grouping = Grouping(names, read, _places(documents, region, geography))
    grouping.add(_prints(state, documents, grouping, read, version))
    return grouping.groups()


def _places(documents: Documents, region: Region, geography: Geography) -> Callable[[str, str], frozenset[str]]:
    """Reads the units that a text names; a unit is the same one under its older names and codes."""
    gazetteer = Gazetteer.of(region)

    @cache
    def place(code: str) -> str:
        return min(other for other in gazetteer.versions if gazetteer.same_place(code, other))

    def places(doc_id: str, text: str) -> frozenset[str]:
        about = context(documents[doc_id], geography)
        return frozenset(place(mention.code) for mention in find_places(text, gazetteer, about).mentions)

    return places


def _prints(
    state: duckdb.DuckDBPyConnection,
    documents: Documents,
    grouping: Grouping,
    read: Callable[[Collection[str]], Iterator[Text]],
    version: str,
) -> Iterator[Print]:
    """The prints of all documents; those that the state lacks are made and kept, others that it has are dropped."""
    keys = {doc_id: _print_key(document) for doc_id, document in documents.items()}
    rows = state.execute("SELECT print_key, print FROM prints WHERE print_version = ?", [version]).fetchall()
    known: dict[str, str] = dict(rows)
    if known.keys() - keys.values():
        with transaction(state):
            state.execute("DELETE FROM prints WHERE print_key NOT IN (SELECT unnest(?))", [sorted(keys.values())])
    missing = [doc_id for doc_id in documents if keys[doc_id] not in known]
    if missing:
        state.execute("DELETE FROM prints WHERE print_version <> ?", [version])
    for at in range(0, len(missing), _PRINTS_A_TIME):
        made = [grouping.print(text) for text in read(missing[at : at + _PRINTS_A_TIME])]
        with transaction(state):
            insert(state, PRINTS, [(keys[one.doc_id], version, one.packed()) for one in made])
        yield from made
    for doc_id in documents:
        if packed := known.get(keys[doc_id]):
            yield Print.unpacked(doc_id, packed)


def _print_key(document: Document) -> str:
    first = document.first
    return identity.digest(document.doc_id, first.text_sha256, first.title, first.doc_number or "")


@cache
def _grouping_code() -> str:
    folder = Path(pipelines.grouping.__file__).parent
    sources = [identity.__file__, __file__, *sorted(map(str, folder.glob("*.py")))]
    return identity.digest(*(Path(path).read_text(encoding="utf-8") for path in sources))
