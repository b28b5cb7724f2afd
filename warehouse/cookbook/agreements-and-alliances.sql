-- en: What was agreed above the cities: provincial agreements, regional policies, alliances?
-- zh: 省级协议、区域政策与联盟各有哪些，何时出现？
SELECT date, 'agreement' AS kind, title, parties, doc_id FROM provincial_agreements
UNION ALL SELECT date, 'region', title, issuers, doc_id FROM region_events
UNION ALL SELECT date, 'alliance', title, parties, doc_id FROM alliances
ORDER BY date, kind, title, doc_id
