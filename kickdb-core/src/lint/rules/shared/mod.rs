//! What is dangerous on more than one engine.

pub(in crate::lint) use self::set_not_null::is_quiet_about as sets_not_null_quietly;

mod change_type;
mod commit_inside;
mod counting_column;
mod delete_without_where;
mod drop_column;
mod drop_constraint;
mod drop_default;
mod drop_enum_value;
mod drop_not_null;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod exception;
mod foreign_key_without_index;
mod irreversible;
mod key_to_new_table;
mod narrow_type;
mod no_lock_timeout;
mod rename_column;
mod rename_table;
mod replace_deletes;
mod required_column;
mod retry_adds;
mod retry_creates;
mod retry_inserts;
mod set_not_null;
mod stored_column;
mod truncate;
mod update_without_where;

use crate::lint::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &change_type::RULE,
    &commit_inside::RULE,
    &counting_column::RULE,
    &delete_without_where::RULE,
    &drop_column::RULE,
    &drop_constraint::RULE,
    &drop_default::RULE,
    &drop_enum_value::RULE,
    &drop_not_null::RULE,
    &drop_schema::RULE,
    &drop_sequence::RULE,
    &drop_table::RULE,
    &exception::RULE,
    &foreign_key_without_index::RULE,
    &irreversible::RULE,
    &key_to_new_table::RULE,
    &narrow_type::RULE,
    &no_lock_timeout::RULE,
    &rename_column::RULE,
    &rename_table::RULE,
    &replace_deletes::RULE,
    &required_column::RULE,
    &retry_adds::RULE,
    &retry_creates::RULE,
    &retry_inserts::RULE,
    &set_not_null::RULE,
    &stored_column::RULE,
    &truncate::RULE,
    &update_without_where::RULE,
];
