//! What is dangerous on MySQL and MariaDB.

mod check_copy;
mod column_type_copy;
mod convert_charset;
mod drop_partition;
mod engine_without_transactions;
mod explicit_copy;
mod expression_default_copy;
mod foreign_key_checks_off;
mod foreign_key_copy;
mod ignored_errors;
mod implicit_commit;
mod locked_tables;
mod partition_rebuild;
mod primary_key_rebuild;
mod relaxed_sql_mode;
mod special_index;
mod table_rebuild;
mod utf8mb3;

use crate::lint::read::{Action, Statement};
use crate::lint::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &check_copy::RULE,
    &column_type_copy::RULE,
    &convert_charset::RULE,
    &drop_partition::RULE,
    &engine_without_transactions::RULE,
    &explicit_copy::RULE,
    &expression_default_copy::RULE,
    &foreign_key_checks_off::RULE,
    &foreign_key_copy::RULE,
    &ignored_errors::RULE,
    &implicit_commit::RULE,
    &locked_tables::RULE,
    &partition_rebuild::RULE,
    &primary_key_rebuild::RULE,
    &relaxed_sql_mode::RULE,
    &special_index::RULE,
    &table_rebuild::RULE,
    &utf8mb3::RULE,
];

/// Whether the statement says itself that it must not lock: it then fails where it would have to.
fn is_asked(statement: &Statement<'_>) -> bool {
    let Action::AlterTable(alter) = &statement.action else {
        return false;
    };
    let says = |words: [&str; 2]| {
        alter.parts.iter().any(|part| {
            let tokens = statement.tokens[part.words.clone()].iter();
            let said: Vec<String> = tokens
                .filter(|token| token.text != "=")
                .map(|token| token.text.to_lowercase())
                .collect();
            said == words
        })
    };
    says(["lock", "none"]) || says(["algorithm", "instant"]) || says(["algorithm", "nocopy"])
}

/// Whether a setting is switched off by this value.
fn is_off(value: &str) -> bool {
    let value = value.trim_matches(['\'', '"']);
    value == "0" || value.starts_with("0,") || value.eq_ignore_ascii_case("off")
}
