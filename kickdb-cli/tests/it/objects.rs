//! Views, functions and triggers from the source to the database and back.

use kickdb_testdb::{Engine, engines};

use crate::project::{Project, tasks};

const OBJECTS: &str = r#"
/// Each change of a task is counted.
#[db_object(postgres)]
const COUNTED: &str = "
    CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER tasks_counted AFTER UPDATE OF title ON tasks FOR EACH ROW EXECUTE FUNCTION count_change();
";

#[db_object(postgres)]
const TITLES: &str = include_str!("titles.sql");
"#;

#[test]
fn objects_go_from_the_source_into_the_database_and_around_a_change() {
    for engine in engines(&[Engine::Postgres]) {
        let database = engine.database();
        let source = |fields: &str| format!("{}{OBJECTS}", tasks(fields));
        let project = Project::new(&source("pub title: String,"));
        project.write("src/titles.sql", "CREATE VIEW titles AS SELECT id, title FROM tasks;\n");
        let url = database.url();
        project.write("kickdb.toml", &format!("dialect = \"postgres\"\nurl = \"{url}\"\n"));
        project.run(&["generate", "one"]).exits(0).says(&[
            "+ function count_change()",
            "+ view titles",
            "+ trigger tasks_counted on tasks",
        ]);
        let development = [("KICKDB_ENV", "development")];
        project.run_with(&["migrate", "latest"], &development).exits(0);
        project
            .run(&["generate", "nothing"])
            .exits(0)
            .says(&["Nothing to generate"]);

        project.write(
            "src/lib.rs",
            &source("#[column(type = \"varchar(80)\")] pub title: String,"),
        );
        project.run(&["generate", "two"]).exits(0);
        let id = project.migrations("migrations").pop().unwrap();
        let up = project.read(&format!("migrations/{id}/up.sql"));
        let at = |part: &str| up.find(part).unwrap_or_else(|| panic!("{part} in {up}"));
        assert!(
            at("DROP VIEW") < at("varchar(80)") && at("varchar(80)") < at("CREATE VIEW"),
            "{up}"
        );
        assert!(
            at("DROP TRIGGER") < at("varchar(80)") && at("varchar(80)") < at("CREATE TRIGGER"),
            "{up}"
        );
        assert!(!up.contains("FUNCTION count_change() RETURNS"), "{up}");
        project.run_with(&["migrate", "latest"], &development).exits(0);
        project.run_with(&["migrate", "rollback"], &development).exits(0);
    }
}

#[test]
fn a_mistake_in_an_object_is_shown_at_its_place() {
    let project = Project::new(&format!(
        "{}#[db_object(postgrs)]\nconst A: &str = \"CREATE VIEW v AS SELECT 1\";\n\
         #[db_object]\nconst B: &str = include_str!(\"nowhere.sql\");\n",
        tasks("pub title: String,")
    ));
    project
        .run(&["generate", "one"])
        .exits(1)
        .complains(&["`nowhere.sql` cannot be read", "src/lib.rs"]);
    project.write("src/nowhere.sql", "CREATE TABLE x (id int);");
    project.write("kickdb.toml", "dialect = \"postgres\"\n");
    project.run(&["generate", "one"]).exits(1).complains(&[
        "`postgrs` is no engine that kickdb knows",
        "did you mean `postgres`?",
        "this makes nothing that kickdb keeps as an object",
    ]);
}
