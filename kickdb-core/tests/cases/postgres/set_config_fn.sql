-- from
create table t(id int);
-- to
create table t(id int);
create function f() returns int language plpgsql security definer set search_path = public cost 5 as $$begin return 1; end$$;
-- up
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION f()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER COST 5
 SET search_path TO 'public'
AS $function$begin return 1; end$function$;
