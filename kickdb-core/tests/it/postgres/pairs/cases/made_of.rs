//! Types that are made of functions over them, and what has no name to be said by.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a base type comes with its functions",
        13,
        "CREATE TABLE t (id int PRIMARY KEY);",
        "CREATE TABLE t (id int PRIMARY KEY);
         CREATE TYPE mytext;
         CREATE FUNCTION mytext_in(cstring) RETURNS mytext LANGUAGE internal IMMUTABLE STRICT AS 'textin';
         CREATE FUNCTION mytext_out(mytext) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
         CREATE TYPE mytext (INPUT = mytext_in, OUTPUT = mytext_out, LIKE = text);
         CREATE TABLE w (a mytext, b mytext[] DEFAULT '{}');
         CREATE FUNCTION f(mytext) RETURNS int LANGUAGE sql AS 'select 1';",
    ),
    (
        "what uses a base type comes",
        13,
        "CREATE TABLE t (id int PRIMARY KEY);
         CREATE TYPE mytext;
         CREATE FUNCTION mytext_in(cstring) RETURNS mytext LANGUAGE internal IMMUTABLE STRICT AS 'textin';
         CREATE FUNCTION mytext_out(mytext) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
         CREATE TYPE mytext (INPUT = mytext_in, OUTPUT = mytext_out, LIKE = text);",
        "CREATE TABLE t (id int PRIMARY KEY);
         CREATE TYPE mytext;
         CREATE FUNCTION mytext_in(cstring) RETURNS mytext LANGUAGE internal IMMUTABLE STRICT AS 'textin';
         CREATE FUNCTION mytext_out(mytext) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
         CREATE TYPE mytext (INPUT = mytext_in, OUTPUT = mytext_out, LIKE = text);
         CREATE TABLE w (a mytext DEFAULT 'x', b mytext[] DEFAULT '{}');
         CREATE FUNCTION f(mytext) RETURNS int LANGUAGE sql AS 'select 1';
         CREATE FUNCTION g(mytext, mytext) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'texteq';
         CREATE OPERATOR === (LEFTARG = mytext, RIGHTARG = mytext, FUNCTION = g);",
    ),
    (
        "a base type with everything that one can have",
        13,
        "CREATE TABLE t (id int PRIMARY KEY);",
        "CREATE SCHEMA s;
         CREATE TYPE s.big;
         CREATE FUNCTION s.big_in(cstring, oid, int) RETURNS s.big LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
         CREATE FUNCTION s.big_out(s.big) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
         CREATE FUNCTION s.big_recv(internal, oid, int) RETURNS s.big LANGUAGE internal STABLE STRICT AS 'varcharrecv';
         CREATE FUNCTION s.big_send(s.big) RETURNS bytea LANGUAGE internal STABLE STRICT AS 'varcharsend';
         CREATE FUNCTION big_tin(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
         CREATE FUNCTION big_tout(int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
         CREATE TYPE s.big (INPUT = s.big_in, OUTPUT = s.big_out, RECEIVE = s.big_recv, SEND = s.big_send, TYPMOD_IN = big_tin, TYPMOD_OUT = big_tout, STORAGE = extended, CATEGORY = 'S', COLLATABLE = true, DEFAULT = 'x', DELIMITER = ';');
         COMMENT ON TYPE s.big IS 'big';
         CREATE CAST (s.big AS text) WITHOUT FUNCTION AS ASSIGNMENT;
         CREATE FUNCTION big_eq(s.big, s.big) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'texteq';
         CREATE OPERATOR = (LEFTARG = s.big, RIGHTARG = s.big, FUNCTION = big_eq);
         CREATE TABLE w (a s.big, b s.big[], c s.big(10));
         CREATE VIEW v AS SELECT a FROM w;
         CREATE DOMAIN bd AS s.big;
         CREATE TYPE bc AS (x s.big);",
    ),
    (
        "a range with one form for each value",
        13,
        "CREATE TABLE t (id int PRIMARY KEY);",
        "CREATE TYPE fr;
         CREATE FUNCTION fr_canon(fr) RETURNS fr LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
         CREATE TYPE fr AS RANGE (SUBTYPE = int4, CANONICAL = fr_canon);
         CREATE TABLE w (a fr);",
    ),
    (
        "a transform and a function that uses it",
        13,
        "CREATE TYPE pt AS (a int, b int);
         CREATE FUNCTION from_s(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'texteq';",
        "CREATE TYPE pt AS (a int, b int);
         CREATE FUNCTION from_s(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'texteq';
         CREATE TRANSFORM FOR pt LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_s(internal));
         CREATE FUNCTION tf(pt) RETURNS int LANGUAGE plpgsql TRANSFORM FOR TYPE pt AS 'begin return 1; end';",
    ),
    (
        "columns of the rows of tables of the server",
        14,
        "CREATE TABLE t (id int PRIMARY KEY);",
        "CREATE TABLE t (id int PRIMARY KEY, a pg_catalog.pg_class, b pg_catalog.pg_class[]);",
    ),
    (
        "types of other schemas that are named like well-known ones",
        13,
        "CREATE SCHEMA b; CREATE TYPE b.point AS ENUM ('a', 'b'); CREATE DOMAIN b.path AS text; CREATE TYPE b.vector AS (x int);
         CREATE TABLE t (id int);",
        "CREATE SCHEMA b; CREATE TYPE b.point AS ENUM ('a', 'b', 'c'); CREATE DOMAIN b.path AS text; CREATE TYPE b.vector AS (x int);
         CREATE TABLE t (id int, p b.point DEFAULT 'a', q b.path, v b.vector, w point, z b.point[]);
         CREATE FUNCTION f(b.point, b.path, b.vector[], point) RETURNS int LANGUAGE sql AS 'select 1';",
    ),
];
