//! Names and texts that no engine, file or quoting may stumble over, in every position, on every engine.
//!
//! Each pair of names is made, filled, renamed to the other, read back at each step and taken away again. What an engine cannot
//! have is refused, with table and part, before anything is written.

mod objects;
mod place;
mod refused;
mod texts;

use kickdb_core::dialect::Dialect;
use kickdb_core::dialect::live::{Connection, catalog, connect};
use kickdb_core::diff::{Renames, diff};
use kickdb_core::ir::Schema;
use kickdb_core::plan::{self, Script, plan};
use kickdb_core::snapshot;
use kickdb_testdb::{Database, Engine, engines};

use self::place::{PLACES, Place};
use crate::compiled::compiled;
use crate::sample::{normal, sorted};

/// A name, and the one that it is renamed to.
const NAMES: &[[&str; 2]] = &[
    ["it's", "quote\"d"],
    ["back`tick", "back\\slash"],
    ["end\\", "a;b"],
    ["'; DROP TABLE kick_victims; --", "\"; DROP TABLE kick_victims; --"],
    ["`; DROP TABLE kick_victims; --", "*/ DROP TABLE kick_victims; /*"],
    ["''); DROP TABLE kick_victims; #", "\\'; DROP TABLE kick_victims; -- "],
    ["new\nline", "tab\there"],
    ["cr\r\nlf\r", "a -- b"],
    ["a /* b", "$$"],
    ["$body$", "$1"],
    ["?", "%s%"],
    ["a.b", "\"a\".\"b\""],
    ["1st", "with  space"],
    [" leading", "\u{a0}nbsp"],
    ["Upper", "lower"],
    ["select", "table"],
    ["user", "group"],
    ["order", "references"],
    ["OID", "rowid"],
    ["pg_class", "information_schema"],
    ["default", "NULL"],
    ["true", "FALSE"],
    ["e\u{301}", "\u{e9}"],
    ["שלום", "\u{202e}rtl"],
    ["日本語", "ﬀ ﬁ"],
    [
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "ééééééééééééééééééééééééééééééé2",
    ],
    ["🦀", "a🦀b"],
    ["DELIMITER //", "//"],
    ["#hash", "@@at"],
    ["[x]", "{x}"],
    ["-", "("],
    ["\u{feff}bom", "zero\u{200b}width"],
    ["\u{1}ctl\u{7f}", "\u{1b}[31mred"],
    ["now()", "CURRENT_TIMESTAMP"],
    ["nextval('x')", "::int"],
    [":name", "&amp;<b>"],
    ["trailing ", "dot. "],
    ["\\''", "''"],
    ["\"\"", "``"],
    ["e'x", "E'\\n'"],
    ["BEGIN", "COMMIT;"],
    ["a,b", "(a, b)"],
    ["a=b", "*"],
    ["id", "ID2"],
    ["sequence", "kick"],
    ["mysql", "PRIMARY KEY"],
];

/// A table that no schema knows, and that a name which is run as SQL would drop.
const VICTIMS: &str = "CREATE TABLE kick_victims (id integer)";

/// What the engine lets be a name. Those that it does not are in [`refused`].
fn allowed(name: &str, dialect: &dyn Dialect) -> bool {
    match dialect.id().as_str() {
        "mysql" => !name.ends_with([' ', '\r']) && name.chars().all(|c| c <= '\u{ffff}'),
        _ => true,
    }
}

/// The pairs in both directions, as far as the engine knows such names.
fn pairs(dialect: &dyn Dialect, turned: bool) -> Vec<[&'static str; 2]> {
    NAMES
        .iter()
        .filter(|pair| pair.iter().all(|name| allowed(name, dialect)))
        .map(|[from, to]| if turned { [*to, *from] } else { [*from, *to] })
        .collect()
}

