-- en: Which cities moved first, and with whom?
-- zh: 哪些城市最早开展合作，最早的伙伴是谁？
WITH ends AS (
    SELECT name_a AS city, name_b AS partner, first_year FROM city_pairs WHERE grain = 'city13'
    UNION ALL
    SELECT name_b, name_a, first_year FROM city_pairs WHERE grain = 'city13'
)
SELECT city, min(first_year) AS since, list(partner ORDER BY partner) FILTER (first_year = earliest) AS first_partners
FROM (SELECT *, min(first_year) OVER (PARTITION BY city) AS earliest FROM ends)
GROUP BY city
ORDER BY since NULLS LAST, city
