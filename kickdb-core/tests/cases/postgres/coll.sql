-- from
create table t(id int);
-- to
create collation nd (provider=icu, locale='und-u-ks-level2', deterministic=false);
create table t(id int, a text collate nd);
create index on t(a);
-- up
CREATE COLLATION nd (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
ALTER TABLE "t" ADD COLUMN "a" text COLLATE "nd";
CREATE INDEX "t_a_idx" ON "t" ("a");
