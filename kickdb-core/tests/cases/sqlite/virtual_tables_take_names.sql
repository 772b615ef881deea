-- from
CREATE TABLE notes (id integer PRIMARY KEY, title text, body text);
INSERT INTO notes VALUES (7, 'kept', 'kept');
CREATE TABLE t (a text, b text);
CREATE VIRTUAL TABLE u USING fts5(a);
INSERT INTO u VALUES ('kept');
-- to
CREATE VIRTUAL TABLE notes USING fts5(title, body);
CREATE VIRTUAL TABLE t USING fts5(a, content='u');
CREATE TABLE u (id integer PRIMARY KEY, a text, b text NOT NULL);
-- up
PRAGMA foreign_keys = OFF;
BEGIN;
-- Another table takes the name of this one, and nothing can be copied: what is in it goes
DROP TABLE "t";
-- Another table takes the name of this one: it makes room, and its rows are copied
PRAGMA legacy_alter_table = ON;
ALTER TABLE "notes" RENAME TO "kick_old_notes";
PRAGMA legacy_alter_table = OFF;
CREATE VIRTUAL TABLE notes USING fts5(title, body);
INSERT INTO "notes" (rowid, "title", "body") SELECT _rowid_, "title", "body" FROM "kick_old_notes";
DROP TABLE "kick_old_notes";
-- Another table takes the name of this one: it makes room, and its rows are copied; what they have no value for gets the plainest one
PRAGMA legacy_alter_table = ON;
ALTER TABLE "u" RENAME TO "kick_old_u";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE u (id integer PRIMARY KEY, a text, b text NOT NULL);
INSERT INTO "u" ("id", "a", "b") SELECT rowid, CASE WHEN typeof("a") = 'real' AND CAST(CAST("a" AS TEXT) AS REAL) <> "a" THEN printf('%!.17g', "a") ELSE "a" END, '' FROM "kick_old_u";
DROP TABLE "kick_old_u";
CREATE VIRTUAL TABLE t USING fts5(a, content='u');
-- The index fills itself from its content table
INSERT INTO "t" ("t") VALUES ('rebuild');
COMMIT;
PRAGMA foreign_keys = ON;
