-- from
create table t(id int);
create view x as select id from t;
-- to
create table t(id int);
create materialized view x as select id from t;
create index on x(id);
comment on materialized view x is 'm';
comment on column x.id is 'c';
-- up
DROP VIEW "x";
CREATE MATERIALIZED VIEW x AS
 SELECT t.id
   FROM t;
COMMENT ON MATERIALIZED VIEW "x" IS 'm';
COMMENT ON COLUMN "x".id IS 'c';
CREATE INDEX x_id_idx ON x USING btree (id);
