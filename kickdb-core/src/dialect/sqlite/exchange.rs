//! Tables that become virtual ones under their names, and virtual ones that become tables. The rows go along where the module
//! says which columns it has.

use super::Sqlite;
use super::emit::{insert, value};
use super::expr::{self, same};
use super::options::is_row_number;
use super::token::quoted_name;
use super::types::has_number;
use super::virtual_table::{Family, Rows};
use crate::dialect::{Emit, EmitError, Types};
use crate::diff::Change;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Object, ObjectId, ObjectKind, PrimaryKey, Schema, SqlType, Table};
use crate::plan::Steps;

const COPIED: &str = "Another table takes the name of this one: it makes room, and its rows are copied";
const FILLED: &str = "Another table takes the name of this one: it makes room, and its rows are copied; what they have no \
                      value for gets the plainest one";
/// Above the statement that drops a table whose name another one takes without its rows.
pub(super) const LOST: &str = "Another table takes the name of this one, and nothing can be copied: what is in it goes";

/// What goes, and what takes its name.
pub(super) enum Exchange<'a> {
    ForVirtual(&'a Table, &'a Object),
    ForTable(&'a Object, &'a Table),
}

/// The columns to write, and what is read for each.
#[derive(Default)]
struct Carried {
    pairs: Vec<(String, String)>,
    filled: bool,
}

impl<'a> Exchange<'a> {
    pub(super) fn of(gone: &'a Change, comes: &'a Change) -> Option<Self> {
        match (gone, comes) {
            (Change::DropTable(table), Change::CreateObject { id, object }) if takes_name(id, &table.name) => {
                Some(Self::ForVirtual(table, object))
                    .filter(|_| Rows::of(&object.sql).is_some_and(|rows| rows.is_written()))
            }
            (Change::DropObject { id, object }, Change::CreateTable(table)) if takes_name(id, &table.name) => {
                Some(Self::ForTable(object, table))
            }
            _ => None,
        }
    }

    /// Whether what belongs to the one that goes keeps another table from coming before it is gone.
    pub(super) fn is_in_the_way(&self, of: &Change) -> bool {
        let (Self::ForTable(_, table), Change::CreateTable(other)) = (self, of) else {
            return false;
        };
        // A module keeps its rows in tables that are called like that.
        let shadow = format!("{}_", table.name.name).to_ascii_lowercase();
        other.name.name.as_str().to_ascii_lowercase().starts_with(&shadow)
    }

    pub(super) fn emit(&self, state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        let (Self::ForVirtual(Table { name, .. }, _) | Self::ForTable(_, Table { name, .. })) = self;
        let name = name.name.as_str();
        let (new, old) = (quoted_name(name), quoted_name(&format!("kick_old_{name}")));
        let (verb, carried) = match self {
            Self::ForVirtual(table, object) => ("INSERT", into_virtual(table, object)),
            Self::ForTable(object, table) => (insert(table), into_table(object, table, &old, state)),
        };
        if carried.pairs.is_empty() {
            out.push_noted(format!("DROP TABLE {new}"), LOST);
            return self.make(out);
        }
        // With foreign keys on, those of other tables would follow the old one, and rows go with it that point at its own.
        out.foreign_keys_off();
        // Views and triggers go on naming the table as they do.
        let note = if carried.filled { FILLED } else { COPIED };
        out.push_noted("PRAGMA legacy_alter_table = ON", note);
        out.push(format!("ALTER TABLE {new} RENAME TO {old}"));
        out.push("PRAGMA legacy_alter_table = OFF");
        self.make(out)?;
        let (columns, values): (Vec<_>, Vec<_>) = carried.pairs.into_iter().unzip();
        let (columns, values) = (columns.join(", "), values.join(", "));
        out.push(format!("{verb} INTO {new} ({columns}) SELECT {values} FROM {old}"));
        out.push(format!("DROP TABLE {old}"));
        Ok(())
    }

