use super::compare::{Added, Difference};
use super::{create, rebuild, rename};
use crate::dialect::EmitError;
use crate::dialect::sqlite::token::quoted_name;
use crate::diff::TableChange;
use crate::ir::Table;
use crate::plan::Steps;

/// Writes one table's changes: each as its own statement where SQLite has one for all of them, else one rebuild.
pub(super) fn alter(from: &Table, to: &Table, changes: &[TableChange], out: &mut Steps) -> Result<(), EmitError> {
    let from = &rename::columns(from, changes, out);
    let difference = Difference::between(from, to);
    if difference.is_empty() {
        return Ok(());
    }
    if !difference.is_native(out.beside_objects()) {
        return rebuild::rebuild(from, to, changes, out);
    }
    let table = quoted_name(to.name.name.as_str());
    // An index goes before the column it is on, and comes after it.
    for index in &difference.dropped_indexes {
        out.push(format!("DROP INDEX {}", quoted_name(index.name.as_str())));
    }
    for column in &difference.dropped {
        out.push(format!(
            "ALTER TABLE {table} DROP COLUMN {}",
            quoted_name(column.name.as_str())
        ));
    }
    for added in &difference.added {
        out.push(format!("ALTER TABLE {table} ADD COLUMN {}", definition(added, to)?));
    }
    for index in &difference.added_indexes {
        out.push(create::index(index, to));
    }
    Ok(())
}

/// Whether the changes take a rebuild, with or without views and triggers in the database.
pub(in crate::dialect::sqlite) fn is_rebuild(
    from: &Table,
    to: &Table,
    changes: &[TableChange],
    beside_objects: bool,
) -> bool {
    let from = &rename::columns(from, changes, &mut Steps::default());
    let difference = Difference::between(from, to);
    !difference.is_empty() && !difference.is_native(beside_objects)
}

fn definition(added: &Added<'_>, table: &Table) -> Result<String, EmitError> {
    let mut sql = create::column(added.column, table)?;
    for key in &added.foreign_keys {
        let name = quoted_name(key.name.as_str());
        sql.push_str(&format!(" CONSTRAINT {name} {}", create::references(key, table)));
    }
    for check in &added.checks {
        sql.push(' ');
        sql.push_str(&create::check(check));
    }
    Ok(sql)
}
