-- from
create table t(id int);
create table x(a int);
-- to
create table t(id int);
create view x as select id as a from t;
-- up
DROP TABLE "x";
CREATE VIEW x AS
 SELECT t.id AS a
   FROM t;
