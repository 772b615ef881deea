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
  'name', k.conname,
  'kind', k.contype,
  'columns', to_json(k.conkey),
  'deferrable', k.condeferrable,
  'deferred', k.condeferred,
  'validated', k.convalidated,
  'no_inherit', k.connoinherit,
  'index', nullif(k.conindid, 0)::bigint,
  'operators', (
    SELECT json_agg(json_build_object('schema', nullif(n.nspname, 'pg_catalog'), 'name', o.oprname) ORDER BY x.n)
    FROM unnest(k.conexclop) WITH ORDINALITY AS x (op, n)
    JOIN pg_operator o ON o.oid = x.op JOIN pg_namespace n ON n.oid = o.oprnamespace),
  'check', CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END,
  'foreign_schema', fn.nspname,
  'foreign_table', f.relname,
  'foreign_columns', (
    SELECT json_agg(a.attname ORDER BY key.n)
    FROM unnest(k.confkey) WITH ORDINALITY AS key (attnum, n)
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = key.attnum),
  'match', k.confmatchtype,
  'on_delete', k.confdeltype,
  'on_update', k.confupdtype,
  'set_columns', (SELECT to_json(confdelsetcols) FROM (SELECT k.*) newer),
  'comment', obj_description(k.oid, 'pg_constraint'))), '[]')::text
-- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 15 and 18.
FROM (SELECT NULL::int2[] AS confdelsetcols, true AS conenforced, false AS conperiod) older
CROSS JOIN tables t
-- A foreign key of a partition that comes from its table is that one's.
JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  AND (k.contype <> 'f' OR k.conparentid = 0)
  -- A schema cannot say these, see unread.sql.
  AND (SELECT conenforced AND NOT conperiod FROM (SELECT k.*) newer)
LEFT JOIN pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
