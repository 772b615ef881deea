//! Two branches that met, in all combinations of two changes: either both are there afterwards, proven on the engine, or it is
//! asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kickdb_core::decl::resolve;
use kickdb_core::dialect::{Dialect, by_name};
use kickdb_core::diff::{Change, Renames, TableChange, diff};
use kickdb_core::ir::Schema;
use kickdb_core::journal::{self, Outcome, Rebase, Rebased, Request, generate, read, rebase, write, write_rebased};
use kickdb_core::lower::{self, Origin};
use kickdb_core::merge::Side;
use kickdb_core::proof::{Verdict, prove};
use kickdb_core::runner::Cancel;
use kickdb_testdb::{Database, Engine, engines};

const BASE: &str = r#"
use kickdb::prelude::*;

#[derive(DbEnum)]
#[db_enum(name = "state", rename_all = "snake_case")]
pub enum State {
    Open,
    // value
    Done,
}

#[derive(Table)]
#[table(name = "people")]
pub struct Person {
    #[column(primary_key)]
    pub id: i64,
    #[column(type = "varchar(200)")]
    pub email: String,
    // people
}

#[derive(Table)]
#[table(name = "labels")]
pub struct Label {
    #[column(primary_key)]
    pub id: i64,
    pub word: Option<String>,
}

#[derive(Table)]
#[table(name = "tasks")]
// tasks
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(type = "varchar(100)")]
    pub title: String,
    pub note: Option<i64>,
    pub rank: i32,
    #[column(references = Person::id)]
    pub owner: i64,
    pub state: State,
    #[column(index)]
    pub due: Option<i64>,
    // column
}
// end
"#;

/// One change of the source.
struct Kind {
    name: &'static str,
    /// What it replaces by what.
    edits: &'static [(&'static str, &'static str)],
    /// What it touches: where two kinds have nothing in common, nobody may be asked.
    touches: &'static [&'static str],
}

const fn kind(
    name: &'static str,
    edits: &'static [(&'static str, &'static str)],
    touches: &'static [&'static str],
) -> Kind {
    Kind { name, edits, touches }
}

