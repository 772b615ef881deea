-- from
CREATE VIRTUAL TABLE notes USING fts5(title, body);
INSERT INTO notes (rowid, title, body) VALUES (7, 'kept', 'gone');
CREATE TABLE t (id integer PRIMARY KEY, b text);
CREATE VIRTUAL TABLE s USING fts5(b, content='t', content_rowid='id');
-- to
CREATE VIRTUAL TABLE notes USING fts5(title, author UNINDEXED);
CREATE TABLE t (id integer PRIMARY KEY, b text);
CREATE VIRTUAL TABLE s USING fts5(b, content='t', content_rowid='id', prefix='2');
-- up
-- SQLite cannot alter a virtual table: it is made anew and its rows are copied
PRAGMA legacy_alter_table = ON;
ALTER TABLE "notes" RENAME TO "kick_old_notes";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE notes USING fts5(title, author UNINDEXED);
INSERT INTO "notes" (rowid, "title") SELECT rowid, "title" FROM "kick_old_notes";
DROP TABLE "kick_old_notes";
-- SQLite cannot alter a virtual table: it is made anew and fills itself from its content table
DROP TABLE "s";
CREATE VIRTUAL TABLE s USING fts5(b, content='t', content_rowid='id', prefix='2');
INSERT INTO "s" ("s") VALUES ('rebuild');
