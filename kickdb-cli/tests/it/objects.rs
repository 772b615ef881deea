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
fn a_source_may_have_nothing_but_objects() {
    let project = Project::new(
        "use kickdb::prelude::*;\n#[db_object(postgres)]\nconst F: &str = \"CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'\";",
    );
    project.write("kickdb.toml", "dialect = \"postgres\"\n");
    project
        .run(&["generate", "one", "--no-proof"])
        .exits(0)
        .says(&["+ function f()"]);
    project.run(&["check"]).exits(3).says(&["has not been reviewed"]);
}

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

/// What MariaDB keeps in its own words (a view), and what it keeps word for word.
const OBJECTS_OF_MYSQL: &str = r#"
#[db_object(mysql)]
const VIEWS: &str = "
    CREATE VIEW open_tasks AS SELECT id, title FROM tasks WHERE NOT done ORDER BY id;
    CREATE VIEW counted (title, n) AS SELECT title, count(*) FROM open_tasks GROUP BY 1;
";

#[db_object(mysql)]
const ROUTINES: &str = "
    CREATE FUNCTION shout(said varchar(200)) RETURNS varchar(200) DETERMINISTIC RETURN upper(said);
    DELIMITER //
    CREATE PROCEDURE tidy(IN below bigint) BEGIN DELETE FROM tasks WHERE done AND id < below; SELECT row_count(); END//
    CREATE TRIGGER tasks_trimmed BEFORE INSERT ON tasks FOR EACH ROW BEGIN SET NEW.title = trim(NEW.title); END//
    DELIMITER ;
";
"#;

#[test]
fn objects_of_mariadb_are_no_drift_after_their_own_migration() {
    for engine in engines(&[Engine::Mysql]) {
        let database = engine.database();
        let source = |title: &str| {
            let fields = format!(
                "#[column(type = \"{title}\", check = \"title IN ('a', 'b') OR char_length(title) BETWEEN 1 AND 60\")] pub title: String,
                 #[column(default = false)] pub done: bool,"
            );
            format!("{}{OBJECTS_OF_MYSQL}", tasks(&fields))
        };
        let project = Project::new(&source("varchar(60)"));
        let url = database.url();
        project.write("kickdb.toml", &format!("dialect = \"mysql\"\nurl = \"{url}\"\n"));
        let development = [("KICKDB_ENV", "development")];
        let run = |args: &[&str]| project.run_with(args, &development).exits(0);
        run(&["generate", "one"]).says(&["+ view open_tasks", "+ view counted"]);
        run(&["migrate", "latest"]);
        run(&["drift"]);
        run(&["generate", "nothing"]).says(&["Nothing to generate"]);

        project.write("src/lib.rs", &source("varchar(80)"));
        run(&["generate", "two"]);
        // The drift check of the runner is on: what the first migration made is as it left it.
        run(&["migrate", "latest"]);
        run(&["drift"]);
        run(&["migrate", "rollback"]);
        run(&["drift"]);
        run(&["migrate", "rollback"]);
        run(&["diff", "--from", url, "--to", "empty:mysql"]).says(&["-- no difference"]);
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
