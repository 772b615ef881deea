//! What ALTER TABLE cannot do: the table made anew (<https://www.sqlite.org/lang_altertable.html>, section 7).

use super::{convert, create, rename_statement};
use crate::dialect::EmitError;
use crate::dialect::emit::COMPUTED;
#[cfg(feature = "sqlite")]
use crate::dialect::live::RebuildStep;
use crate::dialect::sqlite::catalog::says_itself;
use crate::dialect::sqlite::expr::{self, same};
use crate::dialect::sqlite::options;
#[cfg(feature = "sqlite")]
use crate::dialect::sqlite::token::{Kind, Token, tokens};
use crate::dialect::sqlite::token::{quoted_name, quoted_text};
use crate::dialect::sqlite::types::has_number;
use crate::diff::TableChange;
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Expr, Identity, Table};
use crate::plan::Steps;

/// Writes one rebuild that turns the first table into the second. Columns that both have keep their values.
pub(super) fn rebuild(from: &Table, to: &Table, changes: &[TableChange], out: &mut Steps) -> Result<(), EmitError> {
    // With foreign keys on, dropping the old table would delete the rows that point to it.
    out.foreign_keys_off();
    let old = &to.name.name;
    let new = match from.written.spare.as_ref().or(to.written.spare.as_ref()) {
        Some(spare) => spare.clone(),
        None => Name::new(new_name(old.as_str())).map_err(|error| EmitError {
            object: old.to_string(),
            message: error.to_string(),
        })?,
    };
    out.push_noted(
        create::table(to, &new)?,
        "SQLite cannot alter this in place: the table is made anew and its rows are copied",
    );
    let copy = copy(from, to, changes, &new);
    if changes.iter().any(|change| change.gives_values_up().is_some()) {
        out.push_noted(copy, COMPUTED);
    } else {
        out.push(copy);
    }
    if counts(from) && counts(to) {
        keep_counter(old, &new, out);
    }
    out.push(format!("DROP TABLE {}", quoted_name(old.as_str())));
    take_over(to, &new, out);
    for index in to.indexes.values() {
        out.push(create::index(index, to));
    }
    Ok(())
}

/// Gives the new table its final name.
fn take_over(to: &Table, new: &Name, out: &mut Steps) {
    let rename = rename_statement(new.as_str(), to.name.name.as_str());
    if says_itself(to) {
        // The table's own checks name it, and must follow. What else names this one, which is away just now, would stop
        // the rename, unless the schema is writable: then it is passed over (`sqlite3WritableSchema` in SQLite's alter.c).
        if out.beside_objects() {
            out.push_noted(
                "PRAGMA writable_schema = ON",
                "Views and triggers that name the table do not stop its checks from following it",
            );
            out.push(rename);
            out.push("PRAGMA writable_schema = OFF");
        } else {
            out.push(rename);
        }
        return;
    }
    // Otherwise the rename fails where a view or a trigger of another table names this one, which is away just now
    // (since 3.25). The names in foreign keys are right already: those of the final name are left as they are.
    out.push_noted(
        "PRAGMA legacy_alter_table = ON",
        "Views, triggers and foreign keys go on naming the table as they do",
    );
    out.push(rename);
    out.push("PRAGMA legacy_alter_table = OFF");
}

/// The name under which a table is made anew, unless something else has it.
pub(in crate::dialect::sqlite) fn new_name(table: &str) -> String {
    format!("kick_new_{table}")
}

fn counts(table: &Table) -> bool {
    table
        .columns
        .iter()
        .any(|column| column.value == ColumnValue::identity(Identity::Serial))
}

/// The highest key ever given may be gone from the rows; AUTOINCREMENT promises not to give it again.
fn keep_counter(old: &Name, new: &Name, out: &mut Steps) {
    let (old, new) = (quoted_text(old.as_str()), quoted_text(new.as_str()));
    out.push(format!("DELETE FROM sqlite_sequence WHERE name = {new}"));
    out.push(format!(
        "INSERT INTO sqlite_sequence (name, seq) SELECT {new}, seq FROM sqlite_sequence WHERE name = {old}"
    ));
}

