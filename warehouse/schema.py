"""The tables of the published warehouse: the names that notebooks, scripts and acceptance checks rely on.

Every table and column says in the database itself what it means. Tables marked as contract are exported.
"""

from __future__ import annotations

from warehouse.tables import Column, Table

WAREHOUSE_VERSION = 2

_UNIT_A = Column("unit_a", "VARCHAR", "code of the first unit; unit_a < unit_b")
_UNIT_B = Column("unit_b", "VARCHAR", "code of the second unit")
_DOC_ID = Column("doc_id", "VARCHAR", "documents.doc_id")
_RULES = Column("rules_version", "VARCHAR", "rules.rules_version")
_TYPES = Column(
    "types", "VARCHAR[]", "kinds of collaboration: transfer, co_build, division, innovation, agreement, other"
)
_DOMAINS = Column(
    "domains", "VARCHAR[]", "domains: industry, innovation, transport, ecology, public_service, planning, other"
)
_PORTAL = Column("portal_id", "VARCHAR", "portals.portal_id; `import` for documents collected elsewhere")
_GRAIN = Column("grain", "VARCHAR", "`named`: units as named; `city13`: rolled up to the cities")
_CELL = (
    "1 when in the period a document published by the unit itself (its own government's portal, or an imported "
    "document whose publisher is exactly the unit) is an industrial collaboration policy with at least one pair of "
    "which one end is "
)
_CELL_CITY = _CELL + "the city or a unit inside it and the other end lies outside the city; else 0"
_CELL_COUNTY = _CELL + "the unit and the other end is another unit of the region; else 0"
_CUMULATIVE = "1 when value is 1 in this or any earlier period; else 0"
_PERIOD = Column("period", "VARCHAR", "periods.period")

