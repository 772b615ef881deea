//! Views, triggers, functions and the like under odd names, on columns of such names: read, made elsewhere, made room for a
//! change of what they use, and taken away.

use kickdb_core::dialect::live::catalog;
use kickdb_core::diff::Renames;
use kickdb_core::ir::Schema;
use kickdb_core::plan::{plan, statements};
use kickdb_testdb::{Engine, engines};

use super::{Live, NAMES, VICTIMS, allowed, quoted};
use crate::compiled::compiled;

/// What stands for a name, quoted, for its text in a string, and for the number of the table.
const POSTGRES: &str = "
    CREATE TABLE t# (nr int PRIMARY KEY, ~ §);
    CREATE VIEW ~ AS SELECT t.~, nr FROM t# t WHERE ~ <> '@';
    COMMENT ON VIEW ~ IS '@';
    COMMENT ON COLUMN ~.~ IS '@';
    CREATE FUNCTION ~(~ int) RETURNS int LANGUAGE sql IMMUTABLE AS $kick$ SELECT ~ -- ; $$ '$kick$;
    CREATE FUNCTION touch#() RETURNS trigger LANGUAGE plpgsql AS $kick$ BEGIN RETURN new; END $kick$;
    CREATE TRIGGER ~ BEFORE UPDATE OF ~ ON t# FOR EACH ROW WHEN (old.~ IS DISTINCT FROM new.~) EXECUTE FUNCTION touch#('@');
    CREATE POLICY ~ ON t# USING (~ <> '@');
    CREATE DOMAIN others.~ AS text CONSTRAINT ~ CHECK (VALUE <> '@');
    CREATE SEQUENCE more.~;
    CREATE TYPE others.\"c#\" AS (~ int, other text);
    CREATE STATISTICS ~ ON nr, ~ FROM t#";
const SQLITE: &str = "
    CREATE TABLE t# (nr integer PRIMARY KEY, ~ §);
    CREATE VIEW ~ AS SELECT t.~, nr FROM t# t WHERE ~ <> '@';
    CREATE TRIGGER ~ AFTER UPDATE OF ~ ON t# BEGIN SELECT new.~ || '@'; END";
const MYSQL: &str = "
    CREATE TABLE t# (nr int PRIMARY KEY, ~ §);
    CREATE VIEW ~ AS SELECT t.~, nr FROM t# t WHERE ~ <> '@';
    CREATE TRIGGER ~ BEFORE UPDATE ON t# FOR EACH ROW SET new.~ = concat(new.~, '@');
    CREATE PROCEDURE ~(IN ~ int) SELECT ~;
    CREATE FUNCTION ~(~ int) RETURNS int DETERMINISTIC RETURN ~ + 1";

/// The statements for all names, with columns of that type.
fn script(engine: Engine, names: &[&str], ty: &str, live: &Live) -> Vec<String> {
    let template = match engine {
        Engine::Postgres => POSTGRES,
        Engine::Sqlite => SQLITE,
        Engine::Mysql => MYSQL,
    };
    let mut all = Vec::new();
    if engine == Engine::Postgres {
        all.extend(["CREATE SCHEMA others".to_owned(), "CREATE SCHEMA more".to_owned()]);
    }
    for (at, name) in names.iter().enumerate() {
        let text = name.replace('\'', "''");
        let text = if engine == Engine::Mysql {
            text.replace('\\', "\\\\")
        } else {
            text
        };
        for statement in template.split(";\n") {
            // The places first: a name may hold what marks one.
            let mut sql = String::new();
            for c in statement.trim().replace('§', ty).chars() {
                match c {
                    '#' => sql.push_str(&at.to_string()),
                    '~' => sql.push_str(&quoted(name, live.dialect())),
                    '@' => sql.push_str(&text),
                    other => sql.push(other),
                }
            }
            all.push(sql);
        }
    }
    all
}

async fn walk(engine: Engine, names: &[&str]) -> Result<(), String> {
    let mut ends = Vec::new();
    for ty in ["varchar(90)", "varchar(200)"] {
        let database = engine.database();
        let mut live = Live::open(&database).await;
        for sql in script(engine, names, ty, &live) {
            live.execute(&sql).await?;
        }
        ends.push(catalog(&mut *live.0).await.map_err(|error| error.to_string())?);
        live.0.close().await.unwrap();
    }
    let [from, to] = &ends[..] else { unreachable!() };
    let database = engine.database();
    let mut live = Live::open(&database).await;
    live.execute(VICTIMS).await?;
    let nothing = Schema::default();
    for (one, other) in [(&nothing, from), (from, to), (to, from), (from, &nothing)] {
        let made = plan(one, other, &Renames::default(), live.dialect()).map_err(|error| error.to_string())?;
        live.run(&made.up).await?;
        live.holds(other).await?;
    }
    live.execute("SELECT count(*) FROM kick_victims").await?;
    live.0.close().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn objects_of_every_name_are_made_and_make_room() {
    let mut wrong = Vec::new();
    for engine in engines(&compiled()) {
        let dialect = kickdb_core::dialect::by_name(engine.name()).unwrap();
        let fits = |name: &&str| allowed(name, dialect) && !name.starts_with("pg_");
        // MariaDB tells the alias of a view's column with all that stands before its first letter, and cuts that off when told so.
        let cut = |name: &&str| engine == Engine::Mysql && name.starts_with(|c: char| c.is_control() || c == ' ');
        let fits = |name: &&str| fits(name) && !cut(name);
        let names: Vec<&str> = NAMES.iter().flatten().copied().filter(fits).collect();
        // Each statement goes to disk at once on MariaDB.
        let every = if engine == Engine::Mysql { 3 } else { 1 };
        let names: Vec<&str> = names.into_iter().step_by(every).collect();
        if let Err(error) = walk(engine, &names).await {
            wrong.push(format!("== {}: {error}", engine.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_script_with_such_names_is_cut_at_its_statements() {
    for dialect in kickdb_core::dialect::ALL {
        for name in NAMES.iter().flatten() {
            let name = quoted(name, *dialect);
            let script = format!("CREATE VIEW {name} AS SELECT 1 AS {name};\nDROP VIEW {name};\n");
            let found = statements(&script, dialect.lexis());
            let found: Vec<&str> = found.iter().map(|statement| statement.sql).collect();
            let wanted = [
                format!("CREATE VIEW {name} AS SELECT 1 AS {name}"),
                format!("DROP VIEW {name}"),
            ];
            assert_eq!(found, wanted, "{}", dialect.id());
        }
    }
}
