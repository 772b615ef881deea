//! Changes of tables that are in use: each step leads where it says, forward and back, and no hazard is left in it.

mod load;

use kickdb_core::dialect::live::{Connection, connect};
use kickdb_core::dialect::{Dialect, by_name};
use kickdb_core::diff::{Backfills, NeededValue, diff};
use kickdb_core::ir::Schema;
use kickdb_core::journal::{Folder, NewMigration, Outcome, Request, generate, read};
use kickdb_core::plan;
use kickdb_core::proof::{Verdict, prove};
use kickdb_core::runner::Cancel;
use kickdb_testdb::{Engine, engines};

use crate::rebase::declared;

const BASE: &str = r#"
use kickdb::prelude::*;

#[derive(Table)]
#[table(name = "people")]
pub struct Person {
    #[column(primary_key)]
    pub id: i64,
    #[column(type = "varchar(200)")]
    pub email: String,
}

#[derive(Table)]
#[table(name = "tasks")]
// table
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(type = "varchar(100)")]
    pub title: String,
    pub note: Option<String>,
    #[column(index)]
    pub place: i32,
    pub owner: Option<i64>,
    // column
}
// end
"#;

/// A change of the source.
struct Case {
    name: &'static str,
    /// What it replaces by what.
    edits: &'static [(&'static str, &'static str)],
    /// The values for rows.
    values: &'static [&'static str],
    /// How many migrations it takes.
    steps: usize,
    /// The hazards that no way around them is known for.
    hazards: &'static [&'static str],
    /// Those beside them on MariaDB, which copies the table for some changes.
    on_mysql: &'static [&'static str],
    /// A value of each row afterwards.
    shown: &'static str,
    rows: [&'static str; 2],
}

const CASES: &[Case] = &[
    Case {
        name: "a column that may be NULL",
        edits: &[("// column", "pub due: Option<i64>,")],
        values: &[],
        steps: 1,
        hazards: &[],
        on_mysql: &[],
        shown: "due",
        rows: ["-", "-"],
    },
    Case {
        name: "a required column",
        edits: &[("// column", "pub slug: String,")],
        values: &["tasks.slug=lower(title)"],
        steps: 3,
        hazards: &[],
        on_mysql: &[],
        shown: "slug",
        rows: ["read", "write"],
    },
    Case {
        name: "a required column with a default",
        edits: &[("// column", "#[column(default = 7)]\n    pub weight: i32,")],
        values: &[],
        steps: 1,
        hazards: &[],
        on_mysql: &[],
        shown: "weight",
        rows: ["7", "7"],
    },
    Case {
        name: "NOT NULL",
        edits: &[("pub note: Option<String>", "pub note: String")],
        values: &["tasks.note='none'"],
        steps: 3,
        hazards: &[],
        on_mysql: &[],
        shown: "note",
        rows: ["none", "two"],
    },
    Case {
        name: "an index, a unique constraint and a check",
        edits: &[
            (
                "// table",
                "#[index(columns(title, place))]\n#[check(expr = \"place > 0\", name = \"tasks_place_above\")]",
            ),
            ("varchar(200)\"", "varchar(200)\", unique"),
        ],
        values: &[],
        steps: 1,
        hazards: &[],
        on_mysql: &["check_copy"],
        shown: "place",
        rows: ["1", "2"],
    },
    Case {
        name: "a foreign key",
        edits: &[("pub owner", "#[column(references = Person::id, index)]\n    pub owner")],
        values: &[],
        steps: 1,
        hazards: &[],
        on_mysql: &[],
        shown: "owner",
        rows: ["1", "-"],
    },
    Case {
        name: "an index that goes",
        edits: &[("#[column(index)]\n    pub place", "pub place")],
        values: &[],
        steps: 1,
        hazards: &[],
        on_mysql: &[],
        shown: "place",
        rows: ["1", "2"],
    },
    Case {
        name: "another type, under an index",
        edits: &[("pub place: i32", "pub place: i64")],
        values: &[],
        steps: 3,
        hazards: &[],
        on_mysql: &["column_type_copy"],
        shown: "place",
        rows: ["1", "2"],
    },
    Case {
        name: "a column that goes",
        edits: &[("    #[column(type = \"varchar(100)\")]\n    pub title: String,\n", "")],
        values: &[],
        steps: 2,
        hazards: &["drop_column", "drop_not_null"],
        on_mysql: &[],
        shown: "place",
        rows: ["1", "2"],
    },
    Case {
        name: "all at once, beside a new table",
        edits: &[
            ("    #[column(type = \"varchar(100)\")]\n    pub title: String,\n", ""),
            ("pub place: i32", "pub place: i64"),
            ("pub note: Option<String>", "pub note: String"),
            ("// column", "pub slug: String,"),
            ("pub owner", "#[column(references = Person::id)]\n    pub owner"),
            (
                "// end",
                "#[derive(Table)]\n#[table(name = \"marks\")]\npub struct Mark {\n    #[column(primary_key)]\n    pub id: i64,\n    \
                 #[column(references = Task::id)]\n    pub task: i64,\n}",
            ),
        ],
        values: &["tasks.note='none'", "tasks.slug='s'"],
        steps: 3,
        hazards: &["drop_column", "foreign_key_without_index", "drop_not_null"],
        on_mysql: &["column_type_copy"],
        shown: "slug",
        rows: ["s", "s"],
    },
];

