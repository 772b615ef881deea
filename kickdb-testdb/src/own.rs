//! A server of a test's own, which it may stop and kill.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Engine;
use crate::server;

/// A server that nobody else uses, with one empty database `app`; it goes when the value is dropped.
#[derive(Debug)]
pub struct OwnServer {
    engine: Engine,
    child: Child,
    port: u16,
    programs: PathBuf,
    folder: tempfile::TempDir,
    running: bool,
}

impl OwnServer {
    /// Starts one; `None`, and one line that says so, where its programs are not installed or may not be run.
    ///
    /// # Panics
    ///
    /// When they are there and the server does not start.
    #[must_use]
    pub fn start(engine: Engine) -> Option<Self> {
        let made = Self::make(engine);
        if made.is_none() {
            eprintln!(
                "left out: tests on a throw-away server of {} (no programs)",
                engine.name()
            );
        }
        made
    }

    fn make(engine: Engine) -> Option<Self> {
        let programs = programs(engine)?;
        let folder = folder(engine)?;
        let data = folder.path().join("data").display().to_string();
        let init = match engine {
            Engine::Postgres => as_server(engine, programs.join("initdb"))
                .args([
                    "-D",
                    &data,
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--lc-messages=C",
                    "--no-sync",
                ])
                .output(),
            _ => as_server(engine, PathBuf::from("mariadb-install-db"))
                .args([
                    "--no-defaults",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                ])
                .arg(format!("--datadir={data}"))
                .env("TMPDIR", &data)
                .output(),
        };
        init.ok().filter(|output| output.status.success())?;
        let server = Self::launched(engine, programs, folder)?;
        server::run(&server.admin(), "CREATE DATABASE app").expect("the server is empty");
        Some(server)
    }

    fn launched(engine: Engine, programs: PathBuf, folder: tempfile::TempDir) -> Option<Self> {
        let data = folder.path().join("data").display().to_string();
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let child = launch(engine, &programs, &data, port);
        let server = Self {
            engine,
            child,
            port,
            programs,
            folder,
            running: true,
        };
        server.wait();
        Some(server)
    }

