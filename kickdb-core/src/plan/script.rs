use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{ForeignKey, Partition, Table};
use crate::lex::{Places, Said};

/// Everything that goes into one migration folder.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What changes, in execution order.
    pub changes: Vec<Change>,
    /// What changes on the way back, in execution order.
    pub reverse: Vec<Change>,
    /// The SQL forward.
    pub up: Script,
    /// The SQL back.
    pub down: Script,
    /// What could not be done in the way that was asked for, with the reason and what to do.
    pub notes: Vec<String>,
}

/// Statements in order, with what must be set around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The statements.
    pub steps: Vec<Step>,
    /// What must be set before the first and checked after the last.
    pub session: Session,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The SQL, without the semicolon at its end.
    pub sql: String,
    /// Whether it runs in the migration's transaction.
    pub tx: TxMode,
    /// Index into [`Plan::changes`], for a step back into [`Plan::reverse`]: lint, review and errors name the cause, not the text.
    pub cause: usize,
    /// A line for the reader of the file, written above the statement as a comment.
    pub note: Option<&'static str>,
}

/// Whether a statement runs inside a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TxMode {
    /// In the migration's transaction.
    Inside,
    /// In none: the engine refuses it there, or it would be of no use there.
    Outside,
}

/// What must be set before BEGIN and checked before COMMIT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Foreign keys are not enforced while the script runs, and are checked as a whole before COMMIT (SQLite rebuilds).
    pub foreign_keys_off: bool,
}

/// Where a dialect writes the statements of one change.
#[derive(Debug, Default)]
pub struct Steps {
    script: Script,
    cause: usize,
    beside_objects: bool,
    beside_doubtful: bool,
    joins: Joins,
    returning: Returning,
    coming: Places,
    online: bool,
}

/// Foreign keys that a script drops and adds again under their names over the same columns, by table and name: the table just
/// before the one, and after the other.
#[derive(Clone, Debug, Default)]
struct Returning(BTreeMap<(Qualified, Name), (Arc<Table>, Arc<Table>)>);

impl Returning {
    fn among(changes: &[Change]) -> Self {
        let mut gone: BTreeMap<(&Qualified, &Name), (&ForeignKey, &Arc<Table>)> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for change in changes {
            let Change::AlterTable { from, to, changes } = change else {
                continue;
            };
            for change in changes {
                match change {
                    TableChange::DropPart(Part::ForeignKey(key)) => {
                        gone.insert((&from.name, &key.name), (key, from));
                    }
                    TableChange::AddPart(Part::ForeignKey(key)) => {
                        let before = gone.get(&(&to.name, &key.name));
                        if let Some((_, before)) = before.filter(|(before, _)| before.columns == key.columns) {
                            let tables = (Arc::clone(before), Arc::clone(to));
                            found.insert((to.name.clone(), key.name.clone()), tables);
                        }
                    }
                    _ => {}
                }
            }
        }
        Self(found)
    }
}

/// Where changes make tables and objects or change tables, if bodies of functions come among them that may mean these.
fn coming(changes: &[Change]) -> Places {
    let has_body = |change: &Change| match change {
        Change::CreateObject { id, .. } | Change::AlterObject { id, .. } => id.kind.is_callable(),
        _ => false,
    };
    let mut coming = Places::default();
    if changes.iter().any(has_body) {
        for (at, change) in changes.iter().enumerate() {
            match change {
                Change::CreateTable(table) | Change::AlterTable { to: table, .. } => coming.put(&table.name, at),
                Change::CreateObject { id, .. } => coming.put(&id.name, at),
                _ => {}
            }
        }
    }
    coming
}

/// Which other partitions join the same table, or one in the same tree, in the same script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joins {
    /// Before this one.
    pub earlier: bool,
    /// After it.
    pub later: bool,
    /// The table above all in that tree.
    pub top: Option<Qualified>,
    /// Those that join what a partition leaves that is dropped afterwards, and where: its rows may be theirs.
    pub takers: Vec<(Qualified, Partition)>,
}

impl Steps {
    /// All statements from here on belong to the change at this index of [`Plan::changes`].
    pub fn cause(&mut self, cause: usize) {
        self.cause = cause;
    }

