-- from
create table t (id int primary key, a int, g1 int as (a + 1) stored, g2 int as (g1 + 1) virtual, g3 int as (g2 + a) stored, key (g3), constraint g3_small check (g3 < 100));
-- to
create table t (id int primary key, a bigint, g1 bigint as (a + 2) stored, g2 bigint as (g1 + 2) virtual, g3 bigint as (g2 + a) stored, key (g3), constraint g3_small check (g3 < 100));
-- up
ALTER TABLE `t`
    DROP CONSTRAINT `g3_small`,
    DROP INDEX `g3`,
    DROP COLUMN `g1`,
    DROP COLUMN `g2`,
    DROP COLUMN `g3`,
    MODIFY COLUMN `a` bigint;
ALTER TABLE `t`
    ADD COLUMN `g1` bigint GENERATED ALWAYS AS (`a` + 2) STORED,
    ADD COLUMN `g2` bigint GENERATED ALWAYS AS (`g1` + 2) VIRTUAL,
    ADD COLUMN `g3` bigint GENERATED ALWAYS AS (`g2` + `a`) STORED,
    ADD KEY `g3` (`g3`),
    ADD CONSTRAINT `g3_small` CHECK (`g3` < 100);
