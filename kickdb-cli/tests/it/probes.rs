//! Changes that every tool tried got wrong somewhere, each on every engine it concerns, from the struct to the rows: what is asked,
//! what is refused, what is kept.

use kickdb_testdb::{Database, Engine, engines};

use crate::project::{Project, Run, execute, rows, tables};

const ALL: &[Engine] = &[Engine::Sqlite, Engine::Postgres, Engine::Mysql];
const DEVELOPMENT: &[(&str, &str)] = &[("KICKDB_ENV", "development")];

/// A project with its database.
struct Probe {
    project: Project,
    database: Database,
    engine: Engine,
}

impl Probe {
    /// The items are migrated, and the rows are there.
    fn new(engine: Engine, items: &str, fill: &[&str]) -> Self {
        let database = engine.database();
        let project = Project::new(&tables(items));
        project.write(
            "kickdb.toml",
            &format!("dialect = \"{}\"\nurl = \"{}\"\n", engine.name(), database.url()),
        );
        let probe = Self {
            project,
            database,
            engine,
        };
        probe.generate("first", &[]).exits(0);
        probe.latest().exits(0);
        execute(probe.database.url(), fill);
        probe
    }

    fn write(&self, items: &str) {
        self.project.write("src/lib.rs", &tables(items));
    }

    fn generate(&self, name: &str, flags: &[&str]) -> Run {
        self.project.run(&[&["generate", name], flags].concat())
    }

    fn latest(&self) -> Run {
        self.project.run_with(&["migrate", "latest"], DEVELOPMENT)
    }

    fn down(&self) -> Run {
        self.project
            .run_with(&["migrate", "down", "--confirm-enum-drop"], DEVELOPMENT)
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        rows(self.database.url(), sql)
    }

    /// The items are generated and applied without a question, and nothing is left to do.
    fn moves_to(&self, items: &str, flags: &[&str]) {
        self.write(items);
        self.generate("next", flags).exits(0);
        self.latest().exits(0);
        self.is_clean();
    }

    fn is_clean(&self) {
        self.project.run(&["drift"]).exits(0);
    }

    /// There and back again, without drift at either end.
    fn goes_back(&self) {
        self.down().exits(0);
        self.is_clean();
        self.latest().exits(0);
        self.is_clean();
    }

    /// Exit 2 with the choices, for people and for programs, and nothing is written.
    fn asks(&self, items: &str, flags: &[&str]) {
        self.write(items);
        let before = self.project.files();
        self.generate("next", &[]).exits(2).complains(flags);
        let json = self
            .project
            .run(&["generate", "next", "--format", "json"])
            .exits(2)
            .json();
        assert_eq!(json["error"]["code"], "decision");
        let said = json["error"]["data"].to_string();
        for flag in flags {
            assert!(said.contains(flag), "{}: {said}", self.engine.name());
        }
        assert_eq!(self.project.files(), before, "{}", self.engine.name());
    }
}

fn on_each(test: impl Fn(Engine)) {
    for engine in engines(ALL) {
        test(engine);
    }
}

fn table(struct_name: &str, name: &str, fields: &str) -> String {
    format!(
        "#[derive(Table)]\n#[table(name = {name:?})]\npub struct {struct_name} {{\n#[column(primary_key)]\npub id: i64,\n{fields}\n}}\n"
    )
}

fn task(fields: &str) -> String {
    table("Task", "tasks", fields)
}

fn moods(name: &str, variants: &str) -> String {
    format!(
        "#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum)]\n#[db_enum(name = {name:?})]\npub enum Mood {{ {variants} }}\n"
    )
}

