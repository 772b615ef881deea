-- from
CREATE TABLE t (id int PRIMARY KEY, gone text);
CREATE FUNCTION found(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE id = x AND gone IS NULL; END;
-- to
CREATE TABLE t (id bigint PRIMARY KEY);
CREATE FUNCTION found(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE id = x; END;
