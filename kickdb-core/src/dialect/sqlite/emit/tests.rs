use crate::dialect::sqlite::Sqlite;
use crate::dialect::{Catalog, Emit};
use crate::diff::TableChange;
use crate::ident::{Name, Qualified};
use crate::ir::{ColumnValue, Identity, Schema, Table, Written};
use crate::plan::{Script, Steps};

/// The table that a `CREATE TABLE` makes, with its indexes.
fn table(sql: &[&str]) -> Table {
    let answer: Vec<serde_json::Value> = sql
        .iter()
        .map(|sql| {
            let index = sql.starts_with("CREATE INDEX");
            let name = sql.split('"').nth(1).unwrap();
            serde_json::json!({ "type": if index { "index" } else { "table" }, "name": name, "table": "tasks", "sql": sql })
        })
        .collect();
    let answer = serde_json::json!({ "statements": answer, "shadows": [] });
    let mut schema = Sqlite.read_catalog(&[answer.to_string()]).unwrap();
    let table = schema.tables.remove(&Qualified::local(Name::new("tasks").unwrap()));
    std::sync::Arc::unwrap_or_clone(table.unwrap())
}

/// The same table as if it had never been written down.
fn anew(sql: &[&str]) -> Table {
    Table {
        written: Written::default(),
        ..table(sql)
    }
}

fn create(table: &Table) -> Vec<String> {
    let mut steps = Steps::default();
    Sqlite.create_table(table, &Schema::default(), &mut steps).unwrap();
    lines(steps.finish())
}

fn alter(from: &[&str], to: &[&str], changes: &[TableChange]) -> Script {
    let mut steps = Steps::default();
    Sqlite
        .alter_table(&table(from), &anew(to), changes, &Schema::default(), &mut steps)
        .unwrap();
    steps.finish()
}

/// The same with the words of the second.
fn alter_words(from: &[&str], to: &[&str]) -> Script {
    let mut steps = Steps::default();
    Sqlite
        .alter_table(&table(from), &table(to), &[], &Schema::default(), &mut steps)
        .unwrap();
    steps.finish()
}

fn lines(script: Script) -> Vec<String> {
    script.steps.into_iter().map(|step| step.sql).collect()
}

#[test]
fn a_table_is_written_with_all_that_is_in_it() {
    let all = anew(&[
        "CREATE TABLE \"tasks\" (id integer primary key autoincrement, title varchar(200) not null default 'it''s' collate nocase,
         at text not null default current_timestamp, up integer references tasks (id) on delete cascade on update no action,
         twice integer as (id*2) stored, n default (1+2), unique (title, at), check (title<>''))",
        "CREATE INDEX \"tasks_at\" ON tasks (lower(at) desc, title) where up is not null",
    ]);
    assert_eq!(
        create(&all),
        [
            r#"CREATE TABLE "tasks" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "title" varchar(200) NOT NULL DEFAULT 'it''s' COLLATE "nocase",
  "at" text NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "up" integer,
  "twice" integer GENERATED ALWAYS AS ("id" * 2) STORED,
  "n" DEFAULT (1 + 2),
  CONSTRAINT "tasks_title_at_key" UNIQUE ("title", "at"),
  CONSTRAINT "tasks_up_fkey" FOREIGN KEY ("up") REFERENCES "tasks" ("id") ON DELETE CASCADE,
  CONSTRAINT "tasks_title_check" CHECK ("title" <> '')
)"#,
            r#"CREATE INDEX "tasks_at" ON "tasks" (lower("at") DESC, "title") WHERE "up" IS NOT NULL"#,
        ]
    );
}

#[test]
fn options_and_long_keys_are_written_back() {
    let all = anew(&[
        "CREATE TABLE \"tasks\" (a text not null on conflict fail, b int, primary key (b, a DESC) on conflict replace) strict, without rowid",
    ]);
    assert_eq!(
        create(&all),
        [r#"CREATE TABLE "tasks" (
  "a" text NOT NULL ON CONFLICT FAIL,
  "b" int NOT NULL,
  PRIMARY KEY ("b", "a" DESC) ON CONFLICT REPLACE
) STRICT, WITHOUT ROWID"#]
    );
}

#[test]
fn what_alter_table_can_do_is_done_in_place() {
    let script = alter(
        &[
            "CREATE TABLE \"tasks\" (id integer primary key, old text, gone text)",
            "CREATE INDEX \"tasks_gone\" ON tasks (gone)",
        ],
        &[
            "CREATE TABLE \"tasks\" (id integer primary key, new text, up integer, mood text not null default 'ok',
             constraint up foreign key (up) references tasks (id), constraint mood check (mood in ('ok')))",
            "CREATE INDEX \"tasks_up\" ON tasks (up)",
        ],
        &[TableChange::RenameColumn {
            from: Name::new("old").unwrap(),
            to: Name::new("new").unwrap(),
        }],
    );
    assert!(!script.session.foreign_keys_off);
    assert_eq!(
        lines(script),
        [
            r#"ALTER TABLE "tasks" RENAME COLUMN "old" TO "new""#,
            r#"DROP INDEX "tasks_gone""#,
            r#"ALTER TABLE "tasks" DROP COLUMN "gone""#,
            r#"ALTER TABLE "tasks" ADD COLUMN "up" integer CONSTRAINT "up" REFERENCES "tasks" ("id")"#,
            r#"ALTER TABLE "tasks" ADD COLUMN "mood" text NOT NULL DEFAULT 'ok' CONSTRAINT "mood" CHECK ("mood" IN ('ok'))"#,
            r#"CREATE INDEX "tasks_up" ON "tasks" ("up")"#,
        ]
    );
}

