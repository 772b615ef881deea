-- since 14
-- from
create table t(id int, n int);
-- to
create table t(id int, n int);
create function s() returns bigint language sql begin atomic select sum(n) from t;
end;
-- up
CREATE FUNCTION s()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(t.n) AS sum
    FROM t;
END;
