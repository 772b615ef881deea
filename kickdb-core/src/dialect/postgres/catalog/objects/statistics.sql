SELECT 'statistics', n.nspname, s.stxname, NULL, NULL, NULL,
  replace(pg_get_statisticsobjdef(s.oid), 'CREATE STATISTICS ' || quote_ident(n.nspname) || '.', 'CREATE STATISTICS ' || n.prefix),
  -- Before PostgreSQL 17, -1 is what NULL is since.
  jsonb_strip_nulls(jsonb_build_object('statistics', nullif(s.stxstattarget::integer, -1)::text)), obj_description(s.oid, 'pg_statistic_ext')
FROM pg_statistic_ext s
JOIN spaces n ON n.oid = s.stxnamespace
WHERE EXISTS (SELECT FROM relations c WHERE c.oid = s.stxrelid)
