//! Law 7 on every server at hand: what a plan leads to is what the engine tells of itself afterwards, up and down.

use kickdb_core::dialect::live::{Connection, catalog, connect};
use kickdb_core::diff::{Renames, diff};
use kickdb_core::ir::Schema;
use kickdb_core::plan::{Script, plan};
use kickdb_testdb::{Engine, engines};

use crate::compiled::compiled;
use crate::sample::{self, Random, sorted};

const PAIRS: u64 = 60;
/// MariaDB writes every change of a table to disk at once, which takes its time.
const PAIRS_ON_MYSQL: u64 = 12;

#[tokio::test]
async fn every_pair_goes_there_and_back() {
    for engine in engines(&compiled()) {
        let database = engine.database();
        let mut connection = connect(database.url()).await.unwrap();
        let mut refused = 0;
        let pairs = if engine == Engine::Mysql { PAIRS_ON_MYSQL } else { PAIRS };
        for seed in 0..pairs {
            refused += u64::from(!pair(seed, &mut *connection).await);
            // What is left of schemas in the catalog makes each look at it slower.
            if engine == Engine::Postgres && seed % 8 == 7 {
                connection.execute("VACUUM").await.unwrap();
            }
        }
        assert!(
            refused < pairs / 2,
            "{refused} of {pairs} pairs could not be planned on {}",
            engine.name()
        );
        connection.close().await.unwrap();
    }
}

/// Nothing → from → to → from → nothing. False where the engine has no way from one to the other.
async fn pair(seed: u64, connection: &mut dyn Connection) -> bool {
    let dialect = connection.dialect();
    let mut random = Random::new(seed);
    let from = sample::schema(&mut random, 5);
    let (to, renames) = match seed % 3 {
        0 => (sample::edited(&mut random, &from, 5), Renames::default()),
        1 => sample::renamed(&mut random, &from),
        _ => {
            let (to, renames) = sample::renamed(&mut random, &from);
            (sample::edited(&mut random, &to, 5), renames)
        }
    };
    let (Some(from), Some(to)) = (sample::fitted(from, dialect), sample::fitted(to, dialect)) else {
        return false;
    };
    let nothing = Schema::default();
    let Ok(there) = plan(&from, &to, &renames, dialect) else {
        return false;
    };
    let made = plan(&nothing, &from, &Renames::default(), dialect).unwrap();
    for (script, wanted, what) in [
        (&made.up, &from, "create"),
        (&there.up, &to, "up"),
        (&there.down, &from, "down"),
        (&made.down, &nothing, "drop"),
    ] {
        run(script, connection, &format!("seed {seed}, {what}")).await;
        let told = catalog(connection).await.unwrap();
        let left = diff(&told, wanted, &Renames::default()).changes;
        let left = left.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(left, [""; 0], "seed {seed}, {what}:\n{}", text(script));
        assert_eq!(sorted(told), sorted(wanted.clone()), "seed {seed}, {what}");
    }
    true
}

pub(crate) async fn run(script: &Script, connection: &mut dyn Connection, what: &str) {
    let envelope = connection.dialect().envelope();
    let envelope = envelope.filter(|_| script.session.foreign_keys_off);
    let (open, close) = envelope.map_or((&["BEGIN"][..], &["COMMIT"][..]), |around| (around.open, around.close));
    for sql in open {
        connection.execute(sql).await.unwrap();
    }
    for step in &script.steps {
        if let Err(error) = connection.execute(&step.sql).await {
            panic!("{what}: {error}\n{}\nin\n{}", step.sql, text(script));
        }
    }
    for sql in close {
        connection.execute(sql).await.unwrap();
    }
}

fn text(script: &Script) -> String {
    script
        .steps
        .iter()
        .map(|step| step.sql.as_str())
        .collect::<Vec<_>>()
        .join(";\n")
}

/// What takes another name, as it is said on a command line: `old=new` of a table, `table.old=new` of a column of a table
/// under its new name.
pub(crate) fn renames(said: &str, from: &Schema, to: &Schema) -> Renames {
    let flags: Vec<&str> = said.split_whitespace().collect();
    Renames::from_flags(&flags, &[], from, to).unwrap()
}
