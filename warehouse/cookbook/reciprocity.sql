-- en: Does the partner tell it as well? Pairs told by one side, by both, or only by others.
-- zh: 合作是否双方都有发布？哪些只由一方或第三方讲述？
WITH told AS (
    SELECT DISTINCT doc_id, unnest([own.code, own.city_code]) AS teller
    FROM document_sources JOIN units AS own ON own.code = document_sources.unit_code
), pairs AS (
    SELECT unit_a, unit_b, name_a, name_b, first_year, documents, unnest(doc_ids) AS doc_id
    FROM city_pairs WHERE grain = 'city13'
), sides AS (
    SELECT pairs.unit_a, pairs.unit_b, pairs.name_a, pairs.name_b, first_year,
           count(DISTINCT told.doc_id) FILTER (teller = pairs.unit_a) AS told_by_a,
           count(DISTINCT told.doc_id) FILTER (teller = pairs.unit_b) AS told_by_b,
           any_value(pairs.documents) AS documents
    FROM pairs LEFT JOIN told ON told.doc_id = pairs.doc_id
    GROUP BY ALL
)
SELECT name_a, name_b, first_year, documents, told_by_a, told_by_b,
       CASE WHEN told_by_a > 0 AND told_by_b > 0 THEN 'both'
            WHEN told_by_a > 0 THEN 'only ' || name_a
            WHEN told_by_b > 0 THEN 'only ' || name_b
            ELSE 'only others' END AS told
FROM sides
ORDER BY unit_a, unit_b
