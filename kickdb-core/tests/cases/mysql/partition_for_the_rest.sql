-- from
create table t (id int primary key) partition by list columns (id) (partition a values in (1), partition z default);
-- to
create table t (id int primary key) partition by list columns (id) (partition a values in (1), partition b values in (2), partition z default);
-- up
ALTER TABLE `t` PARTITION BY list columns (`id`) (partition `a` values in (1), partition `b` values in (2), partition `z` default);
