-- from
create table t(id int primary key, a text, b int);
create view v1 as select id, a, b from t;
-- to
create table t(id int primary key, b int);
create view v1 as select id, b from t;
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"v1"', to_regclass('"v1"'))) r (word, name, old) JOIN pg_class ON oid = old
), statements (turn, sql) AS (
  SELECT 1, format('ALTER %s %s OWNER TO %I', word, name, pg_get_userbyid(owner)) FROM held
  WHERE pg_get_userbyid(owner) <> current_user
  UNION ALL SELECT 2, format('REVOKE ALL ON %s %s FROM PUBLIC', word, name)
    || coalesce((SELECT string_agg(DISTINCT format(', %I', pg_get_userbyid(d.grantee)), '') FROM pg_default_acl, aclexplode(defaclacl) d WHERE d.grantee <> 0), '')
  FROM held WHERE acl IS NOT NULL
  UNION ALL SELECT 3, format('GRANT %s ON %s %s TO %s', a.privilege_type, word, name, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM held, aclexplode(acl) a
  UNION ALL SELECT 3, format(CASE WHEN name IN ('"v1"') THEN 'DO $kick$ BEGIN GRANT %s (%I) ON TABLE %s TO %s; EXCEPTION WHEN undefined_column THEN NULL; END $kick$' ELSE 'GRANT %s (%I) ON TABLE %s TO %s' END, a.privilege_type, attname, name, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM held JOIN pg_attribute ON attrelid = oid AND NOT attisdropped AND word = 'TABLE', aclexplode(attacl) a
)
SELECT set_config('kickdb.rights', coalesce(string_agg(sql, '; ' ORDER BY turn), ''), false) FROM statements;
DROP VIEW "v1";
ALTER TABLE "t" DROP COLUMN "a";
CREATE VIEW v1 AS
 SELECT t.id,
    t.b
   FROM t;
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
