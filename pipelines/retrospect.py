"""Looking back at what is published: one document as it was read, and what a new publication would change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extract.model import Context
from pipelines.publication import Publication
from warehouse.comparison import Difference, difference
from warehouse.publishing import candidate
from warehouse.reading import connect


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


def preview(warehouse: Path, publication: Publication) -> Difference:
    """What publishing would change, and which gates would refuse it; the candidate is built, compared and removed."""
    with candidate(warehouse, publication.rows) as made:
        refused = (*made.failures, *made.doubts)
        found = difference(warehouse if warehouse.exists() else None, made.path)
        return replace(found, preview=True, refused=refused)
