-- from
create sequence s;
create table t(id bigint default nextval('s'));
insert into t default values;
-- to
create sequence s increment 5 minvalue 10 start 20 cache 2 cycle;
create sequence s2 as smallint;
create table t(id bigint default nextval('s'), x int default nextval('s2'));
-- up
-- The counter moves between its new limits.
SELECT setval('"s"', least(greatest(last_value, 10), 9223372036854775807), is_called AND last_value BETWEEN 10 AND 9223372036854775807) FROM "s" WHERE last_value NOT BETWEEN 10 AND 9223372036854775807;
ALTER SEQUENCE "s" CACHE 2 CYCLE INCREMENT BY 5 MINVALUE 10 START WITH 20;
CREATE SEQUENCE "s2" CACHE 1 NO CYCLE INCREMENT BY 1 MAXVALUE 32767 MINVALUE 1 START WITH 1 AS smallint;
ALTER TABLE "t" ADD COLUMN "x" integer DEFAULT nextval('s2'::regclass);
