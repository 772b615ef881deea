-- from
create table t(id int primary key, a text, b int);
insert into t values (1,'x',2);
create view v1 as select id, a from t;
create view v2 as select * from v1 where id > 0;
create view v3 as select v2.id, t.b from v2 join t using (id);
-- to
create table t(id int primary key, a varchar(20), b bigint);
create view v1 as select id, a from t;
create view v2 as select * from v1 where id > 0;
create view v3 as select v2.id, t.b from v2 join t using (id);
create view v4 as select max(id) from v3;
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"v1"', to_regclass('"v1"')), ('TABLE', '"v2"', to_regclass('"v2"')), ('TABLE', '"v3"', to_regclass('"v3"'))) r (word, name, old) JOIN pg_class ON oid = old
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
DROP VIEW "v3";
DROP VIEW "v2";
DROP VIEW "v1";
-- no value may change unseen
DO $$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  found := (SELECT string_agg(kick_row, ', ') FROM (SELECT 'id = ' || "id"::text || ' (' || "a" || ')' AS kick_row FROM "t" WHERE "a"::text IS DISTINCT FROM "a"::varchar(20)::text LIMIT 5) kick_first);
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column "a" of table "t" holds values that varchar(20) cannot hold exactly', DETAIL = found;
  END IF;
END
$$;
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE varchar(20),
  ALTER COLUMN "b" TYPE bigint;
CREATE VIEW v1 AS
 SELECT t.id,
    t.a
   FROM t;
CREATE VIEW v2 AS
 SELECT v1.id,
    v1.a
   FROM v1
  WHERE (v1.id > 0);
CREATE VIEW v3 AS
 SELECT v2.id,
    t.b
   FROM (v2
     JOIN t USING (id));
CREATE VIEW v4 AS
 SELECT max(v3.id) AS max
   FROM v3;
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
