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
  'name', c.relname,
  'unique', i.indisunique,
  'nulls_not_distinct', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
  'method', m.amname,
  'predicate', pg_get_expr(i.indpred, i.indrelid),
  'parts', (
    SELECT json_agg(json_build_object(
      'column', CASE WHEN k.attnum > 0 THEN k.attnum END,
      'expression', CASE WHEN k.attnum = 0 THEN pg_get_indexdef(i.indexrelid, k.n::integer, false) END,
      'key', k.n <= i.indnkeyatts,
      -- Bit 1 is DESC, bit 2 NULLS FIRST; other methods than btree have neither.
      'descending', coalesce(k.option & 1, 0) <> 0,
      'nulls_first', coalesce(k.option & 2, 0) <> 0,
      'opclass', (SELECT o.opcname FROM pg_opclass o WHERE o.oid = k.class AND NOT o.opcdefault),
      'collation', CASE WHEN k.attnum > 0 AND k.sorted_by <> a.attcollation THEN (
        SELECT co.collname FROM pg_collation co WHERE co.oid = k.sorted_by) END) ORDER BY k.n)
    FROM unnest(i.indkey::int2[], i.indoption::int2[], i.indclass::oid[], i.indcollation::oid[])
      WITH ORDINALITY AS k (attnum, option, class, sorted_by, n)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum))), '[]')::text
FROM tables t
JOIN pg_index i ON i.indrelid = t.oid AND i.indisvalid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
WHERE NOT EXISTS (
  SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
