-- from
create table t(id int, n int);
create function s() returns bigint language sql begin atomic select sum(n) from t;
end;
-- to
create table t(id int, n bigint);
create function s() returns numeric language sql begin atomic select sum(n) from t;
end;
-- up
DROP FUNCTION "s"();
ALTER TABLE "t" ALTER COLUMN "n" TYPE bigint;
CREATE FUNCTION s()
 RETURNS numeric
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(t.n) AS sum
    FROM t;
END;