const KINDS: &[Kind] = &[
    kind(
        "add color",
        &[("    // column\n", "    pub color: Option<i64>,\n    // column\n")],
        &["tasks.color"],
    ),
    kind(
        "add color otherwise",
        &[("    // column\n", "    pub color: Option<bool>,\n    // column\n")],
        &["tasks.color"],
    ),
    kind(
        "add size",
        &[("    // column\n", "    // column\n    pub size: Option<i64>,\n")],
        &["tasks.size"],
    ),
    kind(
        "add required",
        &[(
            "    // column\n",
            "    #[column(default = 3)]\n    pub level: i32,\n    // column\n",
        )],
        &["tasks.level"],
    ),
    kind("drop note", &[("    pub note: Option<i64>,\n", "")], &["tasks.note"]),
    kind(
        "drop due and its index",
        &[("    #[column(index)]\n    pub due: Option<i64>,\n", "")],
        &["tasks.due"],
    ),
    kind(
        "rename title to name",
        &[(
            "#[column(type = \"varchar(100)\")]\n    pub title",
            "#[column(type = \"varchar(100)\", renamed_from = \"title\")]\n    pub name",
        )],
        &["tasks.title"],
    ),
    kind(
        "rename title to heading",
        &[(
            "#[column(type = \"varchar(100)\")]\n    pub title",
            "#[column(type = \"varchar(100)\", renamed_from = \"title\")]\n    pub heading",
        )],
        &["tasks.title"],
    ),
    kind("longer title", &[("varchar(100)", "varchar(150)")], &["tasks.title"]),
    kind("longest title", &[("varchar(100)", "varchar(180)")], &["tasks.title"]),
    kind("bigger rank", &[("pub rank: i32", "pub rank: i64")], &["tasks.rank"]),
    kind(
        "nullable rank",
        &[("pub rank: i32", "pub rank: Option<i32>")],
        &["tasks.rank"],
    ),
    kind(
        "default rank",
        &[("    pub rank", "    #[column(default = 1)]\n    pub rank")],
        &["tasks.rank"],
    ),
    kind(
        "check rank",
        &[(
            "// tasks\n",
            "#[check(name = \"rank_fits\", expr = \"rank > 0\")]\n// tasks\n",
        )],
        &["tasks.rank"],
    ),
    kind(
        "check rank otherwise",
        &[(
            "// tasks\n",
            "#[check(name = \"rank_fits\", expr = \"rank > 5\")]\n// tasks\n",
        )],
        &["tasks.rank"],
    ),
    kind(
        "index title",
        &[("// tasks\n", "#[index(columns(title))]\n// tasks\n")],
        &["tasks.title"],
    ),
    kind(
        "unique title",
        &[("// tasks\n", "#[unique(columns(title))]\n// tasks\n")],
        &["tasks.title"],
    ),
    kind(
        "index note and rank",
        &[("// tasks\n", "#[index(columns(note, rank))]\n// tasks\n")],
        &["tasks.note", "tasks.rank"],
    ),
    kind(
        "drop index of due",
        &[("    #[column(index)]\n    pub due", "    pub due")],
        &["tasks.due"],
    ),
    kind(
        "drop foreign key",
        &[("    #[column(references = Person::id)]\n", "")],
        &["tasks.owner"],
    ),
    kind(
        "cascade",
        &[(
            "references = Person::id",
            "references = Person::id, on_delete = cascade",
        )],
        &["tasks.owner"],
    ),
    kind(
        "refer to labels",
        &[(
            "    // column\n",
            "    #[column(references = Label::id)]\n    pub label: Option<i64>,\n    // column\n",
        )],
        &["tasks.label", "labels"],
    ),
    kind(
        "drop labels",
        &[(
            "#[derive(Table)]\n#[table(name = \"labels\")]\npub struct Label {\n    #[column(primary_key)]\n    pub id: i64,\n    pub word: Option<String>,\n}\n",
            "",
        )],
        &["labels"],
    ),
    kind(
        "rename labels",
        &[(
            "#[table(name = \"labels\")]",
            "#[table(name = \"tags\", renamed_from = \"labels\")]",
        )],
        &["labels"],
    ),
    kind(
        "required word",
        &[(
            "    pub word: Option<String>,",
            "    #[column(default = \"x\")]\n    pub word: Option<String>,",
        )],
        &["labels"],
    ),
    kind(
        "rename tasks to cards",
        &[(
            "#[table(name = \"tasks\")]",
            "#[table(name = \"cards\", renamed_from = \"tasks\")]",
        )],
        &["tasks"],
    ),
    kind(
        "rename tasks to jobs",
        &[(
            "#[table(name = \"tasks\")]",
            "#[table(name = \"jobs\", renamed_from = \"tasks\")]",
        )],
        &["tasks"],
    ),
    kind(
        "add teams",
        &[(
            "// end\n",
            "#[derive(Table)]\n#[table(name = \"teams\")]\npub struct Team {\n    #[column(primary_key)]\n    pub id: i64,\n}\n// end\n",
        )],
        &["teams"],
    ),
    kind(
        "add other teams",
        &[(
            "// end\n",
            "#[derive(Table)]\n#[table(name = \"teams\")]\npub struct Team {\n    #[column(primary_key)]\n    pub id: i64,\n    pub size: i64,\n}\n// end\n",
        )],
        &["teams"],
    ),
    kind(
        "add a value",
        &[("    // value\n", "    // value\n    Late,\n")],
        &["state"],
    ),
    kind(
        "add another value",
        &[("    Done,\n}", "    Done,\n    Never,\n}")],
        &["state"],
    ),
    kind(
        "rename a value",
        &[(
            "    Done,\n",
            "    #[db_enum(renamed_from = \"done\")]\n    Finished,\n",
        )],
        &["state"],
    ),
    kind("longer email", &[("varchar(200)", "varchar(250)")], &["people"]),
    kind(
        "add to people",
        &[("    // people\n", "    pub age: Option<i64>,\n    // people\n")],
        &["people.age"],
    ),
];

