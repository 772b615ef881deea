-- from
create table t(id int, a text);
create function f(r t) returns text language sql as 'select r.a';
create view v as select f(t) from t;
-- to
create table t(id int, a text, b int);
create function f(r t) returns text language sql as 'select r.a';
create view v as select f(t) from t;
-- up
ALTER TABLE "t" ADD COLUMN "b" integer;
