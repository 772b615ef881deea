-- since 14
-- from
create table t(id int, n int);
create function s() returns bigint language sql begin atomic select sum(n) from t;
end;
-- to
create table t(id int, n bigint);
create function s() returns numeric language sql begin atomic select sum(n) from t;
end;
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, proowner AS owner, proacl AS acl
  FROM (VALUES ('ROUTINE', '"s"()', to_regprocedure('"s"()'))) r (word, name, old) JOIN pg_proc ON oid = old
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
DROP FUNCTION "s"();
ALTER TABLE "t" ALTER COLUMN "n" TYPE bigint;
CREATE FUNCTION s()
 RETURNS numeric
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(t.n) AS sum
    FROM t;
END;
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
