SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END, c.nspname, c.relname, NULL, NULL, NULL,
  'CREATE ' || CASE c.relkind WHEN 'v' THEN 'VIEW ' ELSE 'MATERIALIZED VIEW ' END || c.shown
    || CASE WHEN am.amname <> 'heap' THEN ' USING ' || quote_ident(am.amname) ELSE '' END
    || coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '')
    || E' AS\n' || rtrim(pg_get_viewdef(c.oid), ';'),
  -- Whether a materialized view is filled is data, so it is told beside.
  coalesce((
      SELECT jsonb_object_agg('comment ' || a.attname, d.description)
      FROM pg_description d
      JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
      WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '{}')
    || coalesce((
      SELECT jsonb_object_agg('default ' || a.attname, pg_get_expr(d.adbin, d.adrelid))
      FROM pg_attrdef d
      JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      WHERE d.adrelid = c.oid), '{}')
    || CASE WHEN c.relkind = 'm' AND NOT (SELECT relispopulated FROM pg_class p WHERE p.oid = c.oid) THEN '{"told left empty": "true"}' ELSE '{}' END::jsonb
    || CASE c.relkind WHEN 'm' THEN coalesce((
      SELECT jsonb_object_agg(setting.name || ' ' || a.attname, setting.value)
      -- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 14.
      FROM (SELECT ''::"char" AS attcompression) older
      CROSS JOIN pg_attribute a
      JOIN pg_type t ON t.oid = a.atttypid
      CROSS JOIN LATERAL (VALUES
        -- Before PostgreSQL 17, -1 is what NULL is since.
        ('statistics', nullif(a.attstattarget::integer, -1)::text),
        ('options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions) o WHERE o LIKE 'n\_distinct%')),
        ('storage', CASE WHEN a.attstorage <> t.typstorage
          THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
        ('compression', (SELECT CASE attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END FROM (SELECT a.*) newer))) setting (name, value)
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND setting.value IS NOT NULL), '{}')
    ELSE '{}' END::jsonb,
  obj_description(c.oid, 'pg_class')
FROM relations c
LEFT JOIN pg_am am ON am.oid = c.relam
WHERE c.relkind IN ('v', 'm')

UNION ALL
SELECT 'index', c.nspname, x.relname, c.nspname, c.relname, NULL,
  -- The server writes the schema of the view always.
  replace(pg_get_indexdef(i.indexrelid), ' ON ' || quote_ident(c.nspname) || '.' || quote_ident(c.relname) || ' ', ' ON ' || c.found || ' '),
  coalesce((
    SELECT jsonb_object_agg('statistics ' || a.attnum, a.attstattarget::text)
    FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0), '{}')
    || CASE WHEN i.indisclustered THEN jsonb_build_object('clustered', 'true') ELSE '{}' END,
  obj_description(x.oid, 'pg_class')
FROM pg_index i
JOIN relations c ON c.oid = i.indrelid AND c.relkind = 'm'
JOIN pg_class x ON x.oid = i.indexrelid