UNITS = Table(
    "units",
    "Administrative and functional units of the region; a row is one version of a unit",
    (
        Column("code", "VARCHAR", "code of the unit while the version was valid"),
        Column("name", "VARCHAR", "full name"),
        Column("short_name", "VARCHAR", "name without the word for its kind"),
        Column("level", "VARCHAR", "province, prefecture, county or functional"),
        Column("parent_code", "VARCHAR", "code of the unit it belonged to"),
        Column("city_code", "VARCHAR", "code of the city it rolls up to; NULL for a unit above the cities"),
        Column("valid_from", "DATE", "first day of the version; NULL when unknown"),
        Column("valid_to", "DATE", "first day on which the version no longer held; NULL while it holds"),
        Column("unit202", "VARCHAR[]", "county-level units of 31 December 2015 that the version maps to"),
        Column("unit_type", "VARCHAR", "kind of unit in Chinese (市辖区, 县级市, 县 …)"),
    ),
)
PORTALS = Table(
    "portals",
    "Government portals; also `import` and, for hosts that are not listed, one row a host, when they hold documents",
    (
        Column("portal_id", "VARCHAR", "id of the portal"),
        Column("unit_code", "VARCHAR", "units.code of the unit that speaks there; NULL when none does"),
        Column("name", "VARCHAR", "name of the site"),
        Column("base_url", "VARCHAR", "address of its front page"),
        Column("dialect", "VARCHAR", "CMS family"),
        Column("level", "VARCHAR", "state, province, prefecture, county, functional or bureau"),
    ),
)
CAPTURES = Table(
    "captures",
    "Responses in the archive, of all portals; a row is one fetch of one URL",
    (
        Column("capture_id", "VARCHAR", "first 16 hex digits of SHA-256 over address, WARC-Date and payload hash"),
        Column("url", "VARCHAR", "address that was fetched"),
        _PORTAL,
        Column("fetched_at", "TIMESTAMP", "when it was fetched, UTC"),
        Column("status", "INTEGER", "HTTP status"),
        Column("content_sha256", "VARCHAR", "SHA-256 of the body as received (hex)"),
        Column("warc_file", "VARCHAR", "file in archive/ that holds the response"),
        Column("warc_offset", "BIGINT", "byte at which its record begins in the file"),
    ),
)
DOCUMENTS = Table(
    "documents",
    "Distinct texts, near-duplicate policies merged; the earliest publication speaks for a document",
    (
        Column(
            "doc_id", "VARCHAR", "first 16 hex digits of SHA-256 over the text without white space and source lines"
        ),
        Column("url", "VARCHAR", "address of the earliest publication; NULL when an imported document gives none"),
        _PORTAL,
        Column("title", "VARCHAR", "title"),
        Column("published_on", "DATE", "day of publication; NULL when unknown"),
        Column("written_on", "DATE", "day of writing (成文日期); NULL when unknown"),
        Column("date_source", "VARCHAR", "where published_on was read (meta, table, text, url, …, import)"),
        Column("source", "VARCHAR", "source the page names (来源); for an imported document its publisher"),
        Column("doc_number", "VARCHAR", "document number (发文字号)"),
        Column("issuers", "VARCHAR[]", "issuing bodies"),
        Column("text", "VARCHAR", "full text; offsets elsewhere count its characters from 0"),
        Column("content_sha256", "VARCHAR", "SHA-256 of the bytes it was read from (captures), or of an imported text"),
        Column("first_seen", "TIMESTAMP", "first fetch of the document at any of its addresses, UTC"),
        Column("last_seen", "TIMESTAMP", "last fetch, UTC"),
        Column("imported", "BOOLEAN", "whether the earliest publication comes from an import"),
        Column("capture_id", "VARCHAR", "captures.capture_id it was read from; NULL for an imported document"),
        Column("publisher", "VARCHAR", "name of the publisher: the portal's, or the import's"),
        Column("publisher_unit", "VARCHAR", "code of the unit that speaks, as valid on the document's day"),
        Column("sources", "INTEGER", "number of places where it stands"),
    ),
)
DOCUMENT_SOURCES = Table(
    "document_sources",
    "Every place where a document stands: reposts, near-duplicates, imports",
    (
        _DOC_ID,
        Column("url", "VARCHAR", "address; NULL when an imported document gives none"),
        _PORTAL,
        Column("published_on", "DATE", "day of publication there; NULL when unknown"),
        Column("unit_code", "VARCHAR", "unit that speaks there"),
        Column("own", "BOOLEAN", "whether it is that unit's own government (not a bureau)"),
        Column("title", "VARCHAR", "title there"),
        Column("publisher", "VARCHAR", "name of the publisher there"),
        Column("capture_id", "VARCHAR", "captures.capture_id; NULL for an imported document"),
        Column("text_sha256", "VARCHAR", "SHA-256 of the text as it stands there"),
    ),
)
POLICIES = Table(
    "policies",
    "Documents tagged as collaboration policy",
    (
        _DOC_ID,
        _RULES,
        Column("industrial", "BOOLEAN", "whether it is about industry"),
        Column("level", "VARCHAR", "region, province, city, county or none: that of its most specific pair"),
        _TYPES,
        _DOMAINS,
        Column("score", "DOUBLE", "weight of what speaks for policy, 0 to 1"),
        Column(
            "matched",
            'STRUCT("rule" VARCHAR, "start" INTEGER, "end" INTEGER, "text" VARCHAR)[]',
            "rules that fired and the words they fired on (offsets into documents.text)",
        ),
        Column("published_on", "DATE", "day of its earliest publication"),
        Column("sources", "INTEGER", "number of places where it stands"),
    ),
)
PAIR_EVIDENCE = Table(
    "pair_evidence",
    "Statements that two units work together; a row is one statement of one pair in one document",
    (
        Column("evidence_id", "VARCHAR", "the same for the same statement in every run"),
        _DOC_ID,
        _RULES,
        _UNIT_A,
        _UNIT_B,
        _TYPES,
        _DOMAINS,
        Column("status", "VARCHAR", "actual or planned"),
        Column("direction", "VARCHAR", "for transfers: a>b or b>a, from the giving to the receiving place; else NULL"),
        Column("via", "VARCHAR", "government, park or organisation"),
        Column("year", "INTEGER", "stated year of the event, not after the document's; else the document's year"),
        Column("quote", "VARCHAR", "the words that show it"),
        Column("start", "INTEGER", "first character of the quote in documents.text, from 0"),
        Column("end", "INTEGER", "character after the quote in documents.text"),
        Column("rule", "VARCHAR", "rule of the extractor that found it"),
    ),
)
CITY_PAIRS = Table(
    "city_pairs",
    "Deduplicated pairs at both grains; a unit without a city (河北省) stands for itself at city13",
    (
        _UNIT_A,
        _UNIT_B,
        Column("name_a", "VARCHAR", "latest name of unit_a"),
        Column("name_b", "VARCHAR", "latest name of unit_b"),
        _GRAIN,
        Column("first_year", "INTEGER", "earliest year of its evidence; NULL when none is dated"),
        Column("last_year", "INTEGER", "latest year of its evidence"),
        Column("documents", "INTEGER", "number of distinct documents"),
        Column("portals", "INTEGER", "number of distinct portals on which those documents stand"),
        _TYPES,
        _DOMAINS,
        Column("doc_ids", "VARCHAR[]", "those documents"),
        Column("evidence_ids", "VARCHAR[]", "its statements in pair_evidence"),
    ),
)
CITY_PAIR_YEARS = Table(
    "city_pair_years",
    "Deduplicated pairs by year of their evidence",
    (
        _UNIT_A,
        _UNIT_B,
        _GRAIN,
        Column("year", "INTEGER", "year of the evidence"),
        Column("documents", "INTEGER", "number of distinct documents"),
    ),
)
MATRIX_CITY = Table(
    "matrix_city",
    "City matrix: every city in every period",
    (
        Column("unit_code", "VARCHAR", "code of the city"),
        Column("name", "VARCHAR", "name of the city"),
        _PERIOD,
        Column("value", "INTEGER", _CELL_CITY),
        Column("cumulative", "INTEGER", _CUMULATIVE),
        Column("documents", "INTEGER", "number of documents that make the value"),
        Column("doc_ids", "VARCHAR[]", "those documents"),
    ),
)
MATRIX_COUNTY = Table(
    "matrix_county",
    "County matrix: every county-level unit of the region's vintage in every period",
    (
        Column("unit_code", "VARCHAR", "code of the unit at the vintage"),
        Column("name", "VARCHAR", "name of the unit at the vintage"),
        Column("city_code", "VARCHAR", "code of its city"),
        _PERIOD,
        Column("value", "INTEGER", _CELL_COUNTY),
        Column("cumulative", "INTEGER", _CUMULATIVE),
        Column("documents", "INTEGER", "number of documents that make the value"),
        Column("doc_ids", "VARCHAR[]", "those documents"),
    ),
)
_EVENT = (
    Column("date", "DATE", "day of publication, else of writing"),
    Column("year", "INTEGER", "year of the event"),
)
REGION_EVENTS = Table(
    "region_events",
    "Policies of the region as a whole (level region)",
    (*_EVENT, Column("title", "VARCHAR", "title"), Column("issuers", "VARCHAR[]", "issuing bodies"), _DOC_ID),
)
PROVINCIAL_AGREEMENTS = Table(
    "provincial_agreements",
    "Documents that state an agreement between two provinces",
    (
        *_EVENT,
        Column("title", "VARCHAR", "title of the document"),
        Column("parties", "VARCHAR[]", "names of the two provinces"),
        _DOC_ID,
        _UNIT_A,
        _UNIT_B,
        Column("evidence_id", "VARCHAR", "pair_evidence.evidence_id"),
        Column("quote", "VARCHAR", "the words that show it"),
    ),
)
ALLIANCES = Table(
    "alliances",
    "Alliances (联盟) named in policies, each once with its first day",
    (
        *_EVENT,
        Column("title", "VARCHAR", "name of the alliance"),
        Column("parties", "VARCHAR[]", "names of the units it stands with"),
        Column("doc_id", "VARCHAR", "the first document that names it"),
    ),
)
RULES = Table(
    "rules",
    "Versions of the vocabulary and rules",
    (
        Column("rules_version", "VARCHAR", "first 16 hex digits of SHA-256 over the rule files"),
        Column("created_at", "DATE", "day on which the makers of the region last revised it"),
        Column("source", "VARCHAR", "the rule files as JSON {file: text}: enough to rebuild the version"),
    ),
)
RUNS = Table(
    "runs",
    "Crawls, replays and imports that the published state is made of, and its own making (kind publish)",
    (
        Column("run_id", "VARCHAR", "id of the run"),
        Column("started_at", "TIMESTAMP", "UTC; NULL for a run without a time of its own data (import, publish)"),
        Column("finished_at", "TIMESTAMP", "UTC; NULL likewise"),
        Column("kind", "VARCHAR", "crawl, replay, import, publish or rollback"),
        Column("rules_version", "VARCHAR", "rules under which its documents are published here"),
        Column("code_version", "VARCHAR", "version of the extracting code that read them"),
    ),
)
PORTAL_HEALTH = Table(
    "portal_health",
    "What each portal yielded in each run",
    (
        Column("run_id", "VARCHAR", "runs.run_id"),
        _PORTAL,
        Column("pages", "INTEGER", "pages fetched; for an import, rows that went in"),
        Column("new_pages", "INTEGER", "pages not seen before; for an import, rows that went in"),
        Column("errors", "INTEGER", "requests that failed; for an import, rows refused"),
        Column(
            "failure_class", "VARCHAR", "what went wrong (dns, tls, blocked, moved, empty, …); NULL when nothing did"
        ),
        Column(
            "state",
            "VARCHAR",
            "how the portal ended the run: ok, nothing-new, slow, timeout, dns, tls, refused, unreachable, "
            "blocked-<kind>, moved, layout-changed, empty, robots, error or waiting",
        ),
        Column("links_left", "INTEGER", "links of a replay that the archive does not hold"),
        Column("changed_pages", "INTEGER", "pages whose content differs from an earlier fetch; NULL in older states"),
        Column("moved_to", "VARCHAR", "where the portal leads to when its state is moved"),
        Column("message", "VARCHAR", "what happened, in plain words; NULL when the counts say it all"),
    ),
)
CONTRACT = (
    UNITS, PORTALS, CAPTURES, DOCUMENTS, DOCUMENT_SOURCES, POLICIES, PAIR_EVIDENCE, CITY_PAIRS, CITY_PAIR_YEARS,
    MATRIX_CITY, MATRIX_COUNTY, REGION_EVENTS, PROVINCIAL_AGREEMENTS, ALLIANCES, RULES, RUNS, PORTAL_HEALTH,
)  # fmt: skip

