-- en: What is the coverage by period when counties are taken as of another day?
-- zh: 若按另一日期的行政区划计，各时期县级覆盖情况如何？
-- param day = 2020-12-31: the day whose county-level units count
WITH counties AS (
    SELECT code, unnest(CASE WHEN len(unit202) > 0 THEN unit202 ELSE [code] END) AS unit_code
    FROM units
    WHERE level = 'county' AND (valid_from IS NULL OR valid_from <= $day::DATE)
      AND (valid_to IS NULL OR $day::DATE < valid_to)
), covered AS (
    SELECT code, period, max(value) AS value, max(cumulative) AS cumulative
    FROM counties JOIN matrix_county USING (unit_code)
    GROUP BY code, period
)
SELECT period, sum(value) AS in_period, sum(cumulative) AS so_far, count(*) AS units,
       (SELECT vintage FROM warehouse_state) AS matrix_vintage
FROM covered JOIN periods USING (period)
GROUP BY period, number
ORDER BY number
