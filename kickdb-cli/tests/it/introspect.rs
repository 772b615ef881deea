//! `introspect`: a live database as source that says the same, and source that is brought up to a database.

use kickdb_testdb::{Database, Engine, engines};

use crate::project::{Project, tables};

/// A database that these statements were run in, and a project that is connected to it and declares nothing.
fn with(engine: Engine, sql: &str) -> (Database, Project) {
    let database = engine.database();
    let project = Project::new("");
    let url = database.url();
    project.write(
        "kickdb.toml",
        &format!(
            "dialect = \"{}\"\nurl = \"{url}\"\ndrift_check = \"ignore\"\n",
            engine.name()
        ),
    );
    execute(&project, sql);
    (database, project)
}

/// Runs statements in the project's database.
fn execute(project: &Project, sql: &str) {
    project.run(&["migrate", "make", "given"]).exits(0);
    let id = project.migrations("migrations").pop().unwrap();
    project.write(&format!("migrations/{id}/up.sql"), sql);
    project.write(&format!("migrations/{id}/down.sql"), "SELECT 1;\n");
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project
        .run_with(&["migrate", "latest"], &[("KICKDB_ENV", "development")])
        .exits(0);
}

#[track_caller]
fn says_the_same(project: &Project, database: &Database) {
    project.write("src/lib.rs", "mod schema;\n");
    project
        .run(&["diff", "--from", database.url(), "--to", "source:."])
        .exits(0)
        .says(&["-- no difference"]);
}

/// Tables that every engine can have.
fn shop(engine: Engine) -> String {
    let (id, text, kind) = match engine {
        Engine::Postgres => ("bigint GENERATED ALWAYS AS IDENTITY", "text", "status"),
        Engine::Mysql => ("bigint AUTO_INCREMENT", "varchar(100)", "enum('todo','In Progress')"),
        Engine::Sqlite => ("integer", "text", "text"),
    };
    let first = match engine {
        Engine::Postgres => {
            "CREATE SCHEMA billing;\nCREATE SCHEMA empty;\nCREATE TYPE status AS ENUM ('todo', 'In Progress');\nCREATE TYPE unused AS ENUM ('a');\nCREATE TABLE billing.users (id integer PRIMARY KEY);\n"
        }
        _ => "",
    };
    let quoted = if engine == Engine::Mysql {
        "`Select`"
    } else {
        "\"Select\""
    };
    format!(
        "{first}CREATE TABLE users (id {id} PRIMARY KEY, email varchar(254) NOT NULL UNIQUE, {quoted} {text}, born date);
CREATE TABLE posts (
    id {id} PRIMARY KEY,
    author_id bigint NOT NULL,
    title {text} DEFAULT 'it''s new' NOT NULL,
    price decimal(10, 2) DEFAULT 0 NOT NULL,
    kind {kind} DEFAULT 'todo' NOT NULL,
    made_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT posts_title_check CHECK (length(title) > 0),
    CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX posts_author_idx ON posts (author_id, made_at);
CREATE UNIQUE INDEX posts_once ON posts (title, price);
CREATE VIEW cheap AS SELECT id, title FROM posts WHERE price < 10;
"
    )
    // SQLite counts in whole columns of its own kind only.
    .replace("author_id bigint", if engine == Engine::Sqlite { "author_id integer" } else { "author_id bigint" })
}

fn each(test: impl Fn(Engine)) {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        test(engine);
    }
}

#[test]
fn the_source_of_a_database_says_what_the_database_has() {
    each(|engine| {
        let (database, project) = with(engine, &shop(engine));
        let run = project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        assert_eq!(run.stderr(), "");
        let source = project.read("src/schema.rs");
        for wanted in [
            "#[belongs_to(author: User",
            "#[has_many(posts: Post, key = author_id)]",
            "pub struct User",
            "name = \"Select\"",
            "default = \"it's new\"",
            "#[db_object(",
        ] {
            assert!(source.contains(wanted), "{wanted} in\n{source}");
        }
        if engine == Engine::Postgres {
            assert!(source.contains("pub mod billing {"), "{source}");
            assert!(source.contains("CREATE SCHEMA \"empty\""), "{source}");
            assert!(source.contains("#[db_enum(always)]\npub enum Unused"), "{source}");
        }
        if engine != Engine::Sqlite {
            assert!(source.contains("InProgress,\n"), "{source}");
        }
        says_the_same(&project, &database);
        let before = project.files();
        project
            .run(&["introspect", "--out", "src/schema.rs"])
            .exits(0)
            .says(&["nothing was written"]);
        assert_eq!(before, project.files(), "a second run changes nothing");
    });
}

