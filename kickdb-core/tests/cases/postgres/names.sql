-- from
create table "T x"("A b" int);
create view "V.x" as select "A b" from "T x";
create function "F q"("X" int) returns int language sql as 'select "X"';
-- to
create table "T x"("A b" bigint);
create view "V.x" as select "A b" from "T x";
create function "F q"("X" int, "y""z" int) returns int language sql as 'select "X"';
create view "select" as select "A b" as "from" from "V.x";
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"V.x"', to_regclass('"V.x"'))) r (word, name, old) JOIN pg_class ON oid = old
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
DROP VIEW "V.x";
DROP FUNCTION "F q"(integer);
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION "F q"("X" integer, "y""z" integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select "X"$function$;
ALTER TABLE "T x" ALTER COLUMN "A b" TYPE bigint;
CREATE VIEW "V.x" AS
 SELECT "T x"."A b"
   FROM "T x";
CREATE VIEW "select" AS
 SELECT "V.x"."A b" AS "from"
   FROM "V.x";
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
