-- Whatever is defined by its SQL, one row each. Texts of the server's own (pg_get_…) leave out the schema of what is in the
-- search path; where a text always has it, it is put together here so that the connection's default schema is not said.
WITH members AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
, spaces AS MATERIALIZED (
  SELECT n.oid, n.nspname, CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' END AS prefix
  FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)
, relations AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind, c.reloptions, c.relam, n.nspname, n.prefix || quote_ident(c.relname) AS shown
  FROM pg_class c
  JOIN spaces n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c', 'f') AND c.relpersistence <> 't' AND c.relname NOT LIKE 'kick\_%'
    AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid)
    -- Of a composite type it is the type that an extension owns.
    AND NOT (c.relkind = 'c' AND EXISTS (SELECT FROM members d WHERE d.classid = 'pg_type'::regclass AND d.objid = c.reltype))
)
, objects AS (
  SELECT 'extension' AS kind, NULL::text AS schema, e.extname::text AS name, NULL::text AS on_schema, NULL::text AS on_name,
    NULL::text AS signature, '' AS sql,
    jsonb_strip_nulls(jsonb_build_object('schema', CASE WHEN n.nspname NOT IN (current_schema(), 'public', 'pg_catalog', e.extname) THEN n.nspname END)) AS facets,
    -- CREATE EXTENSION takes its comment from the package.
    NULL::text AS comment
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname <> 'plpgsql'

  UNION ALL
  SELECT 'collation', n.nspname, co.collname, NULL, NULL, NULL,
    'CREATE COLLATION ' || n.prefix || quote_ident(co.collname) || ' (' || concat_ws(', ',
      'provider = ' || CASE co.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
      CASE
        WHEN co.collprovider = 'c' AND co.collcollate <> co.collctype
          THEN 'lc_collate = ' || quote_literal(co.collcollate) || ', lc_ctype = ' || quote_literal(co.collctype)
        ELSE 'locale = ' || quote_literal(coalesce(to_jsonb(co) ->> 'colllocale', to_jsonb(co) ->> 'colliculocale', co.collcollate))
      END,
      CASE WHEN NOT co.collisdeterministic THEN 'deterministic = false' END,
      'rules = ' || quote_literal(to_jsonb(co) ->> 'collicurules')) || ')',
    '{}', obj_description(co.oid, 'pg_collation')
  FROM pg_collation co
  JOIN spaces n ON n.oid = co.collnamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_collation'::regclass AND d.objid = co.oid)

  UNION ALL
  -- Without those of identities, and without what `serial` leaves behind: these are the column's.
  SELECT 'sequence', c.nspname, c.relname, NULL, NULL, NULL, '',
    jsonb_strip_nulls(jsonb_build_object(
      'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text, 'increment', s.seqincrement::text,
      'min', s.seqmin::text, 'max', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle::text,
      'owned by', (
        SELECT t.shown || '.' || quote_ident(a.attname)
        FROM pg_depend o
        JOIN relations t ON t.oid = o.refobjid
        JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
        WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a'))),
    obj_description(c.oid, 'pg_class')
  FROM relations c
  JOIN pg_sequence s ON s.seqrelid = c.oid
  WHERE NOT EXISTS (
      SELECT FROM pg_depend o
      WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'i')
    AND NOT EXISTS (
      SELECT FROM pg_depend o
      JOIN pg_attrdef d ON d.adrelid = o.refobjid AND d.adnum = o.refobjsubid
      JOIN pg_depend used ON used.classid = 'pg_attrdef'::regclass AND used.objid = d.oid
        AND used.refclassid = 'pg_class'::regclass AND used.refobjid = c.oid
        AND pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\(''([^'']|'''')*''::regclass\)$'
      JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
      JOIN pg_class t ON t.oid = o.refobjid AND t.relname NOT LIKE 'kick\_%'
      WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a')

  UNION ALL
  SELECT 'type', c.nspname, c.relname, NULL, NULL, NULL,
    'CREATE TYPE ' || c.shown || ' AS (' || coalesce((
      SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END, ', ' ORDER BY a.attnum)
      FROM pg_attribute a
      JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')',
    '{}', (SELECT obj_description(t.oid, 'pg_type') FROM pg_type t WHERE t.typrelid = c.oid)
  FROM relations c
  WHERE c.relkind = 'c'

  UNION ALL
  SELECT 'type', n.nspname, t.typname, NULL, NULL, NULL,
    'CREATE TYPE ' || n.prefix || quote_ident(t.typname) || ' AS RANGE (' || concat_ws(', ',
      'subtype = ' || format_type(r.rngsubtype, NULL),
      (SELECT 'subtype_opclass = ' || quote_ident(o.opcname) FROM pg_opclass o WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
      CASE WHEN r.rngcollation <> st.typcollation THEN 'collation = ' || r.rngcollation::regcollation::text END,
      CASE WHEN r.rngcanonical <> 0 THEN 'canonical = ' || r.rngcanonical::text END,
      CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff = ' || r.rngsubdiff::text END) || ')',
    '{}', obj_description(t.oid, 'pg_type')
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_type st ON st.oid = r.rngsubtype
  JOIN spaces n ON n.oid = t.typnamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid)

  UNION ALL
  SELECT 'domain', n.nspname, t.typname, NULL, NULL, NULL, '',
    jsonb_strip_nulls(jsonb_build_object(
      'type', format_type(t.typbasetype, t.typtypmod),
      'collation', CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END,
      'default', pg_get_expr(t.typdefaultbin, 0),
      'not null', CASE WHEN t.typnotnull THEN 'true' END))
    || coalesce((
      SELECT jsonb_object_agg('constraint ' || k.conname, pg_get_constraintdef(k.oid))
      FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '{}'),
    obj_description(t.oid, 'pg_type')
  FROM pg_type t
  JOIN pg_type b ON b.oid = t.typbasetype
  JOIN spaces n ON n.oid = t.typnamespace
  WHERE t.typtype = 'd' AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid)

  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, n.nspname, p.proname, NULL, NULL, oidvectortypes(p.proargtypes),
    (SELECT 'CREATE ' || word.kind || n.prefix || quote_ident(p.proname)
        || substr(whole.def, length('CREATE OR REPLACE ' || word.kind || quote_ident(n.nspname) || '.' || quote_ident(p.proname)) + 1)
      FROM (SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END AS kind) word, (SELECT pg_get_functiondef(p.oid) AS def) whole),
    '{}', obj_description(p.oid, 'pg_proc')
  FROM pg_proc p
  JOIN spaces n ON n.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p', 'w')
    -- Nor what the server makes by itself, such as the constructors of a range type.
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))

  UNION ALL
  SELECT 'aggregate', n.nspname, p.proname, NULL, NULL, oidvectortypes(p.proargtypes),
    'CREATE AGGREGATE ' || n.prefix || quote_ident(p.proname)
      || '(' || CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END || ') (' || concat_ws(', ',
        'SFUNC = ' || g.aggtransfn::text, 'STYPE = ' || format_type(g.aggtranstype, NULL),
        CASE WHEN g.aggtransspace <> 0 THEN 'SSPACE = ' || g.aggtransspace END,
        CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC = ' || g.aggfinalfn::text END,
        CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
        CASE WHEN g.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || g.aggcombinefn::text END,
        CASE WHEN g.aggserialfn <> 0 THEN 'SERIALFUNC = ' || g.aggserialfn::text END,
        CASE WHEN g.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || g.aggdeserialfn::text END,
        'INITCOND = ' || quote_literal(g.agginitval),
        CASE WHEN g.aggmtransfn <> 0 THEN 'MSFUNC = ' || g.aggmtransfn::text END,
        CASE WHEN g.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || g.aggminvtransfn::text END,
        CASE WHEN g.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) END,
        CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || g.aggmfinalfn::text END,
        'MINITCOND = ' || quote_literal(g.aggminitval),
        CASE WHEN g.aggsortop <> 0 THEN 'SORTOP = ' || g.aggsortop::regoperator::text END,
        CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
        CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END) || ')',
    '{}', obj_description(p.oid, 'pg_proc')
  FROM pg_aggregate g
  JOIN pg_proc p ON p.oid = g.aggfnoid
  JOIN spaces n ON n.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid)

  UNION ALL
  SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END, c.nspname, c.relname, NULL, NULL, NULL,
    'CREATE ' || CASE c.relkind WHEN 'v' THEN 'VIEW ' ELSE 'MATERIALIZED VIEW ' END || c.shown
      || CASE WHEN am.amname <> 'heap' THEN ' USING ' || quote_ident(am.amname) ELSE '' END
      || coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '')
      || E' AS\n' || rtrim(pg_get_viewdef(c.oid), ';'),
    -- Whether a materialized view is filled is data.
    coalesce((
        SELECT jsonb_object_agg('comment ' || a.attname, d.description)
        FROM pg_description d
        JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
        WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '{}')
      || coalesce((
        SELECT jsonb_object_agg('default ' || a.attname, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef d
        JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE d.adrelid = c.oid), '{}'),
    obj_description(c.oid, 'pg_class')
  FROM relations c
  LEFT JOIN pg_am am ON am.oid = c.relam
  WHERE c.relkind IN ('v', 'm')

  UNION ALL
  SELECT 'index', c.nspname, x.relname, c.nspname, c.relname, NULL,
    -- The server writes the schema of the view always.
    replace(pg_get_indexdef(i.indexrelid), ' ON ' || quote_ident(c.nspname) || '.' || quote_ident(c.relname) || ' ', ' ON ' || c.shown || ' '),
    '{}', obj_description(x.oid, 'pg_class')
  FROM pg_index i
  JOIN relations c ON c.oid = i.indrelid AND c.relkind = 'm'
  JOIN pg_class x ON x.oid = i.indexrelid

  UNION ALL
  SELECT 'statistics', n.nspname, s.stxname, NULL, NULL, NULL,
    replace(pg_get_statisticsobjdef(s.oid), 'CREATE STATISTICS ' || quote_ident(n.nspname) || '.', 'CREATE STATISTICS ' || n.prefix),
    '{}', obj_description(s.oid, 'pg_statistic_ext')
  FROM pg_statistic_ext s
  JOIN spaces n ON n.oid = s.stxnamespace
  WHERE EXISTS (SELECT FROM relations c WHERE c.oid = s.stxrelid)

  UNION ALL
  SELECT 'trigger', c.nspname, t.tgname, c.nspname, c.relname, NULL, pg_get_triggerdef(t.oid, true),
    CASE t.tgenabled WHEN 'O' THEN '{}' WHEN 'D' THEN '{"enabled": "no"}' WHEN 'R' THEN '{"enabled": "replica"}' ELSE '{"enabled": "always"}' END::jsonb,
    obj_description(t.oid, 'pg_trigger')
  FROM pg_trigger t
  JOIN relations c ON c.oid = t.tgrelid
  -- A partition has those of its parent by itself.
  WHERE NOT t.tgisinternal AND t.tgparentid = 0
    AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid)

  UNION ALL
  SELECT 'rule', c.nspname, r.rulename, c.nspname, c.relname, NULL, rtrim(pg_get_ruledef(r.oid, true), ';'),
    CASE r.ev_enabled WHEN 'O' THEN '{}' WHEN 'D' THEN '{"enabled": "no"}' WHEN 'R' THEN '{"enabled": "replica"}' ELSE '{"enabled": "always"}' END::jsonb,
    obj_description(r.oid, 'pg_rewrite')
  FROM pg_rewrite r
  JOIN relations c ON c.oid = r.ev_class
  WHERE r.rulename <> '_RETURN'

  UNION ALL
  SELECT 'policy', c.nspname, p.polname, c.nspname, c.relname, NULL,
    'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || c.shown
      || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
      || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END
      || CASE WHEN p.polroles = '{0}' THEN '' ELSE ' TO ' || (
        SELECT string_agg(CASE WHEN role.oid = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role.oid)) END, ', ' ORDER BY role.n)
        FROM unnest(p.polroles) WITH ORDINALITY AS role (oid, n)) END
      || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
      || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
    '{}', obj_description(p.oid, 'pg_policy')
  FROM pg_policy p
  JOIN relations c ON c.oid = p.polrelid
)
SELECT coalesce(json_agg(json_build_object(
  'kind', o.kind, 'schema', o.schema, 'name', o.name, 'on_schema', o.on_schema, 'on_name', o.on_name, 'signature', o.signature,
  'sql', o.sql, 'facets', o.facets, 'comment', o.comment)), '[]')::text
FROM objects o
