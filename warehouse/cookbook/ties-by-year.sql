-- en: How many pairs are told of each year, and how many for the first time?
-- zh: 每年有多少对合作关系见诸文件，其中多少是首次？
-- param grain = city13: `city13` or `named`
SELECT year, count(*) AS pairs, count(*) FILTER (year = first_year) AS new_pairs, sum(years.documents) AS documents
FROM city_pair_years AS years JOIN city_pairs USING (unit_a, unit_b, grain)
WHERE grain = $grain
GROUP BY year
ORDER BY year
