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