impl Case {
    fn schema(&self, dialect: &dyn Dialect) -> Schema {
        let mut source = BASE.to_owned();
        for (old, new) in self.edits {
            assert_eq!(source.matches(old).count(), 1, "{}: {old}", self.name);
            source = source.replace(old, new);
        }
        schema(&source, dialect)
    }
}

fn schema(source: &str, dialect: &dyn Dialect) -> Schema {
    declared(source, dialect)
        .unwrap_or_else(|| panic!("no source:\n{source}"))
        .0
}

fn migrations(from: &Schema, to: &Schema, values: &[&str], online: bool, dialect: &dyn Dialect) -> Vec<NewMigration> {
    let dir = tempfile::tempdir().unwrap();
    change(&read(dir.path(), dialect).unwrap(), from, to, values, online, dialect)
}

fn change(
    folder: &Folder,
    from: &Schema,
    to: &Schema,
    values: &[&str],
    online: bool,
    dialect: &dyn Dialect,
) -> Vec<NewMigration> {
    let needed = NeededValue::of(&diff(from, to, &Default::default()).changes);
    let goes = diff(from, to, &Default::default()).questions.len();
    let request = Request {
        folder,
        from,
        to,
        renames: Default::default(),
        rename_flags: &[],
        drop_flags: &["tasks.title".to_owned()][..goes.min(1)],
        backfills: Backfills::from_flags(values, &[], &needed, dialect.lexis()).unwrap(),
        name: "change",
        now: "2026-04-27T15:30:12Z".parse().unwrap(),
        after: None,
        empty: false,
        online,
        repairs: None,
    };
    match generate(&request, dialect).unwrap() {
        Outcome::Migrations(new) => new,
        other => panic!("{other:?}"),
    }
}

async fn run(connection: &mut dyn Connection, file: &str) -> Result<(), String> {
    let dialect = connection.dialect();
    for statement in plan::read(file, dialect).statements {
        let done = connection.execute(statement.sql).await;
        done.map_err(|error| format!("{}\n{error}\nin\n{file}", statement.sql))?;
    }
    Ok(())
}

async fn shown(connection: &mut dyn Connection, sql: &str) -> Vec<String> {
    let rows = connection.query(sql, &[]).await.unwrap();
    rows.into_iter()
        .map(|row| row[0].clone().unwrap_or_else(|| "-".to_owned()))
        .collect()
}

