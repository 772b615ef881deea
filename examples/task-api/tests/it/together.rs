use kickdb_testdb::{Engine, engines};

use crate::server::Server;

/// Several processes on one empty database: all start, the schema and the data are made once.
#[test]
fn processes_that_start_at_once_migrate_and_seed_once() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let servers: Vec<Server> = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..3).map(|_| scope.spawn(|| Server::start(database.url()))).collect();
            starting.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for server in &servers {
            assert_eq!(server.get("/tasks?limit=1")["total"], 3000);
        }
        // Both write numbers into the same project; none is given twice.
        let project = servers[0].get("/projects")[0]["id"].clone();
        let body = serde_json::json!({ "project_id": project, "title": "race" });
        let mut numbers: Vec<i64> = std::thread::scope(|scope| {
            let (body, servers) = (&body, &servers);
            let writing: Vec<_> = (0..8)
                .map(|at| scope.spawn(move || servers[at % 2].post("/tasks", body)["number"].as_i64().unwrap()))
                .collect();
            writing.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        numbers.sort_unstable();
        assert_eq!(numbers, (251..259).collect::<Vec<_>>());
    }
}
