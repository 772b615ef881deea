-- from
CREATE TYPE address AS (street text, city text, zip text);
COMMENT ON TYPE address IS 'where';
CREATE TABLE t (id int, one address, many address[]);
INSERT INTO t VALUES (1, ('s', 'c', 'z'), ARRAY[('s', 'c', 'z')::address]);
-- to
CREATE TYPE address AS (street text, city text);
CREATE TABLE t (id int, one address, many address[]);
-- up
ALTER TYPE "address" DROP ATTRIBUTE zip;
COMMENT ON TYPE "address" IS NULL;
