-- Only its comment; the schemas themselves are in namespaces.sql.
SELECT 'schema', n.nspname, n.nspname, NULL, NULL, NULL, '', '{}', obj_description(n.oid, 'pg_namespace')
FROM spaces n
WHERE obj_description(n.oid, 'pg_namespace') <> CASE n.nspname WHEN 'public' THEN 'standard public schema' ELSE '' END
  AND n.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_namespace'::regclass)
