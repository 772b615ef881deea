//! The case files: a database before and one after, as SQL; the plan between them must be the one that is written down, lead
//! there and back on a real engine, and keep the rows of what both have.
//!
//! A file of `tests/cases/<dialect>/` may begin with `-- since 14`, the server that it needs. It has a part `-- from`, a part `-- to` and a part `-- up`, the statements of the plan. With
//! `KICKDB_BLESS=1` the last part is written instead of compared.

use std::fs;
use std::path::{Path, PathBuf};

use kickdb_core::dialect::by_name;
use kickdb_core::dialect::live::{Connection, connect, told as catalog};
use kickdb_core::diff::{Renames, diff};
use kickdb_core::ir::Schema;
use kickdb_core::plan::{plan, write};
use kickdb_testdb::{Engine, engines};

use crate::compiled::compiled;
use crate::sample::sorted;
use crate::there_and_back::run;

struct Case {
    file: PathBuf,
    /// The oldest server that has what it says.
    since: u32,
    from: String,
    to: String,
    up: String,
}

impl Case {
    fn read(file: PathBuf) -> Self {
        let text = fs::read_to_string(&file).unwrap();
        let part = |name: &str| {
            let start = text.find(&format!("-- {name}\n")).map(|at| at + name.len() + 4);
            let rest = start.map_or("", |start| &text[start..]);
            let ends = ["-- to\n", "-- up\n"].iter().filter_map(|next| rest.find(next));
            rest[..ends.min().unwrap_or(rest.len())].to_owned()
        };
        let since = text.strip_prefix("-- since ").and_then(|rest| rest.lines().next());
        Self {
            since: since.map_or(0, |major| major.parse().unwrap()),
            from: part("from"),
            to: part("to"),
            up: part("up"),
            file,
        }
    }

    fn head(&self) -> String {
        match self.since {
            0 => String::new(),
            major => format!("-- since {major}\n"),
        }
    }

    async fn check(&self, engine: Engine) {
        let name = self.file.display();
        let (before, after) = (engine.database(), engine.database());
        let mut connection = connect(before.url()).await.unwrap();
        let dialect = connection.dialect();
        let from = loaded(&mut *connection, &self.from).await;
        let to = {
            let mut other = connect(after.url()).await.unwrap();
            let schema = loaded(&mut *other, &self.to).await;
            other.close().await.unwrap();
            schema
        };
        let plan = plan(&from, &to, &Renames::default(), dialect).unwrap_or_else(|error| panic!("{name}: {error}"));
        let up = write(&[], &plan.up, dialect);
        if std::env::var_os("KICKDB_BLESS").is_some() {
            fs::write(
                &self.file,
                format!("{}-- from\n{}-- to\n{}-- up\n{up}", self.head(), self.from, self.to),
            )
            .unwrap();
        } else if writes_as_bless(engine, &mut *connection).await {
            assert_eq!(up, self.up, "{name}: another plan; KICKDB_BLESS=1 writes it down");
        }
        for (script, wanted, what) in [(&plan.up, &to, "up"), (&plan.down, &from, "down")] {
            run(script, &mut *connection, &format!("{name}, {what}")).await;
            let told = catalog(&mut *connection).await.unwrap();
            let left = diff(&told, wanted, &Renames::default()).changes;
            let left = left.iter().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(left, [""; 0], "{name}, {what}:\n{}", write(&[], script, dialect));
            assert_eq!(sorted(told), sorted(wanted.clone()), "{name}, {what}");
        }
        connection.close().await.unwrap();
    }
}

/// PostgreSQL 16 writes a view's query in other words than 15, from which the files are.
async fn writes_as_bless(engine: Engine, connection: &mut dyn Connection) -> bool {
    if engine != Engine::Postgres {
        return true;
    }
    let version = connection.query("SHOW server_version_num", &[]).await.unwrap();
    version[0][0]
        .as_deref()
        .is_some_and(|version| version.starts_with("15"))
}

async fn loaded(connection: &mut dyn Connection, sql: &str) -> Schema {
    for statement in kickdb_core::plan::statements(sql, connection.dialect().lexis()) {
        if let Err(error) = connection.execute(statement.sql).await {
            panic!("{error}\n{}", statement.sql);
        }
    }
    catalog(connection).await.unwrap()
}

fn cases(dialect: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(dialect);
    let Ok(files) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = files.map(|file| file.unwrap().path()).collect::<Vec<_>>();
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_goes_as_written_there_and_back() {
    for engine in engines(&compiled()) {
        assert!(
            by_name(engine.name()).is_some(),
            "the folder is called after the dialect"
        );
        let version = engine.server_version();
        let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
        let fits = move |case: &Case| major.is_none_or(|major| major >= case.since);
        let mut files = cases(engine.name()).into_iter().map(Case::read).filter(fits);
        // A few at a time: making databases is most of the work.
        let mut running = tokio::task::JoinSet::new();
        loop {
            while running.len() < 4
                && let Some(case) = files.next()
            {
                running.spawn(async move { case.check(engine).await });
            }
            match running.join_next().await {
                Some(done) => done.unwrap(),
                None => break,
            }
        }
    }
}
