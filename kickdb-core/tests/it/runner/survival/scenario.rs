//! Migrations that touch everything a runner can get wrong, and what they must leave behind.

use std::path::Path;

use kickdb_core::dialect::live::{catalog, connect};
use kickdb_core::ir::Schema;
use kickdb_core::runner::{Goal, Runner, Source};
use kickdb_testdb::{Database, Engine};

use super::super::place::{Draft, Place};
use super::victim::options;
use crate::sample::sorted;

/// The migrations of an engine, and the state that they lead to.
pub(super) struct Scenario {
    place: Place,
    after: State,
}

/// What can be told of a database.
struct State {
    schema: Schema,
    rows: Vec<String>,
    applied: Vec<String>,
}

/// A database in which something is about to go wrong.
pub(super) struct Trial<'a> {
    scenario: &'a Scenario,
    database: Database,
}

/// Each up changes rows in a way that shows when it is done twice.
struct Migration {
    id: &'static str,
    up: &'static str,
    down: &'static str,
    transaction: bool,
}

const fn migration(id: &'static str, up: &'static str, down: &'static str) -> Migration {
    Migration {
        id,
        up,
        down,
        transaction: true,
    }
}

const POSTGRES: &[Migration] = &[
    migration(
        "20260101_000000_people",
        "CREATE TABLE people (id integer PRIMARY KEY, visits integer NOT NULL);\n\
         INSERT INTO people VALUES (1, 0), (2, 0), (3, 0);\n\
         CREATE TABLE log (line text);\n\
         INSERT INTO log VALUES ('people are there')",
        "DROP TABLE people;\nDROP TABLE log",
    ),
    migration(
        "20260102_000000_names",
        "ALTER TABLE people ADD COLUMN name text;\n\
         UPDATE people SET visits = visits + 1, name = 'n' || id;\n\
         CREATE VIEW named AS SELECT id, name FROM people",
        "DROP VIEW named;\nUPDATE people SET visits = visits - 1;\nALTER TABLE people DROP COLUMN name",
    ),
    Migration {
        transaction: false,
        ..migration(
            "20260103_000000_fast",
            "CREATE UNIQUE INDEX CONCURRENTLY people_name ON people (name);\n\
             UPDATE people SET visits = visits + 10;\n\
             INSERT INTO log VALUES ('people are fast');\n\
             ALTER TABLE people ADD COLUMN age integer;\n\
             CREATE INDEX CONCURRENTLY people_age ON people (age)",
            "DROP INDEX CONCURRENTLY people_age;\n\
             ALTER TABLE people DROP COLUMN age;\n\
             DELETE FROM log WHERE line = 'people are fast';\n\
             UPDATE people SET visits = visits - 10;\n\
             DROP INDEX CONCURRENTLY people_name",
        )
    },
];

const SQLITE: &[Migration] = &[
    migration(
        "20260101_000000_people",
        "CREATE TABLE people (id integer PRIMARY KEY, visits integer NOT NULL);\n\
         INSERT INTO people VALUES (1, 0), (2, 0), (3, 0);\n\
         CREATE TABLE pets (owner integer REFERENCES people (id) ON DELETE CASCADE);\n\
         INSERT INTO pets SELECT id FROM people;\n\
         CREATE TABLE log (line text);\n\
         CREATE TRIGGER people_are_logged AFTER UPDATE ON people BEGIN INSERT INTO log VALUES ('up'); END",
        "DROP TABLE pets;\nDROP TABLE people;\nDROP TABLE log",
    ),
    migration(
        "20260102_000000_names",
        "PRAGMA foreign_keys = OFF;\nBEGIN;\n\
         CREATE TABLE \"kick_new_people\" (id integer PRIMARY KEY, visits integer NOT NULL, name text NOT NULL);\n\
         INSERT INTO \"kick_new_people\" SELECT id, visits + 1, 'n' || id FROM people;\n\
         DROP TABLE \"people\";\n\
         ALTER TABLE \"kick_new_people\" RENAME TO \"people\";\n\
         COMMIT;\nPRAGMA foreign_keys = ON;",
        "PRAGMA foreign_keys = OFF;\nBEGIN;\n\
         CREATE TABLE \"kick_new_people\" (id integer PRIMARY KEY, visits integer NOT NULL);\n\
         INSERT INTO \"kick_new_people\" SELECT id, visits - 1 FROM people;\n\
         DROP TABLE \"people\";\n\
         ALTER TABLE \"kick_new_people\" RENAME TO \"people\";\n\
         COMMIT;\nPRAGMA foreign_keys = ON;",
    ),
    Migration {
        transaction: false,
        ..migration(
            "20260103_000000_steps",
            "CREATE UNIQUE INDEX people_name ON people (name);\n\
             UPDATE people SET visits = visits + 10;\n\
             VACUUM;\n\
             INSERT INTO log VALUES ('steps')",
            "DELETE FROM log WHERE line = 'steps';\n\
             UPDATE people SET visits = visits - 10;\n\
             DROP INDEX people_name",
        )
    },
];

