-- from
create table "T x"("A b" int);
create view "V.x" as select "A b" from "T x";
create function "F q"("X" int) returns int language sql as 'select "X"';
-- to
create table "T x"("A b" bigint);
create view "V.x" as select "A b" from "T x";
create function "F q"("X" int, "y""z" int) returns int language sql as 'select "X"';
create view "select" as select "A b" as "from" from "V.x";
-- up
DROP VIEW "V.x";
DROP FUNCTION "F q"(integer);
SET check_function_bodies = off;
CREATE FUNCTION "F q"("X" integer, "y""z" integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select "X"$function$;
ALTER TABLE "T x" ALTER COLUMN "A b" TYPE bigint;
CREATE VIEW "V.x" AS
 SELECT "T x"."A b"
   FROM "T x";
CREATE VIEW "select" AS
 SELECT "V.x"."A b" AS "from"
   FROM "V.x";
