WITH tables AS MATERIALIZED (
  -- Plain tables alone: partitions and children of other tables cannot be said, nor can what an extension owns.
  SELECT c.oid, n.nspname, c.relname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname NOT LIKE 'kick\_%'
    AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
    AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
SELECT coalesce(json_agg(json_build_object(
  'table', t.oid::bigint,
  'schema', t.nspname,
  'name', t.relname,
  'comment', obj_description(t.oid, 'pg_class'))), '[]')::text
FROM tables t
