-- from
create table t (id int primary key, a int, b int, key one (a), unique key two (b));
-- to
create table t (id int primary key, a int, b int, unique key one (b), key two (a));
-- up
ALTER TABLE `t`
    DROP INDEX `one`,
    DROP INDEX `two`,
    ADD UNIQUE KEY `one` (`b`),
    ADD KEY `two` (`a`);
