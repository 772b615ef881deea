-- from
create table t(e text);
-- to
create schema ext;
create extension pg_trgm schema ext;
create table t(e text);
create index on t using gin (e ext.gin_trgm_ops);
-- up
CREATE SCHEMA "ext";
CREATE EXTENSION "pg_trgm" SCHEMA "ext";
CREATE INDEX "t_e_idx" ON "t" USING "gin" ("e" "ext"."gin_trgm_ops");
