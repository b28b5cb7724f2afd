-- en: Which county-level units have no policy of their own in any period?
-- zh: 哪些县级单元在任何时期都没有自己的协同政策？
SELECT city_code, unit_code, name
FROM matrix_county
GROUP BY city_code, unit_code, name
HAVING max(value) = 0
ORDER BY city_code, unit_code
