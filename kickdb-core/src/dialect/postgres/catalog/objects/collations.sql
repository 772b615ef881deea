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
WHERE co.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_collation'::regclass)
