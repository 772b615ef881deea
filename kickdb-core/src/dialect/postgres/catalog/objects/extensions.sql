SELECT 'extension' AS kind, NULL::text AS schema, e.extname::text AS name, NULL::text AS on_schema, NULL::text AS on_name,
  NULL::text AS signature, '' AS sql,
  jsonb_strip_nulls(jsonb_build_object('schema', CASE
    WHEN n.nspname IN (current_schema(), 'public') THEN NULL
    -- One that may be nowhere else.
    WHEN n.nspname IN ('pg_catalog', e.extname) AND NOT e.extrelocatable AND EXISTS (
      SELECT FROM pg_available_extension_versions() v WHERE v.name = e.extname AND v.version = e.extversion AND v.schema = n.nspname)
      THEN NULL
    ELSE n.nspname END)) AS facets,
  -- CREATE EXTENSION takes its comment from the package.
  nullif(obj_description(e.oid, 'pg_extension'), p.comment) AS comment
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions() p ON p.name = e.extname
WHERE e.extname <> 'plpgsql'