#[test]
fn what_could_be_a_rename_is_asked_for() {
    on_each(|engine| {
        let probe = Probe::new(
            engine,
            &task("pub done: bool,"),
            &["INSERT INTO tasks (id, done) VALUES (1, true)"],
        );
        probe.asks(
            &task("pub finished: bool,"),
            &["--rename tasks.done=finished", "--allow-drop tasks.done"],
        );
        probe.asks(
            &table("Card", "cards", "pub done: bool,"),
            &["--rename tasks=cards", "--allow-drop tasks"],
        );
        // Answered, the rows go along.
        probe.moves_to(
            &table("Card", "cards", "pub finished: bool,"),
            &["--rename", "tasks=cards", "--rename", "cards.done=finished"],
        );
        assert_eq!(
            probe.rows("SELECT CAST(id AS char(1)) FROM cards WHERE finished"),
            ["1"],
            "{engine:?}"
        );
        probe.goes_back();
        assert_eq!(
            probe.rows("SELECT CAST(id AS char(1)) FROM cards WHERE finished"),
            ["1"],
            "{engine:?}"
        );
    });
}

#[test]
fn a_value_of_an_enum_that_could_be_renamed_is_asked_for() {
    on_each(|engine| {
        let items = |values: &str| {
            moods("mood", values) + &task("#[column(default = Mood::Ok)] pub mood: Mood, pub note: Option<Mood>,")
        };
        let fill = ["INSERT INTO tasks (id, mood, note) VALUES (1, 'sad', 'ok'), (2, 'ok', NULL)"];
        let probe = Probe::new(engine, &items("Sad, Ok"), &fill);
        let of = if engine == Engine::Postgres {
            "mood"
        } else {
            "tasks.mood"
        };
        let rename = format!("{of}.sad=blue");
        probe.asks(
            &items("Blue, Ok"),
            &[&format!("--rename {rename}"), &format!("--allow-drop {of}.sad")],
        );
        let other = "tasks.note.sad=blue";
        let flags = match engine {
            Engine::Postgres => vec!["--rename", &rename],
            _ => vec!["--rename", &rename, "--rename", other],
        };
        probe.moves_to(&items("Blue, Ok"), &flags);
        let text = if engine == Engine::Postgres {
            "mood::text"
        } else {
            "mood"
        };
        let all = format!("SELECT {text} FROM tasks ORDER BY id");
        assert_eq!(probe.rows(&all), ["blue", "ok"], "{engine:?}");
        probe.down().exits(0);
        probe.is_clean();
        assert_eq!(probe.rows(&all), ["sad", "ok"], "{engine:?}");
        probe.latest().exits(0);
        assert_eq!(probe.rows(&all), ["blue", "ok"], "{engine:?}");
        // In the source it needs no flag, and is no loss that a gate would hold up.
        probe.moves_to(&items("#[db_enum(renamed_from = \"blue\")] Grey, Ok, Glad"), &[]);
        assert_eq!(probe.rows(&all), ["grey", "ok"], "{engine:?}");
        probe.write(&items("#[db_enum(renamed_from = \"blue\")] Grey, Ok, Glad"));
        probe.generate("nothing", &[]).exits(0).says(&["Nothing to generate"]);
    });
}

#[test]
fn an_unrelated_drop_and_add_of_one_type_is_no_rename_by_itself() {
    on_each(|engine| {
        let fill = ["INSERT INTO tasks (id, owner) VALUES (1, 'Ann')"];
        let probe = Probe::new(engine, &task("pub owner: Option<String>,"), &fill);
        probe.asks(
            &task("pub color: Option<String>,"),
            &["--rename tasks.owner=color", "--allow-drop tasks.owner"],
        );
        probe.moves_to(&task("pub color: Option<String>,"), &["--allow-drop", "tasks.owner"]);
        assert_eq!(probe.rows("SELECT color FROM tasks"), ["-"], "{engine:?}");
    });
}

