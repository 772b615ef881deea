//! The names that constraints have when nobody named them: the same as in PostgreSQL.

use crate::ident::Name;
use crate::ir::ByName;

/// `{table}_pkey`. SQLite never tells the name of a primary key, so this is the only one.
pub(super) fn primary_key(table: &Name) -> Name {
    name(format!("{table}_pkey"))
}

/// `{table}_{columns}_{kind}`.
pub(super) fn constraint(table: &Name, columns: &[Name], kind: &str) -> Name {
    let mut text = table.to_string();
    for column in columns {
        text.push('_');
        text.push_str(column.as_str());
    }
    name(format!("{text}_{kind}"))
}

/// The name itself, or with the first number that makes it free.
pub(super) fn free<V>(wanted: Name, taken: &ByName<V>) -> Name {
    if !taken.contains_key(&wanted) {
        return wanted;
    }
    (1_usize..)
        .map(|number| name(format!("{wanted}{number}")))
        .find(|candidate| !taken.contains_key(candidate))
        .expect("a map is finite, so some number is free")
}

fn name(text: String) -> Name {
    Name::new(text).expect("made of names, so neither empty nor with a NUL byte")
}
