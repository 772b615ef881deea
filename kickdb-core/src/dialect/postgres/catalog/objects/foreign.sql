SELECT 'foreign_data_wrapper', NULL, w.fdwname, NULL, NULL, NULL, 'CREATE FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
  jsonb_strip_nulls(jsonb_build_object('handler', nullif(w.fdwhandler, 0)::regproc::text, 'validator', nullif(w.fdwvalidator, 0)::regproc::text))
    || coalesce((SELECT jsonb_object_agg('option ' || option_name, coalesce(option_value, '')) FROM pg_options_to_table(w.fdwoptions)), '{}'),
  obj_description(w.oid, 'pg_foreign_data_wrapper')
FROM pg_foreign_data_wrapper w
WHERE w.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_foreign_data_wrapper'::regclass)

UNION ALL
SELECT 'server', NULL, s.srvname, NULL, NULL, NULL,
  'CREATE SERVER ' || quote_ident(s.srvname) || coalesce(' TYPE ' || quote_literal(s.srvtype), '') || ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
  jsonb_strip_nulls(jsonb_build_object('version', s.srvversion))
    || coalesce((SELECT jsonb_object_agg('option ' || option_name, coalesce(option_value, '')) FROM pg_options_to_table(s.srvoptions)), '{}'),
  obj_description(s.oid, 'pg_foreign_server')
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE s.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_foreign_server'::regclass)

UNION ALL
SELECT 'virtual_table', c.nspname, c.relname, NULL, NULL, NULL,
  'CREATE FOREIGN TABLE ' || c.shown
    || CASE WHEN pc.relispartition THEN ' PARTITION OF ' || (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid) ELSE '' END
    || CASE WHEN pc.relispartition AND said.parts IS NULL THEN '' ELSE ' (' || coalesce(said.parts, '') || ')' END
    || CASE WHEN pc.relispartition THEN ' ' || pg_get_expr(pc.relpartbound, c.oid)
      ELSE coalesce((SELECT ' INHERITS (' || string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) || ')' FROM pg_inherits WHERE inhrelid = c.oid), '') END
    || ' SERVER ' || quote_ident(s.srvname)
    || coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ') || ')' FROM pg_options_to_table(ft.ftoptions)), ''),
  coalesce((
      SELECT jsonb_object_agg('comment ' || a.attname, d.description)
      FROM pg_description d
      JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
      WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '{}')
    -- What makes a partition cannot say the options of a column.
    || coalesce((
      SELECT jsonb_object_agg('column options ' || a.attname,
        (SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ') FROM pg_options_to_table(a.attfdwoptions)))
      FROM pg_attribute a
      WHERE pc.relispartition AND a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attfdwoptions IS NOT NULL), '{}'),
  obj_description(c.oid, 'pg_class')
FROM relations c
JOIN pg_class pc ON pc.oid = c.oid
JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
JOIN pg_foreign_server s ON s.oid = ft.ftserver
CROSS JOIN LATERAL (
  SELECT string_agg(part, ', ' ORDER BY at) AS parts
  FROM (
    SELECT a.attnum::integer AS at, quote_ident(a.attname)
      || CASE WHEN pc.relispartition THEN '' ELSE ' ' || format_type(a.atttypid, a.atttypmod)
        || coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ') || ')' FROM pg_options_to_table(a.attfdwoptions)), '')
        || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END END
      || CASE WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
        WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
        -- It has none, unlike the table above.
        WHEN own.value THEN ' DEFAULT NULL' ELSE '' END
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS part
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    CROSS JOIN LATERAL (
      -- What a column from above has otherwise than there.
      SELECT a.attgenerated = '' AND pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM min(pg_get_expr(u.adbin, u.adrelid)) AS value,
        a.attnotnull AND NOT coalesce(bool_or(above.attnotnull), false) AS required
      FROM pg_inherits i
      JOIN pg_attribute above ON above.attrelid = i.inhparent AND above.attname = a.attname AND NOT above.attisdropped
      LEFT JOIN pg_attrdef u ON u.adrelid = above.attrelid AND u.adnum = above.attnum
      WHERE i.inhrelid = c.oid) own
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND (a.attislocal OR own.value OR own.required OR NOT pc.relispartition AND a.attfdwoptions IS NOT NULL)
    UNION ALL
    SELECT 10000, 'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
    FROM pg_constraint k
    WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conislocal) parts) said
WHERE c.relkind = 'f'
