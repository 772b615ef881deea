SELECT 'publication', NULL, p.pubname, NULL, NULL, NULL,
  'CREATE PUBLICATION ' || quote_ident(p.pubname) || CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END,
  jsonb_strip_nulls(jsonb_build_object(
    'publish', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
      CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
    'publish_via_partition_root', CASE WHEN to_jsonb(p) ->> 'pubviaroot' = 'true' THEN 'true' END,
    'publish_generated_columns', CASE WHEN to_jsonb(p) ->> 'pubgencols' IN ('s', 'true') THEN 'stored' END))
  || coalesce((
    SELECT jsonb_object_agg('table ' || c.shown, 'TABLE ' || c.shown
      || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (translate(to_jsonb(pr) ->> 'prattrs', '[]', '{}')::integer[])), '')
      || coalesce(' WHERE ' || pg_get_expr((SELECT prqual FROM (SELECT pr.*) newer), pr.prrelid), ''))
    -- What only newer servers have is found in `newer` there, and here elsewhere: PostgreSQL 14.
    FROM (SELECT NULL::pg_node_tree AS prqual) older
    CROSS JOIN pg_publication_rel pr
    JOIN relations c ON c.oid = pr.prrelid
    WHERE pr.prpubid = p.oid), '{}')
  || coalesce((
    SELECT jsonb_object_agg('schema ' || quote_ident(n.nspname), 'TABLES IN SCHEMA ' || quote_ident(n.nspname))
    FROM pg_depend whole
    JOIN pg_depend part ON part.classid = whole.classid AND part.objid = whole.objid AND part.refclassid = 'pg_namespace'::regclass
    JOIN pg_namespace n ON n.oid = part.refobjid
    -- pg_publication_namespace, which PostgreSQL 14 does not have.
    WHERE whole.classid = 6237 AND whole.refclassid = 'pg_publication'::regclass AND whole.refobjid = p.oid), '{}'),
  obj_description(p.oid, 'pg_publication')
FROM pg_publication p
WHERE p.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_publication'::regclass)
