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
    k.conname AS "name",
    k.contype AS "kind",
    to_json(k.conkey) AS "columns",
    k.condeferrable AS deferrable,
    k.condeferred AS deferred,
    k.convalidated AS validated,
    k.connoinherit AS no_inherit,
    nullif(k.conindid, 0)::bigint AS "index",
    CASE WHEN k.contype = 'x' THEN (
      SELECT json_agg(json_build_object('schema', nullif(n.nspname, 'pg_catalog'), 'name', o.oprname) ORDER BY x.n)
      FROM unnest(k.conexclop) WITH ORDINALITY AS x (op, n)
      JOIN pg_operator o ON o.oid = x.op JOIN pg_namespace n ON n.oid = o.oprnamespace) END AS operators,
    CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS "check",
    fn.nspname AS foreign_schema,
    f.relname AS foreign_table,
    CASE WHEN k.contype = 'f' THEN (
      SELECT json_agg(a.attname ORDER BY key.n)
      FROM unnest(k.confkey) WITH ORDINALITY AS key (attnum, n)
      JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = key.attnum) END AS foreign_columns,
    k.confmatchtype AS "match",
    k.confdeltype AS on_delete,
    k.confupdtype AS on_update,
    (SELECT to_json(confdelsetcols) FROM (SELECT k.*) newer) AS set_columns,
    de.description AS "comment"
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
  LEFT JOIN pg_description de ON de.objoid = k.oid AND de.classoid = 'pg_constraint'::regclass
) found
