WITH tables AS MATERIALIZED (
  -- What an extension owns cannot be said, and what belongs to the runner is left out.
  SELECT c.oid, n.nspname, c.relname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname NOT LIKE 'kick\_%'
    AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
SELECT coalesce(json_agg(json_build_object(
  'table', t.oid::bigint,
  'schema', t.nspname,
  'name', t.relname,
  'comment', obj_description(t.oid, 'pg_class'),
  'unlogged', c.relpersistence = 'u',
  'row_security', c.relrowsecurity,
  'forced_row_security', c.relforcerowsecurity,
  'storage', to_json(c.reloptions),
  'toast_storage', (SELECT to_json(s.reloptions) FROM pg_class s WHERE s.oid = c.reltoastrelid),
  'method', (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam),
  'identity', c.relreplident,
  'identity_index', (
    SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i'),
  'partition_by', pg_get_partkeydef(c.oid),
  'bound', pg_get_expr(c.relpartbound, c.oid),
  'parents', (
    SELECT json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) ORDER BY i.inhseqno)
    FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE i.inhrelid = c.oid))), '[]')::text
FROM tables t
JOIN pg_class c ON c.oid = t.oid
