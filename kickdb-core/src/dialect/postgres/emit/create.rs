//! A new table with all that belongs to it.

use super::column::{self, push_actions};
use super::{comment, define};
use crate::dialect::postgres::partition_rows::catch_all;
use crate::dialect::postgres::syntax::{block, ident, literal, qualified};
use crate::dialect::postgres::unvalidated::Unvalidated;
use crate::dialect::postgres::{family, objects, options};
use crate::diff::{Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Check, Column, ForeignKey, Index, IndexKey, Schema, Table, Unique};
use crate::plan::{Joins, Steps};

pub(super) fn table(t: &Table, state: &Schema, out: &mut Steps) {
    write(t, None, state, out);
}

/// A new table whose columns stand as those of another one do in the database, which need not be as they are declared; those that
/// the other one does not have come behind them.
pub(super) fn in_the_order_of(old: &Qualified, t: &Table, state: &Schema, out: &mut Steps) {
    write(t, Some(old), state, out);
}

fn write(t: &Table, order: Option<&Qualified>, state: &Schema, out: &mut Steps) {
    let mut parents: Vec<&Table> = t.inherits.iter().filter_map(|name| state.tables.get(name)).collect();
    let heirs = match joins_late(t, &parents) {
        true => t.inherits.as_slice(),
        false => &[],
    };
    if !heirs.is_empty() {
        parents.clear();
    }
    for column in &t.columns {
        column::push_sequence(&t.name, column, out);
    }
    let name = qualified(&t.name);
    let twins = Twins::of(t);
    let (own, doubled) = uniques(t, &twins);
    let columns = t.columns.iter().filter(|column| !is_inherited(column, &parents));
    let columns: Vec<(&Name, String)> = columns
        .map(|column| (&column.name, column::define(&t.name, column)))
        .collect();
    let mut lines = Vec::new();
    let primary = t
        .primary_key
        .iter()
        .filter(|key| !twins.wait(&key.columns, &key.part_of));
    lines.extend(primary.map(define::primary_key));
    lines.extend(own.into_iter().map(define::unique));
    let checks = t.checks.values().filter(|check| check.validated);
    let checks = checks.filter(|check| !parents.iter().any(|parent| gives(parent, check)));
    lines.extend(checks.map(define::check));
    lines.extend(t.exclusions.values().map(define::exclusion));
    let keys = t.foreign_keys.values().filter(|key| key.validated);
    lines.extend(keys.map(define::foreign_key));
    let unlogged = match t.options.contains_key(options::UNLOGGED) {
        true => "UNLOGGED ",
        false => "",
    };
    let around = (format!("CREATE {unlogged}TABLE {name} "), suffix(t, !heirs.is_empty()));
    match order.filter(|_| columns.len() > 1) {
        Some(old) => out.push_noted(in_order(&around, &columns, &lines, old), IN_ORDER),
        None => {
            lines.splice(0..0, columns.into_iter().map(|(_, line)| line));
            let body = match lines.is_empty() {
                true => "()".to_owned(),
                false => format!("(\n  {}\n)", lines.join(",\n  ")),
            };
            out.push(format!("{}{body}{}", around.0, around.1));
        }
    }
    for column in &t.columns {
        column::push_ownership(&t.name, column, true, out);
    }
    for unique in doubled {
        out.push(format!("ALTER TABLE {name} ADD {}", define::unique(unique)));
    }
    push_actions(&t.name, &late(t), out);
    for parent in heirs {
        out.push(format!("ALTER TABLE {name} INHERIT {}", qualified(parent)));
    }
    for index in t.indexes.values().filter(|index| !twins.waits(index)) {
        out.push(define::index(t, index));
        define::look(t, index, None, out);
    }
    if objects::fits_its_type(t, state) {
        super::alter::of_type(t, out);
    }
    // With its own columns, constraints and indexes at hand, by their names, nothing is made for it by the server.
    let place = TableChange::Join {
        inherits: Vec::new(),
        partition: t.partition.clone(),
    };
    let moves = t
        .partition
        .as_ref()
        .filter(|place| catch_all(&place.of, state).is_some());
    let broken = moves.map(|place| Unvalidated::of(&place.of, state));
    let before = broken.iter().flat_map(|broken| broken.drops(Some(t)));
    let joins = family::statements(&t.name, &place, state, &Joins::default());
    before.chain(joins).for_each(|sql| out.push(sql));
    let after = broken.iter().flat_map(|broken| broken.adds(&[]));
    after.for_each(|sql| out.push(sql));
    twins.push(out);
    push_actions(&t.name, &options::after_creation(&t.options), out);
    comments(t, out);
}

const IN_ORDER: &str = "Columns hold rows of the table, as texts for now, and these go by the order that its columns have in the database.";

