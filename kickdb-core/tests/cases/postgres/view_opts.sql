-- from
create table t(id int);
create view v as select id from t where id > 0;
-- to
create table t(id int);
create view v with (security_barrier, check_option=local) as select id from t where id > 0;
create recursive view nums(n) as values (1) union all select n+1 from nums where n < 10;
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
  UNION ALL SELECT 3, format(CASE WHEN name IN ('"v"') THEN 'DO $kick$ BEGIN GRANT %s (%I) ON TABLE %s TO %s; EXCEPTION WHEN undefined_column THEN NULL; END $kick$' ELSE 'GRANT %s (%I) ON TABLE %s TO %s' END, a.privilege_type, attname, name, coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')
    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM held JOIN pg_attribute ON attrelid = oid AND NOT attisdropped AND word = 'TABLE', aclexplode(attacl) a
)
SELECT set_config('kickdb.rights', coalesce(string_agg(sql, '; ' ORDER BY turn), ''), false) FROM statements;
DROP VIEW "v";
CREATE VIEW nums AS
 WITH RECURSIVE nums(n) AS (
         VALUES (1)
        UNION ALL
         SELECT (nums_1.n + 1)
           FROM nums nums_1
          WHERE (nums_1.n < 10)
        )
 SELECT nums.n
   FROM nums;
CREATE VIEW v WITH (security_barrier=true, check_option=local) AS
 SELECT t.id
   FROM t
  WHERE (t.id > 0);
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
