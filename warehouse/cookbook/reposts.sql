-- en: Which policies were published again elsewhere, where, and how many days later?
-- zh: 哪些政策被其他网站转载，在何处，晚了多少天？
SELECT documents.title, documents.publisher AS first_publisher, documents.published_on AS first_day,
       again.publisher AS reposted_by, again.published_on AS reposted_on,
       date_diff('day', documents.published_on, again.published_on) AS days_later, again.url
FROM policies JOIN documents USING (doc_id) JOIN document_sources AS again USING (doc_id)
WHERE documents.sources > 1
  AND (again.url IS DISTINCT FROM documents.url OR again.publisher IS DISTINCT FROM documents.publisher)
ORDER BY first_day NULLS LAST, doc_id, reposted_on NULLS LAST, again.url
