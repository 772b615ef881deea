//! A Galera cluster of MariaDB: one node migrates, the others see it; and two runners on two nodes are still one at a time,
//! although the server's own lock is known to its node alone.
//!
//! `KICKDB_GALERA=1` starts a throw-away cluster of three nodes, where Galera's library is there (Debian: `galera-4`). It takes
//! some twenty seconds, so it is not done without.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::project::{Project, execute, rows, tasks};

const LIBRARIES: &[&str] = &[
    "/usr/lib/galera/libgalera_smm.so",
    "/usr/lib64/galera-4/libgalera_smm.so",
];

/// Three nodes, stopped when it is dropped.
struct Cluster {
    folder: tempfile::TempDir,
    nodes: Vec<(Child, u16)>,
}

impl Cluster {
    fn start(library: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("kickdb_galera").tempdir().unwrap();
        // The server runs as a user of its own where this one is root.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let mut cluster = Self {
            folder,
            nodes: Vec::new(),
        };
        let made = Command::new("mariadb-install-db")
            .args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ])
            .arg(format!("--datadir={}", cluster.made(1).display()))
            .args(user())
            .env("TMPDIR", cluster.data(1))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success(), "mariadb-install-db failed");
        let first = free_port();
        for number in 1..=3 {
            let group = if number == 1 { first } else { free_port() };
            let join = if number == 1 {
                "gcomm://".to_owned()
            } else {
                format!("gcomm://127.0.0.1:{first}")
            };
            cluster.node(number, group, &join, library);
        }
        cluster
    }

    fn data(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("node{number}"))
    }

    /// The folder of a node, which its server may write to.
    fn made(&self, number: usize) -> PathBuf {
        let data = self.data(number);
        std::fs::create_dir_all(&data).unwrap();
        if !user().is_empty() {
            let owned = Command::new("chown").arg("mysql").arg(&data).status();
            assert!(owned.unwrap().success());
        }
        data
    }

    fn node(&mut self, number: usize, group: u16, join: &str, library: &Path) {
        let data = self.made(number);
        let (port, transfer, increment) = (free_port(), free_port(), free_port());
        let log = std::fs::File::create(self.folder.path().join(format!("node{number}.log"))).unwrap();
        let child = Command::new("mariadbd")
            // At its start it throws away the temporary tables of every server that has the same folder for them.
            .env("TMPDIR", &data)
            .arg("--no-defaults")
            .args(user())
            .args([
                format!("--datadir={}", data.display()),
                format!("--socket={}/socket", data.display()),
                format!("--pid-file={}/pid", data.display()),
                format!("--port={port}"),
                format!("--wsrep-provider={}", library.display()),
                format!("--wsrep-cluster-address={join}"),
                format!("--wsrep-node-name=node{number}"),
                format!("--wsrep-node-address=127.0.0.1:{group}"),
                format!("--wsrep-sst-receive-address=127.0.0.1:{transfer}"),
                format!(
                    "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{group};ist.recv_addr=127.0.0.1:{increment};gcache.size=8M"
                ),
            ])
            .args([
                "--bind-address=127.0.0.1",
                "--wsrep-on=ON",
                "--wsrep-cluster-name=kickdb",
                "--wsrep-sst-method=rsync",
                "--binlog-format=ROW",
                "--innodb-autoinc-lock-mode=2",
                "--innodb-buffer-pool-size=32M",
                "--innodb-log-file-size=8M",
                "--innodb-flush-log-at-trx-commit=0",
            ])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.nodes.push((child, port));
        let begun = Instant::now();
        let url = format!("mysql://root@127.0.0.1:{port}/mysql");
        let synced =
            "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_local_state'";
        while !is(&url, synced, "4") {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "node {number} does not join: see {}",
                self.folder.path().display()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn url(&self, node: usize) -> String {
        format!("mysql://root@127.0.0.1:{}/app", self.nodes[node].1)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (child, _) in &mut self.nodes {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn user() -> &'static [&'static str] {
    let id = Command::new("id").arg("-u").output();
    match id.is_ok_and(|id| id.stdout == b"0\n") {
        true => &["--user=mysql"],
        false => &[],
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Whether a server answers, and with this.
fn is(url: &str, sql: &str, wanted: &str) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let Ok(mut connection) = kickdb_core::dialect::live::connect(url).await else {
            return false;
        };
        let rows = connection.query(sql, &[]).await.unwrap_or_default();
        let _ = connection.close().await;
        rows.first().is_some_and(|row| row[0].as_deref() == Some(wanted))
    })
}

#[test]
fn one_node_migrates_the_others_see_it_and_two_never_at_once() {
    if std::env::var_os("KICKDB_GALERA").is_none() {
        return;
    }
    let Some(library) = LIBRARIES.iter().map(Path::new).find(|path| path.exists()) else {
        eprintln!("Galera: left out; install its library (Debian: galera-4)");
        return;
    };
    let cluster = Cluster::start(library);
    execute(&cluster.url(0).replace("/app", "/mysql"), &["CREATE DATABASE app"]);
    let project = Project::new(&tasks("pub title: String,"));
    project.write(
        "kickdb.toml",
        &format!(
            "dialect = \"mysql\"\nurl = \"{}\"\nrequire_reviewed = false\n",
            cluster.url(0)
        ),
    );
    project.run(&["generate", "one", "--no-proof"]).exits(0);
    project.run(&["migrate", "latest"]).exits(0);
    for node in 0..3 {
        project
            .run(&["migrate", "status", "--url", &cluster.url(node)])
            .exits(0)
            .says(&["1 applied"]);
        project.run(&["drift", "--url", &cluster.url(node)]).exits(0);
    }

    // Nine runners on three nodes: each migration runs once.
    let mut fields = "pub title: String,".to_owned();
    for number in 0..5 {
        fields.push_str(&format!("pub extra{number}: Option<i64>,"));
        project.write("src/lib.rs", &tasks(&fields));
        project
            .run(&["generate", &format!("extra{number}"), "--no-proof"])
            .exits(0);
    }
    let runners: Vec<Child> = (0..9)
        .map(|runner| {
            let mut command =
                project.command(&["migrate", "latest", "--wait", "90s", "--url", &cluster.url(runner % 3)]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut applied = 0;
    for runner in runners {
        let output = runner.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        applied += said.matches("+ applied").count();
    }
    assert_eq!(applied, 5);
    project.run(&["drift", "--url", &cluster.url(2)]).exits(0);

    // A runner that is killed on one node holds nobody up on another, and its migration is finished there.
    project.run(&["generate", "slow", "--empty"]).exits(0);
    let slow = project.migrations("migrations").pop().unwrap();
    let up = format!("migrations/{slow}/up.sql");
    project.write(&up, &(project.read(&up) + "INSERT INTO tasks (id, title) VALUES (1, 'one');\nDO SLEEP(8);\nINSERT INTO tasks (id, title) VALUES (2, 'two');\n"));
    project.run(&["migrate", "review", &slow, "--yes"]).exits(0);
    let mut killed = project
        .command(&["migrate", "latest", "--url", &cluster.url(0)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !is(&cluster.url(1), "SELECT CAST(count(*) AS char) FROM tasks", "1") {
        assert!(begun.elapsed() < Duration::from_secs(30), "the migration never began");
        std::thread::sleep(Duration::from_millis(50));
    }
    project
        .run(&["migrate", "latest", "--url", &cluster.url(1)])
        .exits(1)
        .complains(&["lock"]);
    killed.kill().unwrap();
    killed.wait().unwrap();
    project
        .run(&["migrate", "latest", "--wait", "60s", "--url", &cluster.url(1)])
        .exits(0);
    assert_eq!(
        rows(&cluster.url(2), "SELECT title FROM tasks ORDER BY id"),
        ["one", "two"]
    );
}
