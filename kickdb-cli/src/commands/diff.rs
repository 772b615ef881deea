//! `diff`: the SQL that turns one schema into another, wherever the two come from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kickdb_core::decl::Rename;
use kickdb_core::dialect::live::Rights;
use kickdb_core::dialect::{self, Dialect, ServerVersion, too_new, too_new_between};
use kickdb_core::diff::{Change, NeededValue, Renames, diff as changes_between, fill};
use kickdb_core::drift::{set_aside, tool_of};
use kickdb_core::ir::Schema;
use kickdb_core::plan;
use serde_json::{Value, json};

use crate::args::{DiffArgs, Global};
use crate::backfill::{self, Needs};
use crate::config::key::quoted;
use crate::config::{Need, Project};
use crate::decide::{self, Step};
use crate::declared::Source;
use crate::describe;
use crate::failure::{Diagnostic, Failure};
use crate::folder;
use crate::live;
use crate::terminal::{Outcome, Terminal};

/// Where a schema comes from.
enum From {
    Url(String),
    Migrations { folder: PathBuf, id: Option<String> },
    Snapshot(PathBuf),
    Source(PathBuf),
    Empty(&'static dyn Dialect),
}

/// A schema, with what its source says about renames.
struct Loaded {
    schema: Schema,
    renames: Vec<Rename>,
    /// That of the server that it comes from.
    version: Option<ServerVersion>,
    /// What a table of that database has that says nothing of its own; `None` where it is no database.
    usual: Option<String>,
    /// The database that it comes from.
    url: Option<String>,
    /// What is in that database and cannot be said: kinds and names.
    unread: Vec<String>,
    /// Who may do what in it, where two databases are compared.
    rights: Option<Rights>,
}

/// Prints the SQL from one schema to the other.
pub(crate) fn run(args: &DiffArgs, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
    let (from, to) = (From::parse(&args.from)?, From::parse(&args.to)?);
    let dialect = common(&from, &to, global)?;
    let databases = matches!((&from, &to), (From::Url(_), From::Url(_)));
    let (mut from, mut to) = both(from, to, |side| side.load(dialect, databases))?;
    from.schema.release(&to.schema.unmanaged);
    to.schema.release(&from.schema.unmanaged);
    leave_to_other_tools(&mut from, &to);
    leave_to_other_tools(&mut to, &from);
    meet(&mut from, &mut to, args.down, dialect)?;
    set_broken_aside(&mut from, &mut to, args.down, dialect);
    let unsettled = settle(&mut from, &mut to)?;
    let step = Step {
        from: &from.schema,
        to: &to.schema,
        declared: &to.renames,
        dialect,
    };
    // Nothing is written here, so an open question is shown beside the answer that needs no guess.
    let found = decide::read(&step, &args.answers)?;
    let mut remarks: Vec<String> = decide::remarks(&found.questions);
    remarks.extend(
        unsettled
            .iter()
            .map(|open| format!("whether this differs is not known: {open}")),
    );
    let unread: BTreeSet<&String> = from.unread.iter().chain(&to.unread).collect();
    remarks.extend(unread.iter().map(|thing| format!("left alone: {thing}")));
    if databases {
        remarks.extend(tools_of_one(&from.schema, &to.schema));
    }
    let rights = match (&from.rights, &to.rights) {
        (Some(one), Some(other)) => one.differences(other),
        _ => Vec::new(),
    };
    remarks.extend(rights.iter().map(|line| format!("left alone: {line}")));
    // Backwards it is a way of its own: rows that are there need values for what comes back.
    let (base, goal, changes) = if args.down {
        let renames = Renames::of(&found.changes).inverse();
        let back = changes_between(&to.schema, &from.schema, &renames).changes;
        (&to.schema, &from.schema, back)
    } else {
        (&from.schema, &to.schema, found.changes)
    };
    let needs = [Needs {
        needed: NeededValue::of(&changes),
        lexis: dialect.lexis(),
    }];
    let given = backfill::flags(&needs, &args.answers)?
        .into_iter()
        .next()
        .unwrap_or_default();
    let changes = given.fill(changes);
    let (changes, filled) = fill(changes, goal, &given, dialect);
    remarks.extend(filled.iter().map(|filled| {
        let (table, column) = (&filled.table, &filled.column);
        format!("rows of {table} that are there get a plain value for {column}, which is NOT NULL and has no default: choose it with `--backfill`")
    }));
    let header: Vec<String> = remarks
        .iter()
        .map(|remark| format!("-- {}", remark.replace('\n', " ")))
        .collect();
    let (changes, mut script) =
        plan::one_way(base, &changes, dialect).map_err(|error| Failure::new("plan", error.to_string()))?;
    if let Some(url) = if args.down { &to.url } else { &from.url } {
        say_rights(&mut script, (base, &changes), url, dialect)?;
    }
    let sql = plan::write(&header, &script, dialect);
    if changes.is_empty() {
        header.iter().for_each(|line| terminal.say(line));
        terminal.say("-- no difference");
    } else {
        terminal.sql(sql.trim_end());
    }
    let outcome = Outcome::done(if terminal.is_human() {
        Value::Null
    } else {
        let lines = describe::lines(&changes, dialect);
        let steps: Vec<Value> = script.steps.iter().map(|step| json!(step.sql)).collect();
        json!({
            "dialect": dialect.id().as_str(),
            "direction": if args.down { "down" } else { "up" },
            "changes": describe::json(&lines),
            "questions": found.questions,
            "unsettled": unsettled,
            "unread": unread,
            "rights": rights,
            "statements": steps,
            "sql": sql,
        })
    });
    // The process ends: giving thousands of tables back to the allocator piece by piece is time that somebody waits for.
    std::mem::forget((from, to, changes, script));
    Ok(outcome)
}

/// Of two databases the one is to be the other, and what other tools keep in one of them alone comes or goes; that is not done
/// without a word.
fn tools_of_one(from: &Schema, to: &Schema) -> Vec<String> {
    let (before, after) = (from.tables.keys(), to.tables.keys());
    let goes = before
        .filter(|name| !to.tables.contains_key(name))
        .map(|name| (name, "goes"));
    let comes = after
        .filter(|name| !from.tables.contains_key(name))
        .map(|name| (name, "comes"));
    let kept = goes.chain(comes).filter_map(|(name, what)| {
        let tool = tool_of(name)?;
        Some(format!(
            "table {name}, in which {tool} keeps what it has done, {what}: it is in one of the databases alone"
        ))
    });
    kept.collect()
}

/// The tables in which other tools keep what they have done are in the database, and nobody would declare them: as for
/// `introspect` and `drift`, they are no difference to what is declared.
fn leave_to_other_tools(live: &mut Loaded, declared: &Loaded) {
    if live.url.is_some() && declared.url.is_none() && !declared.schema.is_empty() {
        live.unread.extend(set_aside(&declared.schema, &mut live.schema));
    }
}

/// Of a database at hand the script need not find out who owns what it makes again: it says so, or nothing.
fn say_rights(
    script: &mut plan::Script,
    (from, changes): (&Schema, &[Change]),
    url: &str,
    dialect: &dyn Dialect,
) -> Result<(), Failure> {
    let Some(query) = dialect.rights_query(changes, from) else {
        return Ok(());
    };
    let statements = live::block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(url).await?;
        let rows = connection.query(&query, &[]).await;
        connection.close().await?;
        Ok(rows?.into_iter().flatten().flatten().collect())
    })?;
    plan::say_rights(script, (from, changes), statements, dialect);
    Ok(())
}

