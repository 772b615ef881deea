//! How wide texts may be: a row has a limit of bytes, and how many a character takes depends on the character set.

use super::{COLLATE, Refusals};
use crate::dialect::mysql::types::{Class, class};
use crate::ir::{Column, SqlType, Table};

/// Bytes of a row, less two for the length of a text and one for which columns are NULL.
const ROW: u32 = 65_532;

/// The most bytes that a character of the column takes. Where nothing says a collation it is one of `utf8mb4`.
///
/// <https://mariadb.com/kb/en/supported-character-sets-and-collations/>, MariaDB 10.11
pub(super) fn bytes_of_character(column: &Column, table: &Table) -> u32 {
    let collation = column.collation.as_ref().map(crate::ident::Name::as_str);
    let collation = collation.or_else(|| table.options.get(COLLATE).map(String::as_str));
    let set = collation.and_then(|collation| collation.split('_').next());
    match set.unwrap_or("utf8mb4") {
        // `uca1400_…` is a collation of whatever set it stands beside, and of `utf8mb4` where it stands alone.
        "utf8mb4" | "utf16" | "utf16le" | "utf32" | "uca1400" => 4,
        "utf8mb3" | "utf8" | "ujis" | "eucjpms" => 3,
        "ucs2" | "big5" | "sjis" | "cp932" | "gbk" | "gb2312" | "euckr" => 2,
        _ => 1,
    }
}

pub(super) fn refuse_wide(table: &Table, refusals: &mut Refusals) {
    for column in &table.columns {
        let SqlType::Varchar(length) = &column.ty else { continue };
        let bytes = bytes_of_character(column, table);
        let most = ROW / bytes;
        if length.get() > most {
            refusals.add(
                &table.name,
                Some(&column.name),
                format!("MySQL has no type `varchar({length})`; the length goes from 1 to {most} where a character takes {bytes} bytes"),
                "use `text` or `longtext` for more, or a collation of a character set that takes less",
            );
        }
    }
}

/// The bytes that a value of a key takes at most; `None` where there is no end to them.
pub(super) fn bytes_of_key(column: &Column, table: &Table) -> Option<u64> {
    match class(&column.ty) {
        Class::Text { bytes: true, .. } | Class::Json => None,
        Class::Text { most, .. } => Some(most * u64::from(bytes_of_character(column, table))),
        Class::Bytes { most, .. } => Some(most),
        _ => Some(8),
    }
}
