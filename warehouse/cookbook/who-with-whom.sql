-- en: Who works with whom, and since when?
-- zh: 谁与谁合作，始于哪一年？
-- param grain = city13: `city13` (rolled up to the cities) or `named` (units as named)
SELECT name_a, name_b, first_year, last_year, documents, portals, types
FROM city_pairs
WHERE grain = $grain
ORDER BY documents DESC, first_year, unit_a, unit_b
