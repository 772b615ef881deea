//! The operator classes that an index has without being told.

use super::Postgres;
use super::extension::bare_type;
use super::normalize::local;
use crate::dialect::head::Head;
use crate::dialect::{Dialect, Types};
use crate::ident::Name;
use crate::ir::{IntBits, ObjectId, ObjectKind, Schema, SqlType};

/// The operator classes of a schema's own: an index is held to such a one, so it says it even where it is the type's default.
pub(super) struct Own(Vec<Class>);

struct Class {
    /// With its schema before a dot where that is not searched, as an index says it.
    name: String,
    method: String,
    /// The type whose default it is.
    ty: Option<String>,
}

impl Own {
    pub(super) fn of(schema: &Schema) -> Self {
        let classes = schema.objects.iter();
        let classes = classes.filter(|(id, _)| id.kind == ObjectKind::OperatorClass);
        Self(classes.map(|(id, object)| Class::of(id, &object.sql)).collect())
    }

    fn has(&self, class: &str, method: Option<&str>) -> bool {
        let method = method.unwrap_or("btree");
        self.0.iter().any(|own| own.name == class && own.method == method)
    }

    /// The one that an index over a column of that type has, if the schema makes it.
    pub(super) fn default_of(&self, ty: &SqlType, method: Option<&str>) -> Option<Name> {
        let mut own = self.0.iter().filter(|own| own.method == method.unwrap_or("btree"));
        let first = own.next()?;
        let ty = spelled(ty)?;
        let found = std::iter::once(first)
            .chain(own)
            .find(|own| own.ty.as_ref() == Some(&ty));
        found.and_then(|own| Name::new(own.name.clone()).ok())
    }

    /// Whether a class need not be said.
    pub(super) fn is_default(&self, class: &str, ty: &SqlType, method: Option<&str>) -> bool {
        !self.has(class, method) && is_default(class, ty, method)
    }
}

impl Class {
    fn of(id: &ObjectId, sql: &str) -> Self {
        let mut head = Head::new(sql, Postgres.lexis(), true);
        let is_default = head.skip_past("default") && head.eat("for type");
        let text = head.rest();
        let using = head.skip_past("using").then(|| head.tokens[head.at - 1].start);
        let start = sql.trim_end().len() - text.len();
        let ty = using.filter(|_| is_default).and_then(|using| sql.get(start..using));
        let mut name = id.name.clone();
        local(&mut name);
        let schema = name.schema.map(|schema| format!("{schema}.")).unwrap_or_default();
        Self {
            name: format!("{schema}{}", name.name),
            method: id.signature.clone().unwrap_or_default(),
            ty: ty.and_then(|ty| spelled(&Postgres.parse(ty.trim()).ok()?)),
        }
    }
}

fn spelled(ty: &SqlType) -> Option<String> {
    Postgres.format(ty).ok()
}

/// Whether the class is the one that the access method takes for a column of that type anyway.
fn is_default(class: &str, ty: &SqlType, method: Option<&str>) -> bool {
    match method {
        None | Some("hash" | "btree") => class == scalar(ty) || (class == "varchar_ops" && scalar(ty) == "text_ops"),
        Some("gin") => match ty {
            SqlType::Array(_) => class == "array_ops",
            SqlType::Json { binary: true } => class == "jsonb_ops",
            SqlType::Native(text) => class == format!("{}_ops", bare_type(text)),
            _ => false,
        },
        Some("gist") => match ty {
            SqlType::Native(text) if text.ends_with("range") => class == "range_ops",
            SqlType::Native(text) => class == format!("{}_ops", bare_type(text)) && !matches!(&**text, "inet" | "cidr"),
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
        SqlType::Native(text) => match bare_type(text) {
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