fn edited(source: &str, kind: &Kind) -> Option<String> {
    let mut text = source.to_owned();
    for (from, to) in kind.edits {
        if text.matches(from).count() != 1 {
            return None;
        }
        text = text.replace(from, to);
    }
    Some(text)
}

/// The schema of a source and its renames; `None` where it declares nothing that holds together.
pub(crate) fn declared(source: &str, dialect: &dyn Dialect) -> Option<(Schema, Renames)> {
    let origin = Origin {
        file: "schema.rs".into(),
        module: "app".to_owned(),
    };
    let items = lower::file(source, &origin).ok()?;
    let resolved = resolve(&items, dialect).ok()?;
    let mut renames = Renames::default();
    for rename in resolved.renames {
        use kickdb_core::decl::Rename;
        match rename {
            Rename::Table { from, to } => drop(renames.tables.insert(from, to)),
            Rename::Column { table, from, to } => drop(renames.columns.insert((table, from), to)),
            Rename::Enum { from, to } => drop(renames.enums.insert(from, to)),
            Rename::Value { name, from, to } => drop(renames.values.insert((name, from), to)),
        }
    }
    Some((resolved.schema, renames))
}

/// Writes the migration of a source into a folder, as `generate` does.
pub(crate) fn migrate(dir: &Path, source: &str, name: &str, seconds: u32, dialect: &dyn Dialect) {
    let (to, renames) = declared(source, dialect).unwrap_or_else(|| panic!("{name} is no source:\n{source}"));
    let folder = read(dir, dialect).unwrap();
    let from = folder.last_schema(dialect).unwrap();
    let request = Request {
        folder: &folder,
        from: &from,
        to: &to,
        renames,
        rename_flags: &[],
        drop_flags: &[],
        backfills: Default::default(),
        name,
        now: format!("2026-04-27T15:30:{seconds:02}Z").parse().unwrap(),
        after: None,
        empty: false,
        online: false,
        repairs: None,
    };
    match generate(&request, dialect).unwrap() {
        Outcome::Migrations(new) => write(dir, &folder, &new, dialect).unwrap(),
        other => panic!("{name}: {other:?}"),
    }
}

/// A folder in which two branches met, each with one migration after the same first one. The journal is the older one's: the
/// other's entry was lost in the merge.
fn met(a: &str, b: &str, dialect: &dyn Dialect) -> tempfile::TempDir {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    migrate(dir.path(), BASE, "base", 0, dialect);
    migrate(other.path(), BASE, "base", 0, dialect);
    migrate(dir.path(), a, "older", 1, dialect);
    migrate(other.path(), b, "younger", 2, dialect);
    for entry in std::fs::read_dir(other.path()).unwrap().flatten() {
        let (from, to) = (entry.path(), dir.path().join(entry.file_name()));
        if from.is_dir() && !to.exists() {
            std::fs::create_dir(&to).unwrap();
            for file in std::fs::read_dir(&from).unwrap().flatten() {
                std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
            }
        }
    }
    dir
}

fn put_in_order(dir: &Path, taken: &BTreeMap<String, Side>, dialect: &dyn Dialect) -> Rebased {
    let (folder, _) = journal::read_after_merge(dir, dialect).unwrap();
    let none = BTreeSet::new();
    let how = Rebase {
        moved: &none,
        taken,
        keep: &none,
        anew: &none,
        now: "2026-04-27T16:00:00Z".parse().unwrap(),
    };
    rebase(&folder, &how, dialect).unwrap()
}

