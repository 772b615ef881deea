use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Change, OwnValues, TableChange, ends, values};
use crate::ident::{Name, Qualified};
use crate::ir::Enum;

/// What is known about things that take another name, and about things that really go.
///
/// It comes from `renamed_from` in the structs, from flags, and from answers to a [`Question`](super::Question). A rename
/// that is already done, or that names what is not there, is left out of account: `renamed_from` may stay in the struct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables, old to new.
    pub tables: BTreeMap<Qualified, Qualified>,
    /// Columns, (table under its new name, old) to new; and attributes of composite types, which no table shares its name with.
    pub columns: BTreeMap<(Qualified, Name), Name>,
    /// Enums, old to new.
    pub enums: BTreeMap<Qualified, Qualified>,
    /// Values of enums, (enum under its new name, old) to new.
    pub values: BTreeMap<(Qualified, String), String>,
    /// What goes for good and is no rename: tables and enums under their old name, what is in them under the new name of
    /// what they are in.
    pub dropped: BTreeSet<Object>,
    /// Where the engine keeps the values of enums that are no types: renames of those are looked for there.
    pub own_values: OwnValues,
    /// What is said about this one step, by flags and answers, and not by declarations that stay: things under their old name,
    /// in the new one of what they are in. Such renames may go round in a circle, and take the place of what goes.
    pub(super) once: BTreeSet<Object>,
    /// Whether every rename is here: what is not named is matched by name, what a rename's target replaces goes, and no
    /// question is asked.
    pub(super) complete: bool,
}

/// Something that can be renamed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A table.
    Table(Qualified),
    /// A column of a table.
    Column(Qualified, Name),
    /// An enum.
    Enum(Qualified),
    /// A value of an enum.
    Value(Qualified, String),
    /// An attribute of a composite type.
    Attribute(Qualified, Name),
}

impl Object {
    /// What kind of thing it is: `table`, `column`, `enum`, `value` or `attribute`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "table",
            Self::Column(..) => "column",
            Self::Enum(_) => "enum",
            Self::Value(..) => "value",
            Self::Attribute(..) => "attribute",
        }
    }

    /// The name inside of what it belongs to: the column's without its table's.
    #[must_use]
    pub fn last(&self) -> String {
        match self {
            Self::Table(name) | Self::Enum(name) => name.to_string(),
            Self::Column(_, name) | Self::Attribute(_, name) => name.to_string(),
            Self::Value(_, value) => value.clone(),
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(name) | Self::Enum(name) => name.fmt(f),
            Self::Column(of, name) | Self::Attribute(of, name) => write!(f, "{of}.{name}"),
            Self::Value(name, value) => write!(f, "{name}.{value}"),
        }
    }
}

impl Renames {
    /// Nothing known yet, for an engine that keeps the values of its enums there.
    #[must_use]
    pub fn in_engine(own_values: OwnValues) -> Self {
        Self {
            own_values,
            ..Self::default()
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
            && self.columns.is_empty()
            && self.enums.is_empty()
            && self.values.is_empty()
            && self.dropped.is_empty()
    }

    /// Adds what `other` knows; where both say something of one thing, `other` wins.
    pub fn extend(&mut self, other: Self) {
        self.tables.extend(other.tables);
        self.columns.extend(other.columns);
        self.enums.extend(other.enums);
        self.values.extend(other.values);
        self.dropped.extend(other.dropped);
        self.once.extend(other.once);
        if other.own_values != OwnValues::None {
            self.own_values = other.own_values;
        }
    }

    /// The same renames, each of which is about one step alone.
    #[must_use]
    pub(crate) fn of_one_step(mut self) -> Self {
        let tables = self.tables.keys().cloned().map(Object::Table);
        let enums = self.enums.keys().cloned().map(Object::Enum);
        let columns = self.columns.keys().cloned();
        let columns = columns.map(|(table, old)| Object::Column(table, old));
        self.once = tables.chain(enums).chain(columns).collect();
        self
    }

    /// The renames that a list of changes carries out, and that no others are to be looked for.
    #[must_use]
    pub fn of(changes: &[Change]) -> Self {
        let mut renames = Self {
            complete: true,
            ..Self::default()
        };
        // A step may start at a spare name, where an earlier one has ended.
        let (mut tables, mut enums) = (Vec::new(), Vec::new());
        for change in changes {
            match change {
                Change::RenameTable { from, to } => tables.push((from.clone(), to.clone())),
                Change::RenameEnum { from, to } => enums.push((from.clone(), to.clone())),
                Change::RenameAttributes { id, steps, .. } => {
                    let pairs = ends(steps).into_iter();
                    renames
                        .columns
                        .extend(pairs.map(|(old, new)| ((id.name.clone(), old), new)));
                }
                Change::AlterEnum { to, renamed, .. } => {
                    let pairs = renamed.iter();
                    renames
                        .values
                        .extend(pairs.map(|(old, new)| ((to.name.clone(), old.clone()), new.clone())));
                }
                Change::AlterTable { from, to, changes } => {
                    renames.columns.extend(column_pairs(&to.name, changes));
                    for change in changes {
                        if let TableChange::RenameValues { column, renamed } = change {
                            let of = Enum::of_column(&to.name, column);
                            let pairs = renamed.iter();
                            renames
                                .values
                                .extend(pairs.map(|(old, new)| ((of.clone(), old.clone()), new.clone())));
                            let in_type = values::of(from, OwnValues::InType).contains_key(column);
                            renames.own_values = if in_type { OwnValues::InType } else { OwnValues::InCheck };
                        }
                    }
                }
                _ => {}
            }
        }
        renames.tables = ends(&tables);
        renames.enums = ends(&enums);
        renames
    }

    /// The same renames seen from the other side.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let tables = flip(&self.tables);
        let enums = flip(&self.enums);
        let columns = self.columns.iter().map(|((table, old), new)| {
            let table = tables.get(table).unwrap_or(table);
            ((table.clone(), new.clone()), old.clone())
        });
        let values = self.values.iter().map(|((name, old), new)| {
            let name = match enums.get(name) {
                Some(old) => old.clone(),
                None => self.own_enum_before(name, &tables),
            };
            ((name, new.clone()), old.clone())
        });
        let once = !self.once.is_empty();
        let inverse = Self {
            own_values: self.own_values,
            columns: columns.collect(),
            values: values.collect(),
            dropped: BTreeSet::new(),
            once: BTreeSet::new(),
            complete: self.complete,
            tables,
            enums,
        };
        if once { inverse.of_one_step() } else { inverse }
    }

