-- from
create table t(id int primary key, a text, b int);
create view v1 as select id, a, b from t;
-- to
create table t(id int primary key, b int);
create view v1 as select id, b from t;
-- up
DROP VIEW "v1";
ALTER TABLE "t" DROP COLUMN "a";
CREATE VIEW v1 AS
 SELECT t.id,
    t.b
   FROM t;
