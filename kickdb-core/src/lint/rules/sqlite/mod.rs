//! What is dangerous on SQLite.

mod changing_default;
mod dropped_column_rewrite;
mod foreign_keys_off;
mod impossible_column;
mod index_locks_database;
mod legacy_alter_table;
mod pragma_in_transaction;
mod renamed_away;
mod unknown_alter;
mod unsafe_pragma;
mod vacuum;
mod writable_schema;

use crate::lint::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &changing_default::RULE,
    &dropped_column_rewrite::RULE,
    &foreign_keys_off::RULE,
    &impossible_column::RULE,
    &index_locks_database::RULE,
    &legacy_alter_table::RULE,
    &pragma_in_transaction::RULE,
    &renamed_away::RULE,
    &unknown_alter::RULE,
    &unsafe_pragma::RULE,
    &vacuum::RULE,
    &writable_schema::RULE,
];

/// Whether a pragma is switched off by this value.
fn is_off(value: &str) -> bool {
    ["0", "off", "no", "false"].contains(&value.trim_matches(['\'', '"']))
}
