//! What is dangerous on PostgreSQL.

mod attach_partition;
mod backfill_under_lock;
mod cascade;
mod column_type_rewrite;
mod constrained_column;
mod copy_table;
mod detach_partition;
mod disabled_trigger;
mod drop_attribute;
mod drop_index_not_concurrent;
mod enum_value_at_once;
mod exclusion_builds_index;
mod index_not_concurrent;
mod invalid_index;
mod lock_table;
mod logged_table;
mod moved_schema;
mod moved_table;
mod needs_no_transaction;
mod primary_key_builds_index;
mod refresh_not_concurrent;
mod reindex_not_concurrent;
mod rename_attribute;
mod rename_enum_value;
mod row_security_without_policy;
mod several_tables_locked;
mod trigger_on_table;
mod unique_builds_index;
mod vacuum_full;
mod validated_at_once;
mod validated_check;
mod validated_foreign_key;
mod volatile_default;

use crate::lint::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &attach_partition::RULE,
    &backfill_under_lock::RULE,
    &cascade::RULE,
    &column_type_rewrite::RULE,
    &constrained_column::RULE,
    &copy_table::RULE,
    &detach_partition::RULE,
    &disabled_trigger::RULE,
    &drop_attribute::RULE,
    &drop_index_not_concurrent::RULE,
    &enum_value_at_once::RULE,
    &exclusion_builds_index::RULE,
    &index_not_concurrent::RULE,
    &invalid_index::RULE,
    &lock_table::RULE,
    &logged_table::RULE,
    &moved_schema::RULE,
    &moved_table::RULE,
    &needs_no_transaction::RULE,
    &primary_key_builds_index::RULE,
    &refresh_not_concurrent::RULE,
    &reindex_not_concurrent::RULE,
    &rename_attribute::RULE,
    &rename_enum_value::RULE,
    &row_security_without_policy::RULE,
    &several_tables_locked::RULE,
    &trigger_on_table::RULE,
    &unique_builds_index::RULE,
    &vacuum_full::RULE,
    &validated_at_once::RULE,
    &validated_check::RULE,
    &validated_foreign_key::RULE,
    &volatile_default::RULE,
];