/// Which order that is only the server knows.
fn in_order(
    (before, after): &(String, String),
    columns: &[(&Name, String)],
    lines: &[String],
    old: &Qualified,
) -> String {
    let columns = columns.iter().enumerate().map(|(number, (name, line))| {
        let name = literal(name.as_str());
        format!("({number}, {name}, {})", literal(line))
    });
    let lines = lines.iter().map(|line| format!(",\n  {line}")).collect::<String>();
    block(&format!(
        "BEGIN\n  EXECUTE (\n    SELECT {} || string_agg(c.line, {} ORDER BY a.attnum, c.number) || {}\n    FROM (VALUES\n      {}\n    ) \
         c (number, name, line)\n    LEFT JOIN pg_attribute a ON a.attrelid = {}::regclass AND a.attname = c.name AND NOT a.attisdropped\n  \
         );\nEND",
        literal(&format!("{before}(\n  ")),
        literal(",\n  "),
        literal(&format!("{lines}\n){after}")),
        columns.collect::<Vec<_>>().join(",\n      "),
        literal(&qualified(old)),
    ))
}

/// The keys and indexes of a partition that it has of itself beside one over the same columns that is a part of the table above:
/// when the partition joins that, the server takes for it whichever is there first.
struct Twins<'a> {
    table: &'a Table,
    /// The columns of those that are a part.
    taken: Vec<Vec<&'a Name>>,
}

impl<'a> Twins<'a> {
    fn of(table: &'a Table) -> Self {
        let primary = table.primary_key.iter().map(|key| (&key.columns, &key.part_of));
        let uniques = table.uniques.values().map(|unique| (&unique.columns, &unique.part_of));
        let keys = primary.chain(uniques).filter(|(_, part_of)| part_of.is_some());
        let keys = keys.map(|(columns, _)| columns.iter().collect());
        let indexes = table.indexes.values().filter(|index| index.part_of.is_some());
        Self {
            table,
            taken: keys.chain(indexes.filter_map(columns)).collect(),
        }
    }

    fn wait(&self, columns: &[Name], part_of: &Option<Name>) -> bool {
        part_of.is_none() && self.taken.contains(&columns.iter().collect())
    }

    fn waits(&self, index: &Index) -> bool {
        index.part_of.is_none() && columns(index).is_some_and(|columns| self.taken.contains(&columns))
    }

    fn push(&self, out: &mut Steps) {
        let table = self.table;
        let primary = table
            .primary_key
            .iter()
            .filter(|key| self.wait(&key.columns, &key.part_of));
        let uniques = table
            .uniques
            .values()
            .filter(|unique| self.wait(&unique.columns, &unique.part_of));
        let keys = primary.map(define::primary_key).chain(uniques.map(define::unique));
        let keys = keys.map(|key| format!("ADD {key}")).collect::<Vec<_>>();
        push_actions(&table.name, &keys, out);
        for index in table.indexes.values().filter(|index| self.waits(index)) {
            out.push(define::index(table, index));
            define::look(table, index, None, out);
        }
    }
}

/// The columns of an index, where it has nothing else.
fn columns(index: &Index) -> Option<Vec<&Name>> {
    let parts = index.parts.iter().map(|part| match &part.key {
        IndexKey::Column(name) => Some(name),
        IndexKey::Expr(_) => None,
    });
    parts.collect()
}

/// Whether a column comes from the tables above just as it is.
fn is_inherited(column: &Column, parents: &[&Table]) -> bool {
    let mut given = parents
        .iter()
        .filter_map(|parent| parent.column(&column.name))
        .peekable();
    if given.peek().is_none() {
        return false;
    }
    let own = Column {
        comment: None,
        options: options::Options::new(),
        ..column.clone()
    };
    given.all(|above| {
        let above = Column {
            options: options::Options::new(),
            ..family::inherited(above)
        };
        above == own
    })
}

/// Whether a table above gives the check to those below.
pub(super) fn gives(parent: &Table, check: &Check) -> bool {
    parent
        .checks
        .get(&check.name)
        .is_some_and(|above| above.inherited && above.expr == check.expr)
}

/// Whether the table inherits when it has its checks: one that is made below another takes a check that rows may break for
/// obeyed.
fn joins_late(t: &Table, parents: &[&Table]) -> bool {
    let mut broken = t.checks.values().filter(|check| !check.validated);
    broken.any(|check| parents.iter().any(|parent| gives(parent, check)))
}