/// What is different but for names that follow from other names.
fn differs(from: &Schema, to: &Schema) -> Vec<String> {
    let found = diff(from, to, &Renames::default()).changes;
    let derived = |change: &TableChange| {
        matches!(
            change,
            TableChange::RenameIndex { .. } | TableChange::RenameConstraint { .. }
        )
    };
    found
        .iter()
        .filter(|change| !matches!(change, Change::AlterTable { changes, .. } if changes.iter().all(derived)))
        .map(ToString::to_string)
        .collect()
}

struct Tally {
    merged: usize,
    asked: usize,
    proven: usize,
    unjudged: Vec<String>,
    wrong: Vec<String>,
}

async fn pair(a: &Kind, b: &Kind, engine: Engine, server: Option<&Database>, tally: &mut Tally) {
    let dialect = by_name(engine.name()).unwrap();
    let name = format!("{}: {} / {}", engine.name(), a.name, b.name);
    let (Some(older), Some(younger)) = (edited(BASE, a), edited(BASE, b)) else {
        panic!("{name}: the source has no such place");
    };
    let same = |source: &str| {
        declared(source, dialect).is_none_or(|(to, _)| differs(&declared(BASE, dialect).unwrap().0, &to).is_empty())
    };
    if same(&older) || same(&younger) {
        return;
    }
    let dir = met(&older, &younger, dialect);
    let rebased = put_in_order(dir.path(), &BTreeMap::new(), dialect);
    if !rebased.conflicts.is_empty() {
        tally.asked += 1;
        let table = |touched: &str| touched.split('.').next().unwrap().to_owned();
        let common = a.touches.iter().any(|one| {
            b.touches
                .iter()
                .any(|other| one == other || *one == table(other) || *other == table(one))
        });
        if !common {
            tally
                .wrong
                .push(format!("{name} have nothing in common, but: {:?}", rebased.conflicts));
        }
        return;
    }
    tally.merged += 1;
    // What somebody would write who makes both changes in one source.
    let both = [edited(&older, b), edited(&younger, a)];
    let both = both.into_iter().flatten().find_map(|both| declared(&both, dialect));
    let (left, right) = (
        declared(&older, dialect).unwrap().0,
        declared(&younger, dialect).unwrap().0,
    );
    let both = match both {
        // What is the same on this engine is there already.
        _ if differs(&left, &right).is_empty() => Some(left),
        Some((both, _)) => Some(both),
        // One source says the place of the other's change under its old name: then only the engine can judge.
        None => None,
    };
    let last = rebased.moved.last().map(|moved| moved.new.last().unwrap());
    let last = last.unwrap_or_else(|| panic!("{name}: nothing was moved"));
    let schema = kickdb_core::snapshot::read(&last.snapshot, dialect).unwrap().schema;
    match both.map(|both| differs(&schema, &both)) {
        None => tally.unjudged.push(name.clone()),
        Some(left) if !left.is_empty() => return tally.wrong.push(format!("{name} lead elsewhere: {left:?}")),
        Some(_) => {}
    }
    let moved = &rebased.moved[0];
    let verdict = prove(
        &moved.from,
        &moved.new,
        server.map(Database::url),
        dialect,
        &Cancel::new(),
    )
    .await
    .unwrap();
    match verdict {
        Verdict::Proven(_) => tally.proven += 1,
        other => return tally.wrong.push(format!("{name}: {other:?}\n{}", moved.new[0].up)),
    }
    write_rebased(dir.path(), &rebased).unwrap();
    let folder = read(dir.path(), dialect).unwrap();
    let found = journal::verify(&folder, dialect, false);
    if !found.is_empty() {
        return tally.wrong.push(format!("{name}: {found:?}"));
    }
    let again = put_in_order(dir.path(), &BTreeMap::new(), dialect);
    assert!(
        again.moved.is_empty() && again.conflicts.is_empty(),
        "{name}: it is not done once"
    );
    assert_eq!(again.journal.unwrap(), folder.journal, "{name}");
}

