SELECT 'text_search_parser', n.nspname, p.prsname, NULL, NULL, NULL,
  'CREATE TEXT SEARCH PARSER ' || n.prefix || quote_ident(p.prsname) || ' (START = ' || p.prsstart::text || ', GETTOKEN = ' || p.prstoken::text
    || ', END = ' || p.prsend::text || ', LEXTYPES = ' || p.prslextype::text || coalesce(', HEADLINE = ' || nullif(p.prsheadline, 0)::regproc::text, '') || ')',
  '{}', obj_description(p.oid, 'pg_ts_parser')
FROM pg_ts_parser p
JOIN spaces n ON n.oid = p.prsnamespace
WHERE p.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_ts_parser'::regclass)

UNION ALL
SELECT 'text_search_template', n.nspname, t.tmplname, NULL, NULL, NULL,
  'CREATE TEXT SEARCH TEMPLATE ' || n.prefix || quote_ident(t.tmplname) || ' (' || coalesce('INIT = ' || nullif(t.tmplinit, 0)::regproc::text || ', ', '')
    || 'LEXIZE = ' || t.tmpllexize::text || ')',
  '{}', obj_description(t.oid, 'pg_ts_template')
FROM pg_ts_template t
JOIN spaces n ON n.oid = t.tmplnamespace
WHERE t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_ts_template'::regclass)

UNION ALL
SELECT 'text_search_dictionary', n.nspname, t.dictname, NULL, NULL, NULL,
  'CREATE TEXT SEARCH DICTIONARY ' || n.prefix || quote_ident(t.dictname) || ' (TEMPLATE = '
    || (SELECT quote_ident(w.nspname) || '.' || quote_ident(m.tmplname) FROM pg_ts_template m JOIN pg_namespace w ON w.oid = m.tmplnamespace WHERE m.oid = t.dicttemplate) || ')',
  jsonb_strip_nulls(jsonb_build_object('options', nullif(t.dictinitoption, ''))), obj_description(t.oid, 'pg_ts_dict')
FROM pg_ts_dict t
JOIN spaces n ON n.oid = t.dictnamespace
WHERE t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_ts_dict'::regclass)

UNION ALL
SELECT 'text_search_configuration', n.nspname, t.cfgname, NULL, NULL, NULL,
  'CREATE TEXT SEARCH CONFIGURATION ' || n.prefix || quote_ident(t.cfgname) || ' (PARSER = '
    || (SELECT quote_ident(w.nspname) || '.' || quote_ident(m.prsname) FROM pg_ts_parser m JOIN pg_namespace w ON w.oid = m.prsnamespace WHERE m.oid = t.cfgparser) || ')',
  coalesce((
    SELECT jsonb_object_agg('mapping ' || alias, dictionaries)
    FROM (
      SELECT k.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
      FROM pg_ts_config_map m
      JOIN ts_token_type(t.cfgparser) k ON k.tokid = m.maptokentype
      WHERE m.mapcfg = t.oid GROUP BY k.alias) mapped), '{}'),
  obj_description(t.oid, 'pg_ts_config')
FROM pg_ts_config t
JOIN spaces n ON n.oid = t.cfgnamespace
WHERE t.oid NOT IN (SELECT objid FROM members WHERE classid = 'pg_ts_config'::regclass)
