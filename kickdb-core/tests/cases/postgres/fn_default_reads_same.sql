-- from
create table t(id int);
-- to
create table t(id int);
create table w(x int);
create function cnt() returns bigint language sql as 'select count(*) from w';
create table z(n bigint default cnt());
-- up
CREATE TABLE "w" (
  "x" integer
);
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION cnt()
 RETURNS bigint
 LANGUAGE sql
AS $function$select count(*) from w$function$;
CREATE TABLE "z" (
  "n" bigint DEFAULT cnt()
);
