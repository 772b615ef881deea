-- from
create table t(id int);
insert into t values (1);
-- to
create function nextid() returns int language plpgsql as $$begin return 5; end$$;
create table t(id int default nextid(), c int default nextid() not null);
create table o(x int default nextid());
-- up
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE FUNCTION nextid()
 RETURNS integer
 LANGUAGE plpgsql
AS $function$begin return 5; end$function$;
ALTER TABLE "t"
  ADD COLUMN "c" integer NOT NULL DEFAULT nextid(),
  ALTER COLUMN "id" SET DEFAULT nextid();
CREATE TABLE "o" (
  "x" integer DEFAULT nextid()
);
