//! Functions that change while tables, views, operators and the like call them.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "an argument with a default comes",
        13,
        r#"create function f(a int) returns int language sql immutable as 'select a';
         create table t (id int, n int default f(1)); insert into t values (1,2);
         create view v as select f(id) x from t;"#,
        r#"create function f(a int, b int default 2) returns int language sql immutable as 'select a+b';
         create table t (id int, n int default f(1)); insert into t values (1,2);
         create view v as select f(id) x from t;"#,
    ),
    (
        "both forms of a function are called, and one goes",
        13,
        r#"create function f(a int) returns int language sql immutable as 'select a';
         create function f(a int, b int) returns int language sql immutable as 'select a';
         create table t (id int, n int default f(1), m int default f(1,2), check (f(id) > 0), check (f(id,n) > 0)); insert into t values (1,2,3);
         create index t_i on t (f(id)); create index t_j on t (f(id,n));
         create view v as select f(id) x, f(id,n) y from t;"#,
        r#"create function f(a int, b int) returns int language sql immutable as 'select a';
         create function f(a int, b int, c int default 1) returns int language sql immutable as 'select a';
         create table t (id int, n int default f(1,5,6), m int default f(1,2,3), check (f(id,1,2) > 0), check (f(id,n,1) > 0)); insert into t values (1,2,3);
         create index t_i on t (f(id,1,2)); create index t_j on t (f(id,n,1));
         create view v as select f(id,1,1) x, f(id,n,1) y from t;"#,
    ),
    (
        "an argument comes, and a computed column, a check, a default and a view give it",
        13,
        r#"create function f(a int) returns int language sql immutable as 'select a';
         create table t (id int, n int default f(1), g int generated always as (f(id)) stored, constraint c check (f(n) > 0)); insert into t values (1,2);
         create view v as select f(id) x from t;"#,
        r#"create function f(a int, b int) returns int language sql immutable as 'select a+b';
         create table t (id int, n int default f(1,2), g int generated always as (f(id,1)) stored, constraint c check (f(n,0) > 0)); insert into t values (1,2);
         create view v as select f(id,3) x from t;"#,
    ),
    (
        "an argument gets another type under a default and a check",
        13,
        r#"create function f(a int) returns int language sql immutable as 'select a';
         create table t (id int, n int default f(1), constraint c check (f(n) > 0)); insert into t values (1,2);"#,
        r#"create function f(a bigint) returns int language sql immutable as 'select a::int';
         create table t (id int, n int default f(1), constraint c check (f(n) > 0)); insert into t values (1,2);"#,
    ),
    (
        "the form that nobody calls goes",
        13,
        r#"create function f(a int) returns int language sql immutable as 'select a';
         create function f(a int, b int) returns int language sql immutable as 'select a';
         create table t (id int, n int default f(1,2)); insert into t values (1,2);
         create view v as select f(1,2) x;"#,
        r#"create function f(a int, b int) returns int language sql immutable as 'select a';
         create table t (id int, n int default f(1,2)); insert into t values (1,2);
         create view v as select f(1,2) x;"#,
    ),
    (
        "the function of an operator and of an aggregate",
        13,
        r#"create type cx as (r float8, i float8);
         create function cadd(a cx, b cx) returns cx language sql immutable as 'select row(a.r+b.r,a.i+b.i)::cx';
         create operator + (leftarg = cx, rightarg = cx, function = cadd, commutator = +);
         create aggregate csum(cx) (sfunc = cadd, stype = cx, initcond = '(0,0)');
         create table t (id int, c cx); insert into t values (1,row(1,2));
         create view v as select csum(c) s, csum(c + c) d from t;"#,
        r#"create type cx as (r float8, i float8);
         create function cadd(x cx, y cx) returns cx language sql immutable as 'select row(x.r+y.r,x.i+y.i)::cx';
         create operator + (leftarg = cx, rightarg = cx, function = cadd, commutator = +);
         create aggregate csum(cx) (sfunc = cadd, stype = cx, initcond = '(0,1)');
         create table t (id int, c cx); insert into t values (1,row(1,2));
         create view v as select csum(c) s, csum(c + c) d from t;"#,
    ),
    (
        "the function of a cast that a view uses",
        13,
        r#"create type mm as enum ('x','y');
         create function mm2i(mm) returns int language sql immutable as 'select case $1 when ''x'' then 1 else 2 end';
         create cast (mm as int) with function mm2i(mm) as assignment;
         create table t (id int, m mm); insert into t values (1,'x'); create view vv as select m::int as i from t;"#,
        r#"create type mm as enum ('x','y');
         create function mm2i(v mm) returns int language sql immutable as 'select case v when ''x'' then 10 else 20 end';
         create cast (mm as int) with function mm2i(mm) as implicit;
         create table t (id int, m mm); insert into t values (1,'x'); create view vv as select m::int as i from t;"#,
    ),
    (
        "an operator that a check and a view use",
        13,
        r#"create table t (id int); insert into t values (1);"#,
        r#"create function eqmod(a int, b int) returns bool language sql immutable as 'select a % 10 = b % 10';
         create operator === (leftarg = int, rightarg = int, function = eqmod, commutator = ===, restrict = eqsel, join = eqjoinsel, hashes, merges);
         create table t (id int, check (id === 1)); insert into t values (1);
         create view v as select id === 2 as x from t; comment on operator === (int,int) is 'mod';"#,
    ),
    (
        "the function of an operator class under an index",
        13,
        r#"create function cmp2(a int, b int) returns int language sql immutable as 'select case when a > b then -1 when a < b then 1 else 0 end';
         create operator class rev for type int using btree as operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 cmp2(int,int);
         create table t (id int); create index t_i on t (id rev); insert into t values (1),(2);"#,
        r#"create function cmp2(x int, y int) returns int language sql immutable as 'select case when x > y then -1 when x < y then 1 else 0 end';
         create operator class rev for type int using btree as operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 cmp2(int,int);
         create table t (id int); create index t_i on t (id rev); insert into t values (1),(2);"#,
    ),
    (
        "a view of a function that gives the rows of a table which changes",
        13,
        r#"create table t (id int, n text); create function f() returns setof t language sql stable as 'select * from t'; create view v as select id, n from f(); insert into t values (1,'a');"#,
        r#"create table t (id bigint, n text, z int); create function f() returns setof t language sql stable as 'select * from t'; create view v as select id, n, z from f(); insert into t values (1,'a');"#,
    ),
    (
        "a computed column under indexes, a check and a view calls a function that changes",
        13,
        r#"create function slug(t text) returns text language sql immutable as 'select lower(t)'; create table t (id int, n text, s text generated always as (slug(n)) stored); create unique index t_s on t (s); create index t_s2 on t (lower(s)) ; alter table t add constraint ck check (s <> ''); create view v as select s from t; insert into t values (1,'A');"#,
        r#"create function slug(t text, sep text default '-') returns text language sql immutable as 'select lower(t) || sep'; create table t (id int, n text, s text generated always as (slug(n)) stored); create unique index t_s on t (s); create index t_s2 on t (lower(s)) ; alter table t add constraint ck check (s <> ''); create view v as select s from t; insert into t values (1,'A');"#,
    ),
    (
        "the function of a domain in use",
        13,
        r#"create function ok(text) returns bool language sql immutable as 'select true'; create domain em as text check (ok(value)); create table t (a em, b text check (ok(b)), c em[]); insert into t values ('x','y','{z}');"#,
        r#"create function ok(v text) returns bool language sql immutable as 'select v <> ''q'''; create domain em as text check (ok(value)) default 'd'; create table t (a em, b text check (ok(b)), c em[]); insert into t values ('x','y','{z}');"#,
    ),
    (
        "functions look for what they say in a schema of their own, which changes",
        13,
        r#"create schema s; create table s.t (id int); create function f() returns bigint language sql set search_path = s as 'select count(*) from t'; create function g() returns int language plpgsql set search_path to s, public as 'begin return (select max(id) from t); end';"#,
        r#"create schema s; create table s.t (id int, b int); create function f() returns bigint language sql set search_path = s, public set work_mem = '1MB' as 'select count(b) from t'; create function g() returns int language plpgsql set search_path to s as 'begin return (select max(b) from t); end';"#,
    ),
    (
        "functions look for what they say in a schema of their own, and are new",
        13,
        r#"create schema s;"#,
        r#"create schema s; create table s.b (id int); create view s.a as select id from s.b; create function public.f() returns bigint language sql set search_path = s as 'select count(*) from a'; create function public.aa() returns bigint language sql set search_path to 's', 'public' as 'select f() + count(id) from b';"#,
    ),
    (
        "functions that are named without arguments",
        13,
        "create table o (id int);",
        "create table o (id int); create schema d;
         create function z(internal) returns index_am_handler language internal as 'bthandler'; create access method a type index handler z;
         create function z() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler'; create language l handler z;",
    ),
    (
        "the operator class of a range is in a schema",
        13,
        "create table o (id int);",
        "create table o (id int); create schema d;
         create operator class d.c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int);
         create type r as range (subtype = int, subtype_opclass = d.c);",
    ),
    (
        "functions whose bodies find things by a path that this session has not, or no more",
        13,
        "create schema app; create table app.t (id int, n text); insert into app.t values (1, 'x');",
        "create schema app; create table app.t (id int, n text); insert into app.t values (1, 'x'); set search_path = app, public;
         create function app.f() returns bigint language sql as 'select count(*) from t'; create function public.g() returns setof app.t language sql as 'select * from t where f() > 0';
         create procedure public.p() language sql as 'insert into t values (2)'; create function public.r() returns int language plpgsql as 'declare r t; begin return 1; end';
         create table gone (id int); create function public.h() returns bigint language sql as 'select count(*) from gone'; drop table gone; reset search_path;",
    ),
    (
        "a function under a check of a partitioned table and of one that others inherit from",
        13,
        r#"create function f(x int) returns int language sql immutable as 'select x';
         create table m (id int, qty int, constraint c check (qty <= f(100)), constraint own check (f(id) < 50)) partition by range (id);
         create table p1 partition of m for values from (0) to (10) partition by list (id); create table p11 partition of p1 default;
         create table a (id int, constraint z check (f(id) > 0)); create table b (own int check (f(own) > 1)) inherits (a);
         insert into m values (1, 2); insert into b values (1, 2);"#,
        r#"create function f(x int) returns bigint language sql immutable as 'select x';
         create table m (id int, qty int, constraint c check (qty <= f(100)), constraint own check (f(id) < 50)) partition by range (id);
         create table p1 partition of m for values from (0) to (10) partition by list (id); create table p11 partition of p1 default;
         create table a (id int, constraint z check (f(id) > 0)); create table b (own int check (f(own) > 1)) inherits (a);"#,
    ),
    (
        "an aggregate over all rows changes",
        13,
        "create aggregate a(*) (sfunc = int8inc, stype = int8, initcond = '7'); create table t (id int); create view v as select a(*) from t;",
        "create aggregate a(*) (sfunc = int8inc, stype = int8, initcond = '0'); create table t (id int); create view v as select a(*) from t;",
    ),
    (
        "a function becomes one of windows, and another one is so no longer",
        13,
        r#"create function f() returns bigint language internal as 'window_row_number'; create function "window"(a int) returns int language sql as 'select a';
         create function g() returns bigint language internal window as 'window_rank'; create view v as select g() over (order by n) from (values (1)) x(n);"#,
        r#"create function f() returns bigint language internal window as 'window_row_number'; create function "window"(a int) returns int language sql as 'select a + 1';
         create function g() returns bigint language internal as 'window_rank'; create view v as select f() over (order by n) from (values (1)) x(n);"#,
    ),
];
