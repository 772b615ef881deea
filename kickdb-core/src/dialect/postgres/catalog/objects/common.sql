-- What every kind needs, and the columns that each gives. Texts of the server's own (pg_get_…) leave out the schema of what is in the
-- search path; where a text always has it, it is put together here so that the connection's default schema is not said.
-- What extensions own. `NOT IN` keeps it as a hashed list; for `NOT EXISTS` the server may walk through all of it for each thing.
WITH members AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
, spaces AS MATERIALIZED (
  SELECT n.oid, n.nspname, CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' END AS prefix
  FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (n.nspname = current_schema() OR current_setting('kickdb.one_schema', true) IS DISTINCT FROM 'on')
)
, relations AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind, c.reloptions, c.relam, n.nspname, n.prefix || quote_ident(c.relname) AS shown,
    -- What is there: the server looks into pg_catalog first.
    CASE WHEN n.prefix = '' AND c.relname LIKE 'pg\_%' THEN 'public.' ELSE n.prefix END || quote_ident(c.relname) AS found
  FROM pg_class c
  JOIN spaces n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c', 'f') AND c.relpersistence <> 't' AND c.relname NOT LIKE 'kick\_%'
    AND c.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_class'::regclass)
    -- Of a composite type it is the type that an extension owns.
    AND NOT (c.relkind = 'c' AND c.reltype IN (SELECT objid FROM members WHERE classid = 'pg_type'::regclass))
)
, objects (kind, schema, name, on_schema, on_name, signature, sql, facets, comment) AS (
  SELECT ''::text, NULL::text, ''::text, NULL::text, NULL::text, NULL::text, ''::text, '{}'::jsonb, NULL::text WHERE false
