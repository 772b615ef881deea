//! Functions over types and rows that are made, change or pass to another kind along with what calls them.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a type and its functions: function with enum argument that a default calls, enum loses values",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f('a'), e m); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f('a'), e m);",
    ),
    (
        "a type and its functions: no column of it",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f('a'));",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f('a'));",
    ),
    (
        "a type and its functions: returns enum",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f() RETURNS m LANGUAGE sql IMMUTABLE AS $$SELECT 'a'::m$$; CREATE TABLE t (id int, e m DEFAULT f()); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f() RETURNS m LANGUAGE sql IMMUTABLE AS $$SELECT 'a'::m$$; CREATE TABLE t (id int, e m DEFAULT f());",
    ),
    (
        "a type and its functions: check and index and generated call it",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int CHECK (f('a') = 1), e m, g int GENERATED ALWAYS AS (f(e)) STORED); CREATE INDEX i ON t (f(e));
         INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int CHECK (f('a') = 1), e m, g int GENERATED ALWAYS AS (f(e)) STORED); CREATE INDEX i ON t (f(e));",
    ),
    (
        "a type and its functions: other table's default, policy",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (e m); CREATE TABLE u (id int DEFAULT f('a')); CREATE POLICY p ON u USING (id = f('b'));",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (e m); CREATE TABLE u (id int DEFAULT f('a')); CREATE POLICY p ON u USING (id = f('b'));",
    ),
    (
        "a type and its functions: function calls function",
        14,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE FUNCTION g() RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT f('a'); END;
         CREATE TABLE t (id int DEFAULT g(), e m); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE FUNCTION g() RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT f('a'); END;
         CREATE TABLE t (id int DEFAULT g(), e m);",
    ),
    (
        "a type and its functions: default argument",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c');
         CREATE FUNCTION f(x m DEFAULT 'a') RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f(), e m); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(x m DEFAULT 'a') RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f(), e m);",
    ),
    (
        "a type and its functions: array argument",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c');
         CREATE FUNCTION f(VARIADIC m[]) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f('a', 'b'), e m); INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(VARIADIC m[]) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f('a', 'b'), e m);",
    ),
    (
        "a type and its functions: operator over it in a default",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(m, m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE OPERATOR +% (FUNCTION = f, LEFTARG = m, RIGHTARG = m); CREATE TABLE t (id int DEFAULT ('a'::m +% 'b'::m), e m);",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(m, m) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE OPERATOR +% (FUNCTION = f, LEFTARG = m, RIGHTARG = m); CREATE TABLE t (id int DEFAULT ('a'::m +% 'b'::m), e m);",
    ),
    (
        "a type and its functions: function over new table's row",
        13,
        "CREATE TABLE o (id int); INSERT INTO o VALUES (1); -- keep",
        "CREATE TABLE n (id int); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n));",
    ),
    (
        "a type and its functions: function over new table's row where the table takes a name of an index",
        13,
        "CREATE TABLE o (id int); CREATE INDEX n ON o (id); INSERT INTO o VALUES (1); -- keep",
        "CREATE TABLE n (id int); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n));",
    ),
    (
        "a type and its functions: function over new table's row where the table takes a view's name",
        13,
        "CREATE TABLE o (id int); CREATE VIEW n AS SELECT id FROM o; INSERT INTO o VALUES (1); -- keep",
        "CREATE TABLE n (id int); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n));",
    ),
    (
        "a type and its functions: function over new table's row that references the old",
        13,
        "CREATE TABLE o (id int PRIMARY KEY); INSERT INTO o VALUES (1); -- keep",
        "CREATE TABLE o (id int PRIMARY KEY, k int); CREATE TABLE n (id int REFERENCES o);
         CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; ALTER TABLE o ALTER k SET DEFAULT f(NULL::n);",
    ),
    (
        "a type and its functions: function over new partition's row",
        13,
        "CREATE TABLE o (id int); INSERT INTO o VALUES (1); -- keep",
        "CREATE TABLE n (id int) PARTITION BY LIST (id); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n)); CREATE TABLE n1 PARTITION OF n FOR VALUES IN (1);",
    ),
    (
        "a type and its functions: function returns setof new table, view over it",
        13,
        "CREATE TABLE o (id int);",
        "CREATE TABLE o (id int); CREATE TABLE n (id int);
         CREATE FUNCTION f() RETURNS SETOF n LANGUAGE sql AS 'SELECT * FROM n'; CREATE VIEW v AS SELECT id FROM f();",
    ),
    (
        "a type and its functions: function over row of table that is swapped for a view",
        13,
        "CREATE TABLE n (id int); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n));",
        "CREATE VIEW n AS SELECT 1 AS id; CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n));",
    ),
    (
        "a type and its functions: function over row of table that is swapped for a composite",
        13,
        "CREATE TABLE n (id int); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n));",
        "CREATE TYPE n AS (id int); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f(NULL::n));",
    ),
    (
        "a type and its functions: function with enum that becomes a domain, default calls",
        13,
        "CREATE TYPE n AS ENUM ('a'); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f('a'), e n); INSERT INTO o VALUES (1, 'a'); -- keep",
        "CREATE DOMAIN n AS text; CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE TABLE o (id int DEFAULT f('a'), e n);",
    ),
    (
        "a type and its functions: domain over enum that loses values, function over the domain",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE DOMAIN d AS m;
         CREATE FUNCTION f(d) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE TABLE t (id int DEFAULT f('a'), e d);
         INSERT INTO t VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE DOMAIN d AS m;
         CREATE FUNCTION f(d) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE TABLE t (id int DEFAULT f('a'), e d);",
    ),
    (
        "a type and its functions: function over new table's row, in the table's own check and index",
        13,
        "",
        "CREATE TABLE n (id int); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         ALTER TABLE n ADD CHECK (f(n) = 1); CREATE INDEX i ON n (f(n)); CREATE INDEX j ON n (id) WHERE f(n) > 0;",
    ),
    (
        "a type and its functions: function over new table's row, in the table's own check and the enum in both",
        13,
        "CREATE TYPE e AS ENUM ('a'); CREATE TABLE o (e e);",
        "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE o (e e); CREATE TABLE n (e e);
         CREATE FUNCTION f(n, e) RETURNS e LANGUAGE sql IMMUTABLE AS 'SELECT $2';
         ALTER TABLE n ADD CONSTRAINT c CHECK (f(n, e) = 'a');",
    ),
];