const MYSQL: &[Migration] = &[
    migration(
        "20260101_000000_people",
        "CREATE TABLE `people` (`id` int PRIMARY KEY, `visits` int NOT NULL, `nick` varchar(20));\n\
         INSERT INTO `people` VALUES (1, 0, 'a'), (2, 0, 'b'), (3, 0, 'c');\n\
         CREATE TABLE `log` (`line` varchar(40));\n\
         INSERT INTO `log` VALUES ('people are there');\n\
         CREATE TABLE `pets` (`id` int PRIMARY KEY, `owner` int)",
        "DROP TABLE `pets`;\nDELETE FROM `log`;\nDROP TABLE `log`;\nDROP TABLE `people`",
    ),
    migration(
        "20260102_000000_names",
        "ALTER TABLE `people` ADD COLUMN `name` varchar(20) AFTER `id`;\n\
         UPDATE `people` SET `visits` = `visits` + 1, `name` = CONCAT('n', `id`);\n\
         ALTER TABLE `people` MODIFY COLUMN `name` varchar(30) NOT NULL;\n\
         ALTER TABLE `people` ADD UNIQUE KEY `people_name` (`name`);\n\
         ALTER TABLE `people` RENAME COLUMN `nick` TO `alias`;\n\
         ALTER TABLE `people` ADD CONSTRAINT `people_visits` CHECK (`visits` >= 0);\n\
         ALTER TABLE `pets` ADD KEY `pets_owner` (`owner`);\n\
         ALTER TABLE `pets` ADD CONSTRAINT `pets_owner_fk` FOREIGN KEY (`owner`) REFERENCES `people` (`id`);\n\
         CREATE VIEW `named` AS SELECT `id`, `name` FROM `people`;\n\
         INSERT INTO `pets` SELECT `id`, `id` FROM `people`",
        "DELETE FROM `pets`;\n\
         DROP VIEW `named`;\n\
         ALTER TABLE `pets` DROP FOREIGN KEY `pets_owner_fk`;\n\
         ALTER TABLE `pets` DROP INDEX `pets_owner`;\n\
         ALTER TABLE `people` DROP CONSTRAINT `people_visits`;\n\
         ALTER TABLE `people` RENAME COLUMN `alias` TO `nick`;\n\
         ALTER TABLE `people` DROP INDEX `people_name`;\n\
         UPDATE `people` SET `visits` = `visits` - 1;\n\
         ALTER TABLE `people` DROP COLUMN `name`",
    ),
    migration(
        "20260103_000000_objects",
        "ALTER TABLE `pets` RENAME TO `animals`;\n\
         DELIMITER ;;\n\
         CREATE TRIGGER `people_logged` AFTER UPDATE ON `people` FOR EACH ROW INSERT INTO `log` VALUES ('up');;\n\
         CREATE PROCEDURE `visit`() UPDATE `people` SET `visits` = `visits` + 100;;\n\
         CREATE FUNCTION `seven`() RETURNS int DETERMINISTIC RETURN 7;;\n\
         DELIMITER ;\n\
         UPDATE `people` SET `visits` = `visits` + 10;\n\
         CREATE SEQUENCE `numbers` START WITH 5;\n\
         CREATE EVENT `tick` ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM `log`;\n\
         CREATE INDEX `log_line` ON `log` (`line`);\n\
         CREATE OR REPLACE VIEW `named` AS SELECT `name` FROM `people`",
        "CREATE OR REPLACE VIEW `named` AS SELECT `id`, `name` FROM `people`;\n\
         DROP INDEX `log_line` ON `log`;\n\
         DROP EVENT `tick`;\n\
         DROP SEQUENCE `numbers`;\n\
         DROP TRIGGER `people_logged`;\n\
         UPDATE `people` SET `visits` = `visits` - 10;\n\
         DELETE FROM `log` WHERE `line` = 'up';\n\
         DROP FUNCTION `seven`;\n\
         DROP PROCEDURE `visit`;\n\
         ALTER TABLE `animals` RENAME TO `pets`",
    ),
];

