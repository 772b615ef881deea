//! A schema that changes while it is read is read as it is at one moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kickdb_core::dialect::live::{catalog, connect};

use super::Server;

/// Two schemas that differ in everything, each made in one transaction out of the other.
const THERE: &str = "BEGIN; DROP VIEW v; ALTER TABLE a RENAME COLUMN x TO y; ALTER TABLE a ADD CONSTRAINT c CHECK (y > 0); DROP INDEX i;
    CREATE TABLE b (id serial PRIMARY KEY); CREATE VIEW v AS SELECT y, 1 AS one FROM a, b; COMMIT";
const BACK: &str =
    "BEGIN; DROP VIEW v; DROP TABLE b; ALTER TABLE a DROP CONSTRAINT c; ALTER TABLE a RENAME COLUMN y TO x;
    CREATE INDEX i ON a (x); CREATE VIEW v AS SELECT x FROM a; COMMIT";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mixture_is_read() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    server
        .execute("CREATE TABLE a (x int); CREATE INDEX i ON a (x); CREATE VIEW v AS SELECT x FROM a")
        .await;
    let first = catalog(&mut *server.connection).await.unwrap();
    server.execute(THERE).await;
    let second = catalog(&mut *server.connection).await.unwrap();
    server.execute(BACK).await;
    let ended = Arc::new(AtomicBool::new(false));
    let changes = {
        let (ended, url) = (Arc::clone(&ended), server.url().to_owned());
        tokio::spawn(async move {
            let mut connection = connect(&url).await.unwrap();
            let mut changes = 0;
            while !ended.load(Ordering::Relaxed) {
                connection
                    .execute(if changes % 2 == 0 { THERE } else { BACK })
                    .await
                    .unwrap();
                changes += 1;
                // Time enough to read either of the two now and then.
                let pause = if changes % 15 == 0 { 800 } else { 5 };
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            changes
        })
    };
    let mut seen = [0, 0];
    for reading in 0..500 {
        if reading > 40 && seen.iter().all(|times| *times > 2) {
            break;
        }
        match catalog(&mut *server.connection).await {
            Ok(schema) if schema == first => seen[0] += 1,
            Ok(schema) if schema == second => seen[1] += 1,
            Ok(mixture) => panic!("{mixture:#?}"),
            Err(error) => assert!(error.to_string().contains("changed while it was read"), "{error}"),
        }
    }
    ended.store(true, Ordering::Relaxed);
    let changes = changes.await.unwrap();
    assert!(
        changes > 10 && seen.iter().all(|times| *times > 0),
        "{changes} changes, {seen:?} readings"
    );
}
