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
  'index', i.indexrelid::bigint,
  'name', c.relname,
  'unique', i.indisunique,
  'nulls_not_distinct', (SELECT indnullsnotdistinct FROM (SELECT i.*) newer),
  'method', m.amname,
  'predicate', pg_get_expr(i.indpred, i.indrelid),
  'options', to_json(c.reloptions),
  'part_of', (
    SELECT p.relname FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = i.indexrelid),
  'comment', obj_description(c.oid, 'pg_class'),
  'parts', (
    SELECT json_agg(json_build_object(
      'column', CASE WHEN k.attnum > 0 THEN k.attnum END,
      'expression', CASE WHEN k.attnum = 0 THEN pg_get_indexdef(i.indexrelid, k.n::integer, false) END,
      'key', k.n <= i.indnkeyatts,
      -- Bit 1 is DESC, bit 2 NULLS FIRST; other methods than btree have neither.
      'descending', coalesce(k.option & 1, 0) <> 0,
      'nulls_first', coalesce(k.option & 2, 0) <> 0,
      -- A class with parameters is always said.
      'opclass', (
        SELECT CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE os.nspname || '.' END || o.opcname
        FROM pg_opclass o
        JOIN pg_namespace os ON os.oid = o.opcnamespace
        WHERE o.oid = k.class AND (NOT o.opcdefault OR oa.attoptions IS NOT NULL)),
      'parameters', to_json(oa.attoptions),
      'collation', CASE
        -- Whether an expression is sorted by a collation that is not its own is for the server to tell.
        WHEN CASE
          WHEN k.attnum > 0 THEN k.sorted_by <> a.attcollation
          ELSE k.sorted_by <> 0 AND position(
            pg_get_indexdef(i.indexrelid, k.n::integer, false) || ' COLLATE ' IN pg_get_indexdef(i.indexrelid)) > 0 END
        THEN (SELECT co.collname FROM pg_collation co WHERE co.oid = k.sorted_by) END) ORDER BY k.n)
    FROM unnest(i.indkey::int2[], i.indoption::int2[], i.indclass::oid[], i.indcollation::oid[])
      WITH ORDINALITY AS k (attnum, option, class, sorted_by, n)
    JOIN pg_attribute oa ON oa.attrelid = i.indexrelid AND oa.attnum = k.n
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum))), '[]')::text
-- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 15 and 18.
FROM (SELECT false AS indnullsnotdistinct, false AS conperiod) older
CROSS JOIN tables t
-- An index of a partitioned table is not valid before all partitions have theirs.
JOIN pg_index i ON i.indrelid = t.oid
JOIN pg_class c ON c.oid = i.indexrelid AND (i.indisvalid OR c.relkind = 'I')
JOIN pg_am m ON m.oid = c.relam
-- That of a key WITHOUT OVERLAPS belongs to a constraint that a schema cannot say.
WHERE m.amname <> 'gist' OR NOT EXISTS (
  SELECT FROM pg_constraint k
  WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND (SELECT conperiod FROM (SELECT k.*) newer))
