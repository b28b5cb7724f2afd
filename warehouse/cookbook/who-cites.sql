-- en: Who cites a policy, when and in which words?
-- zh: 谁在何时引用了某项政策，原话如何？
-- param words = 协同发展: words of its title, or its number
SELECT documents.published_on, documents.publisher, documents.title, citations.number, citations.title AS cited,
       substring("text", "start" + 1, "end" - "start") AS words, doc_id
FROM citations JOIN documents USING (doc_id)
WHERE contains(coalesce(citations.title, ''), $words) OR contains(coalesce(citations.number, ''), $words)
ORDER BY documents.published_on NULLS LAST, doc_id, "start"
