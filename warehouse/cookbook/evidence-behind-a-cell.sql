-- en: Which words stand behind a cell of a matrix?
-- zh: 矩阵某一格的依据是哪些原文？
-- param unit = 131000: code of a city or county-level unit
-- param period = 2014-2016: name of the period, see the table periods
WITH members AS (
    SELECT unnest(doc_ids) AS doc_id FROM matrix_city WHERE unit_code = $unit AND period = $period
    UNION
    SELECT unnest(doc_ids) FROM matrix_county WHERE unit_code = $unit AND period = $period
)
SELECT DISTINCT documents.published_on, documents.title, pair_evidence.unit_a, pair_evidence.unit_b, quote, rule,
       documents.url, doc_id
FROM members JOIN documents USING (doc_id) JOIN pair_evidence USING (doc_id)
ORDER BY documents.published_on, doc_id, quote, unit_a, unit_b
