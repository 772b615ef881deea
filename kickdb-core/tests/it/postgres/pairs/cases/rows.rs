//! Columns that hold rows of other tables, and names that the server has, too.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "tables that hold rows of each other come and go",
        13,
        r#"create table z (id int); insert into z values (1);"#,
        r#"create table part (id int, word text); create table middle (p part not null, q part[]); create table again (m middle[], check (m is not null));"#,
    ),
    (
        "a table whose rows another one holds changes the type of a column",
        13,
        r#"create table part (id int, word text); create table holder (id int primary key, p part, q part[] not null, n int); create table above (h holder[]);
         insert into part values (1, 'a'); insert into holder values (1, (2, 'it''s "b"'), array[(3, null)::part, null], 4), (2, (3, null), '{}', null);
         insert into above values (array[(1, (2, 'c'), '{}', 5)::holder]);"#,
        r#"create table part (id bigint, word varchar(9)); create table holder (id int primary key, p part not null default (0, ''), q part[], n int); create table above (h holder[]);"#,
    ),
    (
        "a table whose rows another one holds gains and loses columns, and what looks into the rows goes along",
        13,
        r#"create table part (id int primary key, word text, gone int unique); create table holder (id int primary key, p part);
         create view v as select (p).word, (p).id from holder; insert into part values (1, 'a'); insert into holder values (1, (2, 'b', null));"#,
        r#"create table part (id bigint primary key, word text, more text); create table holder (id int primary key, p part);
         create view v as select (p).word, (p).id from holder;"#,
    ),
    (
        "columns of rows come to be of other types, and others come",
        13,
        r#"create table part (id int, word text); create table aaa (p part[], id int); create table holder (id int, p part, gone text); insert into part values (1, 'a'); insert into holder values (1, (2, 'x'), 'x');"#,
        r#"create table part (id bigint, word text); create table aaa (id int); create table holder (id int, p text, q part, r part[]); insert into part values (1, 'a');"#,
    ),
    (
        "tables that hold rows of what changes go",
        13,
        r#"create table part (id int, word text); create view v as select id from part; create table aaa (p part primary key, w int); create table bbb (p part references aaa, id int primary key);
         create table ccc (b int references bbb); create view w as select * from ccc; insert into part values (1, 'a'); insert into aaa values ((1, 'b'), 1);"#,
        r#"create table part (id bigint); create view v as select id from part;"#,
    ),
    (
        "functions and aggregates of a name that the server has",
        13,
        r#"create function public.gen_random_uuid() returns uuid language sql as $$select '00000000-0000-0000-0000-000000000000'::uuid$$; comment on function public.gen_random_uuid() is 'none at all';
         create function public.lower(text) returns text language sql immutable as 'select $1'; create aggregate public.max(text) (sfunc = textcat, stype = text);
         create table t (id uuid default public.gen_random_uuid(), a text check (public.lower(a) <> 'x')); create view v as select public.max(a) as m, pg_catalog.max(a) as n from t;"#,
        r#"create function public.lower(text) returns varchar language sql immutable as 'select $1'; create aggregate public.max(text) (sfunc = textcat, stype = text, initcond = 'x');
         create table t (id uuid default gen_random_uuid(), a text check (public.lower(a) <> 'y')); create view v as select public.max(a) as m, lower('A') as n from t;"#,
    ),
    (
        "a range whose multirange takes the usual name",
        14,
        r#"create type span as range (subtype = float8, multirange_type_name = spans); create table t (id int, s span, m spans, n spans[]); insert into t values (1, '[1,2)', '{[1,2),[3,4)}', array['{[5,6)}'::spans]);"#,
        r#"create type span as range (subtype = float8, subtype_diff = float8mi); create table t (id int, s span, m span_multirange, n span_multirange[]);"#,
    ),
];
