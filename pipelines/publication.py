"""Everything the state knows → the rows of a published warehouse.

The rows depend on the archive, the imports and the rules alone: no clock, no worker count, no order of arrival.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb

from config.loader import Region
from pipelines import distinct, identity, seeking
from pipelines import documents as stored_documents
from pipelines.collecting import collect, with_texts
from pipelines.crawl_logs import CrawlLogs, read_crawl_logs
from pipelines.derivation.citations import cited
from pipelines.derivation.citations import places as ranks
from pipelines.derivation.events import alliances, provincial_agreements, region_events
from pipelines.derivation.evidence import GRAINS, CityPair, Evidence, Read, city_pairs, pair_years, statements
from pipelines.derivation.geography import Geography
from pipelines.derivation.matrices import Cell, city_matrix, county_matrix
from pipelines.distinct import DOCUMENTS, SOURCES, join_reposts
from pipelines.documents import documents, texts
from pipelines.extraction import Stored, extractions, stored
from pipelines.findings import Finding, findings
from pipelines.headings import headings, spell
from pipelines.indexing import ARCHIVE
from pipelines.ownership import IMPORT_PORTAL
from pipelines.state import PUBLISHED, transaction
from pipelines.versions import code_version
from warehouse import schema
from warehouse.publishing import Rows, Selected
from warehouse.reading import fingerprint
from warehouse.tables import insert

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """The rows by table, and the counts a person wants to hear. `contents` stands for the selected rows."""

    rows: dict[str, Rows | Selected]
    contents: str
    portals: int
    pages: int
    documents: int
    policies: int
    pairs: int
    findings: tuple[Finding, ...]
    unmatched_terms: tuple[str, ...]


def prepare(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> None:
    """Bring in line with the stored texts what a publication needs of them and no edit of the vocabulary changes."""
    collect(state, data, region)
    join_reposts(state, region)
    spell(state)


def assemble(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> Publication:
    """The publication of what is in the state now.

    What grows with the archive – captures, documents, their texts and sources – stays in the state and is copied from
    there by the database; only the documents in which the extractor found something pass through here.
    """
    geography = Geography(region)
    logs = read_crawl_logs(data / ARCHIVE)
    prepare(state, data, region)
    contents = _contents(state)
    standing = _standing(state, contents)
    read, unread, failed = _read(state, region)
    pages = _counted(state, "SELECT portal_id, count(*) FROM captures WHERE portal_id IS NOT NULL GROUP BY ALL")
    places = _counted(state, "SELECT portal_id, count(*) FROM sources GROUP BY ALL")
    held = _counted(state, f"SELECT day IS NULL, count(*) FROM ({DOCUMENTS}) GROUP BY ALL")
    evidence = statements(read)
    policies = sorted((one for one in read if one.tag.policy), key=lambda one: one.document.doc_id)
    pairs = [pair for grain in GRAINS for pair in city_pairs(evidence, geography, grain)]
    imports = state.execute("SELECT run_id, name, accepted, refused, problems FROM import_runs ORDER BY 1").fetchall()
    unmatched_terms = seeking.unmatched_terms(state, region)
    noted = findings(
        state=state,
        region=region,
        logs=logs,
        pages=pages,
        unlisted=_counted(state, _UNLISTED),
        places=places,
        undated=held.get(True, 0),
        policies=policies,
        unread=unread,
        failed=failed,
        imports=imports,
        unmatched=unmatched_terms,
    )
    version = region.rules_version
    events = region_events(policies)
    rows: dict[str, Rows | Selected] = {
        "units": _units(region),
        "portals": _portals(region, pages.keys() | places.keys(), logs, bool(imports)),
        "captures": Selected(state, _CAPTURES, standing),
        "documents": Selected(state, _DOCUMENTS, standing),
        "document_sources": Selected(state, _SOURCES, standing),
        "policies": [_policy(one, version) for one in policies],
        "pair_evidence": [_evidence(one, version) for one in evidence],
        "citations": _citations(state, policies, region),
        "city_pairs": [_pair(pair, geography) for pair in pairs],
        "city_pair_years": [
            (pair.unit_a, pair.unit_b, pair.grain, year, len(doc_ids))
            for pair in pairs
            for year, doc_ids in pair_years(pair)
        ],
        "matrix_city": [_cell(cell) for cell in city_matrix(policies, geography, region.periods)],
        "matrix_county": [
            _cell(cell, cell.unit.city_code or None) for cell in county_matrix(policies, geography, region.periods)
        ],
        "region_events": [
            (event.day, event.day.year, event.title, list(event.parties), event.doc_id) for event in events
        ],
        "provincial_agreements": [
            (
                one.evidence.document.day,
                one.evidence.year,
                one.evidence.document.first.title,
                list(one.parties),
                one.evidence.document.doc_id,
                one.evidence.pair.a,
                one.evidence.pair.b,
                one.evidence.evidence_id,
                one.evidence.pair.evidence.text,
            )
            for one in provincial_agreements(evidence, geography)
        ],
        "alliances": [
            (event.day, event.day.year, event.title, list(event.parties), event.doc_id)
            for event in alliances(policies, geography)
        ],
        "rules": [
            (version, region.settings.revised, json.dumps(region.sources, ensure_ascii=False, sort_keys=True)),
        ],
        "runs": _runs(region, logs, imports),
        "portal_health": _health(logs, imports),
        "periods": [
            (number, period.period, period.since, period.until, period.title, period.title_zh)
            for number, period in enumerate(region.periods, 1)
        ],
        "findings": [(one.kind, one.subject, one.count, one.message) for one in noted],
        "warehouse_state": [
            (
                schema.WAREHOUSE_VERSION,
                version,
                code_version(),
                region.settings.title,
                region.settings.title_zh,
                region.settings.vintage,
                None,
                None,
            )
        ],
    }
    return Publication(
        rows,
        contents,
        portals=len(pages),
        pages=sum(pages.values()),
        documents=sum(held.values()),
        policies=len(policies),
        pairs=sum(pair.grain == "named" for pair in pairs),
        findings=noted,
        unmatched_terms=unmatched_terms,
    )


def published(state: duckdb.DuckDBPyConnection, warehouse: Path, publication: Publication) -> None:
    """Remember what the warehouse at a path holds, so that a publication of the same need not copy it again."""
    with transaction(state):
        state.execute("DELETE FROM published")
        insert(state, PUBLISHED, [(fingerprint(warehouse), publication.contents)])


def _standing(state: duckdb.DuckDBPyConnection, contents: str) -> str:
    """The fingerprint of the warehouse that has the same contents; empty where none is known to."""
    row = state.execute("SELECT fingerprint FROM published WHERE contents = ?", [contents]).fetchone()
    return row[0] if row else ""


def _contents(state: duckdb.DuckDBPyConnection) -> str:
    """Stands for everything that decides the captures, documents and sources that are published."""
    basis = state.execute("SELECT collected.basis, grouped.basis FROM collected, grouped").fetchone()
    sources = (
        Path(module.__file__ or "").read_text(encoding="utf-8") for module in (distinct, stored_documents, schema)
    )
    return identity.digest(str(basis), Path(__file__).read_text(encoding="utf-8"), *sources)


_CAPTURES = "FROM captures WHERE portal_id IS NOT NULL ORDER BY capture_id"

_DOCUMENTS = f"""
SELECT doc_id, nullif(url, ''), portal_id, title, published_on, written_on, date_source, source, doc_number, issuers,
       body, content_sha256, first_seen, last_seen, capture_id IS NULL, capture_id, publisher, publisher_unit, sources
