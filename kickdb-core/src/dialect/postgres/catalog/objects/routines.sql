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
      CASE WHEN g.aggfinalmodify <> CASE g.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
        THEN 'FINALFUNC_MODIFY = ' || CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
      CASE WHEN g.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || g.aggcombinefn::text END,
      CASE WHEN g.aggserialfn <> 0 THEN 'SERIALFUNC = ' || g.aggserialfn::text END,
      CASE WHEN g.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || g.aggdeserialfn::text END,
      'INITCOND = ' || quote_literal(g.agginitval),
      CASE WHEN g.aggmtransfn <> 0 THEN 'MSFUNC = ' || g.aggmtransfn::text END,
      CASE WHEN g.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || g.aggminvtransfn::text END,
      CASE WHEN g.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) END,
      CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || g.aggmfinalfn::text END,
      CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
      CASE WHEN g.aggmfinalmodify <> CASE g.aggkind WHEN 'n' THEN 'r' ELSE 'w' END
        THEN 'MFINALFUNC_MODIFY = ' || CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
      'MINITCOND = ' || quote_literal(g.aggminitval),
      (SELECT 'SORTOP = ' || CASE s.nspname WHEN 'pg_catalog' THEN o.oprname ELSE 'OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')' END
        FROM pg_operator o JOIN pg_namespace s ON s.oid = o.oprnamespace WHERE o.oid = g.aggsortop),
      CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
      CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END) || ')',
  '{}', obj_description(p.oid, 'pg_proc')
FROM pg_aggregate g
JOIN pg_proc p ON p.oid = g.aggfnoid
JOIN spaces n ON n.oid = p.pronamespace
WHERE p.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_proc'::regclass)