    /// What stood for the values of a column before its renames; any other name as it is.
    fn own_enum_before(&self, name: &Qualified, tables: &BTreeMap<Qualified, Qualified>) -> Qualified {
        let (Some(table), true) = (&name.schema, self.own_values != OwnValues::None) else {
            return name.clone();
        };
        let table = Qualified::local(table.clone());
        let of_table = self.columns.iter().filter(|((of, _), _)| *of == table);
        let column = of_table
            .filter(|(_, new)| **new == name.name)
            .map(|((_, old), _)| old)
            .next();
        Enum::of_column(tables.get(&table).unwrap_or(&table), column.unwrap_or(&name.name))
    }

    /// The pairs (old, new) as text, for `meta.json`: `tasks.removed_at` and `deleted_at`.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let tables = self.tables.iter().map(|(old, new)| (old.to_string(), new.to_string()));
        let enums = self.enums.iter().map(|(old, new)| (old.to_string(), new.to_string()));
        let columns = self
            .columns
            .iter()
            .map(|((table, old), new)| (format!("{table}.{old}"), new.to_string()));
        let values = self
            .values
            .iter()
            .map(|((name, old), new)| (format!("{name}.{old}"), new.clone()));
        tables.chain(enums).chain(columns).chain(values).collect()
    }
}

fn column_pairs(table: &Qualified, changes: &[TableChange]) -> Vec<((Qualified, Name), Name)> {
    let steps = changes.iter().filter_map(|change| match change {
        TableChange::RenameColumn { from, to } => Some((from.clone(), to.clone())),
        _ => None,
    });
    ends(&steps.collect::<Vec<_>>())
        .into_iter()
        .map(|(old, new)| ((table.clone(), old), new))
        .collect()
}

fn flip<N: Ord + Clone>(map: &BTreeMap<N, N>) -> BTreeMap<N, N> {
    map.iter().map(|(old, new)| (new.clone(), old.clone())).collect()
}

/// The pairs that hold between two sets of names.
///
/// A pair holds when the old name is there before, the new one after, and the new one is free before or becomes free by
/// another pair. What is said `once`, for this step alone, may go further, where a declaration that goes on saying it would be done
/// again by the next run: names may go round, like those of two that swap, and what has the new name before goes.
pub(super) fn settle<N: Ord + Clone>(
    pairs: &BTreeMap<N, N>,
    complete: bool,
    once: impl Fn(&N) -> bool,
    before: impl Fn(&N) -> bool,
    after: impl Fn(&N) -> bool,
) -> BTreeMap<N, N> {
    let mut taken = BTreeSet::new();
    let holds = |old: &N, new: &N| {
        let mut at = new;
        let mut may_turn = once(old);
        // Follows a → b → c to its end; as many steps as there are pairs mean a circle.
        for _ in 0..=pairs.len() {
            if !before(at) {
                return true;
            }
            let Some(next) = pairs.get(at).filter(|next| after(next)) else {
                return may_turn;
            };
            may_turn &= once(at);
            match next {
                next if next == old => return may_turn,
                next if next == new => return false,
                next => at = next,
            }
        }
        false
    };
    pairs
        .iter()
        .filter(|(old, new)| old != new && before(old) && after(new) && (complete || holds(old, new)))
        .filter(|(_, new)| taken.insert((*new).clone()))
        .map(|(old, new)| (old.clone(), new.clone()))
        .collect()
}

/// The renames one after the other, each onto a name that is free at that moment.
///
/// What is in the way without a new name of its own goes later, and takes a spare name until then; so does one of each circle.
pub(super) fn sequence<N: Ord + Clone>(
    pairs: &BTreeMap<N, N>,
    occupied: impl Fn(&N) -> bool,
    mut spare: impl FnMut(&N) -> N,
) -> Vec<(N, N)> {
    let mut steps = Vec::new();
    let mut pending = pairs.clone();
    for target in pairs.values() {
        if occupied(target) && !pairs.contains_key(target) {
            steps.push((target.clone(), spare(target)));
        }
    }
    while !pending.is_empty() {
        let free = pending
            .iter()
            .filter(|(_, new)| !pending.contains_key(*new))
            .map(|(old, new)| (old.clone(), new.clone()))
            .collect::<Vec<_>>();
        for (old, new) in &free {
            pending.remove(old);
            steps.push((old.clone(), new.clone()));
        }
        if free.is_empty()
            && let Some((old, new)) = pending.pop_first()
        {
            let between = spare(&old);
            steps.push((old, between.clone()));
            pending.insert(between, new);
        }
    }
    steps
}
