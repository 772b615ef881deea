SELECT 'type', c.nspname, c.relname, NULL, NULL, NULL,
  'CREATE TYPE ' || c.shown || ' AS (' || coalesce((
    SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END, ', ' ORDER BY a.attnum)
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')',
  coalesce((
    SELECT jsonb_object_agg('comment ' || a.attname, d.description)
    FROM pg_description d
    JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
    WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '{}'),
  (SELECT obj_description(k.reltype, 'pg_type') FROM pg_class k WHERE k.oid = c.oid)
FROM relations c
WHERE c.relkind = 'c'

UNION ALL
SELECT 'type', n.nspname, t.typname, NULL, NULL, NULL,
  'CREATE TYPE ' || n.prefix || quote_ident(t.typname) || ' AS RANGE (' || concat_ws(', ',
    'subtype = ' || format_type(r.rngsubtype, NULL),
    (SELECT 'subtype_opclass = ' || coalesce(w.prefix, '') || quote_ident(o.opcname) FROM pg_opclass o LEFT JOIN spaces w ON w.oid = o.opcnamespace
      WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
    CASE WHEN r.rngcollation <> st.typcollation THEN 'collation = ' || r.rngcollation::regcollation::text END,
    CASE WHEN r.rngcanonical <> 0 THEN 'canonical = ' || r.rngcanonical::text END,
    CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff = ' || r.rngsubdiff::text END,
    -- PostgreSQL 14 and later.
    'multirange_type_name = ' || (to_jsonb(r) ->> 'rngmultitypid')::oid::regtype::text) || ')',
  '{}', obj_description(t.oid, 'pg_type')
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_type st ON st.oid = r.rngsubtype
JOIN spaces n ON n.oid = t.typnamespace
WHERE t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_type'::regclass)
