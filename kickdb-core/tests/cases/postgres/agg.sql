-- from
create table t(a int);
-- to
create table t(a int);
create function acc(int,int) returns int language sql immutable as 'select coalesce($1,0)+$2';
create aggregate mysum(int) (sfunc=acc, stype=int, initcond='0');
create view v as select mysum(a) from t;
-- up
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION acc(integer, integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select coalesce($1,0)+$2$function$;
CREATE AGGREGATE mysum(integer) (SFUNC = acc, STYPE = integer, INITCOND = '0');
CREATE VIEW v AS
 SELECT mysum(t.a) AS mysum
   FROM t;
