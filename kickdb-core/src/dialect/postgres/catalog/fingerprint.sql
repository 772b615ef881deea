-- A text that is another one once anybody has changed the catalog: how many rows its tables have, and which transactions
-- have written them. What is written into the tables of users does not change it, nor do VACUUM and ANALYZE, which write in place.
SELECT string_agg(found.number || ':' || coalesce(found.writers, 0), ' ' ORDER BY found.at)
FROM (
  SELECT 1 AS at, count(*) AS number, sum(xmin::text::bigint) AS writers FROM pg_class
  UNION ALL SELECT 2, count(*), sum(xmin::text::bigint) FROM pg_attribute
  UNION ALL SELECT 3, count(*), sum(xmin::text::bigint) FROM pg_attrdef
  UNION ALL SELECT 4, count(*), sum(xmin::text::bigint) FROM pg_constraint
  UNION ALL SELECT 5, count(*), sum(xmin::text::bigint) FROM pg_index
  UNION ALL SELECT 6, count(*), sum(xmin::text::bigint) FROM pg_inherits
  UNION ALL SELECT 7, count(*), sum(xmin::text::bigint) FROM pg_partitioned_table
  UNION ALL SELECT 8, count(*), sum(xmin::text::bigint) FROM pg_sequence
  UNION ALL SELECT 9, count(*), sum(xmin::text::bigint) FROM pg_type
  UNION ALL SELECT 10, count(*), sum(xmin::text::bigint) FROM pg_enum
  UNION ALL SELECT 11, count(*), sum(xmin::text::bigint) FROM pg_range
  UNION ALL SELECT 12, count(*), sum(xmin::text::bigint) FROM pg_proc
  UNION ALL SELECT 13, count(*), sum(xmin::text::bigint) FROM pg_aggregate
  UNION ALL SELECT 14, count(*), sum(xmin::text::bigint) FROM pg_operator
  UNION ALL SELECT 15, count(*), sum(xmin::text::bigint) FROM pg_opclass
  UNION ALL SELECT 16, count(*), sum(xmin::text::bigint) FROM pg_opfamily
  UNION ALL SELECT 17, count(*), sum(xmin::text::bigint) FROM pg_amop
  UNION ALL SELECT 18, count(*), sum(xmin::text::bigint) FROM pg_amproc
  UNION ALL SELECT 19, count(*), sum(xmin::text::bigint) FROM pg_cast
  UNION ALL SELECT 20, count(*), sum(xmin::text::bigint) FROM pg_collation
  UNION ALL SELECT 21, count(*), sum(xmin::text::bigint) FROM pg_namespace
  UNION ALL SELECT 22, count(*), sum(xmin::text::bigint) FROM pg_rewrite
  UNION ALL SELECT 23, count(*), sum(xmin::text::bigint) FROM pg_trigger
  UNION ALL SELECT 24, count(*), sum(xmin::text::bigint) FROM pg_policy
  UNION ALL SELECT 25, count(*), sum(xmin::text::bigint) FROM pg_statistic_ext
  UNION ALL SELECT 26, count(*), sum(xmin::text::bigint) FROM pg_extension
  UNION ALL SELECT 27, count(*), sum(xmin::text::bigint) FROM pg_event_trigger
  UNION ALL SELECT 28, count(*), sum(xmin::text::bigint) FROM pg_foreign_data_wrapper
  UNION ALL SELECT 29, count(*), sum(xmin::text::bigint) FROM pg_foreign_server
  UNION ALL SELECT 30, count(*), sum(xmin::text::bigint) FROM pg_foreign_table
  UNION ALL SELECT 31, count(*), sum(xmin::text::bigint) FROM pg_publication
  UNION ALL SELECT 32, count(*), sum(xmin::text::bigint) FROM pg_publication_rel
  UNION ALL SELECT 33, count(*), sum(xmin::text::bigint) FROM pg_ts_config
  UNION ALL SELECT 34, count(*), sum(xmin::text::bigint) FROM pg_ts_config_map
  UNION ALL SELECT 35, count(*), sum(xmin::text::bigint) FROM pg_ts_dict
  UNION ALL SELECT 36, count(*), sum(xmin::text::bigint) FROM pg_ts_parser
  UNION ALL SELECT 37, count(*), sum(xmin::text::bigint) FROM pg_transform
  UNION ALL SELECT 38, count(*), sum(xmin::text::bigint) FROM pg_description
  UNION ALL SELECT 39, count(*), sum(xmin::text::bigint) FROM pg_depend
) found
