-- from
CREATE TYPE state AS ENUM ('a', 'b', 'c');
CREATE TABLE p (k state PRIMARY KEY);
CREATE TABLE t (id int, k state REFERENCES p);
INSERT INTO p VALUES ('a');
INSERT INTO t VALUES (1, 'a');
-- to
CREATE TYPE state AS ENUM ('b', 'a');
CREATE TABLE p (k state PRIMARY KEY);
CREATE TABLE t (id int, k state REFERENCES p);
