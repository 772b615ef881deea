-- Below it is what a database has from its beginning.
SELECT 'language', NULL, l.lanname, NULL, NULL, NULL,
  'CREATE ' || CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END || 'LANGUAGE ' || quote_ident(l.lanname) || ' HANDLER ' || l.lanplcallfoid::regproc::text
    || coalesce(' INLINE ' || nullif(l.laninline, 0)::regproc::text, '') || coalesce(' VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc::text, ''),
  '{}', obj_description(l.oid, 'pg_language')
FROM pg_language l
WHERE l.lanispl AND l.oid >= 16384 AND l.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_language'::regclass)

UNION ALL
SELECT 'transform', NULL, format_type(t.trftype, NULL) || ' for ' || l.lanname, NULL, NULL, NULL,
  'CREATE TRANSFORM FOR ' || format_type(t.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname) || ' (' || concat_ws(', ',
    'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure::text, 'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure::text) || ')',
  '{}', obj_description(t.oid, 'pg_transform')
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
WHERE t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_transform'::regclass)