/// Refuses what the server that is to be changed cannot have, and brings both schemas into the same words, those of the
/// older server.
fn meet(from: &mut Loaded, to: &mut Loaded, down: bool, dialect: &dyn Dialect) -> Result<(), Failure> {
    let (changed, wanted) = if down { (&to, &from) } else { (&from, &to) };
    if let Some(version) = &changed.version {
        let mut refusals = too_new(&wanted.schema, dialect, version);
        if refusals.is_empty() {
            refusals = too_new_between(&changed.schema, &wanted.schema, dialect, version);
        }
        if !refusals.is_empty() {
            let mut failure = Failure::new(
                "unsupported_by_dialect",
                "the server is too old for what is wanted of it",
            );
            failure.diagnostics = refusals
                .iter()
                .map(|refusal| Diagnostic::error(refusal.to_string()))
                .collect();
            return Err(failure.help("use a newer server, or leave it out"));
        }
    }
    // What changes is always the first database.
    if let (Some(there), Some(own)) = (&from.usual, &to.usual) {
        dialect.meet(&mut from.schema, &mut to.schema, [there, own]);
    }
    // Servers of one release have the same words for the same thing.
    if let (Some(one), Some(other)) = (&from.version, &to.version)
        && !one.is_of_release(other)
    {
        for schema in [&mut from.schema, &mut to.schema] {
            normal(schema, dialect)?;
        }
    }
    let versions: Vec<ServerVersion> = [&from.version, &to.version].into_iter().flatten().cloned().collect();
    for version in &versions {
        dialect.as_told_by(&mut from.schema, version);
        dialect.as_told_by(&mut to.schema, version);
    }
    Ok(())
}

