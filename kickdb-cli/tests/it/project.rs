//! A Cargo project in a temporary folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A Cargo project in a temporary folder.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// A folder with nothing in it.
    pub(crate) fn bare() -> Self {
        Self {
            folder: tempfile::Builder::new().prefix("kickdb_cli").tempdir().unwrap(),
        }
    }

    /// A package with this library and a `kickdb.toml` for SQLite.
    pub(crate) fn new(lib: &str) -> Self {
        let project = Self::bare();
        project.write(
            "Cargo.toml",
            "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        );
        project.write("src/lib.rs", lib);
        project.write("kickdb.toml", "dialect = \"sqlite\"\nurl = \"sqlite:app.db\"\n");
        project
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Runs the command as cargo runs it: with its own name as the first argument.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, &[])
    }

    pub(crate) fn run_with(&self, args: &[&str], env: &[(&str, &str)]) -> Run {
        let output = self.command(args).envs(env.iter().copied()).output().unwrap();
        Run { output }
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-kickdb"));
        command.arg("kickdb").args(args).current_dir(self.folder.path());
        // Only what the test says: a developer's own environment must not change what a test sees.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("KICKDB_") || matches!(name.as_str(), "DATABASE_URL" | "CI" | "NO_COLOR") {
                command.env_remove(name);
            }
        }
        command
    }

    /// Every file with its bytes, to see that nothing was changed. Leaves out what SQLite keeps beside its file.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(self.folder.path(), self.folder.path(), &mut files);
        files
    }

    /// The names of the migrations in a folder, in order.
    pub(crate) fn migrations(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.path(folder))
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// What a run left on the terminal.
pub(crate) struct Run {
    output: Output,
}

impl Run {
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// Checks the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.output.status.code(),
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout(),
            self.stderr()
        );
        self
    }

    /// Checks that all of these are said on stderr, in this order.
    #[track_caller]
    pub(crate) fn complains(self, words: &[&str]) -> Self {
        in_order(&self.stderr(), words);
        self
    }

    /// Checks that all of these are said on stdout, in this order.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        in_order(&self.stdout(), words);
        self
    }

    /// The one document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout())
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout(), self.stderr()))
    }
}

#[track_caller]
fn in_order(text: &str, words: &[&str]) {
    let mut rest = text;
    for word in words {
        match rest.find(word) {
            Some(at) => rest = &rest[at + word.len()..],
            None => panic!("`{word}` is not there (or not in this order) in:\n{text}"),
        }
    }
}

/// A library with these items below kickdb's prelude.
pub(crate) fn tables(items: &str) -> String {
    format!("use kickdb::prelude::*;\n\n{items}\n")
}

/// A table `tasks` with a key and these other fields.
pub(crate) fn tasks(fields: &str) -> String {
    tables(&format!(
        "#[derive(Table)]\n#[table(name = \"tasks\")]\npub struct Task {{\n    #[column(primary_key)]\n    pub id: i64,\n    {fields}\n}}"
    ))
}

/// Runs statements on a database, as its own tools would.
pub(crate) fn execute(url: &str, statements: &[&str]) {
    on(url, async |connection| {
        for sql in statements {
            connection
                .execute(sql)
                .await
                .unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    });
}

/// The rows of a query, a line each; NULL is `-`.
pub(crate) fn rows(url: &str, sql: &str) -> Vec<String> {
    on(url, async |connection| {
        let rows = connection
            .query(sql, &[])
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let cell = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
        let line = |row: Vec<Option<String>>| row.into_iter().map(cell).collect::<Vec<_>>().join(" ");
        rows.into_iter().map(line).collect()
    })
}

fn on<T>(url: &str, work: impl AsyncFnOnce(&mut dyn kickdb_core::dialect::live::Connection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(url).await.unwrap();
        let done = work(&mut *connection).await;
        connection.close().await.unwrap();
        done
    })
}
