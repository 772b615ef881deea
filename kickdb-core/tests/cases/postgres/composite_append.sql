-- from
create type addr as (street text);
create table t(id int, a addr);
insert into t values (1, row('x'));
-- to
create type addr as (street text, zip int);
create table t(id int, a addr);
-- up
ALTER TYPE "addr" ADD ATTRIBUTE zip integer;