/// What is broken in the database that the other is to become just like is told, and not made.
fn set_broken_aside(from: &mut Loaded, to: &mut Loaded, down: bool, dialect: &dyn Dialect) {
    let (changed, wanted) = if down { (to, from) } else { (from, to) };
    let broken = dialect.set_broken_aside(&changed.schema, &mut wanted.schema);
    wanted.unread.extend(broken);
}

fn normal(schema: &mut Schema, dialect: &dyn Dialect) -> Result<(), Failure> {
    dialect.normalize(schema).map_err(|refusals| {
        let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
        Failure::new("catalog", lines.join("; "))
    })
}

/// Asks a database whether what the other side says in other words means the same. Of two databases each speaks for itself.
fn settle(from: &mut Loaded, to: &mut Loaded) -> Result<Vec<String>, Failure> {
    let (url, live, other) = match (&from.url, &to.url) {
        (Some(url), None) => (url, &from.schema, &mut to.schema),
        (None, Some(url)) => (url, &to.schema, &mut from.schema),
        _ => return Ok(Vec::new()),
    };
    live::block_on(async {
        let mut connection = kickdb_core::dialect::live::connect(url).await?;
        let unsettled = kickdb_core::drift::settle(&mut *connection, other, live).await;
        connection.close().await?;
        Ok(unsettled?)
    })
}

impl From {
    fn parse(text: &str) -> Result<Self, Failure> {
        let here = std::env::current_dir().map_err(|error| Failure::io("read", ".", &error))?;
        let known: Vec<_> = dialect::ALL.iter().map(|dialect| dialect.id().as_str()).collect();
        match text.split_once(':') {
            Some(("migrations", rest)) => {
                let (folder, id) = match rest.rsplit_once('@') {
                    Some((folder, id)) => (folder, Some(id.to_owned())),
                    None => (rest, None),
                };
                Ok(Self::Migrations {
                    folder: here.join(folder),
                    id,
                })
            }
            Some(("snapshot", file)) => Ok(Self::Snapshot(here.join(file))),
            Some(("source", folder)) => Ok(Self::Source(here.join(folder))),
            Some(("empty", name)) => dialect::by_name(name).map(Self::Empty).ok_or_else(|| {
                Failure::usage("source", format!("`empty:{name}` names no engine"))
                    .help(format!("write `empty:` and one of {}", quoted(&known)))
            }),
            _ if dialect::by_url(text).is_some() => Ok(Self::Url(text.to_owned())),
            // A URL may hold a password: what is no place of files is shown up to its first colon.
            _ => {
                let meant = kind_of(&here.join(text)).map(|kind| format!("did you mean `{kind}:{text}`?"));
                let shown = match &meant {
                    Some(_) => text,
                    None => text.split_once(':').map_or(text, |(scheme, _)| scheme),
                };
                let ways = || {
                    "write a database URL, `migrations:DIR[@id]`, `snapshot:FILE`, `source:CRATE_DIR` or `empty:DIALECT`"
                        .to_owned()
                };
                let failure = Failure::usage("source", format!("`{shown}` is no source of a schema"));
                Err(failure.help(meant.unwrap_or_else(ways)))
            }
        }
    }

