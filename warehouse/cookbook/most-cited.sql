-- en: Which policies are cited most, by rank of their issuer?
-- zh: 被引用最多的政策有哪些（按发文层级）？
-- param kind = national: `national`, `provincial` or `city`
SELECT coalesce(min(number), min(title)) AS policy, min(title) AS title, count(DISTINCT doc_id) AS citing_documents,
       min(cited_doc_id) AS cited_doc_id
FROM citations
WHERE kind = $kind
GROUP BY coalesce(cited_doc_id, number, title)
ORDER BY citing_documents DESC, policy
