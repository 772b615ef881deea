-- What the other queries do not read, a line each: its kind and its name. What they read after all is taken off the list.
WITH members AS MATERIALIZED (
  SELECT d.classid, d.objid, e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
)
, spaces AS MATERIALIZED (
  SELECT n.oid, CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END AS prefix
  FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (n.nspname = current_schema() OR current_setting('kickdb.one_schema', true) IS DISTINCT FROM 'on')
)
, found AS (
  SELECT 'pg_class'::regclass AS classid, c.oid, CASE c.relkind WHEN 'f' THEN 'virtual table' ELSE 'table' END AS kind,
    n.prefix || c.relname AS name
  FROM pg_class c JOIN spaces n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.relname NOT LIKE 'kick\_%'
  UNION ALL
  -- PostgreSQL 18 and later.
  SELECT 'pg_constraint'::regclass, k.oid, 'constraint', n.prefix || c.relname || '.' || k.conname || ' (' || CASE
    WHEN k.contype = 'n' AND k.connoinherit THEN 'NOT NULL, NO INHERIT'
    WHEN k.contype = 'n' THEN 'NOT NULL, NOT VALID'
    WHEN (SELECT conperiod FROM (SELECT k.*) newer) THEN CASE k.contype WHEN 'f' THEN 'PERIOD' ELSE 'WITHOUT OVERLAPS' END
    ELSE 'NOT ENFORCED' END || ')'
  FROM (SELECT true AS conenforced, false AS conperiod) older
  CROSS JOIN pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN spaces n ON n.oid = c.relnamespace
  WHERE (SELECT conperiod OR NOT conenforced FROM (SELECT k.*) newer)
    OR k.contype = 'n' AND (NOT k.convalidated OR k.connoinherit)
  UNION ALL
  SELECT 'pg_user_mapping'::regclass, umid, 'user mapping', usename || ' on ' || srvname FROM pg_user_mappings
  UNION ALL
  -- Its oid is not everybody's to read up to PostgreSQL 13, and no extension has one.
  SELECT 'pg_subscription'::regclass, 0::oid, 'subscription', subname::text FROM pg_subscription
  WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL
  -- From PostgreSQL 15 on; all others are like the table of their column.
  SELECT 'pg_class'::regclass, s.oid, 'sequence', n.prefix || s.relname || CASE s.relpersistence
    WHEN 'u' THEN ' (UNLOGGED, and its table is not)' ELSE ' (LOGGED, and its table is not)' END
  FROM pg_class s
  JOIN spaces n ON n.oid = s.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  JOIN pg_class t ON t.oid = d.refobjid AND t.relname NOT LIKE 'kick\_%'
  WHERE s.relkind = 'S' AND s.relpersistence <> t.relpersistence AND current_setting('server_version_num')::integer >= 150000
  UNION ALL
  -- What was added to a family without a class.
  SELECT 'pg_opfamily'::regclass, f.oid, 'operator family', n.prefix || f.opfname || ' (' || p.part || ')'
  FROM pg_opfamily f
  JOIN spaces n ON n.oid = f.opfnamespace
  JOIN (
    SELECT 'pg_amop'::regclass AS classid, m.oid, m.amopfamily AS family, m.amoplefttype AS "left", m.amoprighttype AS "right", 'OPERATOR ' || m.amopstrategy || ' ' || m.amopopr::regoperator AS part FROM pg_amop m
    UNION ALL
    SELECT 'pg_amproc'::regclass, m.oid, m.amprocfamily, m.amproclefttype, m.amprocrighttype, 'FUNCTION ' || m.amprocnum || ' ' || m.amproc::regprocedure FROM pg_amproc m
  ) p ON p.family = f.oid
  WHERE NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = p.classid AND d.objid = p.oid AND d.refclassid = 'pg_opclass'::regclass AND d.deptype = 'i')
    -- That of a class is told with it.
    AND NOT EXISTS (
      SELECT FROM pg_opclass o WHERE o.opcfamily = f.oid AND o.oid >= 16384 AND o.opcintype = p."left" AND o.opcintype = p."right")
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, 'type', n.prefix || t.typname
  FROM pg_type t JOIN spaces n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('b', 'p') AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
)
SELECT f.kind || ' ' || f.name || coalesce(' (extension ' || m.extname || ')', '')
FROM found f
LEFT JOIN members m ON m.classid = f.classid AND m.objid = f.oid
-- Of an extension only what holds data: the rest is what the extension is.
WHERE m.extname IS NULL OR f.kind IN ('table', 'virtual table')
ORDER BY 1
