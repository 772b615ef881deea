//! Types that take the name of another kind, computed columns of types that change, and what only the planner looks at.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "an enum becomes a domain with all that says it",
        13,
        "CREATE TYPE st AS ENUM ('a', 'b'); CREATE TYPE pair AS (s st, n int);
         CREATE TABLE t (id int PRIMARY KEY, s st NOT NULL DEFAULT 'a', arr st[], p pair, CONSTRAINT c CHECK (s <> 'b' OR id > 0));
         INSERT INTO t VALUES (1, 'b', '{a,b}', ROW('a', 1)); CREATE INDEX i ON t (s) WHERE s = 'a'; CREATE VIEW v AS SELECT s FROM t;
         CREATE FUNCTION f(s st) RETURNS st LANGUAGE sql AS 'SELECT s'; COMMENT ON TYPE st IS 'two';",
        "CREATE DOMAIN st AS text CHECK (VALUE IN ('a', 'b')); CREATE TYPE pair AS (s st, n int);
         CREATE TABLE t (id int PRIMARY KEY, s st NOT NULL DEFAULT 'a', arr st[], p pair, CONSTRAINT c CHECK (s <> 'b' OR id > 0));
         CREATE INDEX i ON t (s) WHERE s = 'a'; CREATE VIEW v AS SELECT s FROM t;
         CREATE FUNCTION f(s st) RETURNS st LANGUAGE sql AS 'SELECT s'; COMMENT ON DOMAIN st IS 'a text';",
    ),
    (
        "a composite type that nothing holds becomes an enum, a domain a composite type",
        13,
        "CREATE TYPE ty AS (a int, b int); CREATE DOMAIN m AS numeric; CREATE TABLE t (id int PRIMARY KEY, s m);",
        "CREATE TYPE ty AS ENUM ('x'); CREATE TYPE m AS (amount numeric, cur text); CREATE TABLE t (id int PRIMARY KEY, s m, v ty DEFAULT 'x');",
    ),
    (
        "computed columns of an enum that loses a value, with keys over them",
        13,
        "CREATE TYPE sz AS ENUM ('s', 'm', 'l');
         CREATE TABLE p (id int PRIMARY KEY, w int, sz sz GENERATED ALWAYS AS (CASE WHEN w > 5 THEN 'l'::sz ELSE 's'::sz END) STORED,
           CONSTRAINT u UNIQUE (sz, id), CONSTRAINT c CHECK (sz < 'l' OR w > 5));
         INSERT INTO p VALUES (1, 3), (2, 9); CREATE INDEX i ON p (sz) WHERE sz = 'l'; COMMENT ON COLUMN p.sz IS 'by weight'; COMMENT ON INDEX i IS 'large';
         CREATE VIEW v AS SELECT sz, count(*) FROM p GROUP BY sz; CREATE TABLE q (sz sz, id int, CONSTRAINT f FOREIGN KEY (sz, id) REFERENCES p (sz, id));",
        "CREATE TYPE sz AS ENUM ('s', 'l', 'xl');
         CREATE TABLE p (id int PRIMARY KEY, w int, sz sz GENERATED ALWAYS AS (CASE WHEN w > 5 THEN 'l'::sz ELSE 's'::sz END) STORED,
           CONSTRAINT u UNIQUE (sz, id), CONSTRAINT c CHECK (sz < 'l' OR w > 5));
         CREATE INDEX i ON p (sz) WHERE sz = 'l'; COMMENT ON COLUMN p.sz IS 'by weight'; COMMENT ON INDEX i IS 'large';
         CREATE VIEW v AS SELECT sz, count(*) FROM p GROUP BY sz; CREATE TABLE q (sz sz, id int, CONSTRAINT f FOREIGN KEY (sz, id) REFERENCES p (sz, id));",
    ),
    (
        "a computed column is made again while its index changes",
        13,
        "CREATE TABLE d (id int PRIMARY KEY, body text, tsv tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED);
         CREATE INDEX di ON d USING gin (tsv); CREATE INDEX dj ON d USING gist (tsv); COMMENT ON INDEX dj IS 'kept'; COMMENT ON INDEX di IS 'old';",
        "CREATE TABLE d (id int PRIMARY KEY, body text, tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED);
         CREATE INDEX di ON d USING gin (tsv) WITH (fastupdate = off); CREATE INDEX dj ON d USING gist (tsv); COMMENT ON INDEX dj IS 'kept'; COMMENT ON INDEX di IS 'new';",
    ),
    (
        "a function with another result, of a composite type that changes, in an index",
        13,
        "CREATE TYPE addr AS (street text, zip int); CREATE TABLE p (id int PRIMARY KEY, a addr); INSERT INTO p VALUES (1, ROW('x', 1)::addr);
         CREATE FUNCTION zip(a addr) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a.zip'; CREATE INDEX pz ON p (zip(a)); CREATE VIEW v AS SELECT zip(a) AS zip FROM p;",
        "CREATE TYPE addr AS (street text, zip text, city text); CREATE TABLE p (id int PRIMARY KEY, a addr);
         CREATE FUNCTION zip(a addr) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a.zip'; CREATE INDEX pz ON p (zip(a)); CREATE VIEW v AS SELECT zip(a) AS zip FROM p;",
    ),
    (
        "the order of the parameters of an index",
        13,
        "CREATE TABLE t (a int, b int); CREATE INDEX i ON t USING brin (a) WITH (autosummarize = true, pages_per_range = 32);
         CREATE INDEX j ON t (b) WITH (fillfactor = 70);",
        "CREATE TABLE t (a int, b int); CREATE INDEX i ON t USING brin (a) WITH (pages_per_range = 32, autosummarize = true);
         CREATE INDEX j ON t (b) WITH (deduplicate_items = off, fillfactor = 70);
         CREATE INDEX k ON t USING brin (b) WITH (pages_per_range = 32, autosummarize = true);",
    ),
    (
        "how closely the planner looks at what indexes compute",
        13,
        "CREATE TABLE t (a int, b int); CREATE INDEX i ON t ((a + b), (a * b)); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 300;
         CREATE INDEX j ON t ((a - b)); ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 5;",
        "CREATE TABLE t (a int, b int); CREATE INDEX i ON t ((a + b), (a * b)) WHERE a > 0; ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 400;
         ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 300; CREATE INDEX j ON t ((a - b)); CREATE INDEX k ON t (abs(a)); ALTER INDEX k ALTER COLUMN 1 SET STATISTICS 7;",
    ),
    (
        "settings of materialized views",
        14,
        "CREATE TABLE t (id int PRIMARY KEY, a text, b text);
         CREATE MATERIALIZED VIEW m AS SELECT * FROM t; ALTER MATERIALIZED VIEW m ALTER a SET STATISTICS 300, ALTER a SET (n_distinct = 5, n_distinct_inherited = 6);
         CREATE INDEX i ON m (lower(a)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 20; ALTER MATERIALIZED VIEW m CLUSTER ON i;",
        "CREATE TABLE t (id int PRIMARY KEY, a text, b text);
         CREATE MATERIALIZED VIEW m AS SELECT * FROM t; ALTER MATERIALIZED VIEW m ALTER a SET STATISTICS 100, ALTER a SET (n_distinct = 7), ALTER b SET STORAGE EXTERNAL,
           ALTER b SET COMPRESSION pglz; CREATE INDEX i ON m (lower(a)); CREATE UNIQUE INDEX j ON m (id); ALTER MATERIALIZED VIEW m CLUSTER ON j;",
    ),
    (
        "materialized views without rows, and others that read them",
        13,
        "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE MATERIALIZED VIEW m AS SELECT * FROM t WITH NO DATA; CREATE VIEW v AS SELECT id FROM m;",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(9)); CREATE MATERIALIZED VIEW m AS SELECT * FROM t WITH NO DATA; CREATE VIEW v AS SELECT id FROM m;
         CREATE MATERIALIZED VIEW n AS SELECT id FROM v WITH NO DATA;",
    ),
    (
        "comments on extensions",
        13,
        "CREATE EXTENSION hstore; COMMENT ON EXTENSION hstore IS 'ours'; CREATE EXTENSION citext;",
        "CREATE EXTENSION hstore; COMMENT ON EXTENSION hstore IS 'theirs'; CREATE EXTENSION citext;",
    ),
    (
        "the tags of event triggers in their order",
        13,
        "CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION et();",
        "CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE VIEW', 'ALTER TABLE') EXECUTE FUNCTION et();",
    ),
    (
        "a partition is split, and rows go where they belong",
        13,
        "CREATE TABLE p (a int, b text) PARTITION BY RANGE (a); CREATE TABLE p0 PARTITION OF p FOR VALUES FROM (0) TO (100);
         CREATE TABLE r PARTITION OF p DEFAULT; INSERT INTO p VALUES (1, 'x'), (70, 'y'), (300, 'z');",
        "CREATE TABLE p (a int, b text) PARTITION BY RANGE (a); CREATE TABLE p0 PARTITION OF p FOR VALUES FROM (0) TO (50);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (50) TO (100); CREATE TABLE r PARTITION OF p DEFAULT;",
    ),
    (
        "a partition is partitioned while its table gains a column",
        13,
        "CREATE TABLE m (id int, region text) PARTITION BY LIST (region); CREATE TABLE us PARTITION OF m FOR VALUES IN ('us');
         CREATE TABLE eu PARTITION OF m FOR VALUES IN ('eu'); CREATE INDEX mi ON m (id); INSERT INTO m VALUES (1, 'eu'), (2, 'us');",
        "CREATE TABLE m (id bigint, region text, extra int DEFAULT 3) PARTITION BY LIST (region);
         CREATE TABLE us PARTITION OF m FOR VALUES IN ('us') PARTITION BY HASH (id);
         CREATE TABLE us_0 PARTITION OF us FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE us_1 PARTITION OF us FOR VALUES WITH (MODULUS 2, REMAINDER 1);
         CREATE TABLE eu PARTITION OF m FOR VALUES IN ('eu'); CREATE INDEX mi ON m (id);",
    ),
    (
        "tables of a type whose attributes change",
        13,
        "CREATE TYPE person AS (name text, age int); CREATE TABLE people OF person (PRIMARY KEY (name), age WITH OPTIONS DEFAULT 3 NOT NULL);
         CREATE TABLE plain (name text, age int); CREATE TYPE pet AS (name text); CREATE TABLE pets OF pet; INSERT INTO people VALUES ('a', 1); INSERT INTO pets VALUES ('b');",
        "CREATE TYPE person AS (name text, age bigint); CREATE TABLE people OF person (PRIMARY KEY (name), age WITH OPTIONS DEFAULT 4 NOT NULL);
         CREATE TABLE plain OF person; CREATE TYPE pet AS (name text, legs int); CREATE TABLE pets OF pet; CREATE TABLE new OF pet (PRIMARY KEY (name));",
    ),
    (
        "a table of a type stays without it",
        13,
        "CREATE TYPE person AS (name text, age int); CREATE TABLE people OF person (PRIMARY KEY (name)); INSERT INTO people VALUES ('a', 1);",
        "CREATE TABLE people (name text CONSTRAINT people_pkey PRIMARY KEY, age int, extra text);",
    ),
    (
        "a body that says a view of a table that is made later",
        13,
        "CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE TABLE z (id int); CREATE VIEW y AS SELECT id FROM z; CREATE OR REPLACE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT id FROM public.y LIMIT 1';
         CREATE TABLE w (id int DEFAULT a());",
    ),
    (
        "counters exchange their names",
        13,
        "create table a (id serial primary key, n serial, x int); create table b (id int generated always as identity primary key, y text);
         create table c (id bigserial primary key); insert into a (x) values (1), (2); insert into b (y) values ('b');",
        "create table a (id serial primary key, n serial, x int); create table b (id int generated always as identity primary key, y text);
         create table c (id bigserial primary key); alter sequence a_id_seq rename to other; alter sequence a_n_seq rename to a_id_seq;
         alter sequence b_id_seq rename to a_n_seq; alter sequence c_id_seq rename to b_id_seq; alter sequence other rename to c_id_seq;
         insert into a (x) values (1), (2); insert into b (y) values ('b');",
    ),
    (
        "a counter exchanges its name with a sequence of nobody's",
        13,
        "create table a (id serial primary key, x int); create sequence s start 7; insert into a (x) values (1), (2);",
        "create table a (id serial primary key, x int); alter sequence a_id_seq rename to s; create sequence a_id_seq start 7;
         insert into a (x) values (1), (2);",
    ),
    (
        "a counter gets the name of one that goes with its table",
        13,
        "create table a (id serial primary key); create table z (id serial primary key); insert into a default values;",
        "create table a (id serial primary key); alter sequence a_id_seq rename to z_id_seq; insert into a default values;",
    ),
    (
        "a counter passes from a column that goes to another one",
        13,
        "create sequence s; create table t (id int default nextval('s'), y int); alter sequence s owned by t.id; insert into t (y) values (3), (4);",
        "create sequence s; create table t (y int default nextval('s')); alter sequence s owned by t.y; insert into t values (3), (4);",
    ),
    (
        "a computed column of one whose collation changes",
        13,
        r#"create table t (id int, a text, g text generated always as (upper(a)) stored); create index i on t (g); insert into t values (1, 'x');
         create table p (id int, a text, g bool generated always as (a > 'b') stored); create table c () inherits (p); insert into c values (1, 'x');
         create table q (a text); create table d (g text generated always as (lower(a)) stored) inherits (q);"#,
        r#"create table t (id int, a text collate "C", g text generated always as (upper(a)) stored); create index i on t (g); insert into t values (1, 'x');
         create table p (id int, a text collate "C", g bool generated always as (a > 'b') stored); create table c () inherits (p); insert into c values (1, 'x');
         create table q (a text collate "C"); create table d (g text generated always as (lower(a)) stored) inherits (q);"#,
    ),
    (
        "a view of a column that is computed from one whose collation changes, in the table and in those below",
        13,
        r#"create table t (id int, a text, g int generated always as (length(a)) stored); create view v as select g from t; insert into t values (1, 'x');
         create table p (id int, a text); create table c (g int generated always as (length(a)) stored) inherits (p); create index c_g on c (g);
         create table d () inherits (c); create index d_g on d (g); create view w as select g from d; comment on column c.g is 'long'; insert into d values (1, 'x');"#,
        r#"create table t (id int, a text collate "C", g int generated always as (length(a)) stored); create view v as select g from t; insert into t values (1, 'x');
         create table p (id int, a text collate "C"); create table c (g int generated always as (length(a)) stored) inherits (p); create index c_g on c (g);
         create table d () inherits (c); create index d_g on d (g); create view w as select g from d; comment on column c.g is 'long'; insert into d values (1, 'x');"#,
    ),
    (
        "a type takes the name of one of another kind, and tables of the old one go",
        13,
        r#"create type d as enum ('a', 'b'); create table t (id int, c d default 'b'); create table gone (id int primary key, a d default 'a', b d[] default '{b}'); create table below () inherits (gone); create table points (id int references gone); create view v as select a from gone; create function f(d) returns int language sql as 'select 1'; insert into t (id, c) values (1, null); insert into gone (id) values (1); insert into points values (1);"#,
        r#"create type d as (a int, b text); create table t (id int, c d default row(1, 'x')); create function f(d) returns int language sql as 'select 1';"#,
    ),
    (
        "a range takes the name of an enum, and tables of the enum go",
        13,
        r#"create type d as enum ('a', 'b'); create table t (id int, c d default 'b'); create table gone (a d default 'a'); insert into t (id, c) values (1, null); insert into gone values ('b');"#,
        r#"create type d as range (subtype = int4); create table t (id int, c d default '[1,2)');"#,
    ),
    (
        "an enum becomes a domain under checks, lists and computed columns, functions and views",
        14,
        r#"create type d as enum ('a', 'b'); create table t (id int, c d default 'a' check (c <> 'b'), l d[] default '{a}', g d generated always as (case when id > 1 then 'a'::d else 'b'::d end) stored); create function f(a d default 'a') returns d immutable language sql begin atomic select a; end; create function p(a d) returns setof d language plpgsql as 'begin return next a; end'; create view v as select f(c) as x from t; create index i on t (f(c)); insert into t values (1);"#,
        r#"create domain d as text check (value <> 'z'); create table t (id int, c d default 'a' check (c <> 'b'), l d[] default '{a}', g d generated always as (case when id > 1 then 'a'::d else 'b'::d end) stored); create function f(a d default 'a') returns d immutable language sql begin atomic select a; end; create function p(a d) returns setof d language plpgsql as 'begin return next a; end'; create view v as select f(c) as x from t;"#,
    ),
];
