//! The operator classes that an index has without being told.

use crate::ir::{IntBits, SqlType};

/// Whether the class is the one that the access method takes for a column of that type anyway.
pub(super) fn is_default(class: &str, ty: &SqlType, method: Option<&str>) -> bool {
    match method {
        None | Some("hash" | "btree") => class == scalar(ty) || (class == "varchar_ops" && scalar(ty) == "text_ops"),
        Some("gin") => match ty {
            SqlType::Array(_) => class == "array_ops",
            SqlType::Json { binary: true } => class == "jsonb_ops",
            SqlType::Native(text) => class == format!("{text}_ops"),
            _ => false,
        },
        Some("gist") => match ty {
            SqlType::Native(text) if text.ends_with("range") => class == "range_ops",
            SqlType::Native(text) => class == format!("{text}_ops") && !matches!(&**text, "inet" | "cidr"),
            _ => false,
        },
        Some(_) => false,
    }
}

fn scalar(ty: &SqlType) -> &'static str {
    match ty {
        SqlType::Array(_) => "array_ops",
        SqlType::Bool => "bool_ops",
        SqlType::Int { bits, .. } => match bits {
            IntBits::B8 | IntBits::B16 => "int2_ops",
            IntBits::B32 => "int4_ops",
            IntBits::B64 => "int8_ops",
        },
        SqlType::Float { double: false } => "float4_ops",
        SqlType::Float { double: true } => "float8_ops",
        SqlType::Decimal(_) => "numeric_ops",
        SqlType::Text | SqlType::Varchar(_) => "text_ops",
        SqlType::Char(_) => "bpchar_ops",
        SqlType::Bytes => "bytea_ops",
        SqlType::Uuid => "uuid_ops",
        SqlType::Date => "date_ops",
        SqlType::Time { .. } => "time_ops",
        SqlType::Timestamp { zoned: false, .. } => "timestamp_ops",
        SqlType::Timestamp { zoned: true, .. } => "timestamptz_ops",
        SqlType::Interval => "interval_ops",
        SqlType::Json { .. } => "jsonb_ops",
        SqlType::Enum(_) => "enum_ops",
        SqlType::Native(text) => match &**text {
            "varchar" => "text_ops",
            "citext" => "citext_ops",
            "inet" | "cidr" => "inet_ops",
            "macaddr" => "macaddr_ops",
            "money" => "money_ops",
            "timetz" => "timetz_ops",
            text if text.ends_with("range") => "range_ops",
            _ => "",
        },
    }
}
