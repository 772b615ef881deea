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
, parts AS MATERIALIZED (
  SELECT i.indexrelid, json_agg(part ORDER BY oa.attnum) AS parts
  FROM tables t
  JOIN pg_index i ON i.indrelid = t.oid
  JOIN pg_attribute oa ON oa.attrelid = i.indexrelid AND oa.attnum > 0
  -- By their place in it, because `unnest` would be a join of its own for each index. These begin to count at 0.
  CROSS JOIN LATERAL (
    SELECT
      oa.attnum AS n,
      i.indkey[oa.attnum - 1] AS attnum,
      i.indoption[oa.attnum - 1] AS option,
      i.indclass[oa.attnum - 1] AS class,
      i.indcollation[oa.attnum - 1] AS sorted_by) k
  LEFT JOIN pg_opclass o ON o.oid = k.class
  CROSS JOIN LATERAL (
    SELECT
      CASE WHEN k.attnum > 0 THEN k.attnum END AS "column",
      CASE WHEN k.attnum = 0 THEN pg_get_indexdef(i.indexrelid, k.n::integer, false) END AS expression,
      k.n <= i.indnkeyatts AS "key",
      -- Bit 1 is DESC, bit 2 NULLS FIRST; other methods than btree have neither.
      coalesce(k.option & 1, 0) <> 0 AS descending,
      coalesce(k.option & 2, 0) <> 0 AS nulls_first,
      -- A class with parameters is always said, and so is one that neither the server nor an extension brings: the index is held
      -- to it, whether it is a default or not.
      CASE WHEN NOT o.opcdefault OR oa.attoptions IS NOT NULL
          OR o.oid >= 16384 AND NOT EXISTS (
            SELECT FROM pg_depend e WHERE e.classid = 'pg_opclass'::regclass AND e.objid = o.oid AND e.deptype = 'e')
        THEN CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE (
          SELECT os.nspname FROM pg_namespace os WHERE os.oid = o.opcnamespace) || '.' END || o.opcname END AS opclass,
      CASE WHEN oa.attoptions IS NOT NULL THEN to_json(oa.attoptions) END AS parameters,
      -- Before PostgreSQL 17, -1 is what NULL is since.
      nullif(oa.attstattarget::integer, -1) AS "statistics",
      -- Whether an expression is sorted by a collation that is not its own is for the server to tell.
      CASE WHEN k.sorted_by <> 0 AND CASE
          WHEN k.attnum > 0 THEN k.sorted_by <> (
            SELECT a.attcollation FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = k.attnum)
          ELSE position(
            pg_get_indexdef(i.indexrelid, k.n::integer, false) || ' COLLATE ' IN pg_get_indexdef(i.indexrelid)) > 0 END
        THEN (
          SELECT CASE WHEN pg_collation_is_visible(co.oid) THEN co.collname
            ELSE '"' || replace(cs.nspname, '"', '""') || '"."' || replace(co.collname, '"', '""') || '"' END
          FROM pg_collation co JOIN pg_namespace cs ON cs.oid = co.collnamespace
          WHERE co.oid = k.sorted_by) END AS collation) part
  GROUP BY i.indexrelid
)
-- Rows of a subquery: half the time of json_build_object, which looks up the type of each key of each row.
SELECT coalesce(json_agg(found), '[]')::text
FROM (
  SELECT
    t.oid::bigint AS "table",
    i.indexrelid::bigint AS "index",
    c.relname AS "name",
    i.indisunique AS "unique",
    (SELECT indnullsnotdistinct FROM (SELECT i.*) newer) AS nulls_not_distinct,
    m.amname AS "method",
    pg_get_expr(i.indpred, i.indrelid) AS predicate,
    CASE WHEN c.reloptions IS NOT NULL THEN to_json(c.reloptions) END AS "options",
    above.relname AS part_of,
    de.description AS "comment",
    p.parts
  -- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 15 and 18.
  FROM (SELECT false AS indnullsnotdistinct, false AS conperiod) older
  CROSS JOIN tables t
  -- An index of a partitioned table is not valid before all partitions have theirs.
  JOIN pg_index i ON i.indrelid = t.oid
  JOIN parts p ON p.indexrelid = i.indexrelid
  JOIN pg_class c ON c.oid = i.indexrelid AND (i.indisvalid OR c.relkind = 'I')
  JOIN pg_am m ON m.oid = c.relam
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class above ON above.oid = h.inhparent
  LEFT JOIN pg_description de ON de.objoid = c.oid AND de.classoid = 'pg_class'::regclass AND de.objsubid = 0
  -- That of a key WITHOUT OVERLAPS belongs to a constraint that a schema cannot say.
  WHERE m.amname <> 'gist' OR NOT EXISTS (
    SELECT FROM pg_constraint k
    WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND (SELECT conperiod FROM (SELECT k.*) newer))
) found
