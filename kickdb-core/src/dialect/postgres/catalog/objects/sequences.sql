-- Without those of identities, and without what `serial` leaves behind: these are the column's.
SELECT 'sequence', c.nspname, c.relname, NULL, NULL, NULL, '',
  jsonb_strip_nulls(jsonb_build_object(
    'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text, 'increment', s.seqincrement::text,
    'min', s.seqmin::text, 'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle::text,
    -- One that a column owns is like its table.
    'unlogged', CASE WHEN (SELECT relpersistence FROM pg_class p WHERE p.oid = c.oid) = 'u' AND NOT EXISTS (
      SELECT FROM pg_depend o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a')
      THEN 'true' END,
    'owned by', (
      SELECT t.shown || '.' || quote_ident(a.attname)
      FROM pg_depend o
      JOIN relations t ON t.oid = o.refobjid
      JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
      WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a'))),
  obj_description(c.oid, 'pg_class')
FROM relations c
JOIN pg_sequence s ON s.seqrelid = c.oid
-- Both lists are made once: looked for one by one, the server may walk through all defaults for each.
WHERE c.oid NOT IN (
    SELECT o.objid FROM pg_depend o
    WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'i')
  AND c.oid NOT IN (
    SELECT o.objid FROM pg_depend o
    JOIN pg_attrdef d ON d.adrelid = o.refobjid AND d.adnum = o.refobjsubid
    JOIN pg_depend used ON used.classid = 'pg_attrdef'::regclass AND used.objid = d.oid
      AND used.refclassid = 'pg_class'::regclass AND used.refobjid = o.objid
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    JOIN pg_class t ON t.oid = o.refobjid AND t.relname NOT LIKE 'kick\_%'
    WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a'
      AND pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\(''([^'']|'''')*''::regclass\)$')