/// All pairs with `KICKDB_REBASE=full`, or with the name of one engine on that one alone; else some.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_changes_are_merged_or_asked_about() {
    let asked = std::env::var("KICKDB_REBASE").ok();
    let full = asked.is_some();
    let wanted = [Engine::Sqlite, Engine::Postgres, Engine::Mysql];
    let one: Vec<Engine> = wanted
        .into_iter()
        .filter(|engine| asked.as_deref() == Some(engine.name()))
        .collect();
    for engine in engines(if one.is_empty() { &wanted } else { &one }) {
        let database = (engine != Engine::Sqlite).then(|| engine.database());
        let mut tally = Tally {
            merged: 0,
            asked: 0,
            proven: 0,
            unjudged: Vec::new(),
            wrong: Vec::new(),
        };
        for (at, a) in KINDS.iter().enumerate() {
            for (number, b) in KINDS.iter().enumerate() {
                let every = if engine == Engine::Sqlite { 9 } else { 29 };
                if full || (at * 5 + number) % every == 0 {
                    pair(a, b, engine, database.as_ref(), &mut tally).await;
                }
            }
        }
        eprintln!(
            "{}: {} merged, {} proven, {} asked about",
            engine.name(),
            tally.merged,
            tally.proven,
            tally.asked
        );
        assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
        assert!(tally.unjudged.len() <= 24, "{:#?}", tally.unjudged);
        assert!(tally.merged > tally.asked && tally.proven > 0);
    }
}

#[test]
fn an_answer_is_taken() {
    let dialect = by_name("postgres").unwrap();
    let longer = |text: &str| BASE.replace("varchar(100)", text);
    let dir = met(&longer("varchar(150)"), &longer("varchar(180)"), dialect);
    let asked = put_in_order(dir.path(), &BTreeMap::new(), dialect);
    let [(id, conflict)] = asked.conflicts.as_slice() else {
        panic!("{:?}", asked.conflicts);
    };
    assert!(id.ends_with("_younger") && conflict.choice);
    assert_eq!(conflict.thing, "column tasks.title");
    for (side, wanted) in [(Side::Older, ""), (Side::Younger, "varchar(180)")] {
        let taken = BTreeMap::from([("column tasks.title".to_owned(), side)]);
        let rebased = put_in_order(dir.path(), &taken, dialect);
        assert_eq!(rebased.conflicts, []);
        let up = &rebased.moved[0].new[0].up;
        assert!(
            up.contains(wanted) && (wanted.is_empty() != up.contains("ALTER")),
            "{up}"
        );
    }
}

#[test]
fn sql_that_was_written_by_hand_stays_or_is_asked_about() {
    let dialect = by_name("postgres").unwrap();
    let colored = BASE.replace("    // column\n", "    pub color: Option<i64>,\n");
    let by_hand = |dir: &Path, sql: &str| {
        let id = "20260427_153002_younger";
        let file = dir.join(id).join("up.sql");
        let up = std::fs::read_to_string(&file).unwrap() + sql;
        std::fs::write(&file, &up).unwrap();
    };
    // Beside the point of the other branch: it stays, word for word.
    let dir = met(
        &BASE.replace("    // people\n", "    pub age: Option<i64>,\n"),
        &colored,
        dialect,
    );
    by_hand(dir.path(), "UPDATE tasks SET color = 7;\n");
    let rebased = put_in_order(dir.path(), &BTreeMap::new(), dialect);
    assert_eq!(rebased.conflicts, []);
    assert!(rebased.moved[0].same_sql);
    assert!(rebased.moved[0].new[0].up.ends_with("UPDATE tasks SET color = 7;\n"));
    // It says a column that the other branch drops.
    let dir = met(&BASE.replace("    pub note: Option<i64>,\n", ""), &colored, dialect);
    by_hand(dir.path(), "UPDATE tasks SET color = note;\n");
    let rebased = put_in_order(dir.path(), &BTreeMap::new(), dialect);
    assert_eq!(rebased.conflicts[0].1.thing, "migration 20260427_153002_younger");
}

