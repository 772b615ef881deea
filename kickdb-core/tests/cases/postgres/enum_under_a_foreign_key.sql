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
-- up
ALTER TABLE "t" DROP CONSTRAINT "t_k_fkey";
ALTER TYPE "state" RENAME TO "state__kick_old";
CREATE TYPE "state" AS ENUM ('b', 'a');
ALTER TABLE "p" ALTER COLUMN "k" TYPE "state" USING "k"::text::"state";
ALTER TABLE "t" ALTER COLUMN "k" TYPE "state" USING "k"::text::"state";
ALTER TABLE "t" ADD CONSTRAINT "t_k_fkey" FOREIGN KEY ("k") REFERENCES "p" ("k");
DROP TYPE "state__kick_old";
