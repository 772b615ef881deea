-- from
CREATE TABLE a (x int, CONSTRAINT u UNIQUE (x));
CREATE TABLE b (x int);
CREATE TABLE c (x int, CONSTRAINT w UNIQUE (x));
CREATE TABLE z (x int REFERENCES a (x));
-- to
CREATE TABLE a (x int);
CREATE TABLE b (x int, y int, CONSTRAINT u UNIQUE (x), CONSTRAINT w UNIQUE (y));
CREATE TABLE z (x int);
