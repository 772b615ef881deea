WITH tables AS MATERIALIZED (
  -- What an extension owns cannot be said, and what belongs to the runner is left out.
  SELECT c.oid, n.nspname, c.relname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname NOT LIKE 'kick\_%'
    AND (n.nspname = current_schema() OR current_setting('kickdb.one_schema', true) IS DISTINCT FROM 'on')
    AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
-- Rows of a subquery: half the time of json_build_object, which looks up the type of each key of each row.
SELECT coalesce(json_agg(found), '[]')::text
FROM (
  SELECT
    t.oid::bigint AS "table",
    t.nspname AS "schema",
    t.relname AS "name",
    de.description AS "comment",
    c.relpersistence = 'u' AS unlogged,
    c.relrowsecurity AS row_security,
    c.relforcerowsecurity AS forced_row_security,
    to_json(c.reloptions) AS "storage",
    (SELECT to_json(s.reloptions) FROM pg_class s WHERE s.oid = c.reltoastrelid) AS toast_storage,
    (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam) AS "method",
    c.relreplident AS "identity",
    (
      SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i') AS identity_index,
    (
      SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered,
    (
      SELECT CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(y.typname)
      FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace
      WHERE y.oid = c.reloftype) AS of_type,
    CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by,
    pg_get_expr(c.relpartbound, c.oid) AS "bound",
    (
      SELECT json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) ORDER BY i.inhseqno)
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
      WHERE i.inhrelid = c.oid) AS "parents",
    CASE WHEN c.relispartition THEN (
      SELECT json_agg(json_build_object('above', a.conname, 'own', k.conname))
      FROM pg_constraint k JOIN pg_constraint a ON a.oid = k.conparentid
      -- What a key to a partitioned table has for each of its partitions is the key's own.
      WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.conrelid <> k.conrelid AND a.confrelid = k.confrelid
        AND a.conname <> k.conname) END AS keys_from_above
  FROM tables t
  JOIN pg_class c ON c.oid = t.oid
  LEFT JOIN pg_description de ON de.objoid = c.oid AND de.classoid = 'pg_class'::regclass AND de.objsubid = 0
) found
