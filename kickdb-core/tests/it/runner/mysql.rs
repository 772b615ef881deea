//! MariaDB, where DDL commits by itself: every migration runs statement by statement.

use kickdb_core::Error;
use kickdb_core::runner::State;
use kickdb_testdb::Engine;

use super::place::{Draft, Place, on, quick};

const A: &str = "20260101_000000_people";
const B: &str = "20260102_000000_notes";

async fn applied(place: &Place) -> String {
    place
        .ask("SELECT CONCAT(id, '@', batch) FROM kick_migrations ORDER BY id")
        .await
}

#[test]
fn migrations_go_there_and_back() {
    on(&[Engine::Mysql], async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE `people` (`id` int PRIMARY KEY)",
            "DROP TABLE `people`",
        ));
        place.add(&Draft::new(
            B,
            "ALTER TABLE `people` ADD COLUMN `name` varchar(20);\nINSERT INTO `people` VALUES (1, 'it\\'s; me');",
            "ALTER TABLE `people` DROP COLUMN `name`",
        ));
        let mut runner = place.runner(quick()).await;
        runner.up().await.unwrap();
        runner.latest().await.unwrap();
        assert_eq!(applied(place).await, format!("{A}@1 {B}@2"));
        assert!(runner.latest().await.unwrap().done.is_empty(), "twice is nothing to do");
        assert_eq!(place.ask("SELECT name FROM people").await, "it's; me");
        runner.down().await.unwrap();
        runner.down().await.unwrap();
        assert_eq!(applied(place).await, "");
        let locked = "SELECT CAST(count(*) AS char) FROM kick_migrations_lock WHERE locked_by IS NOT NULL";
        assert_eq!(place.ask(locked).await, "0");
    });
}

#[test]
fn a_rollback_stops_at_what_cannot_be_reversed_and_goes_on_there() {
    on(&[Engine::Mysql], async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE `people` (`id` int PRIMARY KEY)",
            "DROP TABLE `people`;\nDROP TABLE `nobody`",
        ));
        place.add(&Draft::new(B, "CREATE TABLE `notes` (`id` int)", "DROP TABLE `notes`"));
        let mut runner = place.runner(quick()).await;
        runner.latest().await.unwrap();
        let Err(Error::MigrationFailed(failed)) = runner.rollback().await else {
            panic!("there is nobody");
        };
        assert_eq!((failed.id.as_str(), failed.statement), (A, 2), "{failed}");
        assert!(failed.state.contains("1 of its 2 statements are done"), "{failed}");
        assert_eq!(applied(place).await, format!("{A}@1"), "the newer one is reversed");
        assert_eq!(runner.latest().await.unwrap_err().code(), "validation", "half-way back");
        place.execute("CREATE TABLE `nobody` (`id` int)").await;
        runner.rollback().await.unwrap();
        assert_eq!(applied(place).await, "");
        assert!(place.is_free().await);
    });
}

#[test]
fn a_stopped_migration_goes_on_where_it_stopped() {
    on(&[Engine::Mysql], async |place| {
        let up = "CREATE TABLE `one` (`id` int);\nINSERT INTO `two` VALUES (1);\nCREATE TABLE `three` (`id` int)";
        place.add(&Draft::new(A, up, "DROP TABLE `one`"));
        let mut runner = place.runner(quick()).await;
        let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
            panic!("there is no second table");
        };
        assert_eq!(failed.statement, 2, "{failed}");
        let standings = runner.status().await.unwrap();
        assert!(
            matches!(standings[0].state, State::Stopped { done: 1, .. }),
            "{standings:?}"
        );

        // As if the connection had gone after the third statement, before that was noted.
        place.execute("CREATE TABLE `two` (`id` int)").await;
        place.execute("CREATE TABLE `three` (`id` int)").await;
        place.execute("UPDATE kick_progress SET done = 2, attempted = 3").await;
        runner.latest().await.unwrap();
        assert_eq!(applied(place).await, format!("{A}@1"));
        assert_eq!(
            place.ask("SELECT CAST(count(*) AS char) FROM two").await,
            "0",
            "nothing ran twice"
        );
    });
}