    fn make(&self, out: &mut Steps) -> Result<(), EmitError> {
        match self {
            Self::ForVirtual(_, object) => {
                out.push(object.sql.clone());
                Ok(())
            }
            Self::ForTable(_, table) => Sqlite.create_table(table, &Schema::default(), out),
        }
    }
}

/// Whether a virtual table has that name.
pub(super) fn takes_name(id: &ObjectId, name: &Qualified) -> bool {
    id.kind == ObjectKind::VirtualTable && same(id.name.name.as_str(), name.name.as_str())
}

fn into_virtual(from: &Table, to: &Object) -> Carried {
    let mut carried = Carried::default();
    let Some(to) = Rows::of(&to.sql) else { return carried };
    let number = has_number(from).then_some("_rowid_");
    for (at, column) in to.columns.iter().enumerate() {
        let found = from.columns.iter().find(|other| same(other.name.as_str(), column));
        let read = match (found, to.family) {
            (Some(found), _) => quoted_name(found.name.as_str()),
            (None, Family::Text) => continue,
            (None, Family::Boxes) if to.is_beside(at) => continue,
            // The number of a box is that of its row. A box without a side is none.
            (None, Family::Boxes) => match number.filter(|_| at == 0) {
                Some(number) => number.to_owned(),
                None => return Carried::default(),
            },
        };
        carried.pairs.push((quoted_name(column), read));
    }
    if to.family == Family::Text
        && !carried.pairs.is_empty()
        && let Some(number) = number
    {
        carried.pairs.insert(0, ("rowid".to_owned(), number.to_owned()));
    }
    carried
}

/// `old` is what the virtual table is called meanwhile, in quotes.
fn into_table(from: &Object, to: &Table, old: &str, state: &Schema) -> Carried {
    let mut carried = Carried::default();
    let Some(rows) = Rows::of(&from.sql).filter(|rows| rows.can_be_read(state)) else {
        return carried;
    };
    let Some(from) = as_table(&rows, &to.name) else {
        return carried;
    };
    let in_both = |column: &Column| {
        let mut columns = from.columns.iter();
        columns.find(|other| same(other.name.as_str(), column.name.as_str()))
    };
    let written = |column: &&Column| !matches!(column.value, ColumnValue::Generated { .. });
    if !to
        .columns
        .iter()
        .filter(written)
        .any(|column| in_both(column).is_some())
    {
        return carried;
    }
    let key = to.primary_key.as_ref().filter(|_| is_row_number(to));
    for column in to.columns.iter().filter(written) {
        let name = quoted_name(column.name.as_str());
        let is_number = key.is_some_and(|key| key.columns.contains(&column.name));
        if let Some(found) = in_both(column) {
            carried.pairs.push((name, value(found, column, &from, to, old)));
        } else if is_number {
            carried.pairs.push((name, "rowid".to_owned()));
        } else if !column.nullable
            && column.value == ColumnValue::Required
            && let Some(value) = Sqlite.plain(&column.ty)
        {
            carried.pairs.push((name, expr::sql(&value)));
            carried.filled = true;
        }
    }
    if key.is_none() && rows.family == Family::Text && has_number(to) {
        carried.pairs.insert(0, ("_rowid_".to_owned(), "rowid".to_owned()));
    }
    carried
}

/// A virtual table as one whose columns hold anything, and whose rows are told apart by their numbers.
fn as_table(rows: &Rows, name: &Qualified) -> Option<Table> {
    let mut table = Table::new(name.clone());
    for column in &rows.columns {
        let column = Column::new(Name::new(column.as_str()).ok()?, SqlType::Native("".into()));
        table.columns.push(Column {
            nullable: true,
            ..column
        });
    }
    let number = Name::new("rowid").expect("it is neither empty nor holds a NUL");
    table.primary_key = Some(PrimaryKey::new(number.clone(), vec![number]));
    Some(table)
}