#[tokio::test]
async fn each_change_is_made_in_safe_steps_that_lead_there_and_back_with_every_row() {
    let mut wrong = Vec::new();
    for engine in engines(&[Engine::Postgres, Engine::Mysql]) {
        for case in CASES {
            if let Err(what) = there_and_back(case, engine).await {
                wrong.push(format!("{} on {}: {what}", case.name, engine.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

async fn there_and_back(case: &Case, engine: Engine) -> Result<(), String> {
    let mysql = engine == Engine::Mysql;
    let text_type = if mysql { "char" } else { "text" };
    let dialect = by_name(engine.name()).unwrap();
    let from = schema(BASE, dialect);
    let new = migrations(&from, &case.schema(dialect), case.values, true, dialect);
    let text = new
        .iter()
        .map(|new| format!("{}\n{}", new.up, new.down))
        .collect::<String>();
    // A change of a type is made in place where columns cannot change places at once.
    let in_place = mysql && case.on_mysql.contains(&"column_type_copy") && case.values.is_empty();
    let steps = if in_place { 1 } else { case.steps };
    if new.len() != steps {
        return Err(format!("{} steps:\n{text}", new.len()));
    }
    for (at, step) in new.iter().enumerate() {
        let head = format!("-- Step {} of {steps}", at + 1);
        if step.up.contains(&head) != (steps > 1) {
            return Err(format!("another head:\n{}", step.up));
        }
        let known = |code: &str| case.hazards.contains(&code) || mysql && case.on_mysql.contains(&code);
        let left = step
            .meta
            .hazards
            .iter()
            .filter(|hazard| !known(hazard.code.as_str()))
            .collect::<Vec<_>>();
        if !left.is_empty() {
            return Err(format!("{left:?}\n{}", step.up));
        }
    }
    let database = engine.database();
    let verdict = prove(&from, &new, Some(database.url()), dialect, &Cancel::new())
        .await
        .unwrap();
    if !matches!(verdict, Verdict::Proven(_)) {
        return Err(format!("{verdict:#?}\n{text}"));
    }

    let mut connection = connect(database.url()).await.unwrap();
    let connection = &mut *connection;
    for made in migrations(&Schema::default(), &from, &[], false, dialect) {
        run(connection, &made.up).await?;
    }
    for sql in [
        "INSERT INTO people (id, email) VALUES (1, 'a@b')",
        "INSERT INTO tasks (id, title, note, place, owner) VALUES (1, 'Read', NULL, 1, 1), (2, 'Write', 'two', 2, NULL)",
    ] {
        connection.execute(sql).await.unwrap();
    }
    for (at, step) in new.iter().enumerate() {
        run(connection, &step.up).await?;
        // A program of the version before goes on writing until the last step.
        if at + 1 < new.len() {
            let sql = format!("INSERT INTO tasks (id, title, place) VALUES ({}, 'Old', 3)", at + 10);
            connection
                .execute(&sql)
                .await
                .map_err(|error| format!("{error}\n{text}"))?;
        }
    }
    let rows = format!(
        "SELECT CAST({} AS {text_type}) FROM tasks WHERE id < 3 ORDER BY id",
        case.shown
    );
    let rows = shown(connection, &rows).await;
    if rows != case.rows {
        return Err(format!("{rows:?}\n{text}"));
    }
    for step in new.iter().rev() {
        // What the new version wrote lacks what the old one requires: the file says that it has to be looked at.
        if step
            .down
            .contains("-- DRAFT: ambiguous reverses present (NOT NULL without default on tasks.title)")
        {
            let filled = connection
                .execute("UPDATE tasks SET title = 'back' WHERE title IS NULL")
                .await;
            filled.map_err(|error| format!("{error}\n{}", step.down))?;
        }
        run(connection, &step.down).await?;
    }
    let rows = shown(
        connection,
        &format!("SELECT CAST(place AS {text_type}) FROM tasks WHERE id < 3 ORDER BY id"),
    )
    .await;
    if rows != ["1", "2"] {
        return Err(format!("back: {rows:?}\n{text}"));
    }
    Ok(())
}

#[tokio::test]
async fn a_row_that_points_at_nothing_is_named_and_the_key_holds_what_is_written_meanwhile() {
    for engine in engines(&[Engine::Mysql]) {
        let dialect = by_name(engine.name()).unwrap();
        let from = schema(BASE, dialect);
        let case = CASES.iter().find(|case| case.name == "a foreign key").unwrap();
        let new = migrations(&from, &case.schema(dialect), case.values, true, dialect);
        let database = engine.database();
        let mut connection = connect(database.url()).await.unwrap();
        let connection = &mut *connection;
        for made in migrations(&Schema::default(), &from, &[], false, dialect) {
            run(connection, &made.up).await.unwrap();
        }
        connection
            .execute("INSERT INTO tasks (id, title, place, owner) VALUES (1, 'Read', 1, 7)")
            .await
            .unwrap();
        let failed = run(connection, &new[0].up).await.unwrap_err();
        assert!(
            failed.contains("a row of tasks has (owner) = (7), which is no (id) of people"),
            "{failed}"
        );
        // The key is there all the same: no other such row comes in.
        let refused = connection
            .execute("INSERT INTO tasks (id, title, place, owner) VALUES (2, 'Write', 1, 8)")
            .await;
        assert!(refused.is_err());
        connection.execute("UPDATE tasks SET owner = NULL").await.unwrap();
        let statements = plan::read(&new[0].up, dialect).statements;
        let look = statements.last().unwrap().sql;
        assert!(look.starts_with("BEGIN NOT ATOMIC"), "{look}");
        connection.execute(look).await.unwrap();
    }
}

/// What cannot be done beside the old column says why, and what to do; in the file, too, where a reviewer sees it.
#[test]
fn a_type_that_is_changed_in_place_says_why() {
    let held = "#[derive(Table)]\n#[table(name = \"people\")]\npub struct Person {\n    #[column(primary_key)]\n    pub id: i32,\n    \
                #[column(unique)]\n    pub number: i32,\n    pub age: i32,\n}\n\
                #[derive(Table)]\n#[table(name = \"pets\")]\n#[check(name = \"weight_fits\", expr = \"weight > 0\")]\npub struct Pet {\n    \
                #[column(primary_key)]\n    pub id: i64,\n    #[column(references = Person::number)]\n    pub owner: i32,\n    pub weight: i32,\n    \
                pub size: i64,\n}\n";
    for (engine, edits, wanted) in [
        (
            "postgres",
            &["pub id: i32", "pub id: i64"][..],
            "people.id gets its type in place, because it is part of the primary key",
        ),
        (
            "postgres",
            &["pub number: i32", "pub number: i64", "pub owner: i32", "pub owner: i64"],
            "people.number gets its type in place, because the foreign key pets_owner_fkey of pets points at it",
        ),
        (
            "postgres",
            &["pub weight: i32", "pub weight: i64"],
            "because check weight_fits says it",
        ),
        (
            "postgres",
            &["pub size: i64", "pub size: i32"],
            "because not every value of the old type is one of the new type",
        ),
        ("postgres", &["pub age: i32", "pub age: i64"], ""),
        (
            "mysql",
            &["pub age: i32", "pub age: i64"],
            "because MySQL / MariaDB cannot let two columns change places",
        ),
    ] {
        let dialect = by_name(engine).unwrap();
        let mut source = held.to_owned();
        for pair in edits.chunks(2) {
            assert_eq!(source.matches(pair[0]).count(), 1, "{}", pair[0]);
            source = source.replace(pair[0], pair[1]);
        }
        let new = migrations(&schema(held, dialect), &schema(&source, dialect), &[], true, dialect);
        let notes: Vec<&String> = new.iter().flat_map(|new| &new.plan.notes).collect();
        if wanted.is_empty() {
            assert_eq!(notes, [""; 0]);
            continue;
        }
        let [note] = notes.as_slice() else {
            panic!("{wanted}: {notes:?}");
        };
        assert!(note.contains(wanted) && note.contains("a later release"), "{note}");
        let told = new.iter().filter(|new| new.up.contains(&format!("-- {note}"))).count();
        assert_eq!(told, 1, "{note}");
    }
}
