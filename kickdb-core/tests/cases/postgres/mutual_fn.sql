-- from
create table t(id int);
-- to
create table t(id int);
create function a(n int) returns int language plpgsql as $$begin return b(n); end$$;
create function b(n int) returns int language plpgsql as $$begin return a(n); end$$;
-- up
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION a(n integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$begin return b(n); end$function$;
CREATE FUNCTION b(n integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$begin return a(n); end$function$;