#[test]
fn the_rest_is_one_rebuild() {
    let script = alter(
        &[
            "CREATE TABLE \"tasks\" (id integer primary key autoincrement, n text, a text)",
            "CREATE INDEX \"tasks_n\" ON tasks (n)",
        ],
        &[
            "CREATE TABLE \"tasks\" (id integer primary key autoincrement, n integer, a text not null default '')",
            "CREATE INDEX \"tasks_n\" ON tasks (n)",
        ],
        &[],
    );
    assert!(script.session.foreign_keys_off);
    assert_eq!(
        lines(script),
        [
            r#"CREATE TABLE "kick_new_tasks" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "n" integer,
  "a" text NOT NULL DEFAULT ''
)"#,
            r#"INSERT INTO "kick_new_tasks" ("id", "n", "a")
SELECT "id",
  CASE WHEN "n" IS NULL OR "n" = CAST("n" AS INTEGER) AND (typeof("n") <> 'text' OR "n" = CAST(CAST("n" AS INTEGER) AS TEXT)) THEN CAST("n" AS INTEGER) ELSE json_extract('{}', 'cannot convert tasks.n: ' || substr(quote("n"), 1, 60) || ' is not a whole number as it is written' || ', in the row with id ' || quote("id")) END,
  coalesce("a", '')
FROM "tasks""#,
            "DELETE FROM sqlite_sequence WHERE name = 'kick_new_tasks'",
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'kick_new_tasks', seq FROM sqlite_sequence WHERE name = 'tasks'",
            r#"DROP TABLE "tasks""#,
            "PRAGMA legacy_alter_table = ON",
            r#"ALTER TABLE "kick_new_tasks" RENAME TO "tasks""#,
            "PRAGMA legacy_alter_table = OFF",
            r#"CREATE INDEX "tasks_n" ON "tasks" ("n")"#,
        ]
    );
}

#[test]
fn what_is_written_down_is_used_word_for_word() {
    let words = "CREATE TABLE \"tasks\"(id integer primary key, -- its number\n up references TASKS(ID), n int\n\tcheck(tasks.n%2=0) )";
    let index = "CREATE INDEX \"tasks_n\" on [tasks](n%2 asc)";
    let all = table(&[words, index]);
    assert_eq!(create(&all), [words, index]);

    // Under another name the table has another qualifier for its columns.
    let script = lines(alter_words(
        &["CREATE TABLE \"tasks\" (id integer primary key, up, n int)"],
        &[words, index],
    ));
    assert_eq!(
        script[0],
        "CREATE TABLE \"kick_new_tasks\" (id integer primary key, -- its number\n up references TASKS(ID), n int\n\tcheck(\"kick_new_tasks\".n%2=0) )"
    );
    assert_eq!(script.last().unwrap(), index);

    // What the words do not say any more is written anew.
    let mut other = all.clone();
    other.columns[2].nullable = false;
    assert!(create(&other)[0].contains("\"n\" int NOT NULL"), "{:?}", create(&other));
    let mut moved = all;
    moved.name = Qualified::local(Name::new("jobs").unwrap());
    let moved = create(&moved);
    assert!(
        moved[0].starts_with("CREATE TABLE \"jobs\" (") && moved[1].contains("ON \"jobs\" ("),
        "{moved:?}"
    );
}

#[test]
fn a_key_that_counts_downwards_is_the_rows_number_only_where_sqlite_says_so() {
    let counts = |sql: &str| {
        matches!(
            table(&[sql]).columns[0].value,
            ColumnValue::Identity(Identity::ByDefault, _)
        )
    };
    assert!(counts("CREATE TABLE \"tasks\" (id integer, primary key (id desc))"));
    let own = "CREATE TABLE \"tasks\" (id integer primary key desc)";
    assert!(!counts(own));
    assert_eq!(
        create(&anew(&[own])),
        ["CREATE TABLE \"tasks\" (\n  \"id\" integer NOT NULL PRIMARY KEY DESC\n)"]
    );
    let sorted = "CREATE TABLE \"tasks\" (id integer primary key desc) without rowid";
    assert!(create(&anew(&[sorted]))[0].contains("PRIMARY KEY (\"id\" DESC)"));
}

#[test]
fn nothing_to_do_is_nothing() {
    let same = &["CREATE TABLE \"tasks\" (id integer primary key)"][..];
    assert_eq!(alter(same, same, &[]), Script::default());
}