#[test]
fn a_snapshot_and_the_source_on_stdout_say_it_too() {
    each(|engine| {
        let (database, project) = with(engine, &shop(engine));
        let before = project.files();
        let source = project.run(&["introspect"]).exits(0).stdout();
        assert!(source.contains("pub struct Post {"), "{source}");
        let run = project.run(&["introspect", "--format", "json"]).exits(0);
        assert_eq!(run.json()["source"], source);
        project
            .run(&["introspect", "--out", "src/schema.rs", "--dry-run"])
            .exits(0);
        assert_eq!(before, project.files());
        project
            .run(&["introspect", "--format", "snapshot", "--out", "live.json"])
            .exits(0);
        project
            .run(&["diff", "--from", "snapshot:live.json", "--to", database.url()])
            .exits(0)
            .says(&["-- no difference"]);
        project
            .run(&["drift", "--format", "snapshot"])
            .exits(2)
            .complains(&["`snapshot` for `introspect`"]);
    });
}

#[test]
fn what_is_long_is_shown_in_part_once_it_is_written() {
    let many: String = (0..60)
        .map(|n| format!("CREATE TABLE t{n} (id integer PRIMARY KEY, note text);\n"))
        .collect();
    let (database, project) = with(Engine::Sqlite, &many);
    project.write("src/schema.rs", "//! The tables.\n");
    let lines = |of: &str| of.lines().filter(|line| line.starts_with('+')).count();
    let all = project
        .run(&["introspect", "--out", "src/schema.rs", "--dry-run"])
        .exits(0);
    assert!(lines(&all.stdout()) > 400);
    let run = project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
    let some = lines(&run.stdout());
    assert!((100..=200).contains(&some), "{some}");
    run.says(&["lines more, which your version control shows", "Wrote src/schema.rs."]);
    says_the_same(&project, &database);
}

#[test]
fn a_second_run_keeps_what_somebody_has_edited() {
    each(|engine| {
        let (database, project) = with(engine, &shop(engine));
        project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        let edited = project
            .read("src/schema.rs")
            .replace("pub struct Post {", "pub struct Article {")
            .replace(": Post", ": Article")
            .replace(
                "    pub born:",
                "    /// When.\n    #[column(name = \"born\")]\n    pub birthday:",
            )
            .replace(
                "#[derive(Debug, Clone, PartialEq, Table)]\n#[table(name = \"users\")",
                "/// Somebody.\n#[derive(Debug, Clone, PartialEq, Eq, Table)]\n#[table(name = \"users\")",
            );
        let edited =
            format!("{edited}\nimpl Article {{\n    pub fn is_cheap(&self) -> bool {{\n        true\n    }}\n}}\n");
        project.write("src/schema.rs", &edited);
        says_the_same(&project, &database);
        project
            .run(&["introspect", "--out", "src/schema.rs"])
            .exits(0)
            .says(&["nothing was written"]);
        assert_eq!(project.read("src/schema.rs"), edited);

        let text = if engine == Engine::Mysql {
            "varchar(100)"
        } else {
            "text"
        };
        execute(
            &project,
            &format!(
                "DROP VIEW cheap;\nCREATE VIEW cheap AS SELECT id FROM posts;\nALTER TABLE users ADD COLUMN nick {text};\nCREATE TABLE notes (id integer PRIMARY KEY, user_id {});\nDROP INDEX posts_once{};\nCREATE INDEX users_nick_idx ON users (nick, email);\n",
                if engine == Engine::Sqlite {
                    "integer REFERENCES users (id)"
                } else {
                    "bigint"
                },
                if engine == Engine::Mysql { " ON posts" } else { "" },
            ),
        );
        let run = project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        let said = run.stdout();
        assert_eq!(run.stderr(), "");
        for wanted in [
            "--- a/src/schema.rs",
            "+    pub nick: Option<String>,",
            "+pub struct Note {",
            "+ table notes",
        ] {
            assert!(said.contains(wanted), "{wanted} in\n{said}");
        }
        let after = project.read("src/schema.rs");
        for kept in [
            "/// Somebody.\n#[derive(Debug, Clone, PartialEq, Eq, Table)]",
            "    /// When.\n    #[column(name = \"born\")]\n    pub birthday:",
            "pub struct Article {",
            "fn is_cheap",
        ] {
            assert!(after.contains(kept), "{kept} in\n{after}");
        }
        assert!(!after.contains("posts_once"), "{after}");
        says_the_same(&project, &database);
    });
}

