SELECT 'conversion', n.nspname, c.conname, NULL, NULL, NULL,
  'CREATE ' || CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION ' || n.prefix || quote_ident(c.conname)
    || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding)) || ' TO ' || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || c.conproc::text,
  '{}', obj_description(c.oid, 'pg_conversion')
FROM pg_conversion c
JOIN spaces n ON n.oid = c.connamespace
WHERE c.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_conversion'::regclass)
