SELECT coalesce(json_agg(json_build_object(
  'schema', n.nspname,
  'name', t.typname,
  'values', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
  'comment', obj_description(t.oid, 'pg_type'))), '[]')::text
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND (n.nspname = current_schema() OR current_setting('kickdb.one_schema', true) IS DISTINCT FROM 'on')
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
