-- from
create function f() returns int language sql immutable as 'select 1';
create table t(id int default f(), a int check (a > f()), g int generated always as (f()) stored);
create index ti on t((id + f()));
create view v as select f() as x;
create function g() returns int language sql as 'select f()';
insert into t(id) values (1);
-- to
create function f() returns bigint language sql immutable as 'select 2::bigint';
create table t(id int default f(), a int check (a > f()), g int generated always as (f()) stored);
create index ti on t((id + f()));
create view v as select f() as x;
create function g() returns int language sql as 'select f()::int';
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"v"', to_regclass('"v"'))) r (word, name, old) JOIN pg_class ON oid = old
  UNION ALL SELECT word, name, oid, proowner AS owner, proacl AS acl
  FROM (VALUES ('ROUTINE', '"f"()', to_regprocedure('"f"()'))) r (word, name, old) JOIN pg_proc ON oid = old
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
ALTER TABLE "t" DROP CONSTRAINT "t_a_check";
DROP INDEX "ti";
ALTER TABLE "t" DROP COLUMN "g";
ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT;
DROP FUNCTION "f"();
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION f()
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$select 2::bigint$function$;
CREATE OR REPLACE FUNCTION g()
 RETURNS integer
 LANGUAGE sql
AS $function$select f()::int$function$;
CREATE VIEW v AS
 SELECT f() AS x;
ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT f();
ALTER TABLE "t" ADD COLUMN "g" integer GENERATED ALWAYS AS (f()) STORED;
ALTER TABLE "t" ADD CONSTRAINT "t_a_check" CHECK ((a > f()));
CREATE INDEX "ti" ON "t" (((id + f())));
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
