//! What goes or changes while something else still holds it.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "what was computed stays, and what it was computed from goes",
        13,
        r#"create table bill (id int primary key, net numeric(8,2), rate numeric(4,2), gross numeric(10,2) generated always as (net * (1 + rate)) stored);
         insert into bill values (1, null, 0.2);"#,
        r#"create table bill (id int primary key, rate numeric(4,2), gross numeric(10,2)); insert into bill values (1, 0.2, null);"#,
    ),
    (
        "what was computed stays, and what it was computed from is computed now",
        13,
        r#"create table t (id int, a int, b bigint generated always as (a + 1) stored); insert into t values (1, 2);"#,
        r#"create table t (id int, a int generated always as (id * 2) stored, b int); insert into t values (1, default, 3);"#,
    ),
    (
        "limits that have nothing in common with the old ones",
        13,
        r#"create sequence down minvalue 5 maxvalue 100 start 10; select nextval('down'); create sequence up maxvalue 10; select nextval('up');"#,
        r#"create sequence down as smallint increment -2; select nextval('down'); create sequence up minvalue 1000 cache 3; select nextval('up');"#,
    ),
    (
        "a partition passes from a counting table that goes to a new one",
        13,
        r#"create table old (id serial, k int) partition by list (k); create table p1 partition of old for values in (1); create table p2 partition of old for values in (2);
         insert into old (k) values (1), (2);"#,
        r#"create table new (id serial, k int) partition by list (k); create table p1 partition of new for values in (1); insert into new (k) values (1);"#,
    ),
    (
        "a table ceases to count, and a partition of it goes",
        13,
        r#"create table t (id serial, k int) partition by list (k); create table p1 partition of t for values in (1); create table p2 partition of t for values in (2);
         insert into t (k) values (1);"#,
        r#"create table t (id text, k int) partition by list (k); create table p1 partition of t for values in (1); insert into t (k) values (1);"#,
    ),
    (
        "a partition becomes a table of its own, and what it was a part of one without partitions",
        13,
        r#"create table t (id serial, k int, unique (k, id)) partition by list (k); create table p1 partition of t for values in (1); create index on t (id);
         insert into t (k) values (1);"#,
        r#"create table t (id serial, k int, unique (k, id)); create table p1 (id serial, k int, unique (k, id)); create index p1_id_idx on t (id);
         insert into p1 (k) values (1);"#,
    ),
    (
        "a key goes above a partition that is spread by something else",
        13,
        r#"create table o (id int not null, d date not null, s text, primary key (id, d)) partition by range (d);
         create table o25 partition of o for values from ('2025-01-01') to ('2026-01-01'); insert into o values (1, '2025-02-02', 'x');"#,
        r#"create table o (id int not null, d date not null, s text) partition by range (d);
         create table o25 partition of o for values from ('2025-01-01') to ('2026-01-01') partition by list (s); create table o25x partition of o25 default;
         insert into o values (1, '2025-02-02', 'x');"#,
    ),
    (
        "a table with two tables above it goes, and a column of theirs changes",
        13,
        r#"create table a (id int, name varchar(30)); create table b (y int) inherits (a); create table c () inherits (a, b); create table d () inherits (c);
         insert into a values (1, 'x'); insert into c values (2, 'y', 3);"#,
        r#"create table a (id int, name text); create table b (id int, name text); insert into a values (1, 'x');"#,
    ),
    (
        "columns and keys of all partitions change, one of them to a counter",
        13,
        r#"create table t (id text, k int, n text, unique (k, n)) partition by list (k); create table p1 partition of t for values in (1); create table p2 partition of t for values in (2);
         insert into t values ('1', 1, '5'), ('2', 2, '6');"#,
        r#"create table t (id int, k int, n serial, unique (k, id)) partition by list (k); create table p1 partition of t for values in (1); create table p2 partition of t for values in (2);
         insert into t values ('1', 1, '5'), ('2', 2, '6');"#,
    ),
    (
        "a partition alone has a column that a counter of a new table fills",
        13,
        r#"create table p1 (k int); create table t (k int) partition by list (k); insert into p1 values (1);"#,
        r#"create table new (k int, id serial) partition by list (k); create table p1 partition of new for values in (1); create table t (k int) partition by list (k);
         insert into new values (1);"#,
    ),
    (
        "the key of a partition passes from one index above to another, and the first takes another name",
        13,
        r#"create table t (id int not null, k int not null) partition by list (k); create table p1 partition of t for values in (1);
         create unique index t_a on only t (k, id); alter table p1 add constraint p1_pkey primary key (k, id); alter index t_a attach partition p1_pkey; insert into t values (1, 1);"#,
        r#"create table t (id int not null, k int not null) partition by list (k); create table p1 partition of t for values in (1);
         alter table t add constraint t_pkey primary key (k, id); create unique index t_b on t (k, id); insert into t values (1, 1);"#,
    ),
    (
        "comments on constraints that say the values of a type that is made again",
        13,
        r#"create type mood as enum ('a', 'b', 'c'); create table t (id int, m mood constraint t_m check (m <> 'b'), constraint t_x exclude using btree (id with =) where (m = 'a'));
         comment on constraint t_m on t is 'no b'; comment on constraint t_x on t is 'one a'; insert into t values (1, 'a');"#,
        r#"create type mood as enum ('b', 'a'); create table t (id int, m mood constraint t_m check (m <> 'b'), constraint t_x exclude using btree (id with =) where (m = 'a'));
         comment on constraint t_m on t is 'no b'; comment on constraint t_x on t is 'one a'; insert into t values (1, 'a');"#,
    ),
    (
        "an attribute passes from one type of values to another",
        13,
        r#"create type level as enum ('low', 'high'); create type job as (who text, l level, hours int); create table t (id int, j job, js job[]);
         insert into t values (1, row('x', 'low', null), array[row('y', 'high', null)::job]);"#,
        r#"create schema util; create type util.level as enum ('high', 'low', 'mid'); create type job as (who text, l util.level); create table t (id int, j job, js job[]);
         insert into t values (1, row('x', 'low'), array[row('y', 'high')::job]);"#,
    ),
    (
        "a type goes that an attribute was of, and a column holds the whole",
        13,
        r#"create type part as (n int); create domain code as text; create domain short as code; create type whole as (p part, c code, label text); create table t (id int, w whole, s short);
         insert into t values (1, row(null, 'c', 'x'), 's');"#,
        r#"create domain short as text; create type whole as (c text, label text); create table t (id int, w whole, s short); insert into t values (1, row('c', 'x'), 's');"#,
    ),
    (
        "a partition has keys and indexes of its own over the columns of those that it is to have",
        13,
        r#"create table other (id int);"#,
        r#"create table t (id int, k int, unique (k, id)) partition by list (k); create index t_id on t (id);
         create table p1 partition of t (constraint a_key primary key (k, id)) for values in (1); create index a_id on p1 (id); insert into t values (1, 1);"#,
    ),
    (
        "a column that was computed from a plain one is computed from another one, and so is the plain one",
        13,
        r#"create table t (id int, a int, b int generated always as (a + 1) stored); insert into t (id,a) values (1,2);"#,
        r#"create table t (id int, a int generated always as (id * 2) stored, b int generated always as (id + 7) stored); insert into t (id) values (1);"#,
    ),
    (
        "a domain is made of something else, and a column leaves it that has no value of that",
        13,
        r#"create domain d as text; create table t (id int, a d, b d); insert into t values (1,'words','3');"#,
        r#"create domain d as int; create table t (id int, a text, b d); insert into t values (1,'words',3);"#,
    ),
    (
        "a domain is made of something else, while one column leaves it and another one joins it",
        13,
        r#"create domain d as int; create table t (id int, a d, b text); insert into t values (1,2,'x');"#,
        r#"create domain d as text; create table t (id int, a int, b d); insert into t values (1,2,'x');"#,
    ),
    (
        "a domain is made of something else, and a column goes that has no value of that",
        13,
        r#"create domain d as text; create table t (id int, a d, b d); insert into t values (1,'words','3');"#,
        r#"create domain d as int; create table t (id int, b d); insert into t values (1,3);"#,
    ),
    (
        "a domain is made of something else, and a table goes that has no value of that",
        13,
        r#"create domain d as text; create table t (id int, b d); create table z (a d); insert into t values (1,'3'); insert into z values ('words');"#,
        r#"create domain d as int; create table t (id int, b d); insert into t values (1,3);"#,
    ),
    (
        "columns with indexes and checks leave and join a domain that gains a check",
        13,
        r#"create domain d as text; create table t (id int, a d check (a <> 'q'), b int check (b > 0)); create index i on t (a); create index j on t (b); insert into t values (1,'words','3');"#,
        r#"create domain d as int check (value > 0); create table t (id int, a text check (a <> 'q'), b d check (b > 0)); create index i on t (a); create index j on t (b); insert into t values (1,'words','3');"#,
    ),
    (
        "a column that an unfinished index of a partitioned table is on changes its type",
        13,
        r#"create table t (a int, b int) partition by list (a); create table t1 partition of t for values in (1); create table t2 partition of t for values in (2);
         create index i on only t (b); create index i1 on t1 (b); alter index i attach partition i1; create unique index u on only t (a, b); insert into t values (1, 1);"#,
        r#"create table t (a int, b bigint, c int) partition by list (a); create table t1 partition of t for values in (1); create table t2 partition of t for values in (2);
         create index i on only t (b); create index i1 on t1 (b); alter index i attach partition i1; create unique index u on only t (a, b); insert into t values (1, 1, null);"#,
    ),
    (
        "a counter that is not logged becomes that of a column, and another one ceases to be one",
        15,
        r#"create unlogged sequence s; create table t (id int); create unlogged table u (id serial);"#,
        r#"create table t (id int); create sequence s owned by t.id; alter table t alter id set default nextval('s'); create sequence u_id_seq as integer; create table u (id int not null);"#,
    ),
    (
        "a column under an exclusion constraint becomes computed",
        13,
        r#"create table o (a int, total int, constraint x exclude using btree ((total + 0) with =),
           constraint y exclude using btree (a with =) where (total > 0), constraint z exclude using btree (total with =));
         insert into o values (1, 2), (2, 4);"#,
        r#"create table o (a int, total int generated always as (a * 2) stored, constraint x exclude using btree ((total + 0) with =),
           constraint w exclude using btree (a with =) where (total > 0), constraint z exclude using btree (total with =));"#,
    ),
];
