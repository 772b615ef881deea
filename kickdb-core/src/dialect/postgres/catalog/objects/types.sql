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

UNION ALL
SELECT 'type', n.nspname, t.typname, NULL, NULL, NULL,
  'CREATE TYPE ' || n.prefix || quote_ident(t.typname) || ' (' || concat_ws(', ',
    'INPUT = ' || t.typinput::text,
    'OUTPUT = ' || t.typoutput::text,
    CASE WHEN t.typreceive <> 0 THEN 'RECEIVE = ' || t.typreceive::text END,
    CASE WHEN t.typsend <> 0 THEN 'SEND = ' || t.typsend::text END,
    CASE WHEN t.typmodin <> 0 THEN 'TYPMOD_IN = ' || t.typmodin::text END,
    CASE WHEN t.typmodout <> 0 THEN 'TYPMOD_OUT = ' || t.typmodout::text END,
    CASE WHEN t.typanalyze <> 0 THEN 'ANALYZE = ' || t.typanalyze::text END,
    -- PostgreSQL 14 and later; a type with elements has that one by itself.
    CASE WHEN to_jsonb(t) ->> 'typsubscript' NOT IN ('-', 'raw_array_subscript_handler') THEN 'SUBSCRIPT = ' || (to_jsonb(t) ->> 'typsubscript') END,
    'INTERNALLENGTH = ' || CASE WHEN t.typlen < 0 THEN 'VARIABLE' ELSE t.typlen::text END,
    CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
    'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END,
    'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END,
    CASE WHEN t.typcategory <> 'U' THEN 'CATEGORY = ' || quote_literal(t.typcategory::text) END,
    CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
    'DEFAULT = ' || quote_literal(t.typdefault),
    CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END,
    CASE WHEN t.typdelim <> ',' THEN 'DELIMITER = ' || quote_literal(t.typdelim::text) END,
    CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END) || ')',
  '{}', obj_description(t.oid, 'pg_type')
FROM pg_type t
JOIN spaces n ON n.oid = t.typnamespace
-- A shell is nothing yet, and an array is its element's.
WHERE t.typtype = 'b' AND t.typisdefined AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  AND t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_type'::regclass)