#[test]
fn a_type_that_rows_do_not_fit_fails_whole_and_names_them() {
    let changes = [
        ("pub v: String,", "pub v: i64,", "'12'", "'twelve'", "twelve"),
        (
            "#[column(type = \"varchar(100)\")] pub v: String,",
            "#[column(type = \"varchar(3)\")] pub v: String,",
            "'abc'",
            "'abcd'",
            "abcd",
        ),
        ("pub v: i64,", "pub v: i16,", "7", "70000", "70000"),
    ];
    on_each(|engine| {
        for (before, after, fits, not, shown) in changes {
            // A number has one size there, and a length is a word.
            if engine == Engine::Sqlite && !after.contains("i64") {
                continue;
            }
            let probe = Probe::new(
                engine,
                &task(before),
                &[&format!("INSERT INTO tasks (id, v) VALUES (1, {fits}), (2, {not})")],
            );
            probe.write(&task(after));
            probe.generate("narrow", &[]).exits(0);
            let said = probe.latest().exits(1).stderr();
            assert!(
                said.contains(shown) || said.contains("id = 2") || said.contains("row 2"),
                "{engine:?} {after}: {said}"
            );
            let text = if engine == Engine::Mysql { "char" } else { "text" };
            let all = format!("SELECT CAST(v AS {text}) FROM tasks ORDER BY id");
            assert_eq!(probe.rows(&all).len(), 2);
            assert_eq!(probe.rows(&all)[1], not.trim_matches('\''), "{engine:?} {after}");
            execute(probe.database.url(), &["DELETE FROM tasks WHERE id = 2"]);
            probe.latest().exits(0);
            assert_eq!(probe.rows(&all), [fits.trim_matches('\'')], "{engine:?} {after}");
            probe.is_clean();
            probe.down().exits(0);
            assert_eq!(probe.rows(&all), [fits.trim_matches('\'')], "{engine:?} {after}");
            probe.is_clean();
        }
    });
}

#[test]
fn a_column_that_must_have_a_value_asks_for_it() {
    on_each(|engine| {
        let probe = Probe::new(engine, &task(""), &["INSERT INTO tasks (id) VALUES (1)"]);
        probe.asks(
            &task("pub title: String,"),
            &["--backfill", "tasks.title", "--no-backfill tasks.title"],
        );
        probe.moves_to(&task("pub title: String,"), &["--backfill", "tasks.title='none'"]);
        assert_eq!(probe.rows("SELECT title FROM tasks"), ["none"], "{engine:?}");
        probe.goes_back();
    });
}

#[test]
fn an_enum_value_in_use_goes_only_where_it_is_allowed() {
    on_each(|engine| {
        let items =
            |values: &str| moods("Odd \"Mood\"", values) + &task("#[column(default = Mood::Ok)] pub mood: Mood,");
        let three = "Sad, Ok, #[db_enum(rename = \"It's Fine\")] Fine";
        let probe = Probe::new(
            engine,
            &items(three),
            &["INSERT INTO tasks (id, mood) VALUES (1, 'It''s Fine'), (2, 'ok')"],
        );
        probe.write(&items("Sad, Ok"));
        probe.generate("drop", &[]).exits(0);
        probe.latest().exits(2).complains(&["It's Fine", "--confirm-enum-drop"]);
        // Allowed, it still does not lose a row.
        let confirmed = || {
            probe
                .project
                .run_with(&["migrate", "latest", "--confirm-enum-drop"], DEVELOPMENT)
        };
        let said = confirmed().exits(1).stderr();
        assert!(said.contains("It's Fine") || said.contains("id"), "{engine:?}: {said}");
        assert_eq!(probe.rows("SELECT count(*) || '' FROM tasks").len(), 1);
        execute(probe.database.url(), &["UPDATE tasks SET mood = 'sad' WHERE id = 1"]);
        confirmed().exits(0);
        probe.is_clean();
        probe.down().exits(0);
        probe.is_clean();
        execute(
            probe.database.url(),
            &["UPDATE tasks SET mood = 'It''s Fine' WHERE id = 1"],
        );
    });
}

