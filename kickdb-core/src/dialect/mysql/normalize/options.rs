//! Options of tables, columns and indexes. Those of other engines say nothing here.

use std::collections::BTreeMap;

use super::Refusals;
use crate::dialect::mysql::syntax::ident;
use crate::dialect::mysql::{keys, partition};
use crate::ident::Name;
use crate::ir::{Column, Index, SqlType, Table};

/// The table options that are kept, where they are not the usual ones.
pub(in crate::dialect::mysql) const ENGINE: &str = "engine";
pub(in crate::dialect::mysql) const COLLATE: &str = "collate";
pub(in crate::dialect::mysql) const PARTITION_BY: &str = "partition_by";
pub(in crate::dialect::mysql) const VERSIONED: &str = "system_versioning";

/// The table options that are a word or a number: the name, how SQL spells it, and the value that takes it back. What an
/// engine adds keeps its case.
pub(in crate::dialect::mysql) const PLAIN_OPTIONS: &[(&str, &str, &str)] = &[
    ("row_format", "ROW_FORMAT", "DEFAULT"),
    ("key_block_size", "KEY_BLOCK_SIZE", "0"),
    ("min_rows", "MIN_ROWS", "0"),
    ("max_rows", "MAX_ROWS", "0"),
    ("avg_row_length", "AVG_ROW_LENGTH", "0"),
    ("pack_keys", "PACK_KEYS", "DEFAULT"),
    ("checksum", "CHECKSUM", "0"),
    ("page_checksum", "PAGE_CHECKSUM", "1"),
    ("delay_key_write", "DELAY_KEY_WRITE", "0"),
    ("transactional", "TRANSACTIONAL", "1"),
    ("stats_persistent", "STATS_PERSISTENT", "DEFAULT"),
    ("stats_auto_recalc", "STATS_AUTO_RECALC", "DEFAULT"),
    ("stats_sample_pages", "STATS_SAMPLE_PAGES", "DEFAULT"),
    ("page_compressed", "page_compressed", "DEFAULT"),
    ("page_compression_level", "page_compression_level", "DEFAULT"),
    ("encrypted", "encrypted", "DEFAULT"),
    ("encryption_key_id", "encryption_key_id", "DEFAULT"),
];

/// Options of a column.
pub(in crate::dialect::mysql) const INVISIBLE: &str = "invisible";
pub(in crate::dialect::mysql) const COMPRESSED: &str = "compressed";
pub(in crate::dialect::mysql) const SRID: &str = "srid";
pub(in crate::dialect::mysql) const UNVERSIONED: &str = "without_system_versioning";

/// The option that makes a check the table's own although a column has its name.
pub(in crate::dialect::mysql) fn table_check(check: &Name) -> String {
    format!("table_check {}", ident(check))
}

/// Starts the option of a period of the application's time; behind it stands the period's name, and the value is its columns.
const PERIOD: &str = "period ";

/// The option of the period of that name.
pub(in crate::dialect::mysql) fn period_option(period: &Name) -> String {
    format!("{PERIOD}{}", ident(period))
}

/// The periods among the options of a table: the quoted name, and the columns.
pub(in crate::dialect::mysql) fn periods(options: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    options
        .iter()
        .filter_map(|(option, columns)| Some((option.strip_prefix(PERIOD)?, columns.as_str())))
}

/// What one engine alone knows. A table that comes from another engine may still say it, to no effect.
const OF_ONE_ENGINE: &[(&str, &str)] = &[
    ("transactional", "aria"),
    ("page_checksum", "aria"),
    ("page_compressed", "innodb"),
    ("page_compression_level", "innodb"),
    ("encrypted", "innodb"),
    ("encryption_key_id", "innodb"),
];

/// Whether the option goes with its engine, and is not taken back by itself.
pub(in crate::dialect::mysql) fn goes_with_engine(option: &str) -> bool {
    OF_ONE_ENGINE.iter().any(|(name, _)| *name == option)
}

/// Whether a table is kept in memory, where an index is a hash unless it is said to be a tree.
pub(in crate::dialect::mysql) fn is_in_memory(table: &Table) -> bool {
    let engine = table.options.get(ENGINE);
    engine.is_some_and(|engine| engine.eq_ignore_ascii_case("memory"))
}

