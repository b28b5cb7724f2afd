-- en: Which kinds of collaboration prevail in each period?
-- zh: 各时期以哪些合作类型为主？
SELECT period, unnest(policies.types) AS kind, count(*) AS policies
FROM policies JOIN periods
  ON (since IS NULL OR since <= published_on) AND (until IS NULL OR published_on <= until)
GROUP BY period, number, kind
ORDER BY number, policies DESC, kind
