//! Two changes of one schema that were made apart, brought together.
//!
//! Each thing (a column, an index, a view, …) is taken from the side that changed it. Where both did, and where what one side made
//! stands on what the other took away, nothing is guessed: it is a [`Conflict`].

mod names;
mod pick;
mod sense;
mod tables;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use self::pick::Pick;
use crate::diff::Renames;
use crate::ir::Schema;
use crate::lex::Lexis;

/// Which of the two branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The one that stays as it is.
    Older,
    /// The one that is put on top of the other.
    Younger,
}

impl Side {
    /// As a flag spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Older => "older",
            Self::Younger => "younger",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Older => Self::Younger,
            Self::Younger => Self::Older,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Two branches from one schema.
#[derive(Clone, Copy, Debug)]
pub struct Branches<'a> {
    /// Where both come from.
    pub base: &'a Schema,
    /// Where the older one leads.
    pub older: &'a Schema,
    /// What it renames on the way, complete.
    pub older_renames: &'a Renames,
    /// Where the younger one leads.
    pub younger: &'a Schema,
    /// What it renames on the way, complete.
    pub younger_renames: &'a Renames,
    /// The words of the engine's SQL.
    pub lexis: Lexis,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Merged {
    /// Both together. Only to be used where there is no conflict.
    pub schema: Schema,
    /// What is renamed between the older branch's schema and this one.
    pub renames: Renames,
    /// What the younger branch's names became in it.
    pub lift: Renames,
    /// What both changed, in the order of the things.
    pub conflicts: Vec<Conflict>,
}

/// Something that cannot be brought together without an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The thing: `column tasks.title`.
    pub thing: String,
    /// What is so.
    pub message: String,
    /// Whether one side can simply be taken.
    pub choice: bool,
}

/// Brings two branches together. `taken` says which side is taken for things that both changed, by their names.
#[must_use]
pub fn merge(branches: &Branches<'_>, taken: &BTreeMap<String, Side>) -> Merged {
    let mut pick = Pick::new(taken);
    let named = names::align(branches, &mut pick);
    let schema = tables::together(&named, &mut pick);
    // A merge on which something is open would only be misread.
    if pick.conflicts.is_empty() {
        sense::check(&named, &schema, branches, &mut pick);
    }
    pick.conflicts.sort();
    pick.conflicts.dedup();
    Merged {
        schema,
        renames: named.renames,
        lift: named.lift,
        conflicts: pick.conflicts,
    }
}

/// Whether SQL says the name of something that a schema has, and a later one not any more or with another type.
#[must_use]
pub fn says_missing(sql: &[&str], before: &Schema, after: &Schema, lexis: Lexis) -> bool {
    let gone = sense::missing(before, after);
    !gone.is_empty() && sql.iter().any(|sql| !words::of_sql(sql, lexis).is_disjoint(&gone))
}

/// What is renamed by the one and then by the other.
#[must_use]
pub fn compose(first: &Renames, second: &Renames) -> Renames {
    let mut both = Renames::default();
    both.tables = joined(&first.tables, &second.tables);
    both.enums = joined(&first.enums, &second.enums);
    let mut used = std::collections::BTreeSet::new();
    for ((table, old), new) in &first.columns {
        let table = second.tables.get(table).unwrap_or(table);
        let step = (table.clone(), new.clone());
        let last = second.columns.get(&step).unwrap_or(new);
        used.insert(step);
        both.columns.insert((table.clone(), old.clone()), last.clone());
    }
    let rest = second.columns.iter().filter(|(step, _)| !used.contains(step));
    both.columns.extend(rest.map(|(step, new)| (step.clone(), new.clone())));
    both.of_one_step()
}

fn joined<N: Ord + Clone>(first: &BTreeMap<N, N>, second: &BTreeMap<N, N>) -> BTreeMap<N, N> {
    let mut both: BTreeMap<N, N> = first
        .iter()
        .map(|(old, new)| (old.clone(), second.get(new).unwrap_or(new).clone()))
        .collect();
    for (old, new) in second {
        if !first.values().any(|middle| middle == old) {
            both.entry(old.clone()).or_insert_with(|| new.clone());
        }
    }
    both
}
