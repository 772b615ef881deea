//! The service as its clients see it: real processes, real HTTP, on each engine at hand.

mod bad_input;
mod main_path;
mod many;
mod outage;
mod server;
mod together;

use kickdb_testdb::{Engine, engines};

/// Runs a scenario against a service of its own on each engine.
fn on_each_engine(scenario: impl Fn(&server::Server)) {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let server = server::Server::start(database.url());
        scenario(&server);
    }
}
