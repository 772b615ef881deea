-- from
CREATE TABLE t (a INTEGER, b TEXT);
INSERT INTO t VALUES (1, 'x');
-- to
CREATE TABLE t (a INTEGER, b TEXT, UNIQUE (b) ON CONFLICT IGNORE);
-- up
PRAGMA foreign_keys = OFF;
BEGIN;
-- SQLite cannot alter this in place: the table is made anew and its rows are copied
CREATE TABLE "kick_new_t" (a INTEGER, b TEXT, UNIQUE (b) ON CONFLICT IGNORE);
INSERT OR ABORT INTO "kick_new_t" (_rowid_, "a", "b")
SELECT _rowid_, "a", "b" FROM "t";
DROP TABLE "t";
-- Views, triggers and foreign keys go on naming the table as they do
PRAGMA legacy_alter_table = ON;
ALTER TABLE "kick_new_t" RENAME TO "t";
PRAGMA legacy_alter_table = OFF;
COMMIT;
PRAGMA foreign_keys = ON;
