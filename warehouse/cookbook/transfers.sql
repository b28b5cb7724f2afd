-- en: From which city to which do transfers go?
-- zh: 产业转移从哪个城市流向哪个城市？
WITH moves AS (
    SELECT doc_id, year, CASE direction WHEN 'a>b' THEN unit_a ELSE unit_b END AS giving,
           CASE direction WHEN 'a>b' THEN unit_b ELSE unit_a END AS receiving
    FROM pair_evidence WHERE direction IS NOT NULL
), latest AS (
    SELECT code, arg_max(coalesce(city_code, code), coalesce(valid_from, DATE '0001-01-01')) AS city FROM units GROUP BY code
), named AS (
    SELECT code, arg_max(name, coalesce(valid_from, DATE '0001-01-01')) AS name FROM units GROUP BY code
)
SELECT source.name AS giving, target.name AS receiving, count(DISTINCT doc_id) AS documents,
       min(year) AS first_year, max(year) AS last_year
FROM moves
JOIN latest AS a ON a.code = giving JOIN latest AS b ON b.code = receiving
JOIN named AS source ON source.code = a.city JOIN named AS target ON target.code = b.city
WHERE a.city <> b.city
GROUP BY ALL
ORDER BY documents DESC, giving, receiving
