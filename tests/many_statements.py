"""A published warehouse of any size, made by the database itself: to measure how long questions take.

Every document is short and its own; some are policies, of which each tells of several pairs of the region's real units,
some pairs far oftener than others. All gates hold over it.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from config.loader import Region
from pipelines import stages
from warehouse.reading import WAREHOUSE_FILE
from warehouse.schema import TABLES
from warehouse.tables import quoted

STATEMENTS_A_POLICY = 4
_SENTENCE = 60
"""Characters that a statement takes in its text, with what fills it up."""


def warehouse(folder: Path, region: Region, documents: int, evidence: int) -> Path:
    """The path of a warehouse with that many documents and statements; the same for the same numbers."""
    if evidence > documents * STATEMENTS_A_POLICY:
        raise ValueError(f"{evidence} statements need {-(-evidence // STATEMENTS_A_POLICY)} documents or more")
    stages.publish(folder, region, force=True)
    path = folder / WAREHOUSE_FILE
    with closing(duckdb.connect(path)) as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute("SET VARIABLE documents = ?", [documents])
        connection.execute("SET VARIABLE policies = ?", [-(-evidence // STATEMENTS_A_POLICY)])
        connection.execute("SET VARIABLE evidence = ?", [evidence])
        for statement in _STATEMENTS:
            connection.execute(statement)
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {quoted(table.name + '_made')}")
        connection.execute("CHECKPOINT")
    return path


# Places by how often they are named: the third power of an even number makes the first ones far more frequent.
_PLACE = "1 + floor(pow((hash({0}) % 1000000) / 1000000.0, 3) * len(getvariable('codes')))::INTEGER"
_MARKED = """
UPDATE {matrix} AS cell SET documents = len(found.doc_ids), doc_ids = found.doc_ids, value = 1
FROM (
    SELECT {unit} AS unit_code, period, list(doc_id ORDER BY doc_id) AS doc_ids
    FROM policies JOIN documents USING (doc_id) JOIN place ON code = publisher_unit
    JOIN periods ON (since IS NULL OR since <= policies.published_on)
        AND (until IS NULL OR policies.published_on <= until)
    WHERE industrial GROUP BY ALL
) AS found WHERE found.unit_code = cell.unit_code AND found.period = cell.period"""
_SO_FAR = """
UPDATE {matrix} AS cell SET cumulative = so_far.value
FROM (
    SELECT unit_code, period, max(value) OVER (PARTITION BY unit_code ORDER BY number) AS value
    FROM {matrix} JOIN periods USING (period)
) AS so_far WHERE so_far.unit_code = cell.unit_code AND so_far.period = cell.period"""
_PAIRS = """
INSERT INTO city_pairs
SELECT a, b, min(first.name), min(second.name), '{grain}', min(year), max(year), count(DISTINCT doc_id),
       count(DISTINCT portal_id), list_sort(list(DISTINCT kind)), ['industry'], list_sort(list(DISTINCT doc_id)),
       list_sort(list(DISTINCT evidence_id))
