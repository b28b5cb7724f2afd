-- en: How much is planned, and how much has happened, by year?
-- zh: 每年的合作中计划与已实现各占多少？
SELECT year, count(*) FILTER (status = 'actual') AS actual, count(*) FILTER (status = 'planned') AS planned,
       count(DISTINCT doc_id) AS documents
FROM pair_evidence
WHERE year IS NOT NULL
GROUP BY year
ORDER BY year
