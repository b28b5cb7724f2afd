-- en: What share of each city's county-level units is covered, by period?
-- zh: 各市县级单元在各时期的覆盖率是多少？
SELECT coalesce(cities.name, matrix_county.city_code, '–') AS city, period,
       sum(value) AS in_period, sum(cumulative) AS so_far, count(*) AS units,
       round(100.0 * sum(cumulative) / count(*), 1) AS percent_so_far
FROM matrix_county JOIN periods USING (period)
LEFT JOIN (SELECT DISTINCT unit_code AS city_code, name FROM matrix_city) AS cities USING (city_code)
GROUP BY matrix_county.city_code, cities.name, period, number
ORDER BY matrix_county.city_code NULLS LAST, number
