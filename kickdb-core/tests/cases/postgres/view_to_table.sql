-- from
create table t(id int);
create view x as select 1 as a;
-- to
create table t(id int);
create table x(a int);
-- up
DROP VIEW "x";
CREATE TABLE "x" (
  "a" integer
);
