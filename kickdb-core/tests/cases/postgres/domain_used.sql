-- from
create domain email as text check (value like '%@%');
create table t(id int, e email default 'a@b');
insert into t values (1,'x@y');
create view v as select e from t;
-- to
create domain email as varchar(100) default 'q@r' not null constraint fmt check (value ~ '@');
create table t(id int, e email default 'a@b');
create view v as select e from t;
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"v"', to_regclass('"v"'))) r (word, name, old) JOIN pg_class ON oid = old
  UNION ALL SELECT word, name, oid, typowner AS owner, typacl AS acl
  FROM (VALUES ('TYPE', '"email"', to_regtype('"email"'))) r (word, name, old) JOIN pg_type ON oid = old
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
ALTER DOMAIN "email" RENAME TO "email__kick_old";
CREATE DOMAIN "email" AS character varying(100) DEFAULT 'q@r'::character varying NOT NULL
  CONSTRAINT "fmt" CHECK (((VALUE)::text ~ '@'::text));
-- no value may change unseen
DO $$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  found := (SELECT string_agg(kick_row, ', ') FROM (SELECT 'ctid = ' || ctid || ' (' || "e" || ')' AS kick_row FROM "t" WHERE "e"::text::text IS DISTINCT FROM "e"::text::varchar(100)::text LIMIT 5) kick_first);
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column "e" of table "t" holds values that varchar(100) cannot hold exactly', DETAIL = found;
  END IF;
END
$$;
ALTER TABLE "t"
  ALTER COLUMN "e" DROP DEFAULT,
  ALTER COLUMN "e" TYPE "email" USING "e"::character varying(100)::"email",
  ALTER COLUMN "e" SET DEFAULT 'a@b';
DROP DOMAIN "email__kick_old";
CREATE VIEW v AS
 SELECT t.e
   FROM t;
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
