//! Things of the whole database: publications, servers, event triggers, text search; and tables that are not logged.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "event triggers come and change",
        13,
        r#"create function et() returns event_trigger language plpgsql as 'begin end';
         create event trigger e1 on ddl_command_end execute function et();"#,
        r#"create function et() returns event_trigger language plpgsql as 'begin raise notice ''x''; end';
         create event trigger e1 on ddl_command_start when tag in ('CREATE TABLE','DROP TABLE') execute function et();
         create event trigger e2 on sql_drop execute function et(); alter event trigger e2 disable; comment on event trigger e2 is 'hm';"#,
    ),
    (
        "a wrapper, its server and a foreign table go",
        13,
        r#"create foreign data wrapper w options (a 'b'); create server s foreign data wrapper w; create foreign table ft (id int) server s; comment on server s is 'x';"#,
        r#"create table t (id int);"#,
    ),
    (
        "publications of tables, columns, rows and schemas",
        15,
        r#"create table t (id int primary key, a text); create table u (id int primary key); create schema s; create table s.x (id int primary key);
         create publication p1 for table t, u; create publication p2 for all tables; create publication p3 for table t (id, a) where (id > 4); create publication p4 for tables in schema s;"#,
        r#"create table t (id int primary key, a varchar(20), b int); create table u (id int primary key); create schema s; create table s.x (id int primary key);
         create publication p1 for table t with (publish = 'insert'); create publication p2 for all tables with (publish_via_partition_root = true); create publication p3 for table t (id, b) where (id > 5), s.x;
         create publication p5 for tables in schema s, table u; comment on publication p5 is 'pub';"#,
    ),
    (
        "a published table is made again",
        13,
        r#"create table t (id int primary key, k int, a text) ; create publication p1 for table t with (publish_via_partition_root); insert into t values (1,1,'a');"#,
        r#"create table t (id int, k int, a varchar(20), primary key (id,k)) partition by range (k); create table t1 partition of t default; create publication p1 for table t with (publish_via_partition_root); insert into t values (1,1,'a');"#,
    ),
    (
        "dictionaries and configurations in use",
        13,
        r#"create text search dictionary d1 (template = simple, stopwords = 'english');
         create text search configuration c1 (copy = simple); alter text search configuration c1 alter mapping for asciiword with d1, simple;
         create table t (id int, b text, v tsvector generated always as (to_tsvector('c1', b)) stored); insert into t values (1,'hello the world');
         create index t_v on t using gin (to_tsvector('c1', b));"#,
        r#"create text search dictionary d1 (template = simple, stopwords = 'english', accept = false);
         create text search dictionary d2 (template = snowball, language = 'german');
         create text search configuration c1 (parser = default); alter text search configuration c1 add mapping for asciiword, word with d2, simple; comment on text search configuration c1 is 'cc';
         create table t (id int, b text, v tsvector generated always as (to_tsvector('c1', b)) stored); insert into t values (1,'hello the world');
         create index t_v on t using gin (to_tsvector('c1', b));"#,
    ),
    (
        "tables that point at each other in a row cease to be logged",
        13,
        r#"create table p (id int primary key); create table c (id int primary key, p int references p); create table g (id int references c); insert into p values (1); insert into c values (1,1); insert into g values (1);"#,
        r#"create unlogged table p (id int primary key); create unlogged table c (id int primary key, p int references p); create unlogged table g (id int references c); insert into p values (1); insert into c values (1,1); insert into g values (1);"#,
    ),
    (
        "a table that points at itself ceases to be logged",
        13,
        r#"create table p (id int primary key, q int references p); create table c (id int primary key, p int references p); insert into p values (1);"#,
        r#"create unlogged table p (id int primary key, q int references p); create unlogged table c (id int primary key, p int); insert into p values (1);"#,
    ),
    (
        "tables that point at each other in a circle cease to be logged",
        13,
        r#"create table p (id int primary key, q int); create table c (id int primary key, p int references p); alter table p add foreign key (q) references c; insert into p values (1);"#,
        r#"create unlogged table p (id int primary key, q int); create unlogged table c (id int primary key, p int references p); alter table p add foreign key (q) references c; insert into p values (1);"#,
    ),
    (
        "money to a number",
        13,
        r#"create table t (id int, m money default 5); insert into t values (1,12.5);"#,
        r#"create table t (id int, m numeric(10,2) default 5); insert into t values (1,12.5);"#,
    ),
    (
        "a longer address to a shorter one",
        13,
        r#"create table t (id int, m macaddr8); insert into t values (1,'08:00:2b:ff:fe:01:02:03');"#,
        r#"create table t (id int, m macaddr); insert into t values (1,'08:00:2b:01:02:03');"#,
    ),
    (
        "statistics and how closely they look",
        14,
        r#"create table t (a int, b int, c int); create statistics s1 on a, b from t; create statistics s2 (ndistinct) on b, c from t; insert into t values (1,2,3);"#,
        r#"create table t (a int, b int, c int); create statistics s1 (mcv) on a, b, (a + b) from t; create statistics s3 on (lower(c::text)), a from t; alter statistics s3 set statistics 100; comment on statistics s1 is 'st'; insert into t values (1,2,3);"#,
    ),
];
