-- from
CREATE TABLE t (id int PRIMARY KEY, gone text);
CREATE FUNCTION found(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE id = x AND gone IS NULL; END;
-- to
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE FUNCTION found(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE id = x; END;
-- up
DROP FUNCTION "found"(integer);
ALTER TABLE "t" DROP COLUMN "gone";
ALTER TABLE "t" ALTER COLUMN "id" TYPE bigint;
CREATE FUNCTION found(x integer)
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(*) AS count
    FROM t
   WHERE (t.id = found.x);
END;
