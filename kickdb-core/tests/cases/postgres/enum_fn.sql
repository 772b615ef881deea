-- from
create type mood as enum ('a','b','c');
create table t(m mood default 'a');
insert into t values ('b');
create function f(m mood) returns mood language sql as 'select m';
create view v as select m from t where m = 'b';
-- to
create type mood as enum ('b','d');
create table t(m mood default 'b');
create function f(m mood) returns mood language sql as 'select m';
create view v as select m from t where m = 'b';
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"v"', to_regclass('"v"'))) r (word, name, old) JOIN pg_class ON oid = old
  UNION ALL SELECT word, name, oid, proowner AS owner, proacl AS acl
  FROM (VALUES ('ROUTINE', '"f"(mood)', to_regprocedure('"f"(mood)'))) r (word, name, old) JOIN pg_proc ON oid = old
  UNION ALL SELECT word, name, oid, typowner AS owner, typacl AS acl
  FROM (VALUES ('TYPE', '"mood"', to_regtype('"mood"'))) r (word, name, old) JOIN pg_type ON oid = old
), statements (turn, sql) AS (
  SELECT 1, format('ALTER %s %s OWNER TO %I', word, name, pg_get_userbyid(owner)) FROM held
  WHERE pg_get_userbyid(owner) <> current_user
  UNION ALL SELECT 2, format('REVOKE ALL ON %s %s FROM PUBLIC', word, name)
    || coalesce((SELECT string_agg(DISTINCT format(', %I', pg_get_userbyid(d.grantee)), '') FROM pg_default_acl, aclexplode(defaclacl) d WHERE d.grantee <> 0), '')
  FROM held WHERE acl IS NOT NULL
  UNION ALL SELECT 3, format('GRANT %s ON %s %s TO %s', a.privilege_type, word, name, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM held, aclexplode(acl) a
  UNION ALL SELECT 3, format('GRANT %s (%I) ON TABLE %s TO %s', a.privilege_type, attname, name, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM held JOIN pg_attribute ON attrelid = oid AND NOT attisdropped AND word = 'TABLE', aclexplode(attacl) a
)
SELECT set_config('kickdb.rights', coalesce(string_agg(sql, '; ' ORDER BY turn), ''), false) FROM statements;
DROP VIEW "v";
DROP FUNCTION "f"(mood);
ALTER TYPE "mood" ADD VALUE 'd' AFTER 'b';
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'b';
ALTER TYPE "mood" RENAME TO "mood__kick_old";
CREATE TYPE "mood" AS ENUM ('b', 'd');
ALTER TABLE "t"
  ALTER COLUMN "m" DROP DEFAULT,
  ALTER COLUMN "m" TYPE "mood" USING "m"::text::"mood",
  ALTER COLUMN "m" SET DEFAULT 'b';
DROP TYPE "mood__kick_old";
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION f(m mood)
 RETURNS mood
 LANGUAGE sql
AS $function$select m$function$;
CREATE VIEW v AS
 SELECT t.m
   FROM t
  WHERE (t.m = 'b'::mood);
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
