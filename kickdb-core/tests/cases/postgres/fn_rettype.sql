-- from
create function f() returns int language sql immutable as 'select 1';
create table t(id int default f(), a int check (a > f()), g int generated always as (f()) stored);
create index ti on t((id + f()));
create view v as select f() as x;
create function g() returns int language sql as 'select f()';
insert into t(id) values (1);
-- to
create function f() returns bigint language sql immutable as 'select 2::bigint';
create table t(id int default f(), a int check (a > f()), g int generated always as (f()) stored);
create index ti on t((id + f()));
create view v as select f() as x;
create function g() returns int language sql as 'select f()::int';
-- up
DROP VIEW "v";
ALTER TABLE "t" DROP CONSTRAINT "t_a_check";
DROP INDEX "ti";
ALTER TABLE "t" DROP COLUMN "g";
ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT;
DROP FUNCTION "f"();
CREATE FUNCTION f()
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$select 2::bigint$function$;
CREATE OR REPLACE FUNCTION g()
 RETURNS integer
 LANGUAGE sql
AS $function$select f()::int$function$;
CREATE VIEW v AS
 SELECT f() AS x;
ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT f();
ALTER TABLE "t" ADD COLUMN "g" integer GENERATED ALWAYS AS (f()) STORED;
ALTER TABLE "t" ADD CONSTRAINT "t_a_check" CHECK (a > f());
CREATE INDEX "ti" ON "t" ((id + f()));
