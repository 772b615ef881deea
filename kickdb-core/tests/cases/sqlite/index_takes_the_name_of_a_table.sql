-- from
CREATE TABLE a (x text);
CREATE TABLE b (x text);
CREATE INDEX ix ON a (x);
-- to
CREATE TABLE a (x text NOT NULL);
CREATE TABLE ix (x text);
CREATE INDEX b ON a (x);
-- up
PRAGMA foreign_keys = OFF;
BEGIN;
-- SQLite cannot alter this in place: the table is made anew and its rows are copied
CREATE TABLE "kick_new_a" (
  "x" text NOT NULL
);
INSERT INTO "kick_new_a" (_rowid_, "x")
SELECT _rowid_, "x" FROM "a";
DROP TABLE "a";
-- Views, triggers and foreign keys go on naming the table as they do
PRAGMA legacy_alter_table = ON;
ALTER TABLE "kick_new_a" RENAME TO "a";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX ix ON a (x);
DROP TABLE "b";
DROP INDEX "ix";
CREATE INDEX b ON a (x);
CREATE TABLE ix (x text);
COMMIT;
PRAGMA foreign_keys = ON;