impl Scenario {
    /// Writes the migrations, and runs them once without any harm.
    pub(super) fn of(engine: Engine) -> Self {
        let migrations = match engine {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
            Engine::Mysql => MYSQL,
        };
        let place = Place::new(engine);
        for one in migrations {
            place.add(&Draft {
                transaction: one.transaction,
                ..Draft::new(one.id, one.up, one.down)
            });
        }
        let url = place.database.url();
        let after = block_on(async {
            run(url, place.path(), &Goal::Latest).await.unwrap();
            state(engine, url).await
        });
        assert_eq!(after.applied.len(), migrations.len());
        Self { place, after }
    }

    pub(super) fn folder(&self) -> &Path {
        self.place.path()
    }

    /// So many statements a goal runs.
    pub(super) fn statements(&self, goal: &Goal) -> usize {
        let database = self.before(goal);
        block_on(async {
            let source = Source::Folder(self.folder().to_owned());
            let mut runner = Runner::connect(database.url(), source, options()).await.unwrap();
            let planned = runner.plan(goal).await.unwrap();
            runner.close().await.unwrap();
            planned.iter().map(|one| one.statements.len()).sum()
        })
    }

    /// A database as it is before the goal.
    pub(super) fn before(&self, goal: &Goal) -> Trial<'_> {
        let database = self.place.database.engine().database();
        if *goal != Goal::Latest {
            block_on(run(database.url(), self.folder(), &Goal::Latest)).unwrap();
        }
        Trial {
            scenario: self,
            database,
        }
    }
}

impl Trial<'_> {
    pub(super) fn url(&self) -> &str {
        self.database.url()
    }

    /// The next run comes through, and everything is as if nothing had happened.
    pub(super) fn goes_on(&self, goal: &Goal, what: &str) {
        block_on(async {
            if let Err(error) = run(self.url(), self.scenario.folder(), goal).await {
                panic!("{what}; then {error}");
            }
            let engine = self.database.engine();
            let found = state(engine, self.url()).await;
            if *goal == Goal::Latest {
                let wanted = &self.scenario.after;
                assert_eq!(found.rows, wanted.rows, "{what}");
                assert_eq!(found.applied, wanted.applied, "{what}");
                assert_eq!(found.schema, wanted.schema, "{what}");
            } else {
                assert_eq!(found.schema, sorted(Schema::default()), "{what}");
                assert_eq!(found.applied, [""; 0], "{what}");
            }
            let mut connection = connect(self.url()).await.unwrap();
            for (left, sql) in [
                (
                    "the lock is held",
                    "SELECT locked_by FROM kick_migrations_lock WHERE locked_at IS NOT NULL",
                ),
                ("a lease is left", "SELECT owner FROM kick_lease"),
                ("progress is left", "SELECT id FROM kick_progress"),
            ] {
                let rows = connection.query(sql, &[]).await.unwrap();
                assert_eq!(rows, [[None; 0]; 0], "{what}: {left}");
            }
            connection.close().await.unwrap();
        });
    }
}

async fn run(url: &str, folder: &Path, goal: &Goal) -> kickdb_core::Result<()> {
    let mut runner = Runner::connect(url, Source::Folder(folder.to_owned()), options()).await?;
    let done = runner.run(goal).await;
    runner.close().await?;
    done.map(drop)
}

async fn state(engine: Engine, url: &str) -> State {
    let mut connection = connect(url).await.unwrap();
    let schema = sorted(catalog(&mut *connection).await.unwrap());
    let mut rows = Vec::new();
    for table in schema.tables.keys() {
        let name = table.to_string();
        // Every row as one text, whatever its columns.
        let columns = schema.tables[table].columns.iter().map(|column| match engine {
            Engine::Mysql => format!("COALESCE(CAST(`{}` AS char), '-')", column.name),
            _ => format!("COALESCE(CAST(\"{}\" AS text), '-')", column.name),
        });
        let columns: Vec<String> = columns.collect();
        let row = match engine {
            Engine::Mysql => format!("CONCAT_WS(' ', {})", columns.join(", ")),
            _ => columns.join(" || ' ' || "),
        };
        let found = connection
            .query(&format!("SELECT {row} FROM {name} ORDER BY 1"), &[])
            .await;
        let found = found
            .unwrap()
            .into_iter()
            .filter_map(|row| row.into_iter().next().flatten());
        rows.extend(found.map(|row| format!("{name}: {row}")));
    }
    let applied = connection
        .query("SELECT id FROM kick_migrations ORDER BY id", &[])
        .await
        .unwrap();
    connection.close().await.unwrap();
    State {
        schema,
        rows,
        applied: applied
            .into_iter()
            .filter_map(|row| row.into_iter().next().flatten())
            .collect(),
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}