#[tokio::test]
async fn every_name_in_every_place_is_made_renamed_read_and_dropped() {
    let mut wrong = Vec::new();
    for engine in engines(&compiled()) {
        let walks = PLACES.iter().enumerate();
        let walks = walks.flat_map(|(at, place)| [(at, place, false), (at, place, true)]);
        // Each change of a table goes to disk at once there: one direction of each place is enough, as the way back is the other,
        // and each place has its share of the names.
        let share = if engine == Engine::Mysql { 3 } else { 1 };
        for (at, place, turned) in walks.step_by(share.min(2)) {
            let database = engine.database();
            let mut live = Live::open(&database).await;
            let dialect = live.dialect();
            if (place.on)(dialect) {
                live.execute(VICTIMS).await.unwrap();
                let pairs = pairs(dialect, turned != (share > 1 && at % 2 == 1)).into_iter();
                let pairs: Vec<_> = pairs.skip(at % share).step_by(share).collect();
                if let Err(error) = live.walk(place, &pairs).await {
                    wrong.push(format!("== {} {}, turned {turned}: {error}", engine.name(), place.name));
                }
                live.execute("SELECT count(*) FROM kick_victims").await.unwrap();
            }
            live.0.close().await.unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A connection to an empty database.
struct Live(Box<dyn Connection>);

impl Live {
    async fn open(database: &Database) -> Self {
        Self(connect(database.url()).await.unwrap())
    }

    fn dialect(&self) -> &'static dyn Dialect {
        self.0.dialect()
    }

    async fn execute(&mut self, sql: &str) -> Result<(), String> {
        let done = self.0.execute(sql).await;
        done.map(|_| ()).map_err(|error| format!("{error}\n{sql}"))
    }

    /// The first value of a query.
    async fn value(&mut self, sql: &str) -> Result<Option<String>, String> {
        let rows = self
            .0
            .query(sql, &[])
            .await
            .map_err(|error| format!("{error}\n{sql}"))?;
        Ok(rows.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
    }

    /// Runs a script as it comes out of its file again.
    async fn run(&mut self, script: &Script) -> Result<(), String> {
        let file = plan::write(&[], script, self.dialect());
        let read = plan::read(&file, self.dialect());
        let found: Vec<&str> = read.statements.iter().map(|statement| statement.sql).collect();
        let wanted: Vec<&str> = script.steps.iter().map(|step| step.sql.trim_end()).collect();
        if let Some((found, wanted)) = found.iter().zip(&wanted).find(|(found, wanted)| found != wanted) {
            return Err(format!("the file is read as\n{found:?}\nand not as\n{wanted:?}"));
        }
        if found.len() != wanted.len() {
            return Err(format!("{} statements instead of {}", found.len(), wanted.len()));
        }
        let envelope = self.dialect().envelope().filter(|_| script.session.foreign_keys_off);
        let around = envelope.map_or((&[][..], &[][..]), |around| (around.open, around.close));
        for sql in around.0.iter().chain(&found).chain(around.1) {
            self.execute(sql).await?;
        }
        Ok(())
    }

    /// What is there must be what is wanted, in the catalog, in a snapshot and as a diff.
    async fn holds(&mut self, wanted: &Schema) -> Result<(), String> {
        let told = catalog(&mut *self.0).await.map_err(|error| error.to_string())?;
        same(&told, wanted)?;
        let dialect = self.dialect();
        let file = snapshot::write(wanted, dialect).map_err(|error| error.to_string())?;
        let read = snapshot::read(&file, dialect).map_err(|error| format!("{error}\n{file}"))?;
        same(&read.schema, wanted).map_err(|error| format!("the snapshot: {error}"))
    }

    /// Nothing → from → to → from → nothing, with rows.
    async fn walk(&mut self, place: &Place, pairs: &[[&str; 2]]) -> Result<(), String> {
        let dialect = self.dialect();
        let ends = [0, 1].map(|end| {
            let names: Vec<&str> = pairs.iter().map(|pair| pair[end]).collect();
            (place.schema)(&names, end == 1, dialect)
        });
        let [from, to] = ends.map(|schema| normal_or_refusals(schema, dialect));
        let (from, to) = (from?, to?);
        let renames = (place.renames)(pairs);
        let nothing = Schema::default();
        let made = plan(&nothing, &from, &Renames::default(), dialect).map_err(|error| error.to_string())?;
        let moved = plan(&from, &to, &renames, dialect).map_err(|error| error.to_string())?;
        let lost = moved
            .changes
            .iter()
            .any(|change| change.to_string().contains("drop column"));
        if lost {
            return Err("a rename lost something".to_owned());
        }
        self.run(&made.up).await?;
        self.holds(&from).await?;
        for (at, pair) in pairs.iter().enumerate() {
            for sql in (place.fill)(at, pair[0], dialect) {
                self.execute(&sql).await?;
            }
        }
        for (script, wanted, end) in [(&moved.up, &to, 1), (&moved.down, &from, 0)] {
            self.run(script).await?;
            self.holds(wanted).await?;
            for (at, pair) in pairs.iter().enumerate() {
                let (sql, expected) = (place.look)(at, pair, end, dialect);
                let found = self.value(&sql).await?;
                if found.as_deref() != Some(&*expected) {
                    return Err(format!("{pair:?}: {found:?} instead of {expected:?}\n{sql}"));
                }
            }
        }
        self.run(&made.down).await?;
        self.holds(&nothing).await
    }
}

fn same(found: &Schema, wanted: &Schema) -> Result<(), String> {
    let changes = diff(found, wanted, &Renames::default()).changes;
    if !changes.is_empty() {
        let lines: Vec<String> = changes.iter().map(|change| format!("{change:?}")).collect();
        return Err(format!("differs:\n{}", lines.join("\n")));
    }
    match sorted(found.clone()) == sorted(wanted.clone()) {
        true => Ok(()),
        false => Err(format!("no difference, but\n{found:#?}\nis not\n{wanted:#?}")),
    }
}

fn normal_or_refusals(mut schema: Schema, dialect: &dyn Dialect) -> Result<Schema, String> {
    dialect.normalize(&mut schema).map_err(|refusals| {
        let lines: Vec<String> = refusals
            .iter()
            .map(|refusal| format!("{:?}", refusal.to_string()))
            .collect();
        format!("refused:\n{}", lines.join("\n"))
    })?;
    assert_eq!(normal(schema.clone(), dialect), Some(schema.clone()), "law 1");
    Ok(schema)
}

/// A name as the engine quotes it.
fn quoted(name: &str, dialect: &dyn Dialect) -> String {
    let mut sql = String::new();
    dialect.quote_str(name, &mut sql);
    sql
}