#[test]
fn an_enum_value_is_new_and_a_default_at_once() {
    on_each(|engine| {
        let items = |values: &str, default: &str| {
            moods("mood", values) + &task(&format!("#[column(default = Mood::{default})] pub mood: Mood,"))
        };
        let probe = Probe::new(engine, &items("Sad, Ok", "Ok"), &["INSERT INTO tasks (id) VALUES (1)"]);
        probe.moves_to(&items("Sad, Meh, Ok", "Meh"), &[]);
        execute(probe.database.url(), &["INSERT INTO tasks (id) VALUES (2)"]);
        let text = if engine == Engine::Postgres {
            "mood::text"
        } else {
            "mood"
        };
        assert_eq!(
            probe.rows(&format!("SELECT {text} FROM tasks ORDER BY id")),
            ["ok", "meh"],
            "{engine:?}"
        );
        execute(probe.database.url(), &["DELETE FROM tasks WHERE id = 2"]);
        probe.goes_back();
    });
}

#[test]
fn a_key_grows_with_its_counter_and_all_that_points_to_it() {
    on_each(|engine| {
        let items = |ty: &str, word: &str| {
            format!(
                "#[derive(Table)]\n#[table(name = \"users\")]\npub struct User {{\n#[column(primary_key, {word})]\npub id: {ty},\npub name: String,\n\
                 #[column(references = Self::id)]\npub boss: Option<{ty}>,\n}}\n"
            ) + &task(&format!(
                "#[column(references = User::id, on_delete = cascade)]\npub owner: {ty},"
            ))
        };
        for word in ["identity", "serial"] {
            if engine == Engine::Mysql && word == "serial" {
                continue;
            }
            let fill = [
                "INSERT INTO users (name) VALUES ('Ann')",
                "INSERT INTO users (name, boss) VALUES ('Bob', 1)",
                "INSERT INTO tasks (id, owner) VALUES (1, 2)",
            ];
            let probe = Probe::new(engine, &items("i32", word), &fill);
            probe.write(&items("i64", word));
            probe.generate("grow", &[]).exits(0);
            probe.latest().exits(0);
            probe.is_clean();
            execute(probe.database.url(), &["INSERT INTO users (name) VALUES ('Cid')"]);
            assert_eq!(
                probe.rows("SELECT name FROM users WHERE id = 3"),
                ["Cid"],
                "{engine:?} {word}"
            );
            if engine != Engine::Sqlite {
                execute(
                    probe.database.url(),
                    &[
                        "INSERT INTO users (id, name) VALUES (5000000000, 'Dan')",
                        "DELETE FROM users WHERE id > 10",
                    ],
                );
                probe.goes_back();
            }
            let owner = "SELECT u.name FROM users u JOIN tasks t ON t.owner = u.id";
            assert_eq!(probe.rows(owner), ["Bob"], "{engine:?} {word}");
        }
    });
}

#[test]
fn tables_that_point_to_each_other_come_and_go() {
    on_each(|engine| {
        let both = |more: &str| {
            table(
                "Team",
                "teams",
                "#[column(references = Person::id, on_delete = set_null)]\npub lead: Option<i64>,",
            ) + &table("Person", "people", "#[column(references = Team::id)]\npub team: i64,")
                + more
        };
        let probe = Probe::new(
            engine,
            &both(&table(
                "Badge",
                "badges",
                "#[column(references = Person::id)]\npub person: i64,",
            )),
            &[
                "INSERT INTO teams (id) VALUES (1)",
                "INSERT INTO people (id, team) VALUES (1, 1)",
                "UPDATE teams SET lead = 1"
                    .replace("lead", if engine == Engine::Mysql { "`lead`" } else { "\"lead\"" })
                    .as_str(),
            ],
        );
        probe.write(&task(""));
        probe
            .generate(
                "drop",
                &[
                    "--allow-drop",
                    "teams",
                    "--allow-drop",
                    "people",
                    "--allow-drop",
                    "badges",
                ],
            )
            .exits(0);
        probe.latest().exits(0);
        probe.is_clean();
        probe.goes_back();
    });
}

