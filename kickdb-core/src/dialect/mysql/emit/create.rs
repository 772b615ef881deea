use super::column::{bare, definition, word};
use crate::dialect::EmitError;
use crate::dialect::mysql::keys;
use crate::dialect::mysql::normalize::{
    COLLATE, ENGINE, PARTITION_BY, PLAIN_OPTIONS, ROW_END, ROW_START, VERSIONED, periods, table_check,
};
use crate::dialect::mysql::syntax::{ident, idents, literal, table as table_name};
use crate::ident::Name;
use crate::ir::{Action, Check, ColumnValue, Expr, ForeignKey, Schema, SqlType, Table};

/// Before a statement with a foreign key that the server shall take without a look: at the rows, or at a table that there is none of.
pub(super) const UNSEEN: &str = "SET STATEMENT foreign_key_checks = 0 FOR ";

/// What stands before a statement that adds the foreign keys.
pub(super) fn unseen<'a>(mut keys: impl Iterator<Item = &'a ForeignKey>, own: &Table, state: &Schema) -> &'static str {
    let lacks = |key: &ForeignKey| {
        let other = &key.references;
        other.schema.is_none() && *other != own.name && state.tables.get(other).is_none()
    };
    if keys.any(lacks) { UNSEEN } else { "" }
}

/// `CREATE TABLE` with all that belongs to the table.
pub(super) fn table(table: &Table, state: &Schema) -> Result<String, EmitError> {
    let mut lines = Vec::new();
    for column in &table.columns {
        lines.push(definition(column, table)?);
    }
    let (primary, others): (Vec<_>, Vec<_>) = keys::clauses(table)
        .into_iter()
        .partition(|(name, _)| *name == keys::PRIMARY);
    lines.extend(primary.into_iter().chain(others).map(|(_, clause)| clause));
    let checks = table.checks.values().filter(|check| !is_of_column(&check.name, table));
    lines.extend(checks.map(check));
    lines.extend(table.foreign_keys.values().map(foreign_key));
    lines.extend(period(table));
    lines.extend(periods(&table.options).map(|(name, columns)| period_clause(name, columns)));
    let mut sql = format!(
        "{}CREATE TABLE {} (\n    {}\n)",
        unseen(table.foreign_keys.values(), table, state),
        table_name(&table.name),
        lines.join(",\n    ")
    );
    for option in options(table) {
        sql.push(' ');
        sql.push_str(&option);
    }
    if let Some(comment) = &table.comment {
        sql.push_str(&format!(" COMMENT = {}", literal(comment)));
    }
    if table.options.contains_key(VERSIONED) {
        sql.push_str(" WITH SYSTEM VERSIONING");
    }
    if let Some(by) = table.options.get(PARTITION_BY) {
        sql.push_str(&format!("\n    PARTITION BY {by}"));
    }
    Ok(sql)
}

/// A check with the name of a column stands in the column's definition, unless it is said to be the table's.
pub(super) fn is_of_column(check: &Name, table: &Table) -> bool {
    table.column(check).is_some() && !table.options.contains_key(&table_check(check))
}

pub(super) fn check(check: &Check) -> String {
    format!(
        "CONSTRAINT {} CHECK ({})",
        ident(&check.name),
        bare(&check.expr, &SqlType::Bool)
    )
}

/// Both actions are always said: left out, they are `RESTRICT` to MariaDB and `NO ACTION` to MySQL.
pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let (on_delete, on_update) = (action(key.on_delete), action(key.on_update));
    format!("{} ON DELETE {on_delete} ON UPDATE {on_update}", foreign_key_alone(key))
}

/// The same for a statement before which stands [`UNSEEN`]: there an `ALTER TABLE` takes a `RESTRICT` that is said for
/// `NO ACTION` (10.11).
pub(super) fn foreign_key_unseen(key: &ForeignKey) -> String {
    let said = [(" ON DELETE ", key.on_delete), (" ON UPDATE ", key.on_update)];
    let said = said.into_iter().filter(|(_, what)| *what != Action::Restrict);
    let said = said.map(|(when, what)| format!("{when}{}", action(what)));
    foreign_key_alone(key) + &said.collect::<String>()
}

fn foreign_key_alone(key: &ForeignKey) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        ident(&key.name),
        idents(&key.columns),
        table_name(&key.references),
        idents(&key.referenced),
    )
}

fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

/// The options that are not the usual ones.
fn options(table: &Table) -> Vec<String> {
    let option = |(name, spelled): (&str, &str)| {
        let value = table.options.get(name)?;
        Some(format!("{spelled} = {}", word(value)))
    };
    let named = [(ENGINE, "ENGINE"), (COLLATE, "COLLATE")];
    let plain = PLAIN_OPTIONS.iter().map(|(name, spelled, _)| (*name, *spelled));
    named.into_iter().chain(plain).filter_map(option).collect()
}

/// A period of the application's time.
pub(super) fn period_clause(name: &str, columns: &str) -> String {
    format!("PERIOD FOR {name} ({columns})")
}

/// The columns that keep since when and until when a row of a versioned table holds, where they are the table's own.
pub(super) fn period(table: &Table) -> Option<String> {
    let of = |what: &str| {
        let mut columns = table.columns.iter();
        columns
            .find(|column| matches!(&column.value, ColumnValue::Generated { expr: Expr::Sql(sql), .. } if sql == what))
    };
    let (start, end) = (of(ROW_START)?, of(ROW_END)?);
    Some(format!(
        "PERIOD FOR SYSTEM_TIME ({}, {})",
        ident(&start.name),
        ident(&end.name)
    ))
}
