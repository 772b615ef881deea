-- from
create table t(id int, n int);
insert into t values (1,2);
create materialized view m as select id, sum(n) s from t group by id;
create unique index m_id on m(id);
create view vm as select s from m;
comment on view vm is 'it''s';
-- to
create table t(id bigint, n numeric(10,2));
create materialized view m as select id, sum(n) s from t group by id;
create unique index m_id on m(id);
create index m_s on m(s desc);
create view vm as select s from m;
comment on view vm is 'other';
-- up
-- What is made again stays with its owner and with those who may use it.
WITH held AS (
  SELECT word, name, oid, relowner AS owner, relacl AS acl
  FROM (VALUES ('TABLE', '"m"', to_regclass('"m"')), ('TABLE', '"vm"', to_regclass('"vm"'))) r (word, name, old) JOIN pg_class ON oid = old
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
DROP INDEX "m_id";
DROP VIEW "vm";
DROP MATERIALIZED VIEW "m";
ALTER TABLE "t"
  ALTER COLUMN "id" TYPE bigint,
  ALTER COLUMN "n" TYPE numeric(10, 2);
CREATE MATERIALIZED VIEW m AS
 SELECT t.id,
    sum(t.n) AS s
   FROM t
  GROUP BY t.id;
CREATE VIEW vm AS
 SELECT m.s
   FROM m;
COMMENT ON VIEW "vm" IS 'other';
CREATE UNIQUE INDEX m_id ON m USING btree (id);
CREATE INDEX m_s ON m USING btree (s DESC);
DO $$
BEGIN
  EXECUTE coalesce(current_setting('kickdb.rights', true), '');
  PERFORM set_config('kickdb.rights', '', false);
END
$$;
