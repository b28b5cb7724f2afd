"""Everything the state knows → the rows of a published warehouse.

The rows depend on the archive, the imports and the rules alone: no clock, no worker count, no order of arrival.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import duckdb

from config.loader import Region
from pipelines import identity
from pipelines.crawl_logs import CrawlLogs, read_crawl_logs
from pipelines.derivation.citations import citation_rows
from pipelines.derivation.events import alliances, provincial_agreements, region_events
from pipelines.derivation.evidence import GRAINS, CityPair, Evidence, Read, city_pairs, pair_years, statements
from pipelines.derivation.geography import Geography
from pipelines.derivation.matrices import Cell, city_matrix, county_matrix
from pipelines.distinct import without_reposts
from pipelines.documents import Document, collect, context, extraction_key, texts
from pipelines.extraction import Stored, extractions, stored
from pipelines.findings import Finding, findings
from pipelines.indexing import ARCHIVE
from pipelines.ownership import IMPORT_PORTAL, portal_id
from pipelines.unmatched import unmatched
from pipelines.versions import code_version
from warehouse import schema
from warehouse.publishing import Rows

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """The rows by table, and the counts a person wants to hear."""

    rows: dict[str, Rows]
    portals: int
    pages: int
    documents: int
    policies: int
    pairs: int
    findings: tuple[Finding, ...]
    unmatched_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Capture:
    capture_id: str
    url: str
    portal_id: str
    row: Row


def assemble(state: duckdb.DuckDBPyConnection, data: Path, region: Region) -> Publication:
    """The publication of what is in the state now; texts are read when their rows are taken."""
    geography = Geography(region)
    logs = read_crawl_logs(data / ARCHIVE)
    captures, unlisted = _captures(state, region, logs)
    documents, read, unread, failed = _read(state, data, region, geography)
    evidence = statements(read)
    policies = sorted((one for one in read if one.tag.policy), key=lambda one: one.document.doc_id)
    pairs = [pair for grain in GRAINS for pair in city_pairs(evidence, geography, grain)]
    imports = state.execute("SELECT run_id, name, accepted, refused, problems FROM import_runs ORDER BY 1").fetchall()
    unmatched_terms = _unmatched(state, documents, region)
    noted = findings(
        state=state,
        region=region,
        logs=logs,
        captures=[(capture.portal_id, capture.url) for capture in captures],
        unlisted=unlisted,
        documents=documents,
        policies=policies,
        unread=unread,
        failed=failed,
        imports=imports,
        unmatched=unmatched_terms,
    )
    version = region.rules_version
    events = region_events(policies)
    rows: dict[str, Rows] = {
        "units": _units(region),
        "portals": _portals(region, captures, documents, logs, bool(imports)),
        "captures": [capture.row for capture in captures],
        "documents": _documents(state, documents, geography),
        "document_sources": _sources(documents),
        "policies": [_policy(one, version) for one in policies],
        "pair_evidence": [_evidence(one, version) for one in evidence],
        "citations": citation_rows(
            texts(state, {one.document.doc_id: one.document.first.text_key for one in policies}), documents, region
        ),
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
        portals=len({capture.portal_id for capture in captures}),
        pages=len(captures),
        documents=len(documents),
        policies=len(policies),
        pairs=sum(pair.grain == "named" for pair in pairs),
        findings=noted,
        unmatched_terms=unmatched_terms,
    )


def _captures(state: duckdb.DuckDBPyConnection, region: Region, logs: CrawlLogs) -> tuple[list[_Capture], Counter[str]]:
    """The captures of portals, and how many there are of each host that is none."""
    rows = state.execute(
        """SELECT capture_id, any_value(url), any_value(fetched_at), any_value(answered), any_value(content_sha256),
                  min((warc_file, warc_offset)), list(DISTINCT warc_file)
           FROM records GROUP BY capture_id ORDER BY capture_id"""
    ).fetchall()
    any_host = logs.any_host_files
    captures: list[_Capture] = []
    unlisted: Counter[str] = Counter()
    for capture_id, url, fetched_at, status, sha256, (warc_file, offset), files in rows:
        portal = portal_id(region, url, files, any_host)
        if portal is None:
            unlisted[url.split("/")[2] if url.count("/") >= 2 else url] += 1
        else:
            row = (capture_id, url, portal, fetched_at, status, sha256, warc_file, offset)
            captures.append(_Capture(capture_id, url, portal, row))
    return captures, unlisted


def _read(
    state: duckdb.DuckDBPyConnection, data: Path, region: Region, geography: Geography
) -> tuple[list[Document], list[Read], int, list[tuple[str, str]]]:
    """Documents without their reposts, what was read from those that say something, how many are not yet
    extracted, and (document, reason) for those that the extractor failed on."""
    known = extractions(state, region)
    documents = {document.doc_id: document for document in collect(state, data, region)}
    found: dict[str, Stored] = {}
    failed: list[tuple[str, str]] = []
    unread = 0
    for doc_id, document in documents.items():
        payload, error = known.get(extraction_key(document, context(document, geography)), (None, None))
        if payload is None:
            unread += 1
        elif error:
            failed.append((doc_id, error))
        elif payload:
            found[doc_id] = stored(payload)
    documents = without_reposts(state, documents, region, geography)
    ordered = [documents[doc_id] for doc_id in sorted(documents)]
    read = [
        Read(document, found[document.doc_id].tag, found[document.doc_id].pairs)
        for document in ordered
        if document.doc_id in found
    ]
    return ordered, read, unread, failed


def _unmatched(state: duckdb.DuckDBPyConnection, documents: Sequence[Document], region: Region) -> tuple[str, ...]:
    """The terms of the vocabulary that no title and no text holds; none where there are no documents at all."""
    sources = [source for document in documents for source in document.sources]
    if not sources:
        return ()
    bodies = texts(state, {source.text_sha256: source.text_key for source in sources})
    held = chain((text for _, text in bodies), (source.title for source in sources))
    return unmatched(chain.from_iterable(region.vocabulary.groups.values()), held)


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


def _portals(
    region: Region, captures: Iterable[_Capture], documents: Iterable[Document], logs: CrawlLogs, imports: bool
) -> list[Row]:
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
    used = {capture.portal_id for capture in captures}
    used |= {source.publisher.portal_id for document in documents for source in document.sources}
    used |= {portal.portal_id for log in logs.logs for portal in log.portals}
    used |= {IMPORT_PORTAL} if imports else set()
    for portal in sorted(used - rows.keys()):
        name = "导入" if portal == IMPORT_PORTAL else portal.partition(":")[2] or portal
        rows[portal] = (portal, None, name, None, "import" if portal == IMPORT_PORTAL else "", None)
    return [rows[portal] for portal in sorted(rows)]


def _documents(state: duckdb.DuckDBPyConnection, documents: Sequence[Document], geography: Geography) -> Iterator[Row]:
    by_id = {document.doc_id: document for document in documents}
    for doc_id, text in texts(state, {doc_id: document.first.text_key for doc_id, document in by_id.items()}):
        document = by_id[doc_id]
        first, unit = document.first, document.first.publisher.unit
        yield (
            doc_id,
            first.url or None,
            first.publisher.portal_id,
            first.title,
            first.published_on,
            first.written_on,
            first.date_source,
            first.source,
            first.doc_number,
            list(first.issuers),
            text,
            first.content_sha256,
            document.first_seen,
            document.last_seen,
            first.imported,
            first.capture_id,
            first.publisher.name,
            geography.in_force(unit, document.day) if unit else None,
            len(document.sources),
        )


def _sources(documents: Iterable[Document]) -> Iterator[Row]:
    for document in documents:
        for source in document.sources:
            yield (
                document.doc_id,
                source.url or None,
                source.publisher.portal_id,
                source.published_on,
                source.publisher.unit,
                source.publisher.own,
                source.title,
                source.publisher.name,
                source.capture_id,
                source.text_sha256,
            )


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
        [asdict(match) for match in tag.matched],
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
