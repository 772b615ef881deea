//! `--tenants`: many databases at once.

use kickdb_testdb::{Engine, available};

use crate::migrate::second;
use crate::project::{Project, execute, rows, tasks};

/// A project whose tenants are files of SQLite.
fn files() -> Project {
    let project = Project::new(&tasks("pub title: String,"));
    std::fs::create_dir(project.path("data")).unwrap();
    project.write(
        "kickdb.toml",
        "dialect = \"sqlite\"\nurl = \"sqlite:data/{tenant}.db\"\n",
    );
    project.run(&["generate", "one", "--no-proof"]).exits(0);
    project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
    project
}

fn url(project: &Project, name: &str) -> String {
    format!("sqlite://{}", project.path(&format!("data/{name}.db")).display())
}

#[test]
fn one_that_is_broken_stops_no_other_and_the_rest_is_done_later() {
    let project = files();
    let names: Vec<String> = (0..20).map(|number| format!("t{number}")).collect();
    project.write("tenants.txt", &format!("# all of them\n{}\n\n", names.join("\n")));
    // One of them has a table of that name already.
    execute(&url(&project, "t7"), &["CREATE TABLE tasks (other integer)"]);
    let dry = project
        .run(&["migrate", "latest", "--tenants", "file:tenants.txt", "--dry-run"])
        .exits(0);
    dry.says(&["t1: 1 migration would be applied", "20 tenants: 20 would change"]);
    let run = project
        .run(&["migrate", "latest", "--tenants", "file:tenants.txt", "--parallel", "5"])
        .exits(1);
    let run = run.complains(&["t7: failed", "already exists"]);
    run.says(&[
        "20 tenants: 19 done, 0 with nothing to do, 1 failed",
        "Failed: t7",
        "run the same command again",
    ]);
    execute(&url(&project, "t7"), &["DROP TABLE tasks"]);
    let again = project
        .run(&["migrate", "latest", "--tenants", "file:tenants.txt", "--format", "json"])
        .exits(0)
        .json();
    let tenants = again["tenants"].as_array().unwrap();
    assert_eq!(tenants.len(), 20);
    for tenant in tenants {
        let done = tenant["done"].as_array().unwrap().len();
        assert_eq!(done, usize::from(tenant["tenant"] == "t7"), "{tenant}");
    }
    second(&project);
    project
        .run(&["migrate", "up", "--tenants", "t1, t2"])
        .exits(0)
        .says(&["2 tenants: 2 done"]);
    assert_eq!(rows(&url(&project, "t2"), "SELECT id FROM kick_migrations").len(), 2);
    assert_eq!(rows(&url(&project, "t3"), "SELECT id FROM kick_migrations").len(), 1);
    project
        .run(&["migrate", "down", "--tenants", "t1"])
        .exits(0)
        .says(&["1 migration reversed"]);
    project
        .run(&["migrate", "latest", "--tenants", ","])
        .exits(2)
        .complains(&["names nobody"]);
    project
        .run(&["migrate", "latest", "--tenants", "../x"])
        .exits(2)
        .complains(&["is no name of a tenant"]);
    project.run(&["migrate", "latest", "--parallel", "3"]).exits(2);
}

#[test]
fn databases_and_schemas_of_a_server() {
    if !available(Engine::Postgres) {
        return;
    }
    let (project, database, _) = crate::migrate::project(Engine::Postgres);
    let others = [Engine::Postgres.database(), Engine::Postgres.database()];
    let names: Vec<&str> = others
        .iter()
        .map(|other| other.url().rsplit_once('/').unwrap().1)
        .collect();
    project
        .run(&["migrate", "latest", "--tenants", &names.join(",")])
        .exits(0)
        .says(&["2 tenants: 2 done"]);
    for other in &others {
        assert_eq!(rows(other.url(), "SELECT id FROM kick_migrations").len(), 1);
    }
    execute(
        database.url(),
        &[
            "CREATE TABLE who (name text)",
            "INSERT INTO who VALUES ('acme'), ('globex'), (NULL)",
            "CREATE SCHEMA acme",
            "CREATE SCHEMA globex",
        ],
    );
    let by_query = [
        "migrate",
        "latest",
        "--tenants",
        "query:SELECT name FROM who ORDER BY 1",
        "--tenant-kind",
        "schema",
    ];
    project.run(&by_query).exits(0).says(&["2 tenants: 2 done"]);
    second(&project);
    project.run(&by_query).exits(0).says(&["2 tenants: 2 done"]);
    for schema in ["acme", "globex"] {
        let sql = format!("SELECT id FROM {schema}.kick_migrations");
        assert_eq!(rows(database.url(), &sql).len(), 2);
        rows(database.url(), &format!("SELECT title FROM {schema}.tasks"));
    }
}

/// What is in the schemas of the others, or in `public`, is no drift of this tenant; what somebody did in its own is.
#[test]
fn a_schema_that_was_changed_by_hand_is_refused_and_the_others_are_not() {
    if !available(Engine::Postgres) {
        return;
    }
    let database = Engine::Postgres.database();
    let declared = "#[derive(DbEnum)]\n#[db_enum(name = \"state\", rename_all = \"snake_case\")]\npub enum State { Open, Done }\n\
                    #[derive(Table)]\n#[table(name = \"tasks\")]\n#[check(name = \"rank_fits\", expr = \"rank > 0 and rank <> 7\")]\n\
                    #[index(columns(rank), where = \"rank > 3 and rank < 9\")]\npub struct Task {\n    #[column(primary_key)]\n    pub id: i64,\n    \
                    pub rank: i32,\n    pub state: State,\n    // more\n}\n\
                    #[db_object(postgres)]\nconst RANKED: &str = \"CREATE VIEW ranked AS SELECT id, rank FROM tasks WHERE rank > 1 AND state = 'open'\";\n";
    let project = Project::new(&crate::project::tables(declared));
    project.write(
        "kickdb.toml",
        &format!(
            "dialect = \"postgres\"\nurl = \"{}\"\nrequire_reviewed = false\n",
            database.url()
        ),
    );
    project.run(&["generate", "one", "--no-proof"]).exits(0);
    execute(
        database.url(),
        &[
            "CREATE SCHEMA acme",
            "CREATE SCHEMA globex",
            "CREATE SCHEMA initech",
            "CREATE TABLE shared (id integer)",
            "CREATE EXTENSION pg_trgm",
        ],
    );
    let latest = [
        "migrate",
        "latest",
        "--tenants",
        "acme,globex,initech",
        "--tenant-kind",
        "schema",
    ];
    project.run(&latest).exits(0).says(&["3 tenants: 3 done"]);
    project.write(
        "src/lib.rs",
        &crate::project::tables(&declared.replace("// more", "pub due: Option<i64>,")),
    );
    project.run(&["generate", "two", "--no-proof"]).exits(0);
    execute(
        database.url(),
        &[
            "ALTER TABLE globex.tasks ADD COLUMN by_hand integer",
            "CREATE TABLE globex.stray (id integer)",
        ],
    );
    let run = project.run(&latest).exits(1);
    let run = run.complains(&["globex: failed", "tasks.by_hand", "stray"]);
    run.says(&["3 tenants: 2 done, 0 with nothing to do, 1 failed"]);
    execute(
        database.url(),
        &[
            "ALTER TABLE globex.tasks DROP COLUMN by_hand",
            "DROP TABLE globex.stray",
        ],
    );
    project
        .run(&latest)
        .exits(0)
        .says(&["3 tenants: 1 done, 2 with nothing to do, 0 failed"]);
}