#[test]
fn a_name_that_does_not_fit_is_refused_and_one_that_needs_quotes_is_kept() {
    let odd = "we\\\"ird\\\\; -- `x` 'y'\\n%s";
    on_each(|engine| {
        let fields = format!("#[column(name = \"{odd}\", index = \"{odd} idx\")]\npub odd: i64,");
        let probe = Probe::new(engine, &table("Odd", odd, &fields).replace("\\\\\\\\", "\\\\"), &[]);
        probe.is_clean();
        probe.goes_back();
    });
    for (engine, limit) in [(Engine::Postgres, 63), (Engine::Mysql, 64)] {
        let long = "a".repeat(limit + 1);
        let project = Project::new(&tables(&task(&format!("#[column(name = \"{long}\")]\npub long: i64,"))));
        project.write("kickdb.toml", &format!("dialect = \"{}\"\n", engine.name()));
        let before = project.files();
        project
            .run(&["generate", "one"])
            .exits(1)
            .complains(&[&long, "src/lib.rs"]);
        assert_eq!(project.files(), before);
        // Two that would be the same once shortened differ by their hashes.
        let near = "b".repeat(limit - 8);
        let fields = format!(
            "#[column(name = \"{near}_one\", index)]\npub one: i64,\n#[column(name = \"{near}_two\", index)]\npub two: i64,"
        );
        let project = Project::new(&tables(&task(&fields)));
        project.write("kickdb.toml", &format!("dialect = \"{}\"\n", engine.name()));
        project.run(&["generate", "one"]).exits(0);
    }
}

#[test]
fn a_view_made_by_hand_is_never_lost() {
    on_each(|engine| {
        let probe = Probe::new(
            engine,
            &task("pub title: String, pub note: Option<String>,"),
            &[
                "INSERT INTO tasks (id, title) VALUES (1, 'One')",
                "CREATE VIEW titles AS SELECT id, title FROM tasks",
            ],
        );
        let run = |items: &str, flags: &[&str]| {
            probe.write(items);
            probe.generate("change", flags).exits(0);
            probe.project.run_with(
                &["migrate", "latest"],
                &[("KICKDB_ENV", "development"), ("KICKDB_DRIFT_CHECK", "ignore")],
            )
        };
        let is_there = || probe.rows("SELECT title FROM titles") == ["One"];
        // What the view does not say changes under it.
        run(
            &task("pub title: String, pub note: Option<String>, pub more: Option<i64>,"),
            &[],
        )
        .exits(0);
        assert!(is_there(), "{engine:?}");
        // What it says cannot go: refused with its name, or it is as it was.
        let done = run(
            &task("pub note: Option<String>, pub more: Option<i64>,"),
            &["--allow-drop", "tasks.title"],
        );
        let said = done.stderr();
        match engine {
            // MariaDB keeps a view whose column is gone, and says so at its next use.
            Engine::Mysql => assert_eq!(
                probe.rows("SELECT table_name FROM information_schema.views WHERE table_schema = database()"),
                ["titles"]
            ),
            _ => {
                done.exits(1);
                assert!(said.contains("titles"), "{engine:?}: {said}");
                assert!(is_there(), "{engine:?}");
            }
        }
    });
}

