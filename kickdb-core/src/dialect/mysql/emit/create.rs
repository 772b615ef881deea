use super::column::{bare, definition, word};
use crate::dialect::EmitError;
use crate::dialect::mysql::keys;
use crate::dialect::mysql::normalize::{COLLATE, ENGINE, ROW_FORMAT};
use crate::dialect::mysql::syntax::{ident, idents, literal, table as table_name};
use crate::ident::Name;
use crate::ir::{Action, Check, ForeignKey, SqlType, Table};

/// `CREATE TABLE` with all that belongs to the table.
pub(super) fn table(table: &Table) -> Result<String, EmitError> {
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
    let mut sql = format!(
        "CREATE TABLE {} (\n    {}\n)",
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
    Ok(sql)
}

/// A check with the name of a column stands in the column's definition.
pub(super) fn is_of_column(check: &Name, table: &Table) -> bool {
    table.column(check).is_some()
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
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {}",
        ident(&key.name),
        idents(&key.columns),
        table_name(&key.references),
        idents(&key.referenced),
        action(key.on_delete),
        action(key.on_update),
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
pub(super) fn options(table: &Table) -> Vec<String> {
    let option = |name: &str, spelled: &str| {
        table
            .options
            .get(name)
            .map(|value| format!("{spelled} = {}", word(value)))
    };
    [
        option(ENGINE, "ENGINE"),
        option(COLLATE, "COLLATE"),
        option(ROW_FORMAT, "ROW_FORMAT"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
