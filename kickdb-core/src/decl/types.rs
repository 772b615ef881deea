use super::RustType;
use crate::ir::{IntBits, SqlType};

/// What a Rust type means by its name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// A column of this type.
    Type(SqlType),
    /// `Vec<T>` of a `T` that has to be looked at.
    List,
    /// A well-known type that cannot be a column, and what to use instead.
    Unsupported(&'static str),
}

/// Crates whose types are known by name.
const CRATES: [&str; 14] = [
    "alloc",
    "bigdecimal",
    "chrono",
    "civil",
    "core",
    "jiff",
    "kickdb",
    "kickdb_core",
    "rust_decimal",
    "serde_json",
    "sqlx",
    "std",
    "time",
    "uuid",
];

/// What a type means by its name alone: a single segment, or a path that starts with a crate whose types are known.
///
/// `None` is a type of the program. A type of the program that has the name of a known one is written with a path
/// (`self::Date`); the derive's witness refuses it otherwise.
#[must_use]
pub fn builtin(ty: &RustType) -> Option<Builtin> {
    let known_crate = ty.path.first().is_some_and(|first| CRATES.contains(&first.as_str()));
    if ty.path.len() > 1 && !known_crate {
        return None;
    }
    let int = |bits| SqlType::Int { bits, unsigned: false };
    let timestamp = |zoned| SqlType::Timestamp { precision: None, zoned };
    let found = match (ty.name(), ty.args.len()) {
        ("bool", 0) => SqlType::Bool,
        ("i16", 0) => int(IntBits::B16),
        ("i32", 0) => int(IntBits::B32),
        ("i64", 0) => int(IntBits::B64),
        ("f32", 0) => SqlType::Float { double: false },
        ("f64", 0) => SqlType::Float { double: true },
        ("String", 0) => SqlType::Text,
        ("Uuid", 0) => SqlType::Uuid,
        ("Decimal" | "BigDecimal", 0) => SqlType::Decimal(None),
        ("NaiveDate" | "Date", 0) => SqlType::Date,
        ("NaiveTime" | "Time", 0) => SqlType::Time { precision: None },
        ("NaiveDateTime" | "PrimitiveDateTime" | "DateTime", 0) => timestamp(false),
        ("DateTime", 1) | ("OffsetDateTime" | "Timestamp", 0) => timestamp(true),
        ("Value", 0) | ("Json", 1) => SqlType::Json { binary: true },
        ("Vec", 1) if ty.args[0].path == ["u8"] => SqlType::Bytes,
        ("Vec", 1) => return Some(Builtin::List),
        (name, _) => return unsupported(name).map(Builtin::Unsupported),
    };
    Some(Builtin::Type(found))
}

/// Whether a type, as a declaration spells it, is a text or a number as every driver gives one. Any other is cast where the field
/// is a text or a number.
#[must_use]
pub fn is_common(raw: &str) -> bool {
    const COMMON: [&str; 10] = [
        "bpchar",
        "char",
        "character",
        "citext",
        "dec",
        "decimal",
        "name",
        "numeric",
        "text",
        "varchar",
    ];
    let rest = raw.trim_start().trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let word = raw.trim_start().trim_end_matches(rest).to_ascii_lowercase();
    COMMON.contains(&word.as_str())
}

fn unsupported(name: &str) -> Option<&'static str> {
    Some(match name {
        "i8" | "u8" => "use `i16`",
        "u16" => "use `i32`",
        "u32" => "use `i64`",
        "u64" | "usize" | "isize" => "use `i64`, or `Decimal` where it does not fit",
        "i128" | "u128" => "use `Decimal`",
        "char" | "str" | "Cow" => "use `String`",
        "Box" | "Rc" | "Arc" | "Mutex" | "RwLock" | "Cell" | "RefCell" => "use the inner type itself",
        "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" | "VecDeque" => "keep it as JSON: `Json<…>`",
        "Zoned" => "use `Timestamp`, and keep the zone's name in a column of its own",
        "SystemTime" | "Instant" => "use a date-time of chrono, time or jiff",
        "Duration" | "TimeDelta" | "Span" | "SignedDuration" => {
            "keep the number of milliseconds in an `i64`, or wrap it in a type of your own with `#[derive(DbType)]`"
        }
        "IpAddr" | "Ipv4Addr" | "Ipv6Addr" | "PathBuf" | "Url" => {
            "use `String`, or wrap it in a type of your own with `#[derive(DbType)]` and `#[db_type(as = String)]`"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Builtin> {
        builtin(&text.parse().unwrap())
    }

    #[test]
    fn a_path_of_the_program_is_not_taken_for_a_known_type() {
        assert_eq!(read("Date"), Some(Builtin::Type(SqlType::Date)));
        assert_eq!(read("chrono::NaiveDate"), Some(Builtin::Type(SqlType::Date)));
        assert_eq!(read("jiff::civil::Date"), Some(Builtin::Type(SqlType::Date)));
        assert_eq!(read("self::Date"), None);
        assert_eq!(read("crate::types::Date"), None);
    }

    #[test]
    fn a_date_time_with_a_zone_and_one_without() {
        let timestamp = |zoned| Some(Builtin::Type(SqlType::Timestamp { precision: None, zoned }));
        assert_eq!(read("DateTime<Utc>"), timestamp(true));
        assert_eq!(read("DateTime"), timestamp(false));
        assert_eq!(read("jiff::Timestamp"), timestamp(true));
    }

    #[test]
    fn bytes_are_not_a_list() {
        assert_eq!(read("Vec<u8>"), Some(Builtin::Type(SqlType::Bytes)));
        assert_eq!(read("Vec<i32>"), Some(Builtin::List));
        assert!(matches!(read("u32"), Some(Builtin::Unsupported(_))));
    }
}
