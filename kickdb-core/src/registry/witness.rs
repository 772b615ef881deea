use crate::query::{EnumMeta, KindId};

/// What the compiler says of one field of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field's name.
    pub name: &'static str,
    /// What its type is to a database.
    pub kind: KindId,
    /// The enum of its values, where they are of one.
    pub of: Option<&'static EnumMeta>,
}

/// The fields of a table, for what the derives of other tables say of it.
///
/// All checks between tables are done on this list while the program is compiled: by name, so that a private field can be
/// referenced, and with a message of their own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "not a table",
    note = "add `#[derive(Table)]` to the struct"
)]
pub trait Fields {
    /// The fields in order.
    const FIELDS: &'static [Field];
}

/// The column of a field; empty where there is no such field, which is reported on its own.
#[must_use]
pub const fn column_of<T: Fields + crate::query::Table>(name: &str) -> &'static str {
    let mut i = 0;
    while i < T::FIELDS.len() {
        if equal(T::FIELDS[i].name, name) {
            return T::META.columns[i];
        }
        i += 1;
    }
    ""
}

/// Whether a field is there.
#[must_use]
pub const fn has(fields: &[Field], name: &str) -> bool {
    find(fields, name).is_some()
}

/// Whether the type of a field is what it is by its name.
#[must_use]
pub const fn is_kind(fields: &[Field], name: &str, kind: KindId) -> bool {
    match find(fields, name) {
        Some(field) => same(field.kind, kind),
        None => true,
    }
}

/// Whether two fields can be compared; a field that is not there is reported on its own.
#[must_use]
pub const fn same_kind(fields: &[Field], name: &str, others: &[Field], other: &str) -> bool {
    match (find(fields, name), find(others, other)) {
        (Some(a), Some(b)) => {
            same(a.kind, b.kind)
                && match (a.of, b.of) {
                    (Some(a), Some(b)) => equal(a.name, b.name),
                    _ => true,
                }
        }
        _ => true,
    }
}

const fn find<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    let mut i = 0;
    while i < fields.len() {
        if equal(fields[i].name, name) {
            return Some(&fields[i]);
        }
        i += 1;
    }
    None
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn same(a: KindId, b: KindId) -> bool {
    match (a, b) {
        (KindId::List(a), KindId::List(b)) => same(*a, *b),
        _ => number(a) == number(b),
    }
}

/// `==` of a derive is not for constants.
const fn number(kind: KindId) -> u8 {
    match kind {
        KindId::Bool => 0,
        KindId::Int16 => 1,
        KindId::Int32 => 2,
        KindId::Int64 => 3,
        KindId::Float32 => 4,
        KindId::Float64 => 5,
        KindId::Decimal => 6,
        KindId::Text => 7,
        KindId::Bytes => 8,
        KindId::Uuid => 9,
        KindId::Date => 10,
        KindId::Time => 11,
        KindId::Timestamp => 12,
        KindId::TimestampTz => 13,
        KindId::Json => 14,
        KindId::Enum => 15,
        KindId::List(_) => 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field] = &[
        Field {
            name: "id",
            kind: KindId::Int64,
            of: None,
        },
        Field {
            name: "tags",
            kind: KindId::List(&KindId::Text),
            of: None,
        },
    ];

    #[test]
    fn fields_are_found_and_compared_by_name() {
        assert!(has(FIELDS, "id") && !has(FIELDS, "idd"));
        assert!(is_kind(FIELDS, "tags", KindId::List(&KindId::Text)));
        assert!(!is_kind(FIELDS, "tags", KindId::List(&KindId::Int32)));
        assert!(!same_kind(FIELDS, "id", FIELDS, "tags"));
        assert!(same_kind(FIELDS, "id", FIELDS, "missing"));
    }
}
