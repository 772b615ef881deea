-- from
create table t(id int, a text);
create function f(r t) returns text language sql as 'select r.a';
-- to
create table u(id int);
-- up
DROP FUNCTION "f"(t);
DROP TABLE "t";
CREATE TABLE "u" (
  "id" integer
);