pub(super) fn of_table(table: &mut Table, columns: &[Name], refusals: &mut Refusals) {
    let mut kept = BTreeMap::new();
    let engine = table
        .options
        .get(ENGINE)
        .map_or("innodb".to_owned(), |engine| engine.trim().to_ascii_lowercase());
    for (name, columns) in periods(&table.options) {
        kept.insert(format!("{PERIOD}{name}"), columns.to_owned());
    }
    for (name, value) in &table.options {
        let value = value.trim();
        let lower = value.to_ascii_lowercase();
        let name = name.to_ascii_lowercase().replace(' ', "_");
        let plain = PLAIN_OPTIONS.iter().find(|(plain, ..)| *plain == name);
        match name.as_str() {
            ENGINE if lower != "innodb" => {
                kept.insert(name, value.to_owned());
            }
            COLLATE => {
                kept.insert(name, lower);
            }
            // Other engines have formats of rows of their own.
            "row_format" if lower == "dynamic" && engine == "innodb" => {}
            PARTITION_BY => match partition::parse(value, columns) {
                Some(partitioning) => {
                    kept.insert(name, partitioning.text());
                }
                None => refusals.add(
                    &table.name,
                    None,
                    format!("its partitions cannot be read: `{value}`"),
                    "write what stands behind `PARTITION BY`, for example `hash (id) partitions 4`",
                ),
            },
            VERSIONED => {
                kept.insert(name, String::new());
            }
            keys::PRIMARY_KEY => {
                kept.insert(name, value.to_owned());
            }
            "charset" | "character_set" | "default_charset" => refusals.add(
                &table.name,
                None,
                format!("the character set `{value}` without a collation"),
                "say the collation, which says the character set, too: `collate = \"utf8mb4_unicode_ci\"`",
            ),
            _ => {
                let idle = OF_ONE_ENGINE
                    .iter()
                    .any(|(option, of)| *option == name && *of != engine);
                if let Some((_, _, usual)) = plain
                    && !idle
                    && !value.eq_ignore_ascii_case(usual)
                    && lower != "default"
                {
                    kept.insert(name, value.to_ascii_uppercase());
                }
            }
        }
    }
    let own = |check: &Name| {
        let option = table_check(check);
        let column = table.column(check).is_some();
        (column && table.options.contains_key(&option)).then_some(option)
    };
    let checks: Vec<String> = table.checks.keys().filter_map(own).collect();
    kept.extend(checks.into_iter().map(|option| (option, String::new())));
    table.options = kept;
}

pub(super) fn of_column(column: &mut Column) {
    let is_geometry = is_geometry(&column.ty);
    let said = std::mem::take(&mut column.options);
    for (name, value) in said {
        let name = name.to_ascii_lowercase().replace(' ', "_");
        let value = value.trim().to_ascii_lowercase();
        match name.as_str() {
            INVISIBLE | UNVERSIONED => column.options.insert(name, String::new()),
            COMPRESSED => column
                .options
                .insert(name, if value == "zlib" { String::new() } else { value }),
            SRID if is_geometry && value != "0" => column.options.insert(name, value),
            _ => None,
        };
    }
}

pub(in crate::dialect::mysql) fn is_geometry(ty: &SqlType) -> bool {
    let SqlType::Native(text) = ty else { return false };
    ["geometry", "geometrycollection", "point", "linestring", "polygon"]
        .iter()
        .any(|kind| **text == **kind || text.strip_prefix("multi") == Some(kind))
}

pub(super) fn of_index(index: &mut Index) {
    let said = std::mem::take(&mut index.options);
    for (name, value) in said {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            keys::WITHOUT_OVERLAPS if !value.is_empty() => index.options.insert(name, value),
            keys::IGNORED => index.options.insert(name, String::new()),
            keys::COMMENT if !value.is_empty() => index.options.insert(name, value),
            keys::KEY_BLOCK_SIZE if value.trim() != "0" => index.options.insert(name, value.trim().to_owned()),
            _ => None,
        };
    }
}
