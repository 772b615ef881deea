-- from
create type addr as (street text, zip int);
create table t(id int, a addr);
insert into t values (1, row('x',3));
create function zip(a addr) returns int language sql as 'select (a).zip';
-- to
create type addr as (zip bigint, street text, city text);
create table t(id int, a addr);
create function zip(a addr) returns bigint language sql as 'select (a).zip';
-- up
DROP FUNCTION "zip"(addr);
ALTER TYPE "addr" RENAME TO "addr__kick_old";
CREATE TYPE addr AS (zip bigint, street text, city text);
ALTER TABLE "t" ALTER COLUMN "a" TYPE "addr" USING CASE WHEN "a" IS NULL THEN NULL ELSE ROW(("a").zip, ("a").street, NULL)::"addr" END;
DROP TYPE "addr__kick_old";
CREATE FUNCTION zip(a addr)
 RETURNS bigint
 LANGUAGE sql
AS $function$select (a).zip$function$;
