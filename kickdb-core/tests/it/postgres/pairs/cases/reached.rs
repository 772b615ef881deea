//! What a table reaches through functions and types: other tables that come, change or go with it.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "the default of a new column calls a function that reads a new table",
        13,
        r#"create table t1 (id int primary key); insert into t1 values (1);"#,
        r#"create table zz (id int primary key);
         create function f() returns int language sql stable as 'select count(*)::int from zz';
         create table t1 (id int primary key, n int default f()); insert into t1 values (1, 0);"#,
    ),
    (
        "a computed column calls a function that reads a new table",
        13,
        r#"create table t1 (id int primary key, n int); insert into t1 values (1, 2);"#,
        r#"create table zz (id int primary key);
         create function f(i int) returns int language plpgsql immutable as 'begin return (select count(*) from zz where id = i); end';
         create table t1 (id int primary key, n int, g int generated always as (f(id)) stored); insert into t1 (id, n) values (1, 2);"#,
    ),
    (
        "the default of a new column calls a function that reads a new column",
        13,
        r#"create table t1 (id int primary key); create table t2 (id int primary key); insert into t1 values (1); insert into t2 values (1)"#,
        r#"create table t2 (id int primary key, w int default 3); insert into t2 values (1);
         create function f() returns int language sql stable as 'select max(w) from t2';
         create table t1 (id int primary key, n int default f());  insert into t1 values (1);"#,
    ),
    (
        "an index of a new table calls a function that reads another",
        13,
        r#"create table o (id int);"#,
        r#"create table o (id int); create table zz (id int primary key);
         create function f(i int) returns int language sql immutable as 'select count(*)::int from public.zz where id = i';
         create table t1 (id int primary key); create index i on t1 (f(id));"#,
    ),
    (
        "new tables whose expressions are held to another",
        14,
        r#"create table o (id int);"#,
        r#"create table o (id int); create table zz (id int primary key);
         create function f(i int) returns int language sql immutable begin atomic; select count(*)::int from zz where id = i; end;
         create table t1 (id int primary key, n int default f(1), check (f(n) > 0)); create index i on t1 (f(id));"#,
    ),
    (
        "the function reads a view of a new table",
        13,
        r#"create table o (id int); insert into o values (1)"#,
        r#"create table o (id int); create table zz (id int primary key); create view vv as select id from zz;
         create function f(i int) returns int language sql immutable as 'select count(*)::int from vv where id = i';
         alter table o add n int default f(1); insert into o values (1);"#,
    ),
    (
        "the function calls another one",
        13,
        r#"create table o (id int); insert into o values (1)"#,
        r#"create table o (id int); create table zz (id int primary key); create view vv as select id from zz;
         create function f(i int) returns int language sql immutable as 'select count(*)::int from zz where id = i';
         create function e(i int) returns int language plpgsql stable as 'begin return f(i); end';
         alter table o add n int not null default e(1); insert into o values (1);"#,
    ),
    (
        "the table that the function reads points at the altered one, and takes an index name of it",
        13,
        r#"create table o (id int, m int); create index ix on o (m); insert into o values (1)"#,
        r#"create table o (id int primary key, m int); create table zz (id serial primary key, p int references o); create index ix on zz (p);
         create function f(i int) returns int language sql stable as 'select count(*)::int from zz where id = i';
         alter table o add n int not null default f(1); insert into o values (1);"#,
    ),
    (
        "the predicate of an index calls a function that reads a new column",
        13,
        r#"create table o (id int); create table a (id int); insert into o values (1); insert into a values (1)"#,
        r#"create table o (id int, w int);
         create function f(i int) returns bool language sql immutable as 'select exists (select 1 from public.o where w = i)';
         create table a (id int);  create index i on a (id) where f(id);insert into o values (1); insert into a values (1)"#,
    ),
    (
        "the check of a domain calls a function that reads a new table",
        13,
        r#"create table o (id int); insert into o values (4)"#,
        r#"create table zz (id int primary key); create function f(i int) returns bool language sql immutable as 'select not exists (select 1 from zz where id = i)'; create domain d as int check (f(value)); create table o (id d); insert into o values (4)"#,
    ),
    (
        "a check that reads a table goes with it",
        13,
        r#"create table zz (id int primary key); create function f(i int) returns bool language sql immutable as 'select not exists (select 1 from zz where id = i)'; create table o (id int check (f(id))); insert into o values (4)"#,
        r#"create table o (id bigint); insert into o values (4)"#,
    ),
    (
        "a column holds rows of a new table",
        13,
        r#"create table a (id int);"#,
        r#"create table a (id int); create table z (x int, y text); alter table a add w z;"#,
    ),
    (
        "a column holds rows of a new table, by a composite type",
        13,
        r#"create table o (id int);"#,
        r#"create table o (id int); create table zz (a int); create type comp as (m zz[]); alter table o add c comp;"#,
    ),
    (
        "a column holds rows of a new table, by a domain",
        13,
        r#"create table a (id int);"#,
        r#"create table a (id int); create table z (x int, y text); create domain d as z check ((value).x > 0); alter table a add w d;"#,
    ),
    (
        "a column of a partitioned table holds rows of a new table",
        13,
        r#"create table par (id int) partition by list (id); create table ch partition of par for values in (1); insert into ch values (1)"#,
        r#"create table zz (a int); create table par (id int, z zz) partition by list (id); create table ch partition of par for values in (1); insert into ch values (1)"#,
    ),
    (
        "keys need an operator class that they do not say",
        13,
        r#"create type c as (x int); create table t (id int);"#,
        r#"create type c as (x int);
         create function clt(c,c) returns bool language sql immutable as 'select ($1).x < ($2).x';
         create function cle(c,c) returns bool language sql immutable as 'select ($1).x <= ($2).x';
         create function ceq(c,c) returns bool language sql immutable as 'select ($1).x = ($2).x';
         create function cge(c,c) returns bool language sql immutable as 'select ($1).x >= ($2).x';
         create function cgt(c,c) returns bool language sql immutable as 'select ($1).x > ($2).x';
         create function ccmp(c,c) returns int language sql immutable as 'select ($1).x - ($2).x';
         create operator @< (leftarg=c, rightarg=c, function=clt);
         create operator @<= (leftarg=c, rightarg=c, function=cle);
         create operator @= (leftarg=c, rightarg=c, function=ceq);
         create operator @>= (leftarg=c, rightarg=c, function=cge);
         create operator @> (leftarg=c, rightarg=c, function=cgt);
         create operator class c_ops default for type c using btree as operator 1 @<, operator 2 @<=, operator 3 @=, operator 4 @>=, operator 5 @>, function 1 ccmp(c,c);
         create table t (id int, v c unique, w c); create table u (k c primary key); create index i on t (w);"#,
    ),
    (
        "a column of the rows of a view goes with it, and what that is of changes",
        13,
        r#"create table aa (id int, x int); create view v as select id, x from aa; create table b (id int, w v, c int); create index on b (c); insert into b values (1,null,2)"#,
        r#"create table aa (id int, x bigint); create table b (id int, c bigint); create index on b (c); insert into b values (1,2)"#,
    ),
    (
        "a column of the rows of a view becomes a text",
        13,
        r#"create view v as select 1 as x; create table a (id int, w v);"#,
        r#"create table a (id int, w text);"#,
    ),
    (
        "a view and a table of its rows are new",
        13,
        r#"create table o (id int);"#,
        r#"create table o (id int); create view v as select id from o; create table a (id int, w v);"#,
    ),
    (
        "views read the rows of a table from a function and from a column",
        13,
        r#"create table t (a int, b text); create table o (id int, y t[]); insert into t values (1, 'a'); insert into o values (1, '{"(1,a)"}');
         create function rs() returns setof t language sql as 'select * from public.t'; create view vrs as select * from rs();
         create materialized view m as select a from rs(); create view vu as select u.b from o, unnest(y) u;"#,
        r#"create table t (a bigint, b text, c int); create table o (id int, y t[]); insert into t values (1, 'a'); insert into o values (1, '{"(1,a,)"}');
         create function rs() returns setof t language sql as 'select * from public.t'; create view vrs as select * from rs();
         create materialized view m as select a from rs(); create view vu as select u.b from o, unnest(y) u;"#,
    ),
    (
        "a check says a new column of the row that another column holds",
        13,
        r#"create table r (x int); create table t (id int, c r);"#,
        r#"create table r (x int, y int); create table t (id int, c r, constraint k check ((c).y > 0)); create index i on t (((c).y));"#,
    ),
    (
        "an exclusion constraint says an attribute that goes",
        13,
        r#"create type ct as (x int, y int4range); create table t (id int, c ct, constraint e exclude using gist (((c).y) with &&));"#,
        r#"create type ct as (x int); create table t (id int, c ct);"#,
    ),
];
