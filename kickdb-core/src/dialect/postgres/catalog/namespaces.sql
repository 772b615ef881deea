-- The connection's default schema, and the named ones. An extension's own schema is the extension's.
SELECT json_build_object(
  'current', current_schema(),
  'named', (
    SELECT coalesce(json_agg(n.nspname ORDER BY n.nspname), '[]')
    FROM pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname NOT IN ('public', coalesce(current_schema(), 'public'))
      AND (n.nspname = current_schema() OR current_setting('kickdb.one_schema', true) IS DISTINCT FROM 'on')
      AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')))::text
