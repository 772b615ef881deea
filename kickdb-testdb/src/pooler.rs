//! pgbouncer in front of a test's database.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Database;

/// A pgbouncer in transaction mode with its factory settings, which goes when the value is dropped.
#[derive(Debug)]
pub struct Pooler {
    child: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Pooler {
    /// Starts one with so many sessions of the server; `None`, and one line that says so, where the program is not installed.
    ///
    /// # Panics
    ///
    /// When it is there and does not start.
    #[must_use]
    pub fn start(database: &Database, sessions: usize) -> Option<Self> {
        let Some(program) = program() else {
            eprintln!("left out: tests through pgbouncer (it is not installed; Debian: pgbouncer)");
            return None;
        };
        let rest = database.url().split_once("://").expect("a database of a server").1;
        let (login, place) = rest.split_once('@').expect("the URL names a user");
        let (server, name) = place.split_once('/').expect("the URL names a database");
        let (host, port) = server.split_once(':').unwrap_or((server, "5432"));
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let own = listener.local_addr().expect("it is bound").port();
        drop(listener);
        let folder = tempfile::Builder::new()
            .prefix("kickdb_pooler")
            .tempdir()
            .expect("a temporary folder can be made");
        let password = match password {
            "" => String::new(),
            password => format!(" password={password}"),
        };
        let file = folder.path().join("pgbouncer.ini");
        let settings = format!(
            "[databases]\n{name} = host={host} port={port} dbname={name} user={user}{password}\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {own}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n\
             default_pool_size = {sessions}\nmax_client_conn = 500\n"
        );
        std::fs::write(&file, settings).expect("the folder is ours");
        let mut command = Command::new(program);
        command
            .args(["-q"])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if crate::is_root() {
            // It refuses to run as root, and reads its file before it becomes somebody else.
            command.args(["-u", "nobody"]);
        }
        let mut child = command.spawn().expect("pgbouncer can be started");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", own)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(10) && child.try_wait().is_ok_and(|ended| ended.is_none()),
                "pgbouncer does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self {
            child,
            url: format!("postgres://{login}@127.0.0.1:{own}/{name}"),
            _folder: folder,
        })
    }

    /// The database's URL through it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // A program that has ended already is what was wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push(PathBuf::from("/usr/sbin"));
    folders
        .into_iter()
        .map(|folder| folder.join("pgbouncer"))
        .find(|file| file.is_file())
}
