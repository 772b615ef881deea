-- Only its comment; the schemas themselves are in namespaces.sql.
SELECT 'schema', n.nspname, n.nspname, NULL, NULL, NULL, '', '{}', obj_description(n.oid, 'pg_namespace')
FROM spaces n
WHERE obj_description(n.oid, 'pg_namespace') <> CASE n.nspname WHEN 'public' THEN 'standard public schema' ELSE '' END
  AND NOT EXISTS (SELECT FROM members d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid)
