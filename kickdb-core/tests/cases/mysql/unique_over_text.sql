-- from
create table t (id int primary key, a varchar(100), b text, unique key a_once (a), unique key b_once (b), unique key id_hash (id) using hash);
-- to
create table t (id int primary key, a text, b varchar(100), c blob, unique key a_once (a), unique key b_once (b), unique key c_once (c, b), unique key id_hash (id));
-- up
ALTER TABLE `t`
    DROP INDEX `id_hash`,
    ADD COLUMN `c` blob,
    MODIFY COLUMN `a` text,
    MODIFY COLUMN `b` varchar(100),
    ADD UNIQUE KEY `c_once` (`c`, `b`),
    ADD UNIQUE KEY `id_hash` (`id`);
