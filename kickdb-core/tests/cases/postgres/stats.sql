-- from
create table t(a int, b int, c int);
create statistics s1 on a, b from t;
-- to
create table t(a int, b bigint, c int);
create statistics s1 (dependencies) on a, c from t;
create statistics s2 on a, b from t;
-- up
DROP STATISTICS "s1";
ALTER TABLE "t" ALTER COLUMN "b" TYPE bigint;
CREATE STATISTICS s1 (dependencies) ON a, c FROM t;
CREATE STATISTICS s2 ON a, b FROM t;
