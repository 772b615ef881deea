-- from
create schema app;
create table app.t(id int);
create view app.v as select id from app.t;
create function app.f() returns int language sql as 'select 1';
create table public.t(id int);
create view v as select app.t.id from app.t join public.t p using (id);
-- to
create schema app;
create schema api;
create table app.t(id bigint, z int);
create view api.v as select id from app.t;
create function api.f() returns int language sql as 'select 1';
create table public.t(id int);
create view v as select app.t.id from app.t join public.t p using (id);
-- up
CREATE SCHEMA "api";
DROP VIEW "app"."v";
DROP VIEW "v";
DROP FUNCTION "app"."f"();
CREATE FUNCTION api.f()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
ALTER TABLE "app"."t"
  ADD COLUMN "z" integer,
  ALTER COLUMN "id" TYPE bigint;
CREATE VIEW v AS
 SELECT t.id
   FROM (app.t
     JOIN t p USING (id));
CREATE VIEW api.v AS
 SELECT t.id
   FROM app.t;