CITATIONS = Table(
    "citations",
    "Documents that policies cite, by number (文号) or title (《…》); a row is one citation at one place",
    (
        Column("doc_id", "VARCHAR", "documents.doc_id of the policy that cites"),
        Column("number", "VARCHAR", "number in one spelling, as in 国发〔2014〕12号; NULL when only a title is given"),
        Column("title", "VARCHAR", "title in one spelling, without 《》; NULL when only a number is given"),
        Column("cited_doc_id", "VARCHAR", "documents.doc_id of the cited document; NULL when it is not held"),
        Column("kind", "VARCHAR", "national, provincial or city, by who issued it; NULL when the words do not tell"),
        Column("start", "INTEGER", "first character of the citation in documents.text, from 0"),
        Column("end", "INTEGER", "character after the citation in documents.text"),
    ),
)
EXPORTED = (*CONTRACT, CITATIONS)
PERIODS = Table(
    "periods",
    "Periods of the matrices in order; first and last day belong to them",
    (
        Column("number", "INTEGER", "place in the order, from 1"),
        Column("period", "VARCHAR", "name of the period"),
        Column("since", "DATE", "first day; NULL when open"),
        Column("until", "DATE", "last day; NULL when open"),
        Column("title", "VARCHAR", "in English"),
        Column("title_zh", "VARCHAR", "in Chinese"),
    ),
)
FINDINGS = Table(
    "findings",
    "What a reader of this state should know: damage, silence, refusals, gaps",
    (
        Column("kind", "VARCHAR", "what it is about"),
        Column("subject", "VARCHAR", "portal, file or document"),
        Column("count", "INTEGER", "how many"),
        Column("message", "VARCHAR", "in plain words"),
    ),
)
STATE = Table(
    "warehouse_state",
    "What this file is: one row",
    (
        Column(
            "schema_version", "INTEGER", "version of these tables; a newer one is never replaced by an older program"
        ),
        Column("rules_version", "VARCHAR", "rules.rules_version"),
        Column("code_version", "VARCHAR", "version of the extracting code"),
        Column("region", "VARCHAR", "title of the region"),
        Column("region_zh", "VARCHAR", "title of the region in Chinese"),
        Column("vintage", "DATE", "day at which the county matrix takes its units"),
        Column("number", "INTEGER", "number of this state in `xietong states`"),
        Column("published_at", "TIMESTAMP", "when it was published, UTC"),
    ),
)
TABLES = (*EXPORTED, PERIODS, FINDINGS, STATE)
