SELECT 'trigger', c.nspname, t.tgname, c.nspname, c.relname, NULL, pg_get_triggerdef(t.oid, true),
  CASE t.tgenabled WHEN 'O' THEN '{}' WHEN 'D' THEN '{"enabled": "no"}' WHEN 'R' THEN '{"enabled": "replica"}' ELSE '{"enabled": "always"}' END::jsonb
    -- The partitions where it is otherwise.
    || CASE WHEN c.relkind = 'p' THEN coalesce((
      SELECT jsonb_object_agg('enabled on ' || r.shown,
        r.shown || CASE k.tgenabled WHEN 'O' THEN ' ENABLE' WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' ELSE ' ENABLE ALWAYS' END)
      FROM pg_partition_tree(c.oid) tree
      JOIN pg_trigger k ON k.tgrelid = tree.relid AND k.tgname = t.tgname AND k.tgparentid <> 0 AND k.tgenabled <> t.tgenabled
      JOIN relations r ON r.oid = k.tgrelid), '{}') ELSE '{}' END,
  obj_description(t.oid, 'pg_trigger')
FROM pg_trigger t
JOIN relations c ON c.oid = t.tgrelid
-- A partition has those of its parent by itself.
WHERE NOT t.tgisinternal AND t.tgparentid = 0
  AND t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_trigger'::regclass)
