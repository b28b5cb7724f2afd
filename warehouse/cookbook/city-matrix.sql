-- en: In which periods has each city an industrial policy of collaboration of its own?
-- zh: 各城市在哪些时期出台过产业协同政策？
SELECT name, list(value ORDER BY number) AS in_period, list(cumulative ORDER BY number) AS so_far,
       sum(matrix_city.documents) AS documents
FROM matrix_city JOIN periods USING (period)
GROUP BY unit_code, name
ORDER BY unit_code
