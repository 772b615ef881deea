-- from
create table t(id int);
create procedure p(a int) language sql as 'insert into t values (a)';
-- to
create table t(id int, b int);
create procedure p(a int, inout b int) language plpgsql as $$begin b := a; end$$;
-- up
DROP PROCEDURE "p"(integer);
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE PROCEDURE p(IN a integer, INOUT b integer)
 LANGUAGE plpgsql
AS $procedure$begin b := a; end$procedure$;
ALTER TABLE "t" ADD COLUMN "b" integer;
