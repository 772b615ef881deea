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
    nullif(obj_description(e.oid, 'pg_extension'), p.comment) AS comment
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions() p ON p.name = e.extname
  WHERE e.extname <> 'plpgsql'

  UNION ALL
  -- Only its comment; the schemas themselves are in namespaces.sql.
  SELECT 'schema', n.nspname, n.nspname, NULL, NULL, NULL, '', '{}', obj_description(n.oid, 'pg_namespace')
  FROM spaces n
  WHERE obj_description(n.oid, 'pg_namespace') <> CASE n.nspname WHEN 'public' THEN 'standard public schema' ELSE '' END
    AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid)

  UNION ALL
  -- Below it is what a database has from its beginning.
  SELECT 'language', NULL, l.lanname, NULL, NULL, NULL,
    'CREATE ' || CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END || 'LANGUAGE ' || quote_ident(l.lanname) || ' HANDLER ' || l.lanplcallfoid::regproc::text
      || coalesce(' INLINE ' || nullif(l.laninline, 0)::regproc::text, '') || coalesce(' VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc::text, ''),
    '{}', obj_description(l.oid, 'pg_language')
  FROM pg_language l
  WHERE l.lanispl AND l.oid >= 16384 AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_language'::regclass AND d.objid = l.oid)

  UNION ALL
  SELECT 'access_method', NULL, a.amname, NULL, NULL, NULL,
    'CREATE ACCESS METHOD ' || quote_ident(a.amname) || ' TYPE ' || CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END || ' HANDLER ' || a.amhandler::text,
    '{}', obj_description(a.oid, 'pg_am')
  FROM pg_am a
  WHERE a.oid >= 16384 AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_am'::regclass AND d.objid = a.oid)

  UNION ALL
  SELECT 'conversion', n.nspname, c.conname, NULL, NULL, NULL,
    'CREATE ' || CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION ' || n.prefix || quote_ident(c.conname)
      || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding)) || ' TO ' || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || c.conproc::text,
    '{}', obj_description(c.oid, 'pg_conversion')
  FROM pg_conversion c
  JOIN spaces n ON n.oid = c.connamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_conversion'::regclass AND d.objid = c.oid)

  UNION ALL
  SELECT 'transform', NULL, format_type(t.trftype, NULL) || ' for ' || l.lanname, NULL, NULL, NULL,
    'CREATE TRANSFORM FOR ' || format_type(t.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname) || ' (' || concat_ws(', ',
      'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure::text, 'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure::text) || ')',
    '{}', obj_description(t.oid, 'pg_transform')
  FROM pg_transform t
  JOIN pg_language l ON l.oid = t.trflang
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_transform'::regclass AND d.objid = t.oid)

  UNION ALL
  SELECT 'text_search_parser', n.nspname, p.prsname, NULL, NULL, NULL,
    'CREATE TEXT SEARCH PARSER ' || n.prefix || quote_ident(p.prsname) || ' (START = ' || p.prsstart::text || ', GETTOKEN = ' || p.prstoken::text
      || ', END = ' || p.prsend::text || ', LEXTYPES = ' || p.prslextype::text || coalesce(', HEADLINE = ' || nullif(p.prsheadline, 0)::regproc::text, '') || ')',
    '{}', obj_description(p.oid, 'pg_ts_parser')
  FROM pg_ts_parser p
  JOIN spaces n ON n.oid = p.prsnamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_ts_parser'::regclass AND d.objid = p.oid)

  UNION ALL
  SELECT 'text_search_template', n.nspname, t.tmplname, NULL, NULL, NULL,
    'CREATE TEXT SEARCH TEMPLATE ' || n.prefix || quote_ident(t.tmplname) || ' (' || coalesce('INIT = ' || nullif(t.tmplinit, 0)::regproc::text || ', ', '')
      || 'LEXIZE = ' || t.tmpllexize::text || ')',
    '{}', obj_description(t.oid, 'pg_ts_template')
  FROM pg_ts_template t
  JOIN spaces n ON n.oid = t.tmplnamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_ts_template'::regclass AND d.objid = t.oid)

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
      -- One that a column owns is like its table.
      'unlogged', CASE WHEN (SELECT relpersistence FROM pg_class p WHERE p.oid = c.oid) = 'u' AND NOT EXISTS (
        SELECT FROM pg_depend o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a')
        THEN 'true' END,
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
    coalesce((
      SELECT jsonb_object_agg('comment ' || a.attname, d.description)
      FROM pg_description d
      JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
      WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '{}'),
    (SELECT obj_description(t.oid, 'pg_type') FROM pg_type t WHERE t.typrelid = c.oid)
  FROM relations c
  WHERE c.relkind = 'c'

  UNION ALL
  SELECT 'type', n.nspname, t.typname, NULL, NULL, NULL,
    'CREATE TYPE ' || n.prefix || quote_ident(t.typname) || ' AS RANGE (' || concat_ws(', ',
      'subtype = ' || format_type(r.rngsubtype, NULL),
      (SELECT 'subtype_opclass = ' || quote_ident(o.opcname) FROM pg_opclass o WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
      CASE WHEN r.rngcollation <> st.typcollation THEN 'collation = ' || r.rngcollation::regcollation::text END,
      CASE WHEN r.rngcanonical <> 0 THEN 'canonical = ' || r.rngcanonical::text END,
      CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff = ' || r.rngsubdiff::text END,
      -- PostgreSQL 14 and later.
      'multirange_type_name = ' || (to_jsonb(r) ->> 'rngmultitypid')::oid::regtype::text) || ')',
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
      FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '{}')
    || coalesce((
      SELECT jsonb_object_agg('note ' || k.conname, obj_description(k.oid, 'pg_constraint'))
      FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND obj_description(k.oid, 'pg_constraint') IS NOT NULL), '{}'),
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
        (SELECT 'SORTOP = ' || CASE s.nspname WHEN 'pg_catalog' THEN o.oprname ELSE 'OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')' END
          FROM pg_operator o JOIN pg_namespace s ON s.oid = o.oprnamespace WHERE o.oid = g.aggsortop),
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
    -- Whether a materialized view is filled is data, so it is told beside.
    coalesce((
        SELECT jsonb_object_agg('comment ' || a.attname, d.description)
        FROM pg_description d
        JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
        WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '{}')
      || coalesce((
        SELECT jsonb_object_agg('default ' || a.attname, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef d
        JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE d.adrelid = c.oid), '{}')
      || CASE WHEN c.relkind = 'm' AND NOT (SELECT relispopulated FROM pg_class p WHERE p.oid = c.oid) THEN '{"told left empty": "true"}' ELSE '{}' END::jsonb
      || CASE c.relkind WHEN 'm' THEN coalesce((
        SELECT jsonb_object_agg(setting.name || ' ' || a.attname, setting.value)
        -- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 14.
        FROM (SELECT ''::"char" AS attcompression) older
        CROSS JOIN pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        CROSS JOIN LATERAL (VALUES
          -- Before PostgreSQL 17, -1 is what NULL is since.
          ('statistics', nullif(a.attstattarget::integer, -1)::text),
          ('options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions) o WHERE o LIKE 'n\_distinct%')),
          ('storage', CASE WHEN a.attstorage <> t.typstorage
            THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
          ('compression', (SELECT CASE attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END FROM (SELECT a.*) newer))) setting (name, value)
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND setting.value IS NOT NULL), '{}')
      ELSE '{}' END::jsonb,
    obj_description(c.oid, 'pg_class')
  FROM relations c
  LEFT JOIN pg_am am ON am.oid = c.relam
  WHERE c.relkind IN ('v', 'm')

  UNION ALL
  SELECT 'index', c.nspname, x.relname, c.nspname, c.relname, NULL,
    -- The server writes the schema of the view always.
    replace(pg_get_indexdef(i.indexrelid), ' ON ' || quote_ident(c.nspname) || '.' || quote_ident(c.relname) || ' ', ' ON ' || c.shown || ' '),
    coalesce((
      SELECT jsonb_object_agg('statistics ' || a.attnum, a.attstattarget::text)
      FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0), '{}')
      || CASE WHEN i.indisclustered THEN jsonb_build_object('clustered', 'true') ELSE '{}' END,
    obj_description(x.oid, 'pg_class')
  FROM pg_index i
  JOIN relations c ON c.oid = i.indrelid AND c.relkind = 'm'
  JOIN pg_class x ON x.oid = i.indexrelid

  UNION ALL
  SELECT 'statistics', n.nspname, s.stxname, NULL, NULL, NULL,
    replace(pg_get_statisticsobjdef(s.oid), 'CREATE STATISTICS ' || quote_ident(n.nspname) || '.', 'CREATE STATISTICS ' || n.prefix),
    -- Before PostgreSQL 17, -1 is what NULL is since.
    jsonb_strip_nulls(jsonb_build_object('statistics', nullif(s.stxstattarget::integer, -1)::text)), obj_description(s.oid, 'pg_statistic_ext')
  FROM pg_statistic_ext s
  JOIN spaces n ON n.oid = s.stxnamespace
  WHERE EXISTS (SELECT FROM relations c WHERE c.oid = s.stxrelid)

  UNION ALL
  SELECT 'trigger', c.nspname, t.tgname, c.nspname, c.relname, NULL, pg_get_triggerdef(t.oid, true),
    CASE t.tgenabled WHEN 'O' THEN '{}' WHEN 'D' THEN '{"enabled": "no"}' WHEN 'R' THEN '{"enabled": "replica"}' ELSE '{"enabled": "always"}' END::jsonb
      -- The partitions where it is otherwise.
      || CASE WHEN c.relkind = 'p' THEN coalesce((
        SELECT jsonb_object_agg('enabled on ' || r.shown,
          r.shown || CASE k.tgenabled WHEN 'O' THEN ' ENABLE' WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' ELSE ' ENABLE ALWAYS' END)
        FROM pg_partition_tree(c.oid) tree
        JOIN pg_trigger k ON k.tgrelid = tree.relid AND k.tgname = t.tgname AND k.tgparentid <> 0 AND k.tgenabled <> t.tgenabled
        JOIN relations r ON r.oid = k.tgrelid), '{}') ELSE '{}' END,
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

  UNION ALL
  SELECT 'operator', n.nspname, o.oprname, NULL, NULL,
    CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' || CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END,
    'CREATE OPERATOR ' || n.prefix || o.oprname || ' (' || concat_ws(', ', 'FUNCTION = ' || o.oprcode::regproc::text,
      CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
      CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
      (SELECT 'COMMUTATOR = ' || CASE WHEN w.prefix = '' THEN k.oprname ELSE 'OPERATOR(' || w.prefix || k.oprname || ')' END
        FROM pg_operator k JOIN spaces w ON w.oid = k.oprnamespace WHERE k.oid = o.oprcom),
      (SELECT 'NEGATOR = ' || CASE WHEN w.prefix = '' THEN k.oprname ELSE 'OPERATOR(' || w.prefix || k.oprname || ')' END
        FROM pg_operator k JOIN spaces w ON w.oid = k.oprnamespace WHERE k.oid = o.oprnegate),
      CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' || o.oprrest::regproc::text END,
      CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || o.oprjoin::regproc::text END,
      CASE WHEN o.oprcanhash THEN 'HASHES' END,
      CASE WHEN o.oprcanmerge THEN 'MERGES' END) || ')',
    '{}', obj_description(o.oid, 'pg_operator')
  FROM pg_operator o
  JOIN spaces n ON n.oid = o.oprnamespace
  -- One without a function is only named by another, which makes it.
  WHERE o.oprcode <> 0
    AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid)

  UNION ALL
  SELECT 'operator_family', n.nspname, f.opfname, NULL, NULL, a.amname,
    'CREATE OPERATOR FAMILY ' || n.prefix || quote_ident(f.opfname) || ' USING ' || quote_ident(a.amname),
    '{}', obj_description(f.oid, 'pg_opfamily')
  FROM pg_opfamily f
  JOIN spaces n ON n.oid = f.opfnamespace
  JOIN pg_am a ON a.oid = f.opfmethod
  -- CREATE OPERATOR CLASS makes one of the same name.
  WHERE NOT EXISTS (SELECT FROM pg_opclass c WHERE c.opcfamily = f.oid AND c.opcname = f.opfname)
    AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_opfamily'::regclass AND d.objid = f.oid)

  UNION ALL
  SELECT 'operator_class', n.nspname, c.opcname, NULL, NULL, a.amname,
    'CREATE OPERATOR CLASS ' || n.prefix || quote_ident(c.opcname) || CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END
      || ' FOR TYPE ' || format_type(c.opcintype, NULL) || ' USING ' || quote_ident(a.amname)
      || CASE WHEN f.opfname = c.opcname AND f.opfnamespace = c.opcnamespace THEN '' ELSE ' FAMILY '
        || coalesce((SELECT w.prefix FROM spaces w WHERE w.oid = f.opfnamespace), '') || quote_ident(f.opfname) END
      || ' AS ' || concat_ws(', ',
        (SELECT string_agg('OPERATOR ' || m.amopstrategy || ' ' || m.amopopr::regoperator::text
            || CASE WHEN m.amopsortfamily = 0 THEN '' ELSE ' FOR ORDER BY ' || (SELECT coalesce(w.prefix, '') || quote_ident(s.opfname)
              FROM pg_opfamily s LEFT JOIN spaces w ON w.oid = s.opfnamespace WHERE s.oid = m.amopsortfamily) END, ', ' ORDER BY m.amopstrategy, m.amopopr::regoperator::text)
          FROM pg_amop m
          JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = m.oid AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid),
        (SELECT string_agg('FUNCTION ' || m.amprocnum || ' (' || format_type(m.amproclefttype, NULL) || ', ' || format_type(m.amprocrighttype, NULL) || ') '
            || m.amproc::regprocedure::text, ', ' ORDER BY m.amprocnum, m.amproc::regprocedure::text)
          FROM pg_amproc m
          JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = m.oid AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid),
        CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL) END),
    '{}', obj_description(c.oid, 'pg_opclass')
  FROM pg_opclass c
  JOIN spaces n ON n.oid = c.opcnamespace
  JOIN pg_am a ON a.oid = c.opcmethod
  JOIN pg_opfamily f ON f.oid = c.opcfamily
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_opclass'::regclass AND d.objid = c.oid)

  UNION ALL
  SELECT 'cast', NULL, format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL), NULL, NULL, NULL,
    'CREATE CAST (' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ') '
      || CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure::text WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END
      || CASE c.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' ELSE '' END,
    '{}', obj_description(c.oid, 'pg_cast')
  FROM pg_cast c
  -- Below it is what a database has from its beginning. A range makes those to its multirange.
  WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i'))

  UNION ALL
  SELECT 'text_search_dictionary', n.nspname, t.dictname, NULL, NULL, NULL,
    'CREATE TEXT SEARCH DICTIONARY ' || n.prefix || quote_ident(t.dictname) || ' (TEMPLATE = '
      || (SELECT quote_ident(w.nspname) || '.' || quote_ident(m.tmplname) FROM pg_ts_template m JOIN pg_namespace w ON w.oid = m.tmplnamespace WHERE m.oid = t.dicttemplate) || ')',
    jsonb_strip_nulls(jsonb_build_object('options', nullif(t.dictinitoption, ''))), obj_description(t.oid, 'pg_ts_dict')
  FROM pg_ts_dict t
  JOIN spaces n ON n.oid = t.dictnamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_ts_dict'::regclass AND d.objid = t.oid)

  UNION ALL
  SELECT 'text_search_configuration', n.nspname, t.cfgname, NULL, NULL, NULL,
    'CREATE TEXT SEARCH CONFIGURATION ' || n.prefix || quote_ident(t.cfgname) || ' (PARSER = '
      || (SELECT quote_ident(w.nspname) || '.' || quote_ident(m.prsname) FROM pg_ts_parser m JOIN pg_namespace w ON w.oid = m.prsnamespace WHERE m.oid = t.cfgparser) || ')',
    coalesce((
      SELECT jsonb_object_agg('mapping ' || alias, dictionaries)
      FROM (
        SELECT k.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
        FROM pg_ts_config_map m
        JOIN ts_token_type(t.cfgparser) k ON k.tokid = m.maptokentype
        WHERE m.mapcfg = t.oid GROUP BY k.alias) mapped), '{}'),
    obj_description(t.oid, 'pg_ts_config')
  FROM pg_ts_config t
  JOIN spaces n ON n.oid = t.cfgnamespace
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_ts_config'::regclass AND d.objid = t.oid)

  UNION ALL
  SELECT 'foreign_data_wrapper', NULL, w.fdwname, NULL, NULL, NULL, 'CREATE FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
    jsonb_strip_nulls(jsonb_build_object('handler', nullif(w.fdwhandler, 0)::regproc::text, 'validator', nullif(w.fdwvalidator, 0)::regproc::text))
      || coalesce((SELECT jsonb_object_agg('option ' || option_name, coalesce(option_value, '')) FROM pg_options_to_table(w.fdwoptions)), '{}'),
    obj_description(w.oid, 'pg_foreign_data_wrapper')
  FROM pg_foreign_data_wrapper w
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_foreign_data_wrapper'::regclass AND d.objid = w.oid)

  UNION ALL
  SELECT 'server', NULL, s.srvname, NULL, NULL, NULL,
    'CREATE SERVER ' || quote_ident(s.srvname) || coalesce(' TYPE ' || quote_literal(s.srvtype), '') || ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
    jsonb_strip_nulls(jsonb_build_object('version', s.srvversion))
      || coalesce((SELECT jsonb_object_agg('option ' || option_name, coalesce(option_value, '')) FROM pg_options_to_table(s.srvoptions)), '{}'),
    obj_description(s.oid, 'pg_foreign_server')
  FROM pg_foreign_server s
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_foreign_server'::regclass AND d.objid = s.oid)

  UNION ALL
  SELECT 'virtual_table', c.nspname, c.relname, NULL, NULL, NULL,
    'CREATE FOREIGN TABLE ' || c.shown
      || CASE WHEN pc.relispartition THEN ' PARTITION OF ' || (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid) ELSE '' END
      || CASE WHEN pc.relispartition AND said.parts IS NULL THEN '' ELSE ' (' || coalesce(said.parts, '') || ')' END
      || CASE WHEN pc.relispartition THEN ' ' || pg_get_expr(pc.relpartbound, c.oid)
        ELSE coalesce((SELECT ' INHERITS (' || string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) || ')' FROM pg_inherits WHERE inhrelid = c.oid), '') END
      || ' SERVER ' || quote_ident(s.srvname)
      || coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ') || ')' FROM pg_options_to_table(ft.ftoptions)), ''),
    coalesce((
        SELECT jsonb_object_agg('comment ' || a.attname, d.description)
        FROM pg_description d
        JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
        WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '{}'),
    obj_description(c.oid, 'pg_class')
  FROM relations c
  JOIN pg_class pc ON pc.oid = c.oid
  JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
  JOIN pg_foreign_server s ON s.oid = ft.ftserver
  CROSS JOIN LATERAL (
    SELECT string_agg(part, ', ' ORDER BY at) AS parts
    FROM (
      SELECT a.attnum::integer AS at, quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
        || coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ') || ')' FROM pg_options_to_table(a.attfdwoptions)), '')
        || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END
        || coalesce(CASE WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
          ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END, '')
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS part
      FROM pg_attribute a
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal
      UNION ALL
      SELECT 10000, 'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
      FROM pg_constraint k
      WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conislocal) parts) said
  WHERE c.relkind = 'f'

  UNION ALL
  SELECT 'publication', NULL, p.pubname, NULL, NULL, NULL,
    'CREATE PUBLICATION ' || quote_ident(p.pubname) || CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END,
    jsonb_strip_nulls(jsonb_build_object(
      'publish', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
      'publish_via_partition_root', CASE WHEN to_jsonb(p) ->> 'pubviaroot' = 'true' THEN 'true' END,
      'publish_generated_columns', CASE WHEN to_jsonb(p) ->> 'pubgencols' IN ('s', 'true') THEN 'stored' END))
    || coalesce((
      SELECT jsonb_object_agg('table ' || c.shown, 'TABLE ' || c.shown
        || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (translate(to_jsonb(pr) ->> 'prattrs', '[]', '{}')::integer[])), '')
        || coalesce(' WHERE ' || pg_get_expr((SELECT prqual FROM (SELECT pr.*) newer), pr.prrelid), ''))
      -- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 14.
      FROM (SELECT NULL::pg_node_tree AS prqual) older
      CROSS JOIN pg_publication_rel pr
      JOIN relations c ON c.oid = pr.prrelid
      WHERE pr.prpubid = p.oid), '{}')
    || coalesce((
      SELECT jsonb_object_agg('schema ' || quote_ident(n.nspname), 'TABLES IN SCHEMA ' || quote_ident(n.nspname))
      FROM pg_depend whole
      JOIN pg_depend part ON part.classid = whole.classid AND part.objid = whole.objid AND part.refclassid = 'pg_namespace'::regclass
      JOIN pg_namespace n ON n.oid = part.refobjid
      -- pg_publication_namespace, which PostgreSQL 14 does not have.
      WHERE whole.classid = 6237 AND whole.refclassid = 'pg_publication'::regclass AND whole.refobjid = p.oid), '{}'),
    obj_description(p.oid, 'pg_publication')
  FROM pg_publication p
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_publication'::regclass AND d.objid = p.oid)

  UNION ALL
  SELECT 'event_trigger', NULL, t.evtname, NULL, NULL, NULL,
    'CREATE EVENT TRIGGER ' || quote_ident(t.evtname) || ' ON ' || t.evtevent
      || coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY n) FROM unnest(t.evttags) WITH ORDINALITY tags (tag, n)) || ')', '')
      || ' EXECUTE FUNCTION ' || t.evtfoid::regproc::text || '()',
    CASE t.evtenabled WHEN 'O' THEN '{}' WHEN 'D' THEN '{"enabled": "no"}' WHEN 'R' THEN '{"enabled": "replica"}' ELSE '{"enabled": "always"}' END::jsonb,
    obj_description(t.oid, 'pg_event_trigger')
  FROM pg_event_trigger t
  WHERE NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = t.oid)
)
SELECT coalesce(json_agg(json_build_object(
  'kind', o.kind, 'schema', o.schema, 'name', o.name, 'on_schema', o.on_schema, 'on_name', o.on_name, 'signature', o.signature,
  'sql', o.sql, 'facets', o.facets, 'comment', o.comment)), '[]')::text
FROM objects o
