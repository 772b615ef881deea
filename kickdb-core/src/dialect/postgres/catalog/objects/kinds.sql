-- Of which kinds there is anything: only these are asked for, since most databases have few of them, and thinking about them
-- all takes the server longer than reading them. One too many costs time alone, so that what an extension owns may count.
--
-- Whatever a database has from its beginning has a number below 16384 (FirstNormalObjectId in PostgreSQL's access/transam.h).
SELECT json_build_object(
  'access_methods', EXISTS (SELECT FROM pg_am WHERE oid >= 16384),
  'casts', EXISTS (SELECT FROM pg_cast WHERE oid >= 16384),
  'collations', EXISTS (SELECT FROM pg_collation WHERE oid >= 16384),
  'conversions', EXISTS (SELECT FROM pg_conversion WHERE oid >= 16384),
  'domains', EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typtype = 'd'),
  'event_triggers', EXISTS (SELECT FROM pg_event_trigger),
  'extensions', EXISTS (SELECT FROM pg_extension WHERE extname <> 'plpgsql'),
  'foreign', EXISTS (SELECT FROM pg_foreign_data_wrapper),
  'languages', EXISTS (SELECT FROM pg_language WHERE oid >= 16384) OR EXISTS (SELECT FROM pg_transform),
  'operators', EXISTS (SELECT FROM pg_operator WHERE oid >= 16384) OR EXISTS (SELECT FROM pg_opfamily WHERE oid >= 16384),
  'policies', EXISTS (SELECT FROM pg_policy),
  'publications', EXISTS (SELECT FROM pg_publication),
  'routines', EXISTS (SELECT FROM pg_proc WHERE oid >= 16384),
  'rules', EXISTS (SELECT FROM pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN'),
  'schemas', EXISTS (
    SELECT FROM pg_namespace
    WHERE nspname !~ '^pg_'
      AND obj_description(oid, 'pg_namespace') <> CASE nspname WHEN 'public' THEN 'standard public schema' ELSE '' END),
  -- Without those of identities.
  'sequences', EXISTS (
    SELECT FROM pg_sequence s
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype = 'i')),
  'statistics', EXISTS (SELECT FROM pg_statistic_ext),
  'text_search', EXISTS (SELECT FROM pg_ts_config WHERE oid >= 16384) OR EXISTS (SELECT FROM pg_ts_dict WHERE oid >= 16384)
    OR EXISTS (SELECT FROM pg_ts_parser WHERE oid >= 16384) OR EXISTS (SELECT FROM pg_ts_template WHERE oid >= 16384),
  'triggers', EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal),
  'types', EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relkind = 'c') OR EXISTS (SELECT FROM pg_range WHERE rngtypid >= 16384)
    OR EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typtype = 'b' AND typcategory <> 'A'),
  'views', EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relkind IN ('v', 'm')))::text
