SELECT 'event_trigger', NULL, t.evtname, NULL, NULL, NULL,
  'CREATE EVENT TRIGGER ' || quote_ident(t.evtname) || ' ON ' || t.evtevent
    || coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY n) FROM unnest(t.evttags) WITH ORDINALITY tags (tag, n)) || ')', '')
    || ' EXECUTE FUNCTION ' || t.evtfoid::regproc::text || '()',
  CASE t.evtenabled WHEN 'O' THEN '{}' WHEN 'D' THEN '{"enabled": "no"}' WHEN 'R' THEN '{"enabled": "replica"}' ELSE '{"enabled": "always"}' END::jsonb,
  obj_description(t.oid, 'pg_event_trigger')
FROM pg_event_trigger t
WHERE t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_event_trigger'::regclass)
