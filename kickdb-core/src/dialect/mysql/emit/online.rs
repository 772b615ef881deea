//! A foreign key while others write.
//!
//! With `foreign_key_checks` on, the server copies the table row by row and lets nobody write meanwhile. With it off it adds the
//! key in place (<https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/>, MariaDB 10.11), and
//! holds whatever is written from then on to it; the rows that are there are looked at by a statement of its own, which
//! reads without a lock.

use super::create;
use crate::dialect::mysql::normalize::{ENGINE, VERSIONED};
use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::ir::{ForeignKey, Table};
use crate::plan::Steps;

const ADDED: &str = "holds what is written from now on; the next statement looks at the rows that are there";
const LOOKED: &str = "fails where a row points at nothing: mend it, and run the migration again";

/// Whether keys can be added so: InnoDB alone does it, and a table with a history says its own word before each change.
pub(super) fn is_open(before: &Table, to: &Table) -> bool {
    [before, to]
        .iter()
        .all(|table| !table.options.contains_key(ENGINE) && !table.options.contains_key(VERSIONED))
}

pub(super) fn foreign_key(to: &Table, key: &ForeignKey, out: &mut Steps) {
    let table = table_name(&to.name);
    let definition = create::foreign_key(key);
    out.push_outside(
        format!(
            "{}ALTER TABLE {table}\n    ADD {definition},\n    ALGORITHM=INPLACE,\n    LOCK=NONE",
            create::UNSEEN
        ),
        Some(ADDED),
    );
    out.push_outside(
        format!("BEGIN NOT ATOMIC\n{}\nEND", nobody_points_at_nothing(to, key)),
        Some(LOOKED),
    );
}

/// Looks at the rows of a key that was added unseen, if the table that it points at is there after all: one of somebody else is.
pub(super) fn look(to: &Table, key: &ForeignKey, out: &mut Steps) {
    let other = &key.references;
    let schema = other.schema.as_ref().map(|schema| literal(schema.as_str()));
    let block = format!(
        "BEGIN NOT ATOMIC\n  IF EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}) THEN\n{}\n  \
         END IF;\nEND",
        schema.as_deref().unwrap_or("DATABASE()"),
        literal(other.name.as_str()),
        nobody_points_at_nothing(to, key)
    );
    out.push_outside(block, Some(LOOKED));
}

/// Statements of a block that fails as the server does where a row points at nothing, and names one.
fn nobody_points_at_nothing(to: &Table, key: &ForeignKey) -> String {
    let (table, parents) = (table_name(&to.name), table_name(&key.references));
    let of_child = |column| format!("kick_row.{}", ident(column));
    let set = key
        .columns
        .iter()
        .map(|column| format!("{} IS NOT NULL", of_child(column)));
    let pairs = key.columns.iter().zip(&key.referenced);
    let same = pairs.map(|(column, parent)| format!("kick_parent.{} = {}", ident(parent), of_child(column)));
    let values = key.columns.iter().map(of_child).collect::<Vec<_>>().join(", ', ', ");
    let [set, same] = [set.collect::<Vec<_>>(), same.collect()].map(|conditions: Vec<String>| conditions.join(" AND "));
    let name = |columns: &[crate::ident::Name]| {
        let columns = columns.iter().map(|column| column.as_str());
        columns.collect::<Vec<_>>().join(", ")
    };
    let before = literal(&format!(
        "{}: a row of {} has ({}) = (",
        key.name,
        to.name,
        name(&key.columns)
    ));
    let after = literal(&format!(
        "), which is no ({}) of {}",
        name(&key.referenced),
        key.references
    ));
    format!(
        "  SET @kick_found = NULL;\n  SELECT CONCAT({before}, {values}, {after}) INTO @kick_found\n    FROM {table} AS kick_row\n    \
         WHERE {set}\n      AND NOT EXISTS (SELECT 1 FROM {parents} AS kick_parent WHERE {same})\n    LIMIT 1;\n  \
         IF @kick_found IS NOT NULL THEN\n    \
         SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1452, MESSAGE_TEXT = @kick_found;\n  END IF;"
    )
}
