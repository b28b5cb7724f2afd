-- en: Which national policies do the policies of each city cite?
-- zh: 各城市的政策引用了哪些国家级政策？
WITH publishers AS (
    SELECT doc_id, arg_max(cities.name, coalesce(cities.valid_from, DATE '0001-01-01')) AS city
    FROM documents
    JOIN units AS own ON own.code = publisher_unit
    JOIN units AS cities ON cities.code = own.city_code
    GROUP BY doc_id
)
SELECT city, coalesce(min(citations.number), min(citations.title)) AS policy, min(citations.title) AS title,
       count(DISTINCT doc_id) AS citing_documents, min(year(policies.published_on)) AS since
FROM citations JOIN publishers USING (doc_id) JOIN policies USING (doc_id)
WHERE kind = 'national'
GROUP BY city, coalesce(cited_doc_id, citations.number, citations.title)
ORDER BY city, citing_documents DESC, policy
