//! Values for the rows that are there when a column comes that must have one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::alike::{beside, is_key, tells_apart};
use super::backfill::needs_values;
use super::obeyed::obeying;
use super::{Backfills, Change, NeededValue, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, Schema, SqlType, Table};
use crate::lex::Lexis;

/// A column whose rows get a value that nobody has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The table.
    pub table: Qualified,
    /// The column.
    pub column: Name,
    /// What the rows that are there get.
    pub value: Expr,
}

/// The values of an engine for rows that are there, where nobody has chosen one.
pub trait FillValues {
    /// The plainest value of a type (zero, the empty text), if it has one.
    fn plainest(&self, ty: &SqlType) -> Option<Expr>;
    /// A value that is another one in each row of the table, in SQL.
    fn own(&self, ty: &SqlType, table: &Table) -> Option<String>;
    /// A value that some row of the table has in the column, in SQL; NULL where it has no rows.
    fn of_some_row(&self, table: &Qualified, column: &Name) -> String;
    /// A value that some row of the first table has in the column, another one for each row of the second, in SQL; NULL where
    /// the first one has fewer rows. Rows that differ in the columns `beside`, where there are such, may have the same.
    fn of_another_row(&self, table: &Qualified, column: &Name, each: &Table, beside: Option<&[Name]>)
    -> Option<String>;
    /// What a backslash in a text means, among others.
    fn words(&self) -> Lexis;
}

/// Lets a NOT NULL column without a default come with one that goes again at once, so that a table with rows can take it.
///
/// Where a column with a default becomes NOT NULL, rows that hold NULL get the default.
///
/// A column without which two rows could be alike in a key gets another value in each row, one that points at another table
/// what one of its rows has, and one that does both what another row has for each.
///
/// Columns with an answer in `given` are left as they are, as is one whose type has no plain value. `to` is the schema after the
/// changes.
#[must_use]
pub fn fill(
    changes: Vec<Change>,
    to: &Schema,
    given: &Backfills,
    values: &(impl FillValues + ?Sized),
) -> (Vec<Change>, Vec<Filled>) {
    let lexis = values.words();
    let value = |ty: &SqlType| match ty {
        SqlType::Enum(name) => {
            let first = to.enums.get(name).and_then(|e| e.values.first());
            first.map(|value| Expr::Text(value.clone()))
        }
        other => values.plainest(other),
    };
    let mut filled = Vec::new();
    let mut out = Vec::with_capacity(changes.len());
    // A default that goes again would have to go from every part of a table: there the rows are written instead.
    let above: BTreeSet<&Qualified> = to.tables.values().flat_map(Table::parents).collect();
    let in_family = |table: &Table| above.contains(&table.name) || table.parents().next().is_some();
    let mut fills: Vec<Change> = NeededValue::of(&changes)
        .into_iter()
        .filter(|needed| !needed.added && !given.answers(needed))
        .filter_map(|needed| {
            let value = default_of(&needed.column, lexis)?;
            Some(Change::Fill {
                table: needed.table,
                column: needed.column.name,
                value,
            })
        })
        .collect();
    if !above.is_empty() {
        for needed in NeededValue::of(&changes) {
            let table = to.tables.get(&needed.table).filter(|table| in_family(table));
            let open = needed.added && table.is_some() && !given.answers(&needed);
            let Some(table) = table.filter(|_| open) else { continue };
            let rows = Rows::of_family(table, &changes, to);
            // A counter gives values by itself.
            let is_counter = needed.column.value != ColumnValue::Required;
            let own = || {
                values
                    .own(&needed.column.ty, table)
                    .filter(|_| !is_counter && rows.tells_apart(&needed.column))
            };
            let chosen = rows.parents(&needed.column, &changes, values).or_else(own);
            let plain = || {
                let value = value(&needed.column.ty).filter(|_| !is_counter)?;
                Some(obeying(value, &needed.column.name, table))
            };
            if let Some(value) = chosen.map(Expr::Sql).or_else(plain)
                && let Some(sql) = literal(&value, lexis)
            {
                let (table, column) = (needed.table, needed.column.name);
                fills.push(Change::Fill {
                    table: table.clone(),
                    column: column.clone(),
                    value: sql,
                });
                filled.push(Filled { table, column, value });
            }
        }
    }
    let all = changes.clone();
    for mut change in changes {
        let Change::AlterTable {
            from,
            to: table,
            changes,
        } = &mut change
        else {
            out.push(change);
            continue;
        };
        if in_family(table) {
            out.push(change);
            continue;
        }
        let before: &Table = from;
        let last = table.clone();
        let rows = Rows(vec![(before, &*last)]);
        let mut after = Vec::new();
        for part in changes.iter_mut() {
            let TableChange::AddColumn(column) = part else { continue };
            let open = needs_values(column, table) && given.get(&table.name, &column.name).is_none();
            if column.nullable || !open {
                continue;
            }
            let own = || {
                let apart = column.value == ColumnValue::Required && rows.tells_apart(column);
                values.own(&column.ty, &between(before, table)).filter(|_| apart)
            };
            if let Some(sql) = rows.parents(column, &all, values).or_else(own) {
                let (table, column) = (table.name.clone(), column.name.clone());
                fills.push(Change::Fill {
                    table: table.clone(),
                    column: column.clone(),
                    value: sql.clone(),
                });
                let value = Expr::Sql(sql);
                filled.push(Filled { table, column, value });
                continue;
            }
            // A counter without a table that it could take values from.
            if column.value != ColumnValue::Required {
                continue;
            }
            let Some(value) = value(&column.ty) else { continue };
            let value = obeying(value, &column.name, table);
            let with = Column {
                value: ColumnValue::Default(value.clone()),
                ..column.clone()
            };
            let without = std::mem::replace(column, with.clone());
            filled.push(Filled {
                table: table.name.clone(),
                column: without.name.clone(),
                value,
            });
            after.push(TableChange::AlterColumn {
                from: with,
                to: without,
            });
        }
        out.push(with_defaults(change, &after));
        if !after.is_empty() {
            let Some(Change::AlterTable { to: between, .. }) = out.last() else {
                continue;
            };
            out.push(Change::AlterTable {
                from: between.clone(),
                to: last,
                changes: after,
            });
        }
    }
    out.extend(fills);
    (out, filled)
}

