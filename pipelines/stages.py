"""The stages over a data folder, in the order in which they follow each other.

Each opens the state, does what is missing, and closes it: any of them can be killed at any moment and run again.
`progress` is called with (stage, done, total). Errors are `StageError` or `WarehouseError`, one line each.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.loader import Region
from extract.model import Context
from pipelines import extraction, imports, indexing, pages, publication, retrospect, state
from pipelines.crawl_logs import read_crawl_logs
from pipelines.indexing import ARCHIVE, Progress
from pipelines.standings import Standing, standings
from warehouse import publishing
from warehouse.comparison import Difference
from warehouse.reading import WAREHOUSE_FILE, refuse_newer

ArchiveIndexed = indexing.ArchiveIndexed
Extracted = extraction.Extracted
Imported = imports.Imported
PagesRead = pages.PagesRead


@dataclass(frozen=True, slots=True)
class Published:
    """What the published state holds; `pages` are captures, `pairs` are pairs as named, `portals` those with pages.

    `unmatched_terms` are all terms of the vocabulary that no text holds; the findings name the first of them.
    """

    portals: int
    pages: int
    documents: int
    policies: int
    pairs: int
    findings: tuple[str, ...]
    unmatched_terms: tuple[str, ...]
    warehouse: Path


def silent(stage: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


def index_archive(data: Path, region: Region) -> ArchiveIndexed:
    """Archive → captures. Refuses at once when a newer program's warehouse or state stands in the folder."""
    refuse_newer(data / WAREHOUSE_FILE)
    with state.opened(data) as opened:
        return indexing.index(opened, data)


def read_pages(data: Path, region: Region, workers: int | None = None, progress: Progress = silent) -> PagesRead:
    """Captures → readings, on as many processes as there are cores."""
    with state.opened(data) as opened:
        return pages.read_missing(opened, data, region, workers or _cores(), progress)


def import_documents(data: Path, region: Region, files: Iterable[Path]) -> Imported:
    """Documents collected elsewhere → the state."""
    refuse_newer(data / WAREHOUSE_FILE)
    with state.opened(data) as opened:
        return imports.import_files(opened, files)


def extract_documents(data: Path, region: Region, workers: int | None = None, progress: Progress = silent) -> Extracted:
    """Documents → extractions under the region's rules, on as many processes as there are cores; reposts are joined."""
    with state.opened(data) as opened:
        extracted = extraction.extract_missing(opened, data, region, workers or _cores(), progress)
        with state.bounded_memory(opened):
            publication.prepare(opened, data, region)
        return extracted


def publish(data: Path, region: Region, force: bool = False) -> Published:
    """Everything → a new warehouse in one step; the old one stays when a gate fails.

    What other versions of rules and code had extracted is forgotten only after the new state is in place.
    """
    target = data / WAREHOUSE_FILE
    with state.opened(data) as opened, state.bounded_memory(opened):
        made = publication.assemble(opened, data, region)
        publishing.publish(target, made.rows, force)
        publication.published(opened, target, made)
        extraction.drop_outdated(opened, region)
    messages = tuple(f"{one.count} × {one.message}" if one.count > 1 else one.message for one in made.findings)
    return Published(
        made.portals,
        made.pages,
        made.documents,
        made.policies,
        made.pairs,
        messages,
        made.unmatched_terms,
        target,
    )


def known_urls(data: Path) -> Iterator[str]:
    """The addresses of articles that are archived already, in order; none where nothing was read yet."""
    if not (data / state.STATE_FILE).exists():
        return
    with state.opened(data) as opened:
        rows = opened.execute(
            """SELECT DISTINCT url FROM records JOIN readings USING (page_key)
               WHERE status = 200 AND kind = 'article' ORDER BY url"""
        ).fetchall()
    for (url,) in rows:
        yield url


def portal_standings(data: Path, region: Region) -> dict[str, Standing]:
    """portal_id → how it stands after all its crawls; one never crawled is absent."""
    return standings(read_crawl_logs(data / ARCHIVE).logs, region.settings.timezone)


def document_for_explain(data: Path, document: str) -> tuple[str, Context] | None:
    """The text of a published document, by its id or any address it stands at, and the context it was read in."""
    return retrospect.document(data / WAREHOUSE_FILE, document)


def preview(data: Path, region: Region) -> Difference:
    """What publishing now would change against the published state; nothing is published."""
    with state.opened(data) as opened, state.bounded_memory(opened):
        return retrospect.preview(data / WAREHOUSE_FILE, publication.assemble(opened, data, region))


def _cores() -> int:
    return os.cpu_count() or 1
