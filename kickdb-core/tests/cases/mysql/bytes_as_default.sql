-- from
create table t (id int primary key, b varbinary(9) default 'x', c blob);
-- to
create table t (id int primary key, b varbinary(9) default 0x0102, c blob default (0x00ff27));
-- up
ALTER TABLE `t`
    MODIFY COLUMN `b` varbinary(9) DEFAULT 0x0102,
    MODIFY COLUMN `c` blob DEFAULT 0x00ff27;