#[test]
fn what_a_merge_left_of_a_journal_is_enough() {
    let dialect = by_name("sqlite").unwrap();
    let older = BASE.replace("    // column\n", "    pub color: Option<i64>,\n");
    let younger = BASE.replace("    // people\n", "    pub age: Option<i64>,\n");
    let dir = met(&older, &younger, dialect);
    let file = dir.path().join("_journal.json");
    let journal = std::fs::read_to_string(&file).unwrap();
    let entry = "    {\n      \"id\": \"20260427_153002_younger\",\n      \"tag\": \"younger\",\n      \"hash\": \"sha256:0\",\n      \"createdAt\": \"2026-04-27T15:30:02.000Z\"\n    }";
    let rest = journal.rfind("    {\n").unwrap();
    let (head, last) = journal.split_at(rest);
    let end = last.find("    }").unwrap() + 5;
    let (last, tail) = last.split_at(end);
    let inner = |entry: &str| {
        entry
            .trim_start_matches("    {\n")
            .trim_end_matches("    }")
            .trim_end()
            .to_owned()
    };
    for (what, damaged) in [
        (
            "conflict marks",
            format!("{head}<<<<<<< HEAD\n{last}\n=======\n{entry}\n>>>>>>> theirs{tail}"),
        ),
        ("both sides without a comma", format!("{head}{last}\n{entry}{tail}")),
        (
            "two entries in one pair of braces",
            format!("{head}    {{\n{},\n{}\n    }}{tail}", inner(last), inner(entry)),
        ),
        ("an entry twice", format!("{head}{last},\n{last},\n{entry}{tail}")),
        ("no journal at all", String::new()),
    ] {
        match damaged.is_empty() {
            true => std::fs::remove_file(&file).unwrap(),
            false => std::fs::write(&file, &damaged).unwrap(),
        }
        let rebased = put_in_order(dir.path(), &BTreeMap::new(), dialect);
        assert_eq!(rebased.conflicts, [], "{what}");
        let ids: Vec<String> = rebased
            .journal
            .unwrap()
            .entries
            .into_iter()
            .map(|entry| entry.id)
            .collect();
        assert_eq!(
            ids,
            [
                "20260427_153000_base",
                "20260427_153001_older",
                "20260427_153002_younger"
            ],
            "{what}"
        );
    }
}

#[test]
fn one_that_arrives_late_is_put_last_under_an_id_of_its_own() {
    let dialect = by_name("sqlite").unwrap();
    let older = BASE.replace("    // column\n", "    pub color: Option<i64>,\n");
    let younger = BASE.replace("    // people\n", "    pub age: Option<i64>,\n");
    let dir = met(&older, &younger, dialect);
    let (folder, _) = journal::read_after_merge(dir.path(), dialect).unwrap();
    let none = BTreeSet::new();
    let how = Rebase {
        moved: &BTreeSet::from(["20260427_153001_older".to_owned()]),
        taken: &BTreeMap::new(),
        keep: &none,
        anew: &none,
        now: "2026-04-27T16:00:00Z".parse().unwrap(),
    };
    let rebased = rebase(&folder, &how, dialect).unwrap();
    write_rebased(dir.path(), &rebased).unwrap();
    let folder = read(dir.path(), dialect).unwrap();
    let ids: Vec<&str> = folder.migrations.keys().map(String::as_str).collect();
    assert_eq!(
        ids,
        [
            "20260427_153000_base",
            "20260427_153002_younger",
            "20260427_160000_older"
        ]
    );
    assert_eq!(journal::verify(&folder, dialect, false), []);
}
