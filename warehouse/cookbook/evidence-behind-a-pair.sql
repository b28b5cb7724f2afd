-- en: Which statements make a pair, in the order of their days?
-- zh: 某一对合作关系由哪些原文构成？
-- param a = 北京市: full name of one unit
-- param b = 廊坊市: full name of the other
-- param grain = city13: `city13` or `named`
WITH statements AS (
    SELECT unnest(evidence_ids) AS evidence_id FROM city_pairs
    WHERE grain = $grain AND (name_a, name_b) IN (($a, $b), ($b, $a))
)
SELECT documents.published_on, year, status, direction, pair_evidence.types, quote, documents.publisher, documents.url
FROM statements JOIN pair_evidence USING (evidence_id) JOIN documents USING (doc_id)
ORDER BY documents.published_on NULLS LAST, doc_id, "start"
