SELECT 'policy', c.nspname, p.polname, c.nspname, c.relname, NULL,
  'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || c.found
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
