-- en: With whom does one place work, since when and in which fields?
-- zh: 某地与哪些地方合作，始于何时，涉及哪些领域？
-- param place = 廊坊市: full name of a unit
SELECT CASE WHEN name_a = $place THEN name_b ELSE name_a END AS partner,
       first_year, last_year, documents, types, domains
FROM city_pairs
WHERE grain = 'named' AND $place IN (name_a, name_b)
ORDER BY documents DESC, first_year, partner
