CREATE TABLE android_metadata (locale TEXT);
CREATE TABLE room_master_table (id INTEGER PRIMARY KEY, identity_hash TEXT);
CREATE TABLE `contacts` (`_id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `display_name` TEXT NOT NULL COLLATE NOCASE, `starred` INTEGER NOT NULL DEFAULT 0, `photo` BLOB, `kind` TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'company', 'it''s')), `last_contacted` INTEGER, `rating` REAL, created DATETIME DEFAULT CURRENT_TIMESTAMP, price DECIMAL(10,2), flag BOOLEAN DEFAULT FALSE);
CREATE INDEX `index_contacts_name` ON `contacts` (`display_name` ASC, lower(`kind`) DESC) WHERE `starred` = 1;
CREATE TABLE phones (_id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contacts(_id) ON DELETE CASCADE ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED, number TEXT NOT NULL, type INTEGER DEFAULT (1 + 1), data1 ANY, UNIQUE (contact_id, number) ON CONFLICT REPLACE);
CREATE UNIQUE INDEX phones_number ON phones (number);
CREATE TABLE messages (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, address TEXT, date INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000), body TEXT, state TEXT CHECK (state IN ('draft','sent')), reply_to INTEGER, words INTEGER GENERATED ALWAYS AS (length(body) - length(replace(body, ' ', '')) + 1) VIRTUAL, hash BLOB AS (body) STORED,
  CONSTRAINT reply FOREIGN KEY (reply_to) REFERENCES messages (_id) ON DELETE SET NULL, CONSTRAINT something CHECK (body IS NOT NULL OR state = 'draft'));
CREATE TABLE participants (message_id INTEGER NOT NULL, contact_id INTEGER NOT NULL, role TEXT, PRIMARY KEY (message_id, contact_id), FOREIGN KEY (message_id) REFERENCES messages (_id), FOREIGN KEY (contact_id) REFERENCES contacts (_id)) WITHOUT ROWID;
CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value ANY, "select" TEXT, [odd name] INT, `it's` REAL) STRICT;
CREATE VIRTUAL TABLE messages_fts USING fts5(body, content='messages', content_rowid='_id', tokenize="porter unicode61");
CREATE TRIGGER messages_ai AFTER INSERT ON messages BEGIN INSERT INTO messages_fts (rowid, body) VALUES (new._id, new.body); END;
CREATE TRIGGER messages_ad AFTER DELETE ON messages BEGIN INSERT INTO messages_fts (messages_fts, rowid, body) VALUES ('delete', old._id, old.body); END;
CREATE VIEW view_contacts AS SELECT c._id, c.display_name, count(p._id) AS phones FROM contacts c LEFT JOIN phones p ON p.contact_id = c._id GROUP BY c._id -- with how many phones
;
CREATE TRIGGER view_contacts_insert INSTEAD OF INSERT ON view_contacts BEGIN INSERT INTO contacts (display_name) VALUES (new.display_name); END;
CREATE VIEW recent AS SELECT * FROM messages ORDER BY date DESC LIMIT 10 /* ends here */;