FROM ({ends}) JOIN place AS first ON first.code = a JOIN place AS second ON second.code = b
WHERE a < b GROUP BY a, b ORDER BY a, b"""
_ENDS = """
SELECT {ends}, year, doc_id, evidence_id, portal_id, unnest(types) AS kind
FROM pair_evidence JOIN documents USING (doc_id)
JOIN place AS one ON one.code = unit_a JOIN place AS other ON other.code = unit_b"""
_CITIES = "least(one.city, other.city) AS a, greatest(one.city, other.city) AS b"
_GRAINS = {"named": _ENDS.format(ends="unit_a AS a, unit_b AS b"), "city13": _ENDS.format(ends=_CITIES)}

_STATEMENTS = (
    """CREATE TEMP TABLE place AS
       SELECT row_number() OVER (ORDER BY hash(code)) AS number, code, name, city_code AS city
       FROM units WHERE valid_to IS NULL AND city_code IS NOT NULL AND level <> 'functional'""",
    """CREATE TEMP TABLE speaker AS
       SELECT row_number() OVER (ORDER BY portal_id) AS number, portal_id, unit_code, portals.name
       FROM portals WHERE unit_code IN (SELECT code FROM place)""",
    """CREATE TEMP TABLE made AS
       SELECT number, left(sha256(number::VARCHAR), 16) AS doc_id, number <= getvariable('policies') AS policy,
              DATE '1995-01-01' + (hash(number, 'day') % 11500)::INTEGER AS day,
              1 + (hash(number, 'portal') % (SELECT count(*) FROM speaker))::INTEGER AS speaker
       FROM (SELECT unnest(range(1, getvariable('documents') + 1)) AS number)""",
    """SET VARIABLE codes = (SELECT list(code ORDER BY number) FROM place)""",
    """SET VARIABLE names = (SELECT list(name ORDER BY number) FROM place)""",
    f"""CREATE TEMP TABLE told AS
        SELECT doc_id, place, day, least(codes[one], codes[other]) AS a, greatest(codes[one], codes[other]) AS b,
               names[one] || '与' || names[other] || '签署产业合作框架协议' AS quote,
               (hash(doc_id, place) // 2)::BIGINT AS chance
        FROM (
            SELECT * REPLACE (CASE WHEN other = one THEN 1 + one % len(codes) ELSE other END AS other) FROM (
                SELECT doc_id, place, day, getvariable('codes') AS codes, getvariable('names') AS names,
                       {_PLACE.format("number, place, 'a'")} AS one, {_PLACE.format("number, place, 'b'")} AS other
                FROM made, (SELECT unnest(range({STATEMENTS_A_POLICY})) AS place)
                WHERE (number - 1) * {STATEMENTS_A_POLICY} + place < getvariable('evidence')
            )
        )""",
    f"""CREATE TEMP TABLE page AS
        SELECT made.*, portal_id, unit_code, speaker.name, 'http://' || portal_id || '.example/' || made.number AS url,
               coalesce(statements, '') || '第' || made.number || '号。会议强调，要抓好安全生产，项目总投资'
               || hash(made.number) || '万元。' || repeat('全市气温回升，空气质量良好。', 1 + made.number % 9) AS body
        FROM made JOIN speaker ON speaker.number = speaker LEFT JOIN (
            SELECT doc_id, string_agg(rpad(quote, {_SENTENCE}, '。'), '' ORDER BY place) AS statements
            FROM told GROUP BY doc_id
        ) USING (doc_id)""",
    """INSERT INTO captures
       SELECT left(sha256(url), 16), url, portal_id, day + INTERVAL 1 DAY, 200, sha256(body), 'made.warc.gz', number
       FROM page ORDER BY ALL""",
    """INSERT INTO documents
       SELECT doc_id, url, portal_id, '关于合作的通知（' || number || '）', day, NULL, 'meta', name, NULL, [name], body,
              sha256(body), day + INTERVAL 1 DAY, day + INTERVAL 1 DAY, false, left(sha256(url), 16), name, unit_code,
              1 + (number % 10 = 0)::INTEGER
       FROM page ORDER BY doc_id""",
    """INSERT INTO document_sources
       SELECT doc_id, page.url || again, portal_id, day + rank, unit_code, true, title, name,
              left(sha256(page.url), 16), content_sha256
       FROM page JOIN documents USING (doc_id, portal_id), (VALUES (0, ''), (1, '?again')) AS places (rank, again)
       WHERE rank = 0 OR number % 10 = 0 ORDER BY doc_id, rank""",
    """INSERT INTO pair_evidence
       SELECT left(sha256(doc_id || place), 16), doc_id, (SELECT rules_version FROM rules), a, b,
              [['transfer', 'co_build', 'division', 'innovation', 'agreement'][1 + chance % 5]], ['industry'],
              ['actual', 'planned'][1 + chance % 2], CASE WHEN chance % 5 = 0 THEN 'a>b' END, 'government', year(day),
              quote, place * $SENTENCE, place * $SENTENCE + length(quote), 'made'
       FROM told ORDER BY doc_id, place, a, b""".replace("$SENTENCE", str(_SENTENCE)),
    """INSERT INTO policies
       SELECT doc_id, (SELECT rules_version FROM rules), number % 5 > 0, 'county',
              (SELECT list_sort(list(DISTINCT types[1])) FROM pair_evidence WHERE pair_evidence.doc_id = page.doc_id),
              ['industry'], 1.0, [{'rule': 'made', 'start': 0, 'end': 4, 'text': body[:4]}], day, 1
       FROM page WHERE policy ORDER BY doc_id""",
    """INSERT INTO citations
       SELECT doc_id, CASE WHEN number % 3 = 0 THEN '国发〔2014〕' || number % 200 || '号' END,
              CASE WHEN number % 3 > 0 THEN '京津冀协同发展规划' || number % 300 END, NULL,
              ['national', 'provincial', 'city'][1 + number % 3], 0, 4
       FROM page WHERE policy ORDER BY doc_id""",
    *(_PAIRS.format(grain=grain, ends=ends) for grain, ends in _GRAINS.items()),
    *(
        f"""INSERT INTO city_pair_years SELECT a, b, '{grain}', year, count(DISTINCT doc_id)
            FROM ({ends}) WHERE a < b GROUP BY ALL ORDER BY ALL"""
        for grain, ends in _GRAINS.items()
    ),
    _MARKED.format(matrix="matrix_city", unit="city"),
    _MARKED.format(matrix="matrix_county", unit="code"),
    _SO_FAR.format(matrix="matrix_city"),
    _SO_FAR.format(matrix="matrix_county"),
    """INSERT INTO region_events
       SELECT documents.published_on, year(documents.published_on), title, [publisher], doc_id
       FROM policies JOIN documents USING (doc_id)
       WHERE hash(doc_id) % 100 = 0 ORDER BY ALL""",
    """INSERT INTO provincial_agreements
       SELECT published_on, year, title, ['北京市', '天津市'], doc_id, '110000', '120000', evidence_id, quote
       FROM pair_evidence JOIN documents USING (doc_id) WHERE hash(evidence_id) % 500 = 0 ORDER BY ALL""",
    """INSERT INTO alliances
       SELECT documents.published_on, year(documents.published_on), '协同创新联盟' || doc_id[:6], [publisher], doc_id
       FROM policies JOIN documents USING (doc_id) WHERE hash(doc_id) % 500 = 1 ORDER BY ALL""",
    """INSERT INTO runs SELECT 'night-' || night, TIMESTAMP '2026-01-01' + INTERVAL 1 DAY * night, NULL, 'crawl',
              (SELECT rules_version FROM rules), NULL FROM (SELECT unnest(range(100)) AS night)""",
    """INSERT INTO portal_health
       SELECT run_id, portal_id, 10, 1, (hash(run_id, portal_id) % 20 = 0)::INTEGER,
              CASE WHEN hash(run_id, portal_id) % 20 = 0 THEN 'dns' END, 'ok', 0, 0, NULL, NULL
       FROM runs, portals WHERE kind = 'crawl' ORDER BY ALL""",
)
