"""Looking back at what is published: one document as it was read, and what a new publication would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from extract.model import Context
from pipelines.publication import Publication
from warehouse.reading import connect
from warehouse.schema import TABLES

_EXAMPLES = 50
_COMPARED = {
    "policies": ("doc_id",),
    "pair_evidence": ("doc_id", "unit_a", "unit_b"),
    "city_pairs": ("grain", "unit_a", "unit_b"),
}


def document(warehouse: Path, wanted: str) -> tuple[str, Context] | None:
    """The text and context of a document by id or by any address it stands at; None when nothing published has it."""
    with connect(warehouse) as connection:
        row = connection.execute(
            """SELECT "text", title, coalesce(url, ''), publisher_unit, publisher, coalesce(published_on, written_on)
               FROM documents WHERE doc_id = ? OR doc_id IN (SELECT doc_id FROM document_sources WHERE url = ?)
               ORDER BY doc_id LIMIT 1""",
            [wanted, wanted],
        ).fetchone()
    if row is None:
        return None
    text, title, url, unit, publisher, day = row
    return text, Context(title=title, url=url, publisher=unit, publisher_name=publisher or "", day=day)


def changes(warehouse: Path, publication: Publication) -> dict[str, object]:
    """For policies, evidence and pairs: how many stay, which go and which come, by their keys (some of each)."""
    report: dict[str, object] = {}
    for table, key in _COMPARED.items():
        before = _published(warehouse, table, key)
        after = _keys(publication, table, key)
        report[table] = {
            "before": len(before),
            "after": len(after),
            "added": len(after - before),
            "removed": len(before - after),
            "examples_added": sorted(after - before)[:_EXAMPLES],
            "examples_removed": sorted(before - after)[:_EXAMPLES],
        }
    return report


def _published(warehouse: Path, table: str, key: Sequence[str]) -> set[tuple[str, ...]]:
    if not warehouse.exists():
        return set()
    with connect(warehouse) as connection:
        return {tuple(row) for row in connection.execute(f"SELECT {', '.join(key)} FROM {table}").fetchall()}


def _keys(publication: Publication, table: str, key: Iterable[str]) -> set[tuple[str, ...]]:
    columns = next(one.column_names for one in TABLES if one.name == table)
    at = [columns.index(name) for name in key]
    return {tuple(str(row[index]) for index in at) for row in publication.rows[table]}