    /// The engine that it names by itself.
    fn dialect(&self) -> Result<Option<&'static dyn Dialect>, Failure> {
        match self {
            Self::Url(url) => Ok(dialect::by_url(url)),
            Self::Empty(dialect) => Ok(Some(*dialect)),
            Self::Migrations { folder, .. } => folder::dialect(&folder.join("_journal.json")),
            Self::Snapshot(file) => match folder::dialect(file)? {
                Some(dialect) => Ok(Some(dialect)),
                None => Err(missing(file)),
            },
            Self::Source(_) => Ok(None),
        }
    }

    /// Of two databases each is read `as_told`: in the words of its server.
    fn load(self, dialect: &'static dyn Dialect, as_told: bool) -> Result<Loaded, Failure> {
        let plain = |schema| Loaded {
            schema,
            renames: Vec::new(),
            version: None,
            usual: None,
            url: None,
            unread: Vec::new(),
            rights: None,
        };
        Ok(match self {
            Self::Empty(_) => plain(Schema::default()),
            Self::Url(url) => live::block_on(async {
                let mut connection = kickdb_core::dialect::live::connect(&url).await?;
                let loaded = live::read(&mut *connection, as_told).await;
                let usual = kickdb_core::dialect::live::usual(&mut *connection).await;
                let rights = match as_told {
                    true => kickdb_core::dialect::live::rights(&mut *connection).await,
                    false => Ok(None),
                };
                connection.close().await?;
                let (schema, version, unread) = loaded?;
                Ok(Loaded {
                    usual: Some(usual?.unwrap_or_default()),
                    version: Some(version),
                    url: Some(url),
                    unread,
                    rights: rights?,
                    ..plain(schema)
                })
            })?,
            Self::Source(folder) => {
                let resolved = Source::read(&folder, &[])?.resolve(dialect)?;
                Loaded {
                    renames: resolved.renames,
                    ..plain(resolved.schema)
                }
            }
            Self::Snapshot(file) => plain(folder::snapshot(&file, dialect)?),
            Self::Migrations { folder, id } => plain(folder::schema(&folder, id.as_deref(), dialect)?),
        })
    }
}

/// The word for a place of files that was given without it.
fn kind_of(place: &Path) -> Option<&'static str> {
    match place {
        file if file.is_file() => Some("snapshot"),
        folder if folder.join("_journal.json").is_file() => Some("migrations"),
        folder if folder.join("Cargo.toml").is_file() => Some("source"),
        _ => None,
    }
}

/// The same done with both sides, at the same time: each may be a file of megabytes or a server far away.
fn both<T: Send>(from: From, to: From, work: impl Fn(From) -> Result<T, Failure> + Sync) -> Result<(T, T), Failure> {
    std::thread::scope(|scope| {
        let other = scope.spawn(|| work(to));
        let one = work(from);
        let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((one?, other?))
    })
}

/// The engine of both sides.
fn common(from: &From, to: &From, global: &Global) -> Result<&'static dyn Dialect, Failure> {
    match (from.dialect()?, to.dialect()?) {
        (Some(one), Some(other)) if one.id() != other.id() => Err(Failure::usage(
            "dialect",
            format!("the first is of {}, the second of {}", one.title(), other.title()),
        )
        .help("compare two schemas of one engine")),
        (Some(one), _) | (None, Some(one)) => Ok(one),
        (None, None) => Ok(Project::open(global, Need::Migrations)?.only_target()?.dialect),
    }
}

fn missing(file: &Path) -> Failure {
    Failure::usage("source", format!("there is no file `{}`", file.display())).help("check the path behind `snapshot:`")
}
