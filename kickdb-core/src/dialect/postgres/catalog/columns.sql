WITH tables AS MATERIALIZED (
  -- What an extension owns cannot be said, and what belongs to the runner is left out.
  SELECT c.oid, n.nspname, c.relname, c.relispartition
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname NOT LIKE 'kick\_%'
    AND (n.nspname = current_schema() OR current_setting('kickdb.one_schema', true) IS DISTINCT FROM 'on')
    AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
)
-- The server takes long for the text of each.
, defaults AS MATERIALIZED (
  SELECT found.*, found.text ~ '^nextval\(''([^'']|'''')*''::regclass\)$' AS draws
  FROM (
    SELECT d.oid, d.adrelid, d.adnum, pg_get_expr(d.adbin, d.adrelid) AS text
    FROM tables t
    JOIN pg_attrdef d ON d.adrelid = t.oid
    OFFSET 0) found
)
-- The counters of columns: of an identity, and what `serial` leaves behind, a default of `nextval` on a sequence that the
-- column owns.
, counters AS MATERIALIZED (
  SELECT owned.refobjid AS oid, owned.refobjsubid AS attnum, s.oid AS sequence, s.relname, n.nspname
  FROM pg_depend owned
  JOIN pg_class s ON s.oid = owned.objid AND s.relkind = 'S'
  JOIN pg_namespace n ON n.oid = s.relnamespace
  -- As a column, because the server takes a pattern for something that few rows have, and walks through all of them for each.
  LEFT JOIN defaults d ON d.adrelid = owned.refobjid AND d.adnum = owned.refobjsubid AND d.draws
  WHERE owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass
    AND owned.refobjsubid > 0 AND (owned.deptype = 'i' OR owned.deptype = 'a' AND EXISTS (
      SELECT FROM pg_depend used
      WHERE used.classid = 'pg_attrdef'::regclass AND used.objid = d.oid AND used.refclassid = 'pg_class'::regclass AND used.refobjid = s.oid))
)
-- Rows of a subquery: half the time of json_build_object, which looks up the type of each key of each row.
SELECT coalesce(json_agg(found), '[]')::text
FROM (
  SELECT
    t.oid::bigint AS "table",
    a.attnum AS "number",
    a.attname AS "name",
    format_type(a.atttypid, a.atttypmod) AS "type",
    -- Types of users by their names, because `format_type` leaves out a schema that is in the search path.
    -- Those of the server only where no other has such a name.
    CASE WHEN CASE tn.nspname WHEN 'pg_catalog' THEN ty.typtype = 'c' OR ty.typname LIKE 'pg\_%' ELSE ty.typtype IN ('e', 'd', 'c', 'r', 'm') END
      THEN tn.nspname END AS type_schema,
    ty.typname AS type_name,
    at.typelem <> 0 AND at.typlen = -1 AS "array",
    a.attnotnull AS not_null,
    d.text AS "default",
    -- Since PostgreSQL 17 a partition counts with its table, by itself.
    CASE WHEN t.relispartition THEN '' ELSE a.attidentity END AS "identity",
    a.attgenerated AS generated,
    CASE WHEN s.oid IS NOT NULL THEN (SELECT to_json(made) FROM (
      SELECT
        s.nspname AS "schema",
        s.relname AS "name",
        format_type(q.seqtypid, NULL) AS "type",
        q.seqstart AS "start",
        q.seqincrement AS "increment",
        q.seqmin AS "min",
        q.seqmax AS "max",
        q.seqcache AS "cache",
        q.seqcycle AS "cycle",
        obj_description(s.sequence, 'pg_class') AS "comment") made) END AS counter,
    CASE WHEN a.attcollation <> at.typcollation THEN CASE
      WHEN pg_collation_is_visible(co.oid) THEN co.collname
      -- One outside of the search path has its schema, and both their quotes.
      ELSE (SELECT format('"%s"."%s"', replace(n.nspname, '"', '""'), replace(co.collname, '"', '""')) FROM pg_namespace n WHERE n.oid = co.collnamespace)
    END END AS collation,
    CASE WHEN a.attstorage <> at.typstorage THEN a.attstorage END AS "storage",
    (SELECT nullif(attcompression, '') FROM (SELECT a.*) newer) AS compression,
    -- Before PostgreSQL 17, -1 is what NULL is since.
    nullif(a.attstattarget::integer, -1) AS statistics,
    CASE WHEN a.attoptions IS NOT NULL THEN to_json(a.attoptions) END AS "options",
    de.description AS "comment"
  -- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 14.
  FROM (SELECT ''::"char" AS attcompression) older
  CROSS JOIN tables t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type at ON at.oid = a.atttypid
  JOIN pg_type ty ON ty.oid = CASE WHEN at.typelem <> 0 AND at.typlen = -1 THEN at.typelem ELSE at.oid END
  JOIN pg_namespace tn ON tn.oid = ty.typnamespace
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  LEFT JOIN defaults d ON d.adrelid = t.oid AND d.adnum = a.attnum
  LEFT JOIN counters s ON s.oid = t.oid AND s.attnum = a.attnum
  LEFT JOIN pg_sequence q ON q.seqrelid = s.sequence
  -- `col_description` would be a query of its own for each.
  LEFT JOIN pg_description de ON de.objoid = t.oid AND de.classoid = 'pg_class'::regclass AND de.objsubid = a.attnum
) found
