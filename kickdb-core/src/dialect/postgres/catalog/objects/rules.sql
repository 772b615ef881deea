SELECT 'rule', c.nspname, r.rulename, c.nspname, c.relname, NULL, rtrim(pg_get_ruledef(r.oid, true), ';'),
  CASE r.ev_enabled WHEN 'O' THEN '{}' WHEN 'D' THEN '{"enabled": "no"}' WHEN 'R' THEN '{"enabled": "replica"}' ELSE '{"enabled": "always"}' END::jsonb,
  obj_description(r.oid, 'pg_rewrite')
FROM pg_rewrite r
JOIN relations c ON c.oid = r.ev_class
WHERE r.rulename <> '_RETURN'
