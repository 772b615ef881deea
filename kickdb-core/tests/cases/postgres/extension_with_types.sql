-- from
CREATE TABLE t (id int);
-- to
CREATE EXTENSION tablefunc;
CREATE TABLE t (id bigint);
