-- Who owns what, and who may do what beyond what everybody may: a thing and its owner, or a line that stands for itself.
WITH members AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
, spaces AS MATERIALIZED (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl, CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' END AS prefix
  FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND n.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_namespace'::regclass)
)
, things (name, kind, owner, acl) AS MATERIALIZED (
  SELECT 'schema ' || quote_ident(n.nspname), 'n'::"char", n.nspowner, n.nspacl FROM spaces n
  UNION ALL
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'virtual table ' ELSE 'table ' END
    || n.prefix || quote_ident(c.relname), CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner, c.relacl
  FROM pg_class c
  JOIN spaces n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relpersistence <> 't' AND c.relname NOT LIKE 'kick\_%'
    AND c.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_class'::regclass)
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END
    || n.prefix || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')', 'f', p.proowner, p.proacl
  FROM pg_proc p
  JOIN spaces n ON n.oid = p.pronamespace
  WHERE p.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_proc'::regclass)
  UNION ALL
  SELECT CASE t.typtype WHEN 'd' THEN 'domain ' WHEN 'e' THEN 'enum ' ELSE 'type ' END || n.prefix || quote_ident(t.typname), 'T', t.typowner, t.typacl
  FROM pg_type t
  JOIN spaces n ON n.oid = t.typnamespace
  WHERE (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
    AND t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_type'::regclass)
  UNION ALL
  SELECT 'foreign data wrapper ' || quote_ident(w.fdwname), 'F', w.fdwowner, w.fdwacl FROM pg_foreign_data_wrapper w
  WHERE w.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_foreign_data_wrapper'::regclass)
  UNION ALL
  SELECT 'server ' || quote_ident(s.srvname), 'S', s.srvowner, s.srvacl FROM pg_foreign_server s
)
, rights (name, kind, owner, acl) AS (
  SELECT t.name, t.kind, t.owner, t.acl FROM things t WHERE t.acl IS NOT NULL
  UNION ALL
  SELECT 'column ' || n.prefix || quote_ident(c.relname) || '.' || quote_ident(a.attname), 'c', c.relowner, a.attacl
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN spaces n ON n.oid = c.relnamespace
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relname NOT LIKE 'kick\_%'
    AND c.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_class'::regclass)
)
, said (head, privilege, tail) AS (
  SELECT 'grant of ', x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END, ' on ' || r.name || ' to ' || x.who
  FROM rights r
  CROSS JOIN LATERAL (
    SELECT a.privilege_type, a.is_grantable, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC') AS who
    FROM aclexplode(r.acl) a WHERE a.grantee <> r.owner
    EXCEPT
    SELECT a.privilege_type, a.is_grantable, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
    FROM aclexplode(acldefault(r.kind, r.owner)) a) x
  UNION ALL
  -- Also of the owner's own.
  SELECT 'revocation of ', x.privilege_type, ' on ' || r.name || ' from ' || x.who
  FROM rights r
  CROSS JOIN LATERAL (
    SELECT a.privilege_type, CASE a.grantee WHEN r.owner THEN 'its owner' ELSE coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC') END AS who
    FROM aclexplode(acldefault(r.kind, r.owner)) a
    EXCEPT
    SELECT a.privilege_type, CASE a.grantee WHEN r.owner THEN 'its owner' ELSE coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC') END
    FROM aclexplode(r.acl) a) x
  UNION ALL
  SELECT 'default privilege of ' || quote_ident(pg_get_userbyid(d.defaclrole))
      || coalesce(' in schema ' || quote_ident((SELECT nspname FROM pg_namespace WHERE oid = d.defaclnamespace)), '') || ': ',
    a.privilege_type || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END,
    ' on new ' || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'things' END
      || ' to ' || coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
  FROM pg_default_acl d
  CROSS JOIN LATERAL aclexplode(d.defaclacl) a
)
SELECT s.head || string_agg(s.privilege, ', ' ORDER BY s.privilege) || s.tail, NULL FROM said s GROUP BY s.head, s.tail
UNION ALL
SELECT t.name, pg_get_userbyid(t.owner)::text FROM things t
