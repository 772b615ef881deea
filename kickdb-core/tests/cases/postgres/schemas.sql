-- from
create schema app;
create table app.t(id int);
create view app.v as select id from app.t;
create function app.f() returns int language sql as 'select 1';
create table public.t(id int);
create view v as select app.t.id from app.t join public.t p using (id);
-- to
create schema app;
create schema api;
create table app.t(id bigint, z int);
create view api.v as select id from app.t;
create function api.f() returns int language sql as 'select 1';
create table public.t(id int);
create view v as select app.t.id from app.t join public.t p using (id);
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"v"', to_regclass('"v"'))) r (word, name, old) JOIN pg_class ON oid = old
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
CREATE SCHEMA "api";
DROP VIEW "app"."v";
DROP VIEW "v";
DROP FUNCTION "app"."f"();
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION api.f()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
ALTER TABLE "app"."t"
  ADD COLUMN "z" integer,
  ALTER COLUMN "id" TYPE bigint;
CREATE VIEW v AS
 SELECT t.id
   FROM (app.t
     JOIN t p USING (id));
CREATE VIEW api.v AS
 SELECT t.id
   FROM app.t;
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
