//! Tables `OF` a composite type whose attributes change, also in their order.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "an attribute comes in the midst of a type that tables are of",
        13,
        "CREATE TYPE y AS (a int, c text); CREATE TABLE x OF y (PRIMARY KEY (a)); CREATE TABLE u (v y); CREATE FUNCTION f(y) RETURNS int LANGUAGE sql AS 'SELECT ($1).a';
         CREATE VIEW v AS SELECT a FROM x; CREATE TABLE k (a int REFERENCES x); CREATE TABLE p OF y PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;
         INSERT INTO x VALUES (1, 'c'); INSERT INTO k VALUES (1); INSERT INTO p VALUES (2, 'd'); -- keep",
        "CREATE TYPE y AS (a int, b int, c text); CREATE TABLE x OF y (PRIMARY KEY (a)); CREATE TABLE u (v y);
         CREATE FUNCTION f(y) RETURNS int LANGUAGE sql AS 'SELECT ($1).a';
         CREATE VIEW v AS SELECT a FROM x; CREATE TABLE k (a int REFERENCES x); CREATE TABLE p OF y PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;",
    ),
    (
        "the attributes of a type that tables are of change places, and one its type",
        13,
        "CREATE TYPE y AS (a int, b int, c text); CREATE TABLE x OF y (c DEFAULT 'q', CHECK (a > 0)); CREATE INDEX i ON x (c); INSERT INTO x VALUES (1, 2, '3'); -- keep",
        "CREATE TYPE y AS (c int, a int, b int); CREATE TABLE x OF y (c DEFAULT 7, CHECK (a > 0)); CREATE INDEX i ON x (c);",
    ),
    (
        "a table becomes one of another type, and a plain one of a type",
        13,
        "CREATE TYPE y AS (a int, b text, c text); CREATE TYPE z AS (a int, c text); CREATE TABLE x OF y; CREATE TABLE plain (c text, a int);
         INSERT INTO x VALUES (1, '2', 'c'); INSERT INTO plain VALUES ('c', 1); -- keep",
        "CREATE TYPE y AS (a int, b text, c text); CREATE TYPE z AS (a int, c text); CREATE TABLE x OF z; CREATE TABLE plain OF z;",
    ),
    (
        "a table is no longer one of its type, which changes",
        13,
        "CREATE TYPE y AS (a int, c text); CREATE TABLE x OF y; INSERT INTO x VALUES (1, 'c'); -- keep",
        "CREATE TYPE y AS (c text, b int); CREATE TABLE x (a int, c text);",
    ),
    (
        "the attributes of a type that tables are of change places and nothing else",
        13,
        "CREATE TYPE y AS (a int, \"B b\" int, c text); CREATE TABLE x OF y (PRIMARY KEY (a)); CREATE TABLE p OF y PARTITION BY LIST (a);
         CREATE TABLE p1 PARTITION OF p DEFAULT; INSERT INTO x VALUES (1, 2, 'c'); INSERT INTO p VALUES (1, 2, 'c'); -- keep",
        "CREATE TYPE y AS (c text, a int, \"B b\" int); CREATE TABLE x OF y (PRIMARY KEY (a)); CREATE TABLE p OF y PARTITION BY LIST (a);
         CREATE TABLE p1 PARTITION OF p DEFAULT;",
    ),
    (
        "a domain and enums inside of types that tables are of change, and the types with them or not",
        13,
        "CREATE DOMAIN d AS int; CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE TYPE y AS (a int, k d); CREATE TABLE x OF y; CREATE TYPE z AS (v m, w d);
         CREATE TABLE stays OF z; CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TYPE o AS (a int, k e, b int); CREATE TABLE ordered OF o (k DEFAULT 'a');
         CREATE TYPE p AS (a int, k e); CREATE TABLE appended OF p;
         INSERT INTO x VALUES (1, 2); INSERT INTO stays VALUES ('a', 1); INSERT INTO ordered VALUES (1, 'a', 2); INSERT INTO appended VALUES (1, 'b'); -- keep",
        "CREATE DOMAIN d AS text; CREATE TYPE m AS ENUM ('b', 'a'); CREATE TYPE y AS (k d, a int); CREATE TABLE x OF y; CREATE TYPE z AS (v m, w d);
         CREATE TABLE stays OF z; CREATE TYPE e AS ENUM ('b', 'a'); CREATE TYPE o AS (b int, k e, n e, a int); CREATE TABLE ordered OF o (k DEFAULT 'a');
         CREATE TYPE p AS (a int, k e, l e); CREATE TABLE appended OF p;",
    ),
];
