-- from
create table t(id int);
insert into t(id) values (1),(2);
create view v as select id, case when id > 1 then 'a' else 'b' end k, id between 1 and 5 as z from t where id in (1,2,3) order by id;
create function f() returns int language sql as 'select 1';
-- to
create table t(id int);
insert into t(id) values (1),(2);
create view v as select t.id, case when t.id > 1 then 'a'::text else 'b' end as k, (id >= 1 and id <= 5) as z from t where id = any (array[1,2,3]) order by id;
create function f() returns int as 'select 1' language sql;
-- up
