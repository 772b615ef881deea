-- from
create table t(a int, b int, c int);
create statistics s1 on a, b from t;
-- to
create table t(a int, b bigint, c int);
create statistics s1 (dependencies) on a, c from t;
create statistics s2 on a, b from t;
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, stxowner AS owner, NULL::aclitem[] AS acl
  FROM (VALUES ('STATISTICS', '"s1"', (SELECT oid FROM pg_statistic_ext WHERE stxname = 's1' AND stxnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())))) r (word, name, old) JOIN pg_statistic_ext ON oid = old
), statements (turn, sql) AS (
  SELECT 1, format('ALTER %s %s OWNER TO %I', word, name, pg_get_userbyid(owner)) FROM held
  WHERE pg_get_userbyid(owner) <> current_user
)
SELECT set_config('kickdb.rights', coalesce(string_agg(sql, '; ' ORDER BY turn), ''), false) FROM statements;
DROP STATISTICS "s1";
ALTER TABLE "t" ALTER COLUMN "b" TYPE bigint;
CREATE STATISTICS s1 (dependencies) ON a, c FROM t;
CREATE STATISTICS s2 ON a, b FROM t;
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