/// What stands behind the parenthesis.
fn suffix(t: &Table, joins_late: bool) -> String {
    let mut sql = String::new();
    if !t.inherits.is_empty() && !joins_late {
        let parents: Vec<String> = t.inherits.iter().map(qualified).collect();
        sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    if let Some(key) = &t.partition_by {
        sql.push_str(&format!(" PARTITION BY {key}"));
    }
    if let Some(method) = t
        .options
        .get(options::METHOD)
        .and_then(|method| Name::new(method.as_str()).ok())
    {
        sql.push_str(&format!(" USING {}", ident(&method)));
    }
    sql.push_str(&options::with(&t.options));
    sql
}

/// What the columns' lines cannot say, and constraints that may be broken: in `CREATE TABLE` the server takes every one for
/// obeyed, because there are no rows yet.
fn late(t: &Table) -> Vec<String> {
    let mut actions = Vec::new();
    for column in &t.columns {
        if column::is_nullable_serial(&t.name, column) {
            actions.push(format!("ALTER COLUMN {} DROP NOT NULL", ident(&column.name)));
        }
        actions.extend(options::column_changes(column, &options::Options::new()));
    }
    let broken = |validated: bool| !validated;
    let checks = t.checks.values().filter(|check: &&Check| broken(check.validated));
    actions.extend(checks.map(|check| format!("ADD {}", define::check(check))));
    let keys = t
        .foreign_keys
        .values()
        .filter(|key: &&ForeignKey| broken(key.validated));
    actions.extend(keys.map(|key| format!("ADD {}", define::foreign_key(key))));
    actions
}

/// The unique constraints, and apart those over the same columns as another key: one `CREATE TABLE` would silently make one
/// of the two (transformIndexConstraints).
fn uniques<'a>(table: &'a Table, twins: &Twins<'_>) -> (Vec<&'a Unique>, Vec<&'a Unique>) {
    let primary = table
        .primary_key
        .iter()
        .filter(|key| !twins.wait(&key.columns, &key.part_of));
    let mut keys: Vec<&[Name]> = primary.map(|key| key.columns.as_slice()).collect();
    let now = table
        .uniques
        .values()
        .filter(|unique| !twins.wait(&unique.columns, &unique.part_of));
    now.partition(|unique| {
        let own = !keys.contains(&unique.columns.as_slice());
        keys.push(&unique.columns);
        own
    })
}

fn comments(t: &Table, out: &mut Steps) {
    comment("TABLE", &qualified(&t.name), t.comment.as_deref(), out);
    for column in t.columns.iter().filter(|column| column.comment.is_some()) {
        comment("COLUMN", &column::path(&t.name, column), column.comment.as_deref(), out);
    }
    for column in &t.columns {
        column::sequence_comment(t, None, column, out);
    }
    for part in parts(t) {
        part_comment(t, &part, None, out);
    }
}

/// Everything in a table that has a comment, or an index that has one, save for the columns.
fn parts(t: &Table) -> impl Iterator<Item = Part> {
    let key = t.primary_key.iter().cloned().map(Part::PrimaryKey);
    let uniques = t.uniques.values().cloned().map(Part::Unique);
    let checks = t.checks.values().cloned().map(Part::Check);
    let exclusions = t.exclusions.values().cloned().map(Part::Exclusion);
    let indexes = t.indexes.values().cloned().map(Part::Index);
    let keys = t.foreign_keys.values().cloned().map(Part::ForeignKey);
    let all = key
        .chain(uniques)
        .chain(checks)
        .chain(exclusions)
        .chain(indexes)
        .chain(keys);
    all.filter(|part| own_comment(part).is_some() || index_comment(part).is_some())
}

/// The comment of a constraint or an index, and that of the index of a constraint, where `was` has not the same already.
pub(super) fn part_comment(t: &Table, part: &Part, was: Option<&Part>, out: &mut Steps) {
    let (before, after) = (was.and_then(own_comment), own_comment(part));
    let index = qualified(&t.name.sibling(part.name().clone()));
    if let Part::Index(_) = part {
        super::recomment("INDEX", &index, before, after, out);
        return;
    }
    let name = format!("{} ON {}", ident(part.name()), qualified(&t.name));
    super::recomment("CONSTRAINT", &name, before, after, out);
    let (before, after) = (was.and_then(index_comment), index_comment(part));
    super::recomment("INDEX", &index, before, after, out);
}

fn own_comment(part: &Part) -> Option<&str> {
    let comment = match part {
        Part::PrimaryKey(key) => &key.comment,
        Part::Unique(unique) => &unique.comment,
        Part::ForeignKey(key) => &key.comment,
        Part::Check(check) => &check.comment,
        Part::Exclusion(exclusion) => &exclusion.comment,
        Part::Index(index) => &index.comment,
    };
    comment.as_deref()
}

fn index_comment(part: &Part) -> Option<&str> {
    let options = super::alter::index_options(part)?;
    options.get(options::INDEX_COMMENT).map(String::as_str)
}
