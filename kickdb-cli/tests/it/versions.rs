//! A schema that only newer servers can have.

use kickdb_core::dialect::ServerVersion;
use kickdb_testdb::{Engine, engines};

use crate::project::{Project, tables};

const DISTINCT: &str = "#[derive(Table)]\n#[table(name = \"members\")]\n\
    #[unique(columns(team, seat), nulls_not_distinct)]\npub struct Member {\n    #[column(primary_key)]\n    pub id: i64,\n    \
    pub team: i64,\n    pub seat: Option<i64>,\n}";

#[test]
fn generate_and_check_refuse_what_the_oldest_server_cannot_have() {
    let project = Project::new(&tables(DISTINCT));
    project.write("kickdb.toml", "dialect = \"postgres\"\nserver_version = \"14\"\n");
    for command in [&["generate", "one"][..], &["check"], &["generate", "one", "--dry-run"]] {
        project.run(command).exits(1).complains(&[
            "only PostgreSQL 15 and newer have `NULLS NOT DISTINCT`; the server is 14",
            "src/lib.rs:5",
            "or raise `server_version` in kickdb.toml",
        ]);
    }
    assert!(project.migrations("migrations").is_empty());
    project.write("kickdb.toml", "dialect = \"postgres\"\nserver_version = \"12\"\n");
    project
        .run(&["generate", "one"])
        .exits(1)
        .complains(&["the server is PostgreSQL 12, and the oldest that kickdb knows is 13"]);
    project.write("kickdb.toml", "dialect = \"postgres\"\nserver_version = \"new\"\n");
    project.run(&["generate", "one"]).exits(1).complains(&[
        "`new` is no version of a server",
        "kickdb.toml:2",
        "like `\"15\"`",
    ]);
    project.write("kickdb.toml", "dialect = \"postgres\"\nserver_version = \"15\"\n");
    project.run(&["generate", "one"]).exits(0);
}

/// The server says its version itself: what it is too old for is refused before anything is written to it.
#[test]
fn a_server_that_is_too_old_is_told_by_itself() {
    for engine in engines(&[Engine::Postgres]) {
        let database = engine.database();
        let url = database.url();
        let project = Project::new(&tables(DISTINCT));
        project.write("kickdb.toml", "dialect = \"postgres\"\n");
        project.run(&["generate", "one"]).exits(0);
        project.run(&["migrate", "review", "--all", "--yes"]).exits(0);
        let diff = ["diff", "--from", url, "--to", "migrations:migrations"];
        let latest = ["migrate", "latest", "--url", url];
        let version = ServerVersion::parse(&engine.server_version()).unwrap();
        if version.is_at_least((15, 0)) {
            project.run(&diff).exits(0).says(&["UNIQUE NULLS NOT DISTINCT"]);
            project.run(&latest).exits(0);
            continue;
        }
        let said =
            "`members.members_team_seat_key`: only PostgreSQL 15 and newer have `NULLS NOT DISTINCT`; the server is 1";
        project.run(&diff).exits(1).complains(&[said]);
        project.run(&latest).exits(1).complains(&[
            "what migration `",
            "leaves behind is not available on PostgreSQL: ",
            said,
        ]);
        project
            .run(&["migrate", "status", "--url", url])
            .exits(0)
            .says(&["pending"]);
    }
}
