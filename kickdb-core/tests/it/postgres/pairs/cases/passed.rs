//! Names that pass from a thing of one kind to one of another.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a name passes on: enum to view, column becomes text",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int, e text); CREATE VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: enum to mview, column becomes text",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int, e text); CREATE MATERIALIZED VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: enum to view, column becomes text with default, view reads e",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x DEFAULT 'a' CHECK (e <> 'b'));
         INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int, e text DEFAULT 'a'); CREATE VIEW x AS SELECT id, e FROM t;",
    ),
    (
        "a name passes on: enum to view, column goes",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: enum to view, table goes",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x);",
        "CREATE VIEW x AS SELECT 1 AS id;",
    ),
    (
        "a name passes on: enum to view with a function of it",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x);
         CREATE FUNCTION f(x) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE VIEW v AS SELECT f(e) FROM t;",
        "CREATE TABLE t (id int, e text); CREATE VIEW x AS SELECT id FROM t;
         CREATE FUNCTION f(x) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE VIEW v AS SELECT f(x) FROM x;",
    ),
    (
        "a name passes on: enum to table",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int, e text); CREATE TABLE x (name text PRIMARY KEY);",
    ),
    (
        "a name passes on: enum to lookup table with fk",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x);",
        "CREATE TABLE x (name text PRIMARY KEY); CREATE TABLE t (id int, e text REFERENCES x);",
    ),
    (
        "a name passes on: enum to sequence",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x'), e text);",
    ),
    (
        "a name passes on: enum to partitioned table",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int, e text); CREATE TABLE x (id int) PARTITION BY LIST (id);
         CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1);",
    ),
    (
        "a name passes on: enum to index",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int, e text); CREATE INDEX x ON t (id);",
    ),
    (
        "a name passes on: domain to view",
        13,
        "CREATE DOMAIN x AS int CHECK (VALUE > 0); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 2); -- keep",
        "CREATE TABLE t (id int, e int); CREATE VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: domain to table",
        13,
        "CREATE DOMAIN x AS int CHECK (VALUE > 0); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 2); -- keep",
        "CREATE TABLE t (id int, e int); CREATE TABLE x (id int);",
    ),
    (
        "a name passes on: domain to sequence",
        13,
        "CREATE DOMAIN x AS int CHECK (VALUE > 0); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, 2); -- keep",
        "CREATE SEQUENCE x; CREATE TABLE t (id int, e int DEFAULT nextval('x'));",
    ),
    (
        "a name passes on: composite to table, plain",
        13,
        "CREATE TYPE x AS (a int, b text); CREATE TABLE t (id int, e x);
         CREATE FUNCTION f(x) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE TABLE x (a int, b text); CREATE TABLE t (id int); CREATE FUNCTION f(x) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    ),
    (
        "a name passes on: composite to table, text column",
        13,
        "CREATE TYPE x AS (a int, b text); CREATE TABLE t (id int, e x); INSERT INTO t VALUES (1, '(1,a)'); -- keep",
        "CREATE TABLE x (a int, b text); CREATE TABLE t (id int, e text);",
    ),
    (
        "a name passes on: composite to view",
        13,
        "CREATE TYPE x AS (a int, b text); CREATE TABLE t (id int, e x);",
        "CREATE VIEW x AS SELECT 1 AS a, 'b'::text AS b; CREATE TABLE t (id int);",
    ),
    (
        "a name passes on: composite to view, returned by a function",
        13,
        "CREATE TYPE x AS (a int, b text); CREATE FUNCTION f() RETURNS SETOF x LANGUAGE sql AS $$SELECT 1, 'a'$$;",
        "CREATE VIEW x AS SELECT 1 AS a, 'b'::text AS b; CREATE FUNCTION f() RETURNS SETOF x LANGUAGE sql AS $$SELECT 1, 'a'$$;",
    ),
    (
        "a name passes on: composite to sequence",
        13,
        "CREATE TYPE x AS (a int, b text); CREATE TABLE t (id int, e x);",
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x'));",
    ),
    (
        "a name passes on: table to sequence",
        13,
        "CREATE TABLE x (id int); INSERT INTO x VALUES (1); CREATE TABLE t (id int); -- keep",
        "CREATE SEQUENCE x; CREATE TABLE t (id int);",
    ),
    (
        "a name passes on: table to sequence, default draws",
        13,
        "CREATE TABLE x (id int); INSERT INTO x VALUES (1); CREATE TABLE t (id int); INSERT INTO t VALUES (1); -- keep",
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x'));",
    ),
    (
        "a name passes on: table to sequence with view and fk",
        13,
        "CREATE TABLE x (id int PRIMARY KEY); CREATE TABLE t (id int REFERENCES x); CREATE VIEW v AS SELECT id FROM x;",
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x')); CREATE VIEW v AS SELECT last_value FROM x;",
    ),
    (
        "a name passes on: table to serial's sequence",
        13,
        "CREATE TABLE t_id_seq (id int PRIMARY KEY); CREATE TABLE t (id int NOT NULL); INSERT INTO t VALUES (1); -- keep",
        "CREATE TABLE t (id serial);",
    ),
    (
        "a name passes on: table to identity's sequence",
        13,
        "CREATE TABLE t_id_seq (id int PRIMARY KEY); CREATE TABLE t (id int NOT NULL); INSERT INTO t VALUES (1); -- keep",
        "CREATE TABLE t (id int NOT NULL GENERATED ALWAYS AS IDENTITY);",
    ),
    (
        "a name passes on: table to new table's serial's sequence",
        13,
        "CREATE TABLE t_id_seq (id int PRIMARY KEY);",
        "CREATE TABLE t (id serial);",
    ),
    (
        "a name passes on: partitioned table to composite",
        13,
        "CREATE TABLE x (id int) PARTITION BY LIST (id); CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1);
         INSERT INTO x VALUES (1); -- keep",
        "CREATE TYPE x AS (id int); CREATE TABLE t (e x);",
    ),
    (
        "a name passes on: partitioned table to enum",
        13,
        "CREATE TABLE x (id int) PARTITION BY LIST (id); CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1);
         CREATE TABLE t (e text); INSERT INTO t VALUES ('a'); -- keep",
        "CREATE TYPE x AS ENUM ('a'); CREATE TABLE t (e x);",
    ),
    (
        "a name passes on: partitioned table to domain",
        13,
        "CREATE TABLE x (id int) PARTITION BY LIST (id); CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1);
         CREATE TABLE t (e text); INSERT INTO t VALUES ('a'); -- keep",
        "CREATE DOMAIN x AS text; CREATE TABLE t (e x);",
    ),
    (
        "a name passes on: partitioned table to domain, the partition stays",
        13,
        "CREATE TABLE x (id int) PARTITION BY LIST (id); CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1);
         INSERT INTO x VALUES (1); CREATE TABLE t (e text); INSERT INTO t VALUES ('a'); -- keep",
        "CREATE DOMAIN x AS text; CREATE TABLE t (e x); CREATE TABLE x1 (id int);",
    ),
    (
        "a name passes on: partitioned table to enum, the partition stays and is of it",
        13,
        "CREATE TABLE x (id text) PARTITION BY LIST (id); CREATE TABLE x1 PARTITION OF x FOR VALUES IN ('a');
         INSERT INTO x VALUES ('a'); -- keep",
        "CREATE TYPE x AS ENUM ('a'); CREATE TABLE x1 (id x);",
    ),
    (
        "a name passes on: view to partitioned table with children",
        13,
        "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t;",
        "CREATE TABLE t (id int); CREATE TABLE x (id int) PARTITION BY LIST (id);
         CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1); CREATE TABLE x2 PARTITION OF x DEFAULT;",
    ),
    (
        "a name passes on: view to partitioned table with the table a child",
        13,
        "CREATE TABLE t (id int); INSERT INTO t VALUES (1); CREATE VIEW x AS SELECT id FROM t; -- keep",
        "CREATE TABLE x (id int) PARTITION BY LIST (id); CREATE TABLE t PARTITION OF x FOR VALUES IN (1);",
    ),
    (
        "a name passes on: view to parent with the table a child",
        13,
        "CREATE TABLE t (id int); INSERT INTO t VALUES (1); CREATE VIEW x AS SELECT id FROM t; -- keep",
        "CREATE TABLE x (id int); CREATE TABLE t () INHERITS (x);",
    ),
    (
        "a name passes on: view with dependants to partitioned table",
        13,
        "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM x;
         CREATE FUNCTION f(x) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE TABLE t (id int); CREATE TABLE x (id int) PARTITION BY LIST (id);
         CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1); CREATE VIEW w AS SELECT id FROM x;
         CREATE FUNCTION f(x) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    ),
    (
        "a name passes on: view to partitioned table, fk to it",
        13,
        "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t; CREATE TABLE u (id int);",
        "CREATE TABLE t (id int); CREATE TABLE x (id int PRIMARY KEY) PARTITION BY LIST (id);
         CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1); CREATE TABLE u (id int REFERENCES x);",
    ),
    (
        "a name passes on: view to serial table",
        13,
        "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t;",
        "CREATE TABLE t (id int); CREATE TABLE x (id serial);",
    ),
    (
        "a name passes on: mview with index to table with index of the same name",
        13,
        "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW x AS SELECT id FROM t; CREATE INDEX xi ON x (id);",
        "CREATE TABLE t (id int); CREATE TABLE x (id int); CREATE INDEX xi ON x (id);",
    ),
    (
        "a name passes on: sequence to view",
        13,
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x')); INSERT INTO t DEFAULT VALUES; -- keep",
        "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: sequence to mview",
        13,
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x')); INSERT INTO t DEFAULT VALUES; -- keep",
        "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: sequence to view read by views",
        13,
        "CREATE SEQUENCE x; CREATE VIEW v AS SELECT last_value AS n FROM x;",
        "CREATE VIEW x AS SELECT 1 AS n; CREATE VIEW v AS SELECT n FROM x;",
    ),
    (
        "a name passes on: sequence to index",
        13,
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x')); INSERT INTO t DEFAULT VALUES; -- keep",
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id);",
    ),
    (
        "a name passes on: sequence to enum",
        13,
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x'), e text); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE x AS ENUM ('a'); CREATE TABLE t (id int, e x);",
    ),
    (
        "a name passes on: sequence to domain",
        13,
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x'), e text); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE DOMAIN x AS text; CREATE TABLE t (id int, e x);",
    ),
    (
        "a name passes on: sequence to foreign-key target",
        13,
        "CREATE SEQUENCE x; CREATE TABLE t (id int DEFAULT nextval('x')); INSERT INTO t DEFAULT VALUES; -- keep",
        "CREATE TABLE x (id int PRIMARY KEY); CREATE TABLE t (id int, x int REFERENCES x);",
    ),
    (
        "a name passes on: index to table",
        13,
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id); INSERT INTO t VALUES (1); -- keep",
        "CREATE TABLE t (id int); CREATE TABLE x (id int);",
    ),
    (
        "a name passes on: index to table with the table gone",
        13,
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id);",
        "CREATE TABLE x (id int);",
    ),
    (
        "a name passes on: index to table, fk",
        13,
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id);",
        "CREATE TABLE x (id int PRIMARY KEY); CREATE TABLE t (id int REFERENCES x);",
    ),
    (
        "a name passes on: unique to table that a fk rests on",
        13,
        "CREATE TABLE t (id int CONSTRAINT x UNIQUE); CREATE TABLE u (id int REFERENCES t (id));",
        "CREATE TABLE x (id int PRIMARY KEY); CREATE TABLE t (id int); CREATE TABLE u (id int REFERENCES x);",
    ),
    (
        "a name passes on: primary key's name to view",
        13,
        "CREATE TABLE t (id int CONSTRAINT x PRIMARY KEY);",
        "CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: index to view",
        13,
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id); INSERT INTO t VALUES (1); -- keep",
        "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: index to mview",
        13,
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id); INSERT INTO t VALUES (1); -- keep",
        "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW x AS SELECT id FROM t;",
    ),
    (
        "a name passes on: index to composite",
        13,
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id); INSERT INTO t VALUES (1); -- keep",
        "CREATE TYPE x AS (a int); CREATE TABLE t (id int, e x);",
    ),
    (
        "a name passes on: index to sequence of serial",
        13,
        "CREATE TABLE t (id int); CREATE INDEX t_k_seq ON t (id); INSERT INTO t VALUES (1); -- keep",
        "CREATE TABLE t (id int, k serial);",
    ),
    (
        "a name passes on: index to partitioned table",
        13,
        "CREATE TABLE t (id int); CREATE INDEX x ON t (id); INSERT INTO t VALUES (1); -- keep",
        "CREATE TABLE x (id int) PARTITION BY LIST (id); CREATE TABLE t PARTITION OF x FOR VALUES IN (1);",
    ),
    (
        "a name passes on: index to foreign table",
        13,
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE t (id int);
         CREATE INDEX x ON t (id);",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE t (id int);
         CREATE FOREIGN TABLE x (id int) SERVER s;",
    ),
    (
        "a name passes on: enum to foreign table",
        13,
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TYPE x AS ENUM ('a');
         CREATE TABLE t (id x);",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE t (id text);
         CREATE FOREIGN TABLE x (id int) SERVER s;",
    ),
    (
        "a name passes on: table to foreign table",
        13,
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE x (id int PRIMARY KEY);
         CREATE TABLE t (id int REFERENCES x);",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE t (id int);
         CREATE FOREIGN TABLE x (id int) SERVER s;",
    ),
    (
        "a name passes on: range to enum",
        13,
        "CREATE TYPE x AS RANGE (subtype = float8); CREATE TABLE t (id int, r x);",
        "CREATE TYPE x AS ENUM ('a'); CREATE TABLE t (id int, e x);",
    ),
    (
        "a name passes on: range to table",
        13,
        "CREATE TYPE x AS RANGE (subtype = float8); CREATE TABLE t (id int, r x);",
        "CREATE TABLE x (id int); CREATE TABLE t (id int);",
    ),
    (
        "a name passes on: two exchange kinds",
        13,
        "CREATE TYPE x AS ENUM ('a'); CREATE TABLE y (id int, e x);",
        "CREATE TYPE y AS ENUM ('a'); CREATE TABLE x (id int, e y);",
    ),
    (
        "a name passes on: table and view exchange",
        13,
        "CREATE TABLE x (id int); CREATE VIEW y AS SELECT id FROM x;",
        "CREATE TABLE y (id int); CREATE VIEW x AS SELECT id FROM y;",
    ),
    (
        "a name passes on: table and sequence exchange",
        13,
        "CREATE SEQUENCE y; CREATE TABLE x (id int DEFAULT nextval('y'));",
        "CREATE SEQUENCE x; CREATE TABLE y (id int DEFAULT nextval('x'));",
    ),
    (
        "a name passes on: array of enum becomes array of text, view",
        13,
        "CREATE TYPE x AS ENUM ('a', 'b'); CREATE TABLE t (id int, e x[]); INSERT INTO t VALUES (1, '{a}'); -- keep",
        "CREATE TABLE t (id int, e text[]); CREATE VIEW x AS SELECT id FROM t;",
    ),
    (
        "an enum inside of other types gives its name to a table, to a view, to a sequence",
        13,
        r#"create type mood as enum ('a'); create domain d as mood; create type level as enum ('a'); create type c as (m level, n int);
         create type part as enum ('a'); create domain e as part; create table t (x d, y c, z e); insert into t values ('a', ('a', 1), 'a');"#,
        r#"create domain d as text; create type c as (m text, n int); create domain e as text; create table t (x d, y c, z e); create table mood (i int);
         create view level as select 1 as i; create table u (id int, c int); create sequence part owned by u.c; insert into t values ('a', ('a', 1), 'a');"#,
    ),
];
