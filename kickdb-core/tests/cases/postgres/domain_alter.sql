-- from
create domain d as int check (value > 0);
create table t(a d, b d[]);
insert into t values (1,'{1,2}');
-- to
create domain d as int default 3 check (value > -5) constraint small check (value < 100);
create table t(a d, b d[]);
comment on domain d is 'dd';
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, typowner AS owner, typacl AS acl
  FROM (VALUES ('TYPE', '"d"', to_regtype('"d"'))) r (word, name, old) JOIN pg_type ON oid = old
), statements (turn, sql) AS (
  SELECT 1, format('ALTER %s %s OWNER TO %I', word, name, pg_get_userbyid(owner)) FROM held
  WHERE pg_get_userbyid(owner) <> current_user
  UNION ALL SELECT 2, format('REVOKE ALL ON %s %s FROM PUBLIC', word, name)
    || coalesce((SELECT string_agg(DISTINCT format(', %I', pg_get_userbyid(d.grantee)), '') FROM pg_default_acl, aclexplode(defaclacl) d WHERE d.grantee <> 0), '')
  FROM held WHERE acl IS NOT NULL
  UNION ALL SELECT 3, format('GRANT %s ON %s %s TO %s', a.privilege_type, word, name, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM held, aclexplode(acl) a
)
SELECT set_config('kickdb.rights', coalesce(string_agg(sql, '; ' ORDER BY turn), ''), false) FROM statements;
ALTER DOMAIN "d" RENAME TO "d__kick_old";
CREATE DOMAIN "d" AS integer DEFAULT 3
  CONSTRAINT "d_check" CHECK ((VALUE > '-5'::integer))
  CONSTRAINT "small" CHECK ((VALUE < 100));
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE "d" USING "a"::integer::"d",
  ALTER COLUMN "b" TYPE "d"[] USING "b"::integer[]::"d"[];
DROP DOMAIN "d__kick_old";
COMMENT ON DOMAIN "d" IS 'dd';
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