#[test]
fn a_second_run_relates_what_is_new_and_keeps_how_a_value_was_said() {
    each(|engine| {
        let (kind, first) = match engine {
            Engine::Postgres => ("state", "CREATE TYPE state AS ENUM ('todo', 'done');\n"),
            Engine::Mysql => ("enum('todo','done')", ""),
            Engine::Sqlite => ("text CHECK (kind IN ('todo', 'done'))", ""),
        };
        let (database, project) = with(
            engine,
            &format!(
                "{first}CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE tasks (id integer PRIMARY KEY, kind {kind} DEFAULT 'todo' NOT NULL);
CREATE TABLE tags (id integer PRIMARY KEY);
CREATE VIEW open_tasks AS SELECT id FROM tasks;
"
            ),
        );
        project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        let source = project.read("src/schema.rs");
        assert!(source.contains("::Todo)]\n    pub kind: "), "{source}");
        // The view stands in a file of its own from here on.
        let (before, rest) = source.split_once("const OPEN_TASKS: &str = ").unwrap();
        let (view, behind) = rest.split_once(";\n").unwrap();
        let sql = view.split_once('\n').unwrap().1.rsplit_once('\n').unwrap().0;
        project.write("src/open_tasks.sql", sql);
        project.write(
            "src/schema.rs",
            &format!("{before}const OPEN_TASKS: &str = include_str!(\"open_tasks.sql\");\n{behind}"),
        );
        says_the_same(&project, &database);

        let points = |column: &str, table: &str| match engine {
            Engine::Mysql => format!("{column} int NOT NULL, FOREIGN KEY ({column}) REFERENCES {table} (id)"),
            _ => format!("{column} integer NOT NULL REFERENCES {table} (id)"),
        };
        let owner = match engine {
            Engine::Mysql => "owner_id int, ADD FOREIGN KEY (owner_id) REFERENCES users (id)",
            _ => "owner_id integer REFERENCES users (id)",
        };
        let nullable = match engine {
            Engine::Postgres => "ALTER TABLE tasks ALTER COLUMN kind DROP NOT NULL;\n",
            Engine::Mysql => "ALTER TABLE tasks MODIFY COLUMN kind enum('todo','done') DEFAULT 'todo';\n",
            Engine::Sqlite => "",
        };
        let (task, tag) = (points("task_id", "tasks"), points("tag_id", "tags"));
        let order = |one: &str, other: &str| match engine {
            // A column's own clauses stand before those of the table.
            Engine::Mysql => {
                let (first, first_key) = one.split_once(", ").unwrap();
                let (second, second_key) = other.split_once(", ").unwrap();
                format!("{first}, {second}, {first_key}, {second_key}")
            }
            _ => format!("{one}, {other}"),
        };
        execute(
            &project,
            &format!(
                "DROP VIEW open_tasks;\nCREATE VIEW open_tasks AS SELECT id, kind FROM tasks;\nALTER TABLE tasks ADD COLUMN {owner};\n\
                 CREATE TABLE task_tags ({}, PRIMARY KEY (task_id, tag_id));\n{nullable}",
                order(&task, &tag)
            ),
        );
        project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        let after = project.read("src/schema.rs");
        for wanted in [
            "#[belongs_to(owner: User)]",
            "#[has_many(tasks: Task, key = owner_id)]",
            "#[many_to_many(tags: Tag, through = TaskTag)]",
            "#[many_to_many(tasks: Task, through = TaskTag)]",
            "include_str!(\"open_tasks.sql\")",
            "::Todo)]\n    pub kind: ",
        ] {
            assert!(after.contains(wanted), "{engine:?}: {wanted} in\n{after}");
        }
        let sql = project.read("src/open_tasks.sql");
        assert!(sql.contains("kind"), "{sql}");
        says_the_same(&project, &database);
        project
            .run(&["introspect", "--out", "src/schema.rs"])
            .exits(0)
            .says(&["nothing was written"]);
    });
}

