-- from
CREATE TYPE address AS (street text, city text, zip text);
COMMENT ON TYPE address IS 'where';
CREATE TABLE t (id int, one address, many address[]);
INSERT INTO t VALUES (1, ('s', 'c', 'z'), ARRAY[('s', 'c', 'z')::address]);
-- to
CREATE TYPE address AS (street text, city text);
CREATE TABLE t (id int, one address, many address[]);
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, typowner AS owner, typacl AS acl
  FROM (VALUES ('TYPE', '"address"', to_regtype('"address"'))) r (word, name, old) JOIN pg_type ON oid = old
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
ALTER TYPE "address" RENAME TO "address__kick_old";
CREATE TYPE address AS (street text, city text);
CREATE FUNCTION pg_temp."address__kick_new"("address__kick_old") RETURNS "address" LANGUAGE sql STRICT AS $kick$ SELECT ROW(($1).street, ($1).city)::"address" $kick$;
CREATE FUNCTION pg_temp."address__kick_all"("address__kick_old"[]) RETURNS "address"[] LANGUAGE sql STRICT AS $kick$ SELECT ARRAY(SELECT pg_temp."address__kick_new"(($1)[n]) FROM generate_subscripts($1, 1) n ORDER BY n) $kick$;
-- no value may change unseen
DO $$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  found := (SELECT string_agg(kick_row, ', ') FROM (SELECT 'ctid = ' || ctid || ' (' || "many"::text || ')' AS kick_row FROM "t" WHERE array_dims("many") IS DISTINCT FROM '[1:' || nullif(cardinality("many"), 0) || ']' LIMIT 5) kick_first);
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column "many" of table "t" holds values that "address"[] cannot hold exactly', DETAIL = found;
  END IF;
END
$$;
ALTER TABLE "t"
  ALTER COLUMN "one" TYPE "address" USING pg_temp."address__kick_new"("one"),
  ALTER COLUMN "many" TYPE "address"[] USING pg_temp."address__kick_all"("many");
DROP FUNCTION pg_temp."address__kick_all"("address__kick_old"[]);
DROP FUNCTION pg_temp."address__kick_new"("address__kick_old");
DROP TYPE "address__kick_old";
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
