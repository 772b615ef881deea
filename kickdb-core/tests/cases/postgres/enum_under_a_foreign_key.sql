-- from
CREATE TYPE state AS ENUM ('a', 'b', 'c');
CREATE TABLE p (k state PRIMARY KEY);
CREATE TABLE t (id int, k state REFERENCES p);
INSERT INTO p VALUES ('a');
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TYPE state AS ENUM ('b', 'a');
CREATE TABLE p (k state PRIMARY KEY);
CREATE TABLE t (id int, k state REFERENCES p);
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, typowner AS owner, typacl AS acl
  FROM (VALUES ('TYPE', '"state"', to_regtype('"state"'))) r (word, name, old) JOIN pg_type ON oid = old
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
ALTER TABLE "t" DROP CONSTRAINT "t_k_fkey";
ALTER TYPE "state" RENAME TO "state__kick_old";
CREATE TYPE "state" AS ENUM ('b', 'a');
ALTER TABLE "p" ALTER COLUMN "k" TYPE "state" USING "k"::text::"state";
ALTER TABLE "t" ALTER COLUMN "k" TYPE "state" USING "k"::text::"state";
ALTER TABLE "t" ADD CONSTRAINT "t_k_fkey" FOREIGN KEY ("k") REFERENCES "p" ("k");
DROP TYPE "state__kick_old";
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
