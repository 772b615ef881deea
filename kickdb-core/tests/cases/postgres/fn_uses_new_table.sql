-- from
create table t(id int);
-- to
create table t(id int, n bigint default 0);
create table u(x int);
create function cnt() returns bigint language sql as 'select count(*) from u';
create view v as select cnt() c;
create function rows() returns setof u language sql as 'select * from u';
-- up
ALTER TABLE "t" ADD COLUMN "n" bigint DEFAULT 0;
CREATE TABLE "u" (
  "x" integer
);
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION cnt()
 RETURNS bigint
 LANGUAGE sql
AS $function$select count(*) from u$function$;
CREATE FUNCTION rows()
 RETURNS SETOF u
 LANGUAGE sql
AS $function$select * from u$function$;
CREATE VIEW v AS
 SELECT cnt() AS c;
