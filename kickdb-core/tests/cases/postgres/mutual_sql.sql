-- from
create table t(id int);
set check_function_bodies=off;
create function a(n int) returns int language sql as 'select b(n)';
create function b(n int) returns int language sql as 'select case when n=0 then 0 else a(n-1) end';
-- to
create table t(id int);
-- up
DROP FUNCTION "b"(integer);
DROP FUNCTION "a"(integer);