/// The copy of the rows. New columns are left out, so each row gets their defaults, computed for it.
fn copy(from: &Table, to: &Table, changes: &[TableChange], new: &Name) -> String {
    let mut columns = Vec::new();
    let mut values = Vec::new();
    let source = quoted_name(from.name.name.as_str());
    for (before, after) in kept(from, to) {
        columns.push(&after.name);
        values.push(renamed(after, changes, value(before, after, from, to, &source)));
    }
    // No column stays, but every row does.
    if columns.is_empty()
        && let Some(first) = to
            .columns
            .iter()
            .find(|column| !matches!(column.value, ColumnValue::Generated { .. }))
    {
        columns.push(&first.name);
        values.push(match &first.value {
            ColumnValue::Default(value) => format!("({})", expr::sql(value)),
            _ => "NULL".to_owned(),
        });
    }
    let plain = columns
        .iter()
        .zip(&values)
        .all(|(name, value)| quoted_name(name.as_str()) == *value);
    // Rows keep their numbers: an index for full text search, among others, may know them by these.
    let number = match has_number(from) && has_number(to) && !options::is_row_number(to) {
        true => "_rowid_, ",
        false => "",
    };
    format!(
        "{} INTO {} ({number}{})\nSELECT {number}{}{}FROM {source}",
        insert(to),
        quoted_name(new.as_str()),
        create::names(columns),
        values.join(if plain { ", " } else { ",\n  " }),
        if plain { " " } else { "\n" },
    )
}

/// How a copy starts: otherwise a constraint that ignores or replaces what breaks it would lose rows.
pub(in crate::dialect::sqlite) fn insert(to: &Table) -> &'static str {
    if options::has_conflicts(to) {
        "INSERT OR ABORT"
    } else {
        "INSERT"
    }
}

/// The columns that both tables have and that can be written in the second one.
fn kept<'a>(from: &'a Table, to: &'a Table) -> impl Iterator<Item = (&'a Column, &'a Column)> {
    to.columns.iter().filter_map(|column| {
        let before = from.column(&column.name)?;
        let computed = matches!(column.value, ColumnValue::Generated { .. });
        (!computed).then_some((before, column))
    })
}

/// What becomes of one column's values. `source` is what the first table is called at that moment, in quotes.
pub(in crate::dialect::sqlite) fn value(
    before: &Column,
    after: &Column,
    from: &Table,
    to: &Table,
    source: &str,
) -> String {
    let value = convert::convert(before, after, from, to);
    let is_number = |table: &Table, column: &Column| {
        let mut key = table.primary_key.iter().flat_map(|key| &key.columns);
        options::is_row_number(table) && key.any(|name| same(name.as_str(), column.name.as_str()))
    };
    if is_number(to, after) && !is_number(from, before) {
        return convert::numbered(&value, before, from, source);
    }
    match &after.value {
        ColumnValue::Default(default) if before.nullable && !after.nullable && *default != Expr::Null => {
            format!("coalesce({value}, {})", expr::sql(default))
        }
        _ => value,
    }
}

/// The values under the names that they have from now on.
fn renamed(column: &Column, changes: &[TableChange], value: String) -> String {
    let pairs = changes.iter().find_map(|change| match change {
        TableChange::RenameValues { column: of, renamed } if *of == column.name => Some(renamed),
        _ => None,
    });
    let Some(pairs) = pairs else { return value };
    let whens = pairs
        .iter()
        .map(|(old, new)| format!(" WHEN {} THEN {}", quoted_text(old), quoted_text(new)));
    format!("CASE {value}{} ELSE {value} END", whens.collect::<String>())
}

/// What a statement does to a table, as far as a rebuild is concerned: the triggers go with the table that is dropped, and
/// are to be made again when another one has taken its name.
#[cfg(feature = "sqlite")]
pub(in crate::dialect) fn step(sql: &str) -> Option<RebuildStep> {
    let tokens = tokens(sql).ok()?;
    let text = |name: &Token<'_>| name.unquoted().into_owned();
    match tokens.as_slice() {
        [create, table, name, open, ..] if create.is("CREATE") && table.is("TABLE") && open.kind == Kind::Open => {
            Some(RebuildStep::Create(text(name)))
        }
        [drop, table, name] if drop.is("DROP") && table.is("TABLE") => Some(RebuildStep::Drop(text(name))),
        [alter, table, from, rename, to, name]
            if alter.is("ALTER") && table.is("TABLE") && rename.is("RENAME") && to.is("TO") =>
        {
            Some(RebuildStep::Rename {
                from: text(from),
                to: text(name),
            })
        }
        [pragma, legacy, equals, on]
            if pragma.is("PRAGMA")
                && (legacy.is("legacy_alter_table") || legacy.is("writable_schema"))
                && equals.text == "=" =>
        {
            (on.is("ON") || on.text == "1").then_some(RebuildStep::Unchecked)
        }
        _ => None,
    }
}
