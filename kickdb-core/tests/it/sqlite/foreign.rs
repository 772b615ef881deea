//! Databases that other programs made.

use kickdb_core::snapshot;

use super::*;

/// Everything at once that SQLite can be told and that has to survive.
const ODD: &str = r#"
    CREATE TABLE "Order Lines" (
        pk integer not null, "created at" varchar(40) DEFAULT 'b c', größe NUMERIC(10,2) default -1.50,
        [Select] text null, `with``tick` unsigned big int, untyped, "quo""ted" "odd type",
        n integer DEFAULT (1 + 2), w text default foo, y default "bar", t integer default true, plus int default +5,
        stamp text DEFAULT current_timestamp, day text DEFAULT CURRENT_DATE, blob blob default x'00ff', nul text default null,
        mail text COLLATE nocase NOT NULL DEFAULT '' UNIQUE ON CONFLICT IGNORE,
        ref integer REFERENCES users, ref2 integer CONSTRAINT to_users REFERENCES Users (PK) ON DELETE set null on update
            cascade MATCH simple NOT NULL DEFAULT 1, ref3 text REFERENCES nowhere DEFERRABLE INITIALLY DEFERRED,
        sum integer GENERATED ALWAYS AS (n * 2) STORED, diff AS (n - 1), "end" integer CHECK ("end" > n),
        primary key (pk) -- the key
        constraint odd_check check (n > -3 and ("größe" is null or größe<>'x')) /* no comma before */ ,
        check (length("created at") > 0), check (length("created at") < 100), unique (n, w), UNIQUE (mail COLLATE BINARY, n DESC)
    );
    CREATE TABLE users (pk integer PRIMARY KEY AUTOINCREMENT, parent integer REFERENCES users (pk) ON DELETE CASCADE, name text);
    CREATE TABLE pairs (a text, b int, c any, PRIMARY KEY (b, a)) WITHOUT ROWID, STRICT;
    CREATE TABLE texts (id text PRIMARY KEY, id2 int PRIMARY_KEY);
    CREATE TABLE downwards (id text PRIMARY KEY DESC);
    CREATE UNIQUE INDEX u ON users (lower(name) DESC, parent) WHERE (name IS NOT NULL) AND parent > 0;
    CREATE INDEX i1 ON "Order Lines" ("created at" COLLATE NOCASE DESC, 'n');
    CREATE INDEX i2 ON users (name collate binary);
    CREATE VIEW v AS SELECT name FROM users;
    CREATE TABLE kick_migrations (id text);
    CREATE INDEX kick_i ON kick_migrations (id);
    CREATE VIRTUAL TABLE search USING fts5 (body);
"#;

#[tokio::test]
async fn survive_being_made_anew() {
    let schema = schema_of(ODD).await;
    let names: Vec<String> = schema.tables.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["Order Lines", "downwards", "pairs", "texts", "users"]);

    let mut again = Database::empty().await;
    again.run(&create(&schema)).await.unwrap();
    assert_eq!(again.schema().await, schema);
    let mut normal = schema.clone();
    sqlite().normalize(&mut normal).unwrap();
    assert_eq!(normal, schema, "what the catalog gives is in normal form");
    let file = snapshot::write(&schema, sqlite()).unwrap();
    assert_eq!(snapshot::read(&file, sqlite()).unwrap().schema, schema);
}

/// The pragmas are the other way to ask the same; they must not disagree.
#[tokio::test]
async fn look_the_same_to_the_pragmas() {
    const COLUMNS: &str = "SELECT m.name || ' ' || c.name || ' ' || lower(replace(c.type, ' ', '')) || ' ' || \
        coalesce(c.dflt_value, '-') || ' ' || c.pk || ' ' || c.hidden || ' ' || CASE WHEN c.pk THEN '' ELSE c.\"notnull\" END \
        FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY 1";
    const KEYS: &str = "SELECT m.name || ' ' || f.\"from\" || ' ' || lower(f.\"table\") || ' ' || f.on_delete || ' ' || f.on_update \
        FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1";
    const INDEXES: &str = "SELECT m.name || ' ' || CASE i.origin WHEN 'c' THEN i.name ELSE i.origin END || ' ' || i.\"unique\" || ' ' || \
        i.partial || ' ' || (SELECT group_concat(coalesce(x.name, '<expr>') || ' ' || x.desc || ' ' || x.coll) \
        FROM pragma_index_xinfo(i.name) x WHERE x.key) \
        FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' ORDER BY 1";
    let tables = ODD.split("CREATE VIEW").next().unwrap();
    let mut one = Database::with(tables).await;
    let mut two = Database::empty().await;
    let schema = one.schema().await;
    two.run(&create(&schema)).await.unwrap();
    for query in [COLUMNS, KEYS, INDEXES] {
        let (one, two) = (one.rows(query).await, two.rows(query).await);
        let lower = |rows: Vec<String>| rows.into_iter().map(|row| row.to_lowercase()).collect::<Vec<_>>();
        assert_eq!(lower(one), lower(two));
    }
}

#[tokio::test]
async fn nothing_is_an_empty_schema() {
    assert!(Database::empty().await.schema().await.is_empty());
}
