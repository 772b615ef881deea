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
WHERE t.typtype = 'd' AND t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_type'::regclass)