    /// Says whether there are views, triggers or the like beside the tables.
    pub(crate) fn stands_beside_objects(&mut self, yes: bool) {
        self.beside_objects = yes;
    }

    /// Whether there are views, triggers or the like beside the tables.
    #[must_use]
    pub fn beside_objects(&self) -> bool {
        self.beside_objects
    }

    /// Says whether one of them may have been broken for long: see [`Objects::doubts`](crate::dialect::Objects::doubts).
    pub(crate) fn stands_beside_doubtful(&mut self, yes: bool) {
        self.beside_doubtful = yes;
    }

    /// Whether a view, trigger or the like may have been broken for long.
    #[must_use]
    pub fn beside_doubtful(&self) -> bool {
        self.beside_doubtful
    }

    /// Says which other partitions join what the one of the next change joins.
    pub(crate) fn joins_among(&mut self, joins: Joins) {
        self.joins = joins;
    }

    /// Which other partitions join the same table.
    #[must_use]
    pub fn joins(&self) -> &Joins {
        &self.joins
    }

    /// Says what the script will come to.
    pub(crate) fn comes_to(&mut self, changes: &[Change]) {
        self.returning = Returning::among(changes);
        self.coming = coming(changes);
    }

    /// Whether a table or object is meant that changes after this one make, or tables that they change.
    #[must_use]
    pub fn comes_later(&self, said: &Said) -> bool {
        said.last_of(&self.coming).is_some_and(|place| place > self.cause)
    }

    /// The table just before a foreign key of that name goes and just after it comes back over the same columns, where the
    /// script does both.
    #[must_use]
    pub fn returning(&self, table: &Qualified, key: &Name) -> Option<(&Table, &Table)> {
        if self.returning.0.is_empty() {
            return None;
        }
        let (before, after) = self.returning.0.get(&(table.clone(), key.clone()))?;
        Some((before, after))
    }

    /// Where nothing may stand in the way of those who use the tables: no statement runs in a transaction with another one.
    #[must_use]
    pub(crate) fn online_if(online: bool) -> Self {
        Self {
            online,
            ..Self::default()
        }
    }

    /// Whether the statements are for tables that are in use.
    #[must_use]
    pub fn online(&self) -> bool {
        self.online
    }

    /// Whether the statement is among those so far.
    pub(crate) fn says(&self, sql: &str) -> bool {
        self.statements().any(|said| said == sql)
    }

    /// The statements so far.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &str> {
        self.script.steps.iter().map(|step| step.sql.as_str())
    }

    /// Adds a statement that runs in the transaction.
    pub fn push(&mut self, sql: impl Into<String>) {
        self.add(sql.into(), TxMode::Inside, None);
    }

    /// Adds a statement that runs in the transaction, with a line for the reader of the file.
    pub fn push_noted(&mut self, sql: impl Into<String>, note: &'static str) {
        self.add(sql.into(), TxMode::Inside, Some(note));
    }

    /// Adds a statement that runs in no transaction.
    pub fn push_outside(&mut self, sql: impl Into<String>, note: Option<&'static str>) {
        self.add(sql.into(), TxMode::Outside, note);
    }

    /// The script must run with foreign keys off, and be checked as a whole at its end.
    pub fn foreign_keys_off(&mut self) {
        self.script.session.foreign_keys_off = true;
    }

    /// How many statements there are so far.
    pub(crate) fn len(&self) -> usize {
        self.script.steps.len()
    }

    /// Puts others in the place of the statements from there on.
    pub(crate) fn rewrite_from(&mut self, at: usize, with: impl FnOnce(Vec<Step>) -> Vec<Step>) {
        let written = self.script.steps.split_off(at);
        self.script.steps.extend(with(written));
    }

    /// What has been written.
    #[must_use]
    pub fn finish(self) -> Script {
        self.script
    }

    fn add(&mut self, sql: String, tx: TxMode, note: Option<&'static str>) {
        let tx = if self.online { TxMode::Outside } else { tx };
        self.script.steps.push(Step {
            sql,
            tx,
            cause: self.cause,
            note,
        });
    }
}