#[test]
fn what_the_source_cannot_say_is_listed() {
    let (_database, project) = with(
        Engine::Sqlite,
        "CREATE TABLE tasks (id integer PRIMARY KEY, board integer REFERENCES boards (id));\n",
    );
    project
        .run(&["introspect", "--out", "src/schema.rs"])
        .exits(0)
        .complains(&[
            "not in the source: foreign key tasks.tasks_board_fkey",
            "boards, which is not in this schema",
        ]);
    let source = project.read("src/schema.rs");
    assert!(source.contains("// - foreign key tasks.tasks_board_fkey"), "{source}");
    let run = project.run(&["introspect", "--format", "json"]).exits(0);
    assert_eq!(run.json()["unsaid"].as_array().unwrap().len(), 1);
    // A second run has nothing to write, and says of the same thing that it is left out.
    let again = project
        .run(&["introspect", "--out", "src/schema.rs", "--format", "json"])
        .exits(0);
    assert_eq!(again.json()["changes"], serde_json::json!([]));
    project
        .run(&["introspect", "--out", "src/schema.rs"])
        .exits(0)
        .says(&["ok the source says what it can of what is in"])
        .complains(&["not in the source: foreign key tasks.tasks_board_fkey"]);
}

#[test]
fn a_database_needs_no_project() {
    let (database, _project) = with(Engine::Sqlite, "CREATE TABLE tasks (id integer PRIMARY KEY);\n");
    let bare = Project::bare();
    let run = bare.run(&["introspect", "--url", database.url()]).exits(0);
    assert!(run.stdout().contains("pub struct Task {"), "{}", run.stdout());
    bare.run(&["introspect"])
        .exits(2)
        .complains(&["not in a Cargo project"]);
}

#[test]
fn what_drifted_is_adopted_by_the_structs() {
    each(|engine| {
        let database = engine.database();
        let source = tables(
            "/// A card.\n#[derive(Debug, Table)]\n#[table(name = \"tasks\")]\npub struct Card {\n    #[column(primary_key)]\n    pub id: i64,\n    pub title: Option<String>, // shown\n}\n",
        );
        let project = Project::new(&source);
        let url = database.url();
        project.write(
            "kickdb.toml",
            &format!("dialect = \"{}\"\nurl = \"{url}\"\n", engine.name()),
        );
        let development = [("KICKDB_ENV", "development")];
        project.run(&["generate", "one"]).exits(0);
        project.run_with(&["migrate", "latest"], &development).exits(0);
        project.run(&["drift", "--adopt"]).exits(0).says(&["nothing to adopt"]);
        assert_eq!(project.read("src/lib.rs"), source);

        // The snapshot of a migration that is written by hand knows nothing of what it does.
        execute(
            &project,
            "ALTER TABLE tasks ADD COLUMN state varchar(40) DEFAULT 'new' NOT NULL;\nCREATE INDEX tasks_state_idx ON tasks (state);\n",
        );
        project.run(&["drift"]).exits(3);
        let before = project.files();
        project.run(&["drift", "--adopt", "--dry-run"]).exits(0).says(&[
            "+ column state",
            "+    pub state: String,",
            "Would write src/lib.rs",
        ]);
        assert_eq!(before, project.files());
        project.run(&["drift", "--adopt"]).exits(0).says(&["Wrote src/lib.rs"]);
        let after = project.read("src/lib.rs");
        for kept in ["/// A card.\n#[derive(Debug, Table)]", "pub struct Card", "// shown"] {
            assert!(after.contains(kept), "{kept} in\n{after}");
        }
        project
            .run(&["diff", "--from", url, "--to", "source:."])
            .exits(0)
            .says(&["-- no difference"]);
    });
}