FROM ({with_texts(DOCUMENTS)}) ORDER BY doc_id"""

_SOURCES = f"""
SELECT doc_id, nullif(url, ''), portal_id, published_on, unit_code, own, title, publisher, capture_id, text_sha256
FROM ({SOURCES})"""

_UNLISTED = """
SELECT CASE WHEN url LIKE '%/%/%' THEN split_part(url, '/', 3) ELSE url END, count(*)
FROM captures WHERE portal_id IS NULL GROUP BY ALL"""


def _counted(state: duckdb.DuckDBPyConnection, sql: str) -> dict[Any, int]:
    return dict(state.execute(sql).fetchall())


def _column(state: duckdb.DuckDBPyConnection, sql: str) -> Iterable[str]:
    """A query's only column; for very many rows, as taking them as rows takes longer than all the rest."""
    (column,) = state.execute(sql).fetchnumpy().values()
    return cast(Iterable[str], column)


def _read(state: duckdb.DuckDBPyConnection, region: Region) -> tuple[list[Read], int, list[tuple[str, str]]]:
    """What was read from the documents that say something, how many texts are not yet extracted, and
    (document, reason) for those that the extractor failed on."""
    known = extractions(state, region)
    unread = sum(key not in known for key in _column(state, "SELECT extraction_key FROM distinct_texts"))
    telling = [key for key, (payload, error) in known.items() if payload or error]
    rows = state.execute(
        """SELECT doc_id, extraction_key FROM distinct_texts
           WHERE extraction_key IN (SELECT unnest(?::VARCHAR[])) ORDER BY doc_id""",
        [telling],
    ).fetchall()
    found: dict[str, Stored] = {}
    failed: list[tuple[str, str]] = []
    for doc_id, key in rows:
        payload, error = known[key]
        if error:
            failed.append((doc_id, error))
        else:
            found[doc_id] = stored(payload)
    read = [
        Read(document, found[document.doc_id].tag, found[document.doc_id].pairs)
        for document in documents(state, found.keys())
    ]
    return read, unread, failed


