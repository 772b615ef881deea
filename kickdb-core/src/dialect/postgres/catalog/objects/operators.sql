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
  AND o.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_operator'::regclass)

UNION ALL
SELECT 'operator_family', n.nspname, f.opfname, NULL, NULL, a.amname,
  'CREATE OPERATOR FAMILY ' || n.prefix || quote_ident(f.opfname) || ' USING ' || quote_ident(a.amname),
  '{}', obj_description(f.oid, 'pg_opfamily')
FROM pg_opfamily f
JOIN spaces n ON n.oid = f.opfnamespace
JOIN pg_am a ON a.oid = f.opfmethod
-- CREATE OPERATOR CLASS makes one of the same name.
WHERE NOT EXISTS (SELECT FROM pg_opclass c WHERE c.opcfamily = f.oid AND c.opcname = f.opfname)
  AND f.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_opfamily'::regclass)

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
        WHERE m.oid IN (SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid)
          OR own.first AND m.oid >= 16384 AND m.amopfamily = f.oid AND m.amoplefttype = c.opcintype AND m.amoprighttype = c.opcintype
            AND m.oid NOT IN (SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass)),
      (SELECT string_agg('FUNCTION ' || m.amprocnum || ' (' || format_type(m.amproclefttype, NULL) || ', ' || format_type(m.amprocrighttype, NULL) || ') '
          || m.amproc::regprocedure::text, ', ' ORDER BY m.amprocnum, m.amproc::regprocedure::text)
        FROM pg_amproc m
        WHERE m.oid IN (SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid)
          OR own.first AND m.oid >= 16384 AND m.amprocfamily = f.oid AND m.amproclefttype = c.opcintype AND m.amprocrighttype = c.opcintype
            AND m.oid NOT IN (SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = 'pg_opclass'::regclass)),
      -- One item at least must be said, and a class that stores its own type may say so.
      CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL)
        WHEN own.empty THEN 'STORAGE ' || format_type(c.opcintype, NULL) END),
  '{}', obj_description(c.oid, 'pg_opclass')
FROM pg_opclass c
JOIN spaces n ON n.oid = c.opcnamespace
JOIN pg_am a ON a.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
-- What a class can do without is held to its family alone (PostgreSQL 14): the first class of the type tells it.
CROSS JOIN LATERAL (
  SELECT NOT EXISTS (SELECT FROM pg_opclass o WHERE o.opcfamily = f.oid AND o.opcintype = c.opcintype AND o.oid >= 16384 AND o.oid < c.oid) AS first,
    NOT EXISTS (SELECT FROM pg_amop m WHERE m.amopfamily = f.oid AND m.oid >= 16384)
      AND NOT EXISTS (SELECT FROM pg_amproc m WHERE m.amprocfamily = f.oid AND m.oid >= 16384) AS empty) own
WHERE c.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_opclass'::regclass)
