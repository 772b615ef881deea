SELECT 'access_method', NULL, a.amname, NULL, NULL, NULL,
  'CREATE ACCESS METHOD ' || quote_ident(a.amname) || ' TYPE ' || CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END || ' HANDLER ' || a.amhandler::text,
  '{}', obj_description(a.oid, 'pg_am')
FROM pg_am a
WHERE a.oid >= 16384 AND a.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_am'::regclass)