    /// A server of PostgreSQL that follows this one, and takes queries that only read.
    ///
    /// # Panics
    ///
    /// When this one cannot be copied.
    #[must_use]
    pub fn standby(&self) -> Self {
        let folder = folder(self.engine).expect("there was a place for the first one");
        let copied = as_server(self.engine, self.programs.join("pg_basebackup"))
            .args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()])
            .args(["--checkpoint=fast", "--no-sync", "--write-recovery-conf", "-D"])
            .arg(folder.path().join("data"))
            .output()
            .expect("pg_basebackup comes with the server");
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        Self::launched(self.engine, self.programs.clone(), folder).expect("a port is free")
    }

    /// Runs one statement in its database; the first value of its first row, which is a text, where it has rows.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn ask(&self, sql: &str) -> Result<Option<String>, String> {
        server::ask(&self.url(), sql)
    }

    fn admin(&self) -> String {
        match self.engine {
            Engine::Postgres => format!("postgres://postgres@127.0.0.1:{}/postgres", self.port),
            _ => format!("mysql://root@127.0.0.1:{}/mysql", self.port),
        }
    }

    /// The URL of its database.
    #[must_use]
    pub fn url(&self) -> String {
        let admin = self.admin();
        let (server, _) = admin.rsplit_once('/').expect("a URL of a server");
        format!("{server}/app")
    }

    /// Makes a folder's owner the user of the server.
    pub fn give(&self, folder: &std::path::Path) {
        if let Some(user) = user(self.engine) {
            let _ = Command::new("chown").arg(user).arg(folder).status();
        }
    }

    /// Kills it and starts it again: what it had not written is lost.
    ///
    /// # Panics
    ///
    /// When it does not come back.
    pub fn crash(&mut self) {
        self.stop();
        self.restart();
    }

    /// Starts it again after [`stop`](OwnServer::stop).
    ///
    /// # Panics
    ///
    /// When it does not come back.
    pub fn restart(&mut self) {
        let data = self.folder.path().join("data").display().to_string();
        self.child = launch(self.engine, &self.programs, &data, self.port);
        self.running = true;
        self.wait();
    }

    /// Makes it a standby, which stays in recovery and can only be read, or again a server of its own (PostgreSQL).
    ///
    /// # Panics
    ///
    /// When it does not come back.
    pub fn stand_by(&mut self, yes: bool) {
        let signal = self.folder.path().join("data/standby.signal");
        self.stop();
        if yes {
            std::fs::write(&signal, "").expect("the folder is ours");
            self.give(&signal);
        } else {
            std::fs::remove_file(&signal).expect("it was put there");
        }
        self.restart();
    }

    fn wait(&self) {
        let begun = Instant::now();
        while let Err(error) = server::reachable(&self.admin()) {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not answer: {error}"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Kills it: all of its processes belong to one group.
    pub fn stop(&mut self) {
        if !std::mem::take(&mut self.running) {
            return;
        }
        let group = format!("-{}", self.child.id());
        let signal = if self.engine == Engine::Postgres {
            "-QUIT"
        } else {
            "-KILL"
        };
        let file = self.folder.path().join("data").join(match self.engine {
            Engine::Postgres => "postmaster.pid",
            _ => "server.pid",
        });
        // What was started may be the program that changes the user; the server's own number is in its file.
        let own = std::fs::read_to_string(&file).unwrap_or_default();
        let own = own.lines().next().unwrap_or(&group).to_owned();
        let _ = Command::new("kill").args([signal, "--", &own]).output();
        let _ = self.child.wait();
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A folder with one for the server's data in it, both of which are the server's.
fn folder(engine: Engine) -> Option<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("kickdb_server").tempdir().ok()?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data).ok()?;
    close_to_others(&data)?;
    if let Some(user) = user(engine) {
        for place in [folder.path(), &data] {
            let owned = Command::new("chown").arg(user).arg(place).status();
            owned.ok().filter(std::process::ExitStatus::success)?;
        }
    }
    Some(folder)
}

/// PostgreSQL does not start where others may look into its folder.
fn close_to_others(folder: &std::path::Path) -> Option<()> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(folder, mode).ok()?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Some(())
}

fn launch(engine: Engine, programs: &std::path::Path, data: &str, port: u16) -> Child {
    let port = port.to_string();
    let mut command = match engine {
        Engine::Postgres => {
            let mut command = as_server(engine, programs.join("postgres"));
            command.args(["-D", data, "-p", &port, "-c", "listen_addresses=127.0.0.1", "-c"]);
            command.arg(format!("unix_socket_directories={data}"));
            command
        }
        _ => {
            let mut command = as_server(engine, programs.join("mariadbd"));
            command.args(["--no-defaults", "--bind-address=127.0.0.1"]);
            command.arg(format!("--port={port}")).arg(format!("--datadir={data}"));
            // At its start it throws away the temporary tables of every server that has the same folder for them.
            command.env("TMPDIR", data);
            command
                .arg(format!("--socket={data}/mysql.sock"))
                .arg(format!("--pid-file={data}/server.pid"));
            command
        }
    };
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("its programs are there")
}

/// A database server refuses to run as root.
fn as_server(engine: Engine, program: PathBuf) -> Command {
    match user(engine) {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

fn user(engine: Engine) -> Option<&'static str> {
    crate::is_root().then_some(match engine {
        Engine::Postgres => "postgres",
        _ => "mysql",
    })
}

fn programs(engine: Engine) -> Option<PathBuf> {
    let name = match engine {
        Engine::Sqlite => return None,
        Engine::Postgres => "postgres",
        Engine::Mysql => "mariadbd",
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .collect();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    let program = folders
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())?;
    // A link leads to where the others are.
    let program = program.canonicalize().unwrap_or(program);
    program.parent().map(PathBuf::from)
}
