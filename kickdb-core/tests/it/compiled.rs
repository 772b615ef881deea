//! The engines that are compiled in.

use kickdb_testdb::Engine;

/// Those of all engines that these tests can talk to.
pub(crate) fn compiled() -> Vec<Engine> {
    let all = [
        (Engine::Sqlite, cfg!(feature = "sqlite")),
        (Engine::Postgres, cfg!(feature = "postgres")),
        (Engine::Mysql, cfg!(feature = "mysql")),
    ];
    all.into_iter()
        .filter(|(_, yes)| *yes)
        .map(|(engine, _)| engine)
        .collect()
}
