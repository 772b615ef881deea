-- from
create type addr as (street text, zip int);
create table t(id int, a addr);
insert into t values (1, row('x',3));
create function zip(a addr) returns int language sql as 'select (a).zip';
-- to
create type addr as (zip bigint, street text, city text);
create table t(id int, a addr);
create function zip(a addr) returns bigint language sql as 'select (a).zip';
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, proowner AS owner, proacl AS acl
  FROM (VALUES ('ROUTINE', '"zip"(addr)', to_regprocedure('"zip"(addr)'))) r (word, name, old) JOIN pg_proc ON oid = old
  UNION ALL SELECT word, name, oid, typowner AS owner, typacl AS acl
  FROM (VALUES ('TYPE', '"addr"', to_regtype('"addr"'))) r (word, name, old) JOIN pg_type ON oid = old
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
DROP FUNCTION "zip"(addr);
ALTER TYPE "addr" RENAME TO "addr__kick_old";
CREATE TYPE addr AS (zip bigint, street text, city text);
CREATE FUNCTION pg_temp."addr__kick_new"("addr__kick_old") RETURNS "addr" LANGUAGE sql STRICT AS $kick$ SELECT ROW(($1).zip, ($1).street, NULL)::"addr" $kick$;
CREATE FUNCTION pg_temp."addr__kick_all"("addr__kick_old"[]) RETURNS "addr"[] LANGUAGE sql STRICT AS $kick$ SELECT ARRAY(SELECT pg_temp."addr__kick_new"(($1)[n]) FROM generate_subscripts($1, 1) n ORDER BY n) $kick$;
ALTER TABLE "t" ALTER COLUMN "a" TYPE "addr" USING pg_temp."addr__kick_new"("a");
DROP FUNCTION pg_temp."addr__kick_all"("addr__kick_old"[]);
DROP FUNCTION pg_temp."addr__kick_new"("addr__kick_old");
DROP TYPE "addr__kick_old";
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION zip(a addr)
 RETURNS bigint
 LANGUAGE sql
AS $function$select (a).zip$function$;
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