/// What services have in their databases: a social network on PostgreSQL, a shop beside a blog on MariaDB, a telephone on SQLite.
#[test]
fn larger_schemas_come_back_in_both_directions() {
    each(|engine| {
        let sql = match engine {
            Engine::Postgres => include_str!("schemas/social.postgres.sql"),
            Engine::Mysql => include_str!("schemas/shop.mysql.sql"),
            Engine::Sqlite => include_str!("schemas/app.sqlite.sql"),
        };
        let (database, project) = with(engine, sql);
        let run = project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        assert_eq!(run.stderr(), "", "{engine:?}");
        says_the_same(&project, &database);
        project
            .run(&["diff", "--from", "source:.", "--to", database.url()])
            .exits(0)
            .says(&["-- no difference"]);
        let before = project.files();
        project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        assert_eq!(project.files(), before, "{engine:?}");
    });
}

/// Extensions in a schema that nobody searches, keys of partitions under names of their own, and a base type.
#[test]
fn what_is_elsewhere_or_has_its_own_name_comes_back() {
    for engine in engines(&[Engine::Postgres]) {
        let (database, project) = with(
            engine,
            "CREATE SCHEMA extensions;\nCREATE EXTENSION citext SCHEMA extensions;\nCREATE EXTENSION pg_trgm SCHEMA extensions;
CREATE DOMAIN email AS extensions.citext CHECK (VALUE OPERATOR(extensions.<>) ''::extensions.citext);
CREATE TABLE people (id integer PRIMARY KEY, name extensions.citext DEFAULT 'x' NOT NULL, others extensions.citext[], mail email, note text);
CREATE INDEX people_note ON people USING gin (note extensions.gin_trgm_ops);
CREATE FUNCTION greet(extensions.citext) RETURNS extensions.citext LANGUAGE sql AS $$ SELECT $1 $$;
CREATE TABLE visits (at date NOT NULL, person integer CONSTRAINT visits_person REFERENCES people (id)) PARTITION BY RANGE (at);
CREATE TABLE visits_1 (at date NOT NULL, person integer CONSTRAINT visits_1_person REFERENCES people (id));
ALTER TABLE visits ATTACH PARTITION visits_1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TYPE word;
CREATE FUNCTION word_in(cstring) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, LIKE = text);
CREATE TABLE words (id integer PRIMARY KEY, word word);
CREATE AGGREGATE lowest(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
",
        );
        let run = project.run(&["introspect", "--out", "src/schema.rs"]).exits(0);
        assert_eq!(run.stderr(), "");
        says_the_same(&project, &database);
        project
            .run(&["diff", "--from", "source:.", "--to", database.url()])
            .exits(0)
            .says(&["-- no difference"]);
        // A database made of the source is the same.
        let empty = engine.database();
        let config = project.read("kickdb.toml").replace(database.url(), empty.url());
        project.write("kickdb.toml", &config);
        for id in project.migrations("migrations") {
            std::fs::remove_dir_all(project.path(&format!("migrations/{id}"))).unwrap();
        }
        std::fs::remove_file(project.path("migrations/_journal.json")).unwrap();
        project.run(&["generate", "all"]).exits(0);
        project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
        let development = [("KICKDB_ENV", "development")];
        project.run_with(&["migrate", "latest"], &development).exits(0);
        for (from, to) in [(&database, &empty), (&empty, &database)] {
            project
                .run(&["diff", "--from", from.url(), "--to", to.url()])
                .exits(0)
                .says(&["-- no difference"]);
        }
        project.run_with(&["migrate", "rollback"], &development).exits(0);
        project
            .run(&["diff", "--from", "empty:postgres", "--to", empty.url()])
            .exits(0)
            .says(&["-- no difference"]);
    }
}

#[test]
fn nobody_need_read_what_is_printed() {
    let (database, project) = with(Engine::Sqlite, "CREATE TABLE notes (id integer PRIMARY KEY);");
    for args in [
        &["introspect", "--url", database.url()][..],
        &["introspect", "--no-such-flag", "--format", "json"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let done = project.command(args).stdout(writer).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(!said.contains("panicked"), "{args:?}: {said}");
    }
}