/// The rows of a table, with those of the tables below it: each table before and after.
struct Rows<'a>(Vec<(&'a Table, &'a Table)>);

impl<'a> Rows<'a> {
    fn of_family(table: &'a Table, changes: &'a [Change], to: &'a Schema) -> Self {
        let below = to.all_below(&table.name);
        let altered = changes.iter().filter_map(|change| match change {
            Change::AlterTable { from, to, changes } if !changes.is_empty() => Some((&**from, &**to)),
            _ => None,
        });
        // The first one may only rename columns.
        let of = |name: &Qualified| altered.clone().rfind(|(_, after)| after.name == *name);
        Self(std::iter::once(&table.name).chain(&below).filter_map(of).collect())
    }

    /// Whether rows could be alike in a key of one of the tables.
    fn tells_apart(&self, column: &Column) -> bool {
        self.0.iter().any(|(from, to)| tells_apart(column, from, to))
    }

    /// A value of the column that a column points at, if that column is there before everything else.
    fn parents(&self, column: &Column, changes: &[Change], values: &(impl FillValues + ?Sized)) -> Option<String> {
        let (from, table) = self.0.first()?;
        let key = table
            .foreign_keys
            .values()
            .find(|key| key.columns == [column.name.clone()])?;
        let [referenced] = key.referenced.as_slice() else {
            return None;
        };
        let comes = |part: &TableChange| match part {
            TableChange::AddColumn(column) => column.name == *referenced,
            TableChange::AlterColumn { to, .. } => to.name == *referenced,
            TableChange::RenameColumn { to, .. } => to == referenced,
            _ => false,
        };
        let is_new = |change: &Change| match change {
            Change::CreateTable(table) => table.name == key.references,
            Change::RenameTable { to, .. } => *to == key.references,
            Change::AlterTable { to, changes, .. } => to.name == key.references && changes.iter().any(comes),
            _ => false,
        };
        if changes.iter().any(is_new) {
            return None;
        }
        let each = between(from, table);
        let another = |beside: Option<&[Name]>| values.of_another_row(&key.references, referenced, &each, beside);
        if self.0.iter().any(|(_, table)| is_key(&column.name, table)) {
            return another(None);
        }
        let beside = self.0.iter().find_map(|(from, table)| beside(column, from, table));
        let another = beside.and_then(|beside| another(Some(&beside)));
        Some(another.unwrap_or_else(|| values.of_some_row(&key.references, referenced)))
    }
}