def _citations(state: duckdb.DuckDBPyConnection, policies: Iterable[Read], region: Region) -> Iterator[Row]:
    citing = {one.document.doc_id: one.document for one in policies}
    bodies = texts(state, {doc_id: document.first.text_key for doc_id, document in citing.items()})
    days = {doc_id: document.day for doc_id, document in citing.items()}
    return (one.row() for one in cited(bodies, days, headings(state), ranks(region)))


def _units(region: Region) -> list[Row]:
    ordered = sorted(region.units, key=lambda unit: (unit.code, unit.valid_from or date.min))
    return [
        (
            unit.code,
            unit.name,
            unit.short_name,
            unit.level,
            unit.parent_code or None,
            unit.city_code or None,
            unit.valid_from,
            unit.valid_to,
            list(unit.unit202),
            unit.unit_type,
        )
        for unit in ordered
    ]


def _portals(region: Region, speaking: AbstractSet[str], logs: CrawlLogs, imports: bool) -> list[Row]:
    rows: dict[str, Row] = {
        portal.portal_id: (
            portal.portal_id,
            portal.unit_code or None,
            portal.name,
            portal.base_url,
            portal.dialect,
            portal.level,
        )
        for portal in region.portals
    }
    used = speaking | {portal.portal_id for log in logs.logs for portal in log.portals}
    used |= {IMPORT_PORTAL} if imports else set()
    for portal in sorted(used - rows.keys()):
        name = "导入" if portal == IMPORT_PORTAL else portal.partition(":")[2] or portal
        rows[portal] = (portal, None, name, None, "import" if portal == IMPORT_PORTAL else "", None)
    return [rows[portal] for portal in sorted(rows)]


def _policy(one: Read, version: str) -> Row:
    tag, document = one.tag, one.document
    return (
        document.doc_id,
        version,
        tag.industrial,
        tag.level,
        list(tag.types),
        list(tag.domains),
        tag.score,
        [{"rule": match.rule, "start": match.start, "end": match.end, "text": match.text} for match in tag.matched],
        document.first.published_on,
        len(document.sources),
    )


def _evidence(one: Evidence, version: str) -> Row:
    pair = one.pair
    return (
        one.evidence_id,
        one.document.doc_id,
        version,
        pair.a,
        pair.b,
        list(pair.types),
        list(pair.domains),
        pair.status,
        pair.direction,
        pair.via,
        one.year,
        pair.evidence.text,
        pair.evidence.start,
        pair.evidence.end,
        pair.rule,
    )


def _pair(pair: CityPair, geography: Geography) -> Row:
    years = pair.years
    return (
        pair.unit_a,
        pair.unit_b,
        geography.name(pair.unit_a),
        geography.name(pair.unit_b),
        pair.grain,
        years[0] if years else None,
        years[-1] if years else None,
        len(pair.doc_ids),
        len(pair.portals),
        list(pair.types),
        list(pair.domains),
        list(pair.doc_ids),
        [one.evidence_id for one in pair.evidence],
    )


def _cell(cell: Cell, *between: object) -> Row:
    return (
        cell.unit.code,
        cell.unit.name,
        *between,
        cell.period.period,
        cell.value,
        cell.cumulative,
        len(cell.doc_ids),
        list(cell.doc_ids),
    )


def _runs(region: Region, logs: CrawlLogs, imports: Iterable[Row]) -> list[Row]:
    version, code = region.rules_version, code_version()
    rows: list[Row] = [(log.run_id, log.started_at, log.finished_at, log.kind, version, code) for log in logs.logs]
    rows += [(run_id, None, None, "import", version, code) for run_id, *_ in imports]
    inputs = [str(row[0]) for row in rows]
    rows.append((f"publish-{identity.digest(version, code, *inputs)[:12]}", None, None, "publish", version, code))
    return rows


def _health(logs: CrawlLogs, imports: Iterable[Row]) -> list[Row]:
    rows: list[Row] = [
        (
            log.run_id,
            portal.portal_id,
            portal.pages,
            portal.new_pages,
            portal.errors,
            portal.failure_class,
            portal.state,
            portal.links_left,
            portal.changed_pages,
            portal.moved_to or None,
            portal.message or None,
        )
        for log in logs.logs
        for portal in sorted(log.portals, key=lambda portal: portal.portal_id)
    ]
    for run_id, _, accepted, refused, _ in imports:
        state = "ok" if accepted else "empty"
        rows.append(
            (
                run_id,
                IMPORT_PORTAL,
                accepted,
                accepted,
                refused,
                "rows refused" if refused else None,
                state,
                0,
                0,
                None,
                None,
            )
        )
    return rows
