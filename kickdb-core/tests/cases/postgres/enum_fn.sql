-- from
create type mood as enum ('a','b','c');
create table t(m mood default 'a');
insert into t values ('b');
create function f(m mood) returns mood language sql as 'select m';
create view v as select m from t where m = 'b';
-- to
create type mood as enum ('b','d');
create table t(m mood default 'b');
create function f(m mood) returns mood language sql as 'select m';
create view v as select m from t where m = 'b';
-- up
DROP VIEW "v";
DROP FUNCTION "f"(mood);
ALTER TYPE "mood" ADD VALUE 'd' AFTER 'b';
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'b';
ALTER TYPE "mood" RENAME TO "mood__kick_old";
CREATE TYPE "mood" AS ENUM ('b', 'd');
ALTER TABLE "t"
  ALTER COLUMN "m" DROP DEFAULT,
  ALTER COLUMN "m" TYPE "mood" USING "m"::text::"mood",
  ALTER COLUMN "m" SET DEFAULT 'b';
DROP TYPE "mood__kick_old";
CREATE FUNCTION f(m mood)
 RETURNS mood
 LANGUAGE sql
AS $function$select m$function$;
CREATE VIEW v AS
 SELECT t.m
   FROM t
  WHERE (t.m = 'b'::mood);
