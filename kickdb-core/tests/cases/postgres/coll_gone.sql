-- from
create collation nd (provider=icu, locale='und-u-ks-level2', deterministic=false);
create table t(id int, a text collate nd);
create index on t(a);
-- to
create table t(id int);
-- up
DROP INDEX "t_a_idx";
ALTER TABLE "t" DROP COLUMN "a";
DROP COLLATION "nd";
