-- en: What should a reader distrust: portals that yielded nothing, documents without a day, other findings?
-- zh: 哪些数据需要存疑：无产出的网站、无日期的文件及其他问题？
SELECT 'portal' AS about, portals.name AS subject, state || coalesce(' (' || failure_class || ')', '') AS what, pages AS count
FROM portal_health JOIN portals USING (portal_id)
WHERE state <> 'ok' OR errors > 0
UNION ALL
SELECT 'documents', 'without a day', 'they count in no period', count(*)
FROM documents WHERE published_on IS NULL AND written_on IS NULL HAVING count(*) > 0
UNION ALL
SELECT kind, subject, message, count FROM findings
ORDER BY about, subject, what
