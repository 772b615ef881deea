use std::process::Command;
use std::time::{Duration, Instant};

use kickdb_testdb::{Engine, engines};

use crate::server::Server;

/// The database goes away: 503, quickly. It comes back: so does the service, by itself.
#[test]
fn a_database_that_goes_away_is_503_and_comes_back() {
    for engine in engines(&[Engine::Postgres]) {
        let database = engine.database();
        let server = Server::start(database.url());
        let (server_url, name) = database.url().rsplit_once('/').unwrap();
        let admin = |sql: &str| {
            let done = Command::new("psql")
                .args(["-X", "-q", "-d", &format!("{server_url}/postgres"), "-c", sql])
                .output()
                .unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        };
        server.get("/users");
        admin(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        admin(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ));
        let asked = Instant::now();
        let (status, answer) = server.request("GET", "/users", None);
        assert_eq!(
            (status, answer["code"].as_str()),
            (503, Some("unavailable")),
            "{answer}"
        );
        assert!(asked.elapsed() < Duration::from_secs(15));
        server.expect(503, "GET", "/health", None);

        admin(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
        let back = Instant::now();
        while server.request("GET", "/users", None).0 != 200 {
            assert!(
                back.elapsed() < Duration::from_secs(15),
                "the service does not come back"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        server.expect(204, "GET", "/health", None);
    }
}