/// A table while its rows get their values: a key that changes is away by then.
fn between(from: &Table, to: &Table) -> Table {
    let stays = from.primary_key == to.primary_key;
    Table {
        primary_key: to.primary_key.clone().filter(|_| stays),
        ..to.clone()
    }
}

/// The default that rows to come get, where it says the same in a statement.
fn default_of(column: &Column, lexis: Lexis) -> Option<String> {
    match &column.value {
        ColumnValue::Default(value) => literal(value, lexis),
        _ => None,
    }
}

/// A plain value in SQL that every engine reads, save for what a backslash means in it.
pub(super) fn literal(value: &Expr, lexis: Lexis) -> Option<String> {
    match value {
        Expr::Text(text) if lexis.backslashes => {
            let escaped = text.replace('\\', "\\\\").replace('\0', "\\0").replace('\'', "''");
            Some(format!("'{escaped}'"))
        }
        Expr::Int(number) => Some(number.to_string()),
        Expr::Bool(truth) => Some(truth.to_string()),
        Expr::Text(text) => Some(format!("'{}'", text.replace('\'', "''"))),
        Expr::Sql(sql) => Some(sql.clone()),
        Expr::EmptyArray => Some("'{}'".to_owned()),
        Expr::Now => Some("CURRENT_TIMESTAMP".to_owned()),
        Expr::Null | Expr::NewUuid => None,
    }
}

/// The change whose table still has the defaults.
fn with_defaults(mut change: Change, after: &[TableChange]) -> Change {
    if let Change::AlterTable { to, .. } = &mut change {
        for part in after {
            if let TableChange::AlterColumn { from, .. } = part {
                set(Arc::make_mut(to), from);
            }
        }
    }
    change
}

fn set(table: &mut Table, column: &Column) {
    for other in table.columns.iter_mut().filter(|other| other.name == column.name) {
        other.clone_from(column);
    }
}

#[cfg(test)]
mod tests {
    use super::{FillValues, fill};
    use crate::diff::{Backfills, Change, Renames, apply, diff};
    use crate::ident::{Name, Qualified};
    use crate::ir::{Column, ColumnValue, Expr, ForeignKey, PrimaryKey, Schema, SqlType, Table};
    use crate::lex::Lexis;

    /// The empty text, the number of the row, and what is in the table that is pointed at.
    struct Values(Lexis);

    impl FillValues for Values {
        fn plainest(&self, _: &SqlType) -> Option<Expr> {
            Some(Expr::Text(String::new()))
        }

        fn own(&self, _: &SqlType, table: &Table) -> Option<String> {
            Some(format!("row of {}", table.name))
        }

        fn of_some_row(&self, table: &Qualified, column: &Name) -> String {
            format!("{column} of {table}")
        }

        fn of_another_row(
            &self,
            table: &Qualified,
            column: &Name,
            each: &Table,
            beside: Option<&[Name]>,
        ) -> Option<String> {
            let beside = beside
                .into_iter()
                .flatten()
                .map(|name| format!(" beside {name}"))
                .collect::<String>();
            Some(format!("{column} of {table} for each of {}{beside}", each.name))
        }

        fn words(&self) -> Lexis {
            self.0
        }
    }

