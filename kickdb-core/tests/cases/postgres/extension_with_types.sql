-- from
CREATE TABLE t (id int);
-- to
CREATE EXTENSION tablefunc;
CREATE TABLE t (id bigint);
-- up
CREATE EXTENSION "tablefunc";
ALTER TABLE "t" ALTER COLUMN "id" TYPE bigint;
