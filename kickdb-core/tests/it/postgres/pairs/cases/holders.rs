//! Rows of tables, views and types that are held by columns of other tables, while these change.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "rows in a domain, and a column of their table changes its type",
        13,
        r#"create table t (a int, b int); create domain d as t; create table h (id int, v d); insert into h values (1, row(1,2)::t);"#,
        r#"create table t (a int, b text); create domain d as t; create table h (id int, v d); insert into h values (1, row(1,'2')::t);"#,
    ),
    (
        "rows in a composite type, and a column of their table changes its type",
        13,
        r#"create table t (a int, b int); create type c as (x t, n int); create table h (id int, v c); insert into h values (1, row(row(1,2)::t, 5)::c);"#,
        r#"create table t (a int, b text); create type c as (x t, n int); create table h (id int, v c); insert into h values (1, row(row(1,'2')::t, 5)::c);"#,
    ),
    (
        "rows in a list in a composite type in a list in a domain, and a column of their table changes its type",
        13,
        r#"create table t (a int, b int); create type c as (x t[], n int); create domain d as c[]; create table h (id int, v d); insert into h values (1, array[row(array[row(1,2)::t], 5)::c]);"#,
        r#"create table t (a int, b text); create type c as (x t[], n int); create domain d as c[]; create table h (id int, v d); insert into h values (1, array[row(array[row(1,'2')::t], 5)::c]);"#,
    ),
    (
        "rows of a partitioned table and of a partition",
        13,
        r#"create table t (a int, b int) partition by list (a); create table t1 partition of t for values in (1); create table h (id int, v t, u t1); insert into h values (1, row(1,2), row(1,3));"#,
        r#"create table t (a int, b text) partition by list (a); create table t1 partition of t for values in (1); create table h (id int, v t, u t1); insert into h values (1, row(1,'2'), row(1,'3'));"#,
    ),
    (
        "a partitioned table holds rows of a table that changes",
        13,
        r#"create table t (a int, b int); create table h (id int, v t) partition by list (id); create table h1 partition of h for values in (1); insert into h values (1, row(1,2));"#,
        r#"create table t (a int, b text); create table h (id int, v t) partition by list (id); create table h1 partition of h for values in (1); insert into h values (1, row(1,'2'));"#,
    ),
    (
        "a partitioned table holds rows in a composite type",
        13,
        r#"create table t (a int, b int); create type c as (x t, n int); create table h (id int, v c) partition by list (id); create table h1 partition of h for values in (1); insert into h values (1, row(row(1,2),1));"#,
        r#"create table t (a int, b text); create type c as (x t, n int); create table h (id int, v c) partition by list (id); create table h1 partition of h for values in (1); insert into h values (1, row(row(1,'2'),1));"#,
    ),
    (
        "a table gets partitions while another one holds rows of it",
        13,
        r#"create table t (a int, b int); create table h (id int, v t); insert into h values (1, row(1,2)); insert into t values (1,1);"#,
        r#"create table t (a int, b int) partition by list (a); create table t1 partition of t for values in (1); create table h (id int, v t); insert into h values (1, row(1,2)); insert into t values (1,1);"#,
    ),
    (
        "rows of a table with a column of an enum that loses a value",
        13,
        r#"create type e as enum ('a','b','c'); create table t (a int, b e); create table h (id int, v t); insert into h values (1, row(1,'a')); insert into t values (1,'a');"#,
        r#"create type e as enum ('b','a'); create table t (a int, b e); create table h (id int, v t); insert into h values (1, row(1,'a')); insert into t values (1,'a');"#,
    ),
    (
        "the same rows in a domain",
        13,
        r#"create type e as enum ('a','b','c'); create table t (a int, b e); create domain d as t; create table h (id int, v d); insert into h values (1, row(1,'a')::t);"#,
        r#"create type e as enum ('b','a'); create table t (a int, b e); create domain d as t; create table h (id int, v d); insert into h values (1, row(1,'a')::t);"#,
    ),
    (
        "rows in a domain, and their table gains a column with a value",
        13,
        r#"create table t (a int); create domain d as t; create table h (id int, v d); insert into h values (1, row(1)::t); insert into t values (1);"#,
        r#"create table t (a int, b int not null default 5); create domain d as t; create table h (id int, v d); insert into h values (1, row(1,null)::t); insert into t values (1,5);"#,
    ),
    (
        "a check and an index compute something from rows of a table that changes",
        13,
        r#"create table t (a int, b int); create table h (id int, v t check ((v).a > 0)); create index i on h (((v).b)); insert into h values (1, row(1,2));"#,
        r#"create table t (a int, b text); create table h (id int, v t check ((v).a > 0)); create index i on h (((v).b)); insert into h values (1, row(1,'2'));"#,
    ),
    (
        "a table whose rows another one holds loses the column that it is partitioned by",
        13,
        r#"create table t (k text, n int, m int) partition by list (k); create table t1 partition of t default; create table h (x t, y t[], z t1);
         create table u (k text, n int) partition by list (k); create table u1 partition of u default; create table v (x u);
         insert into t values ('a', 1, 2); insert into h values ((null, 3, 4), array[(null, 5, 6)::t], ('c', 7, 8)); insert into v values ((null, 9));"#,
        r#"create table t (n int, m int); create table h (x t, y t[]);
         create table u (n int) partition by range (n); create table u1 partition of u default; create table v (x u);"#,
    ),
];