    #[test]
    fn a_required_column_comes_with_a_default_that_goes_again() {
        let name = |text: &str| Name::new(text).unwrap();
        let mut table = Table::new(Qualified::local(name("tasks")));
        table.columns.push(Column::new(name("id"), SqlType::Text));
        let schema = |table: &Table| Schema {
            tables: [(table.name.clone(), table.clone())].into(),
            ..Schema::default()
        };
        let from = schema(&table);
        table.columns.push(Column::new(name("title"), SqlType::Text));
        let to = schema(&table);
        let changes = diff(&from, &to, &Renames::default()).changes;
        let (changes, filled) = fill(changes, &to, &Backfills::default(), &Values(Lexis::POSTGRES));
        assert_eq!(changes.len(), 2);
        assert_eq!(filled[0].column, name("title"));
        assert_eq!(apply(&changes, &from), to);
    }

    #[test]
    fn a_key_gets_values_of_its_own_and_a_foreign_key_those_of_its_parents() {
        let name = |text: &str| Name::new(text).unwrap();
        let table = |called: &str| {
            let mut table = Table::new(Qualified::local(name(called)));
            table.columns.push(Column::new(name("id"), SqlType::Text));
            table
        };
        let schema = |tables: [Table; 2]| Schema {
            tables: tables.into_iter().map(|table| (table.name.clone(), table)).collect(),
            ..Schema::default()
        };
        let from = schema([table("people"), table("tasks")]);
        let mut tasks = table("tasks");
        tasks.columns.push(Column::new(name("number"), SqlType::Text));
        tasks.columns.push(Column::new(name("owner"), SqlType::Text));
        tasks.primary_key = Some(PrimaryKey::new(name("tasks_pkey"), vec![name("number")]));
        let people = Qualified::local(name("people"));
        let key = ForeignKey::new(name("owners"), vec![name("owner")], people, vec![name("id")]);
        tasks.foreign_keys.insert(key.name.clone(), key);
        let to = schema([table("people"), tasks]);
        let changes = diff(&from, &to, &Renames::default()).changes;
        let (changes, filled) = fill(changes, &to, &Backfills::default(), &Values(Lexis::POSTGRES));
        let values = filled.iter().map(|filled| &filled.value).collect::<Vec<_>>();
        assert_eq!(
            values,
            [
                &Expr::Sql("row of tasks".to_owned()),
                &Expr::Sql("id of people".to_owned())
            ]
        );
        assert_eq!(apply(&changes, &from), to);
    }

    #[test]
    fn null_becomes_the_default_where_it_is_allowed_no_longer() {
        let name = |text: &str| Name::new(text).unwrap();
        let table = |nullable: bool, default: Expr| {
            let mut table = Table::new(Qualified::local(name("tasks")));
            let mut column = Column::new(name("title"), SqlType::Text);
            column.nullable = nullable;
            column.value = ColumnValue::Default(default);
            table.columns.push(column);
            Schema {
                tables: [(table.name.clone(), table)].into(),
                ..Schema::default()
            }
        };
        let fills_of = |default: &Expr, lexis: Lexis| {
            let (from, to) = (table(true, default.clone()), table(false, default.clone()));
            let changes = diff(&from, &to, &Renames::default()).changes;
            let (changes, _) = fill(changes, &to, &Backfills::default(), &Values(lexis));
            let values = changes.into_iter().filter_map(|change| match change {
                Change::Fill { value, .. } => Some(value),
                _ => None,
            });
            values.collect::<Vec<_>>()
        };
        let fills = |default: &Expr| fills_of(default, Lexis::POSTGRES);
        assert_eq!(fills(&Expr::Text("it's".to_owned())), ["'it''s'"]);
        let backslash = Expr::Text("a\\b".to_owned());
        assert_eq!(fills(&backslash), ["'a\\b'"]);
        assert_eq!(fills_of(&backslash, Lexis::MYSQL), ["'a\\\\b'"]);
        assert_eq!(fills(&Expr::Sql("1 + 1".to_owned())), ["1 + 1"]);
        assert!(fills(&Expr::Null).is_empty());
    }
}