#[test]
fn an_index_or_a_foreign_key_that_changes_under_its_name_is_seen() {
    on_each(|engine| {
        let items = |index: &str, action: &str| {
            table("User", "users", "")
                + &format!("#[index(name = \"by\", columns({index}))]\n")
                + &task(&format!(
                    "pub a: i64, pub b: i64,\n#[column(references = User::id, on_delete = {action}, foreign_key_name = \"owned\")]\npub owner: Option<i64>,"
                ))
        };
        let probe = Probe::new(engine, &items("a", "cascade"), &[]);
        probe.write(&items("b", "set_null"));
        probe.generate("next", &[]).exits(0).says(&["table tasks"]);
        probe.latest().exits(0);
        probe.is_clean();
        execute(
            probe.database.url(),
            &[
                "INSERT INTO users (id) VALUES (1)",
                "INSERT INTO tasks (id, a, b, owner) VALUES (1, 1, 1, 1)",
                "DELETE FROM users",
            ],
        );
        assert_eq!(probe.rows("SELECT owner FROM tasks"), ["-"], "{engine:?}");
        probe.goes_back();
        // By hand, too.
        let (drop, create) = match engine {
            Engine::Mysql => ("DROP INDEX `by` ON tasks", "CREATE INDEX `by` ON tasks (a, b)"),
            _ => ("DROP INDEX \"by\"", "CREATE INDEX \"by\" ON tasks (a, b)"),
        };
        execute(probe.database.url(), &[drop, create]);
        probe.project.run(&["drift"]).exits(3).says(&["index"]);
    });
}

#[test]
fn nothing_of_every_type_is_drift() {
    on_each(|engine| {
        let native = match engine {
            Engine::Postgres => {
                "pub tags: Vec<String>, #[column(default = [])] pub none: Vec<i64>, #[column(type = \"inet\")] pub ip: String,
                 #[column(type = \"citext_like\", default_sql = \"'x'\")] pub domain: String,"
                    .replace("citext_like", "varchar(7)")
            }
            _ => String::new(),
        };
        let fields = format!(
            "pub a: bool, pub b: i16, pub c: i32, pub d: i64, pub e: f32, pub f: f64, pub g: String, pub h: Vec<u8>, pub i: Uuid,
             pub j: DateTime<Utc>, pub k: NaiveDateTime, pub l: NaiveDate, pub m: NaiveTime, pub o: serde_json::Value, pub p: Mood,
             #[column(default = true)] pub a1: bool, #[column(default = -1)] pub b1: i16, #[column(default = 0.5)] pub f1: f64,
             #[column(type = \"varchar(40)\", default = \"it's \\\"q\\\" \\\\ 100% ; -- x\")] pub g1: String, #[column(default_now)] pub j1: DateTime<Utc>,
             #[column(default_uuid)] pub i1: Uuid, #[column(type = \"decimal(10, 2)\", default_sql = \"1.50\")] pub n1: Decimal,
             #[column(default = Mood::Ok)] pub p1: Option<Mood>, #[column(default_sql = \"(1 + 2) * 3\")] pub q: i32, {native}"
        );
        let fields = match engine {
            Engine::Sqlite => fields.replace(
                "type = \"decimal(10, 2)\", default_sql = \"1.50\"",
                "default_sql = \"'1.50'\"",
            ),
            _ => fields,
        };
        let probe = Probe::new(
            engine,
            &(moods("mood", "Sad, #[db_enum(rename = \"it's\")] Its, Ok") + &task(&fields)),
            &[],
        );
        let json = probe.project.run(&["drift", "--format", "json"]).exits(0).json();
        assert_eq!(json["targets"][0]["unsettled"], serde_json::json!([]), "{engine:?}");
        probe.generate("again", &[]).exits(0).says(&["Nothing to generate"]);
        probe.goes_back();
    });
}

#[test]
fn names_do_not_steer_the_terminal() {
    let project = Project::new(&tables(&task(
        "#[column(name = \"a\\u{1b}[2J\\u{7}\\nb\\u{202e}\")]\npub a: i64,",
    )));
    let run = project.run(&["generate", "one"]).exits(0);
    let review = project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0);
    execute(
        &format!("sqlite:{}", project.path("app.db").display()),
        &["CREATE TABLE \"x\u{1b}[31m\" (id integer)"],
    );
    let drift = project.run(&["drift"]).exits(3).says(&["table x\\u{1b}[31m"]);
    let diff = project.run(&["generate", "two", "--dry-run"]).exits(0);
    for run in [run, review, drift, diff] {
        let said = run.stdout() + &run.stderr();
        assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{said:?}");
    }
}
