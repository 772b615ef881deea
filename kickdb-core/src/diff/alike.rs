//! Whether a value that nobody has chosen may be the same one in every row.

use super::obeyed::{is_name, words};
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Expr, IndexKey, Table};

/// Whether no two rows may have the same value in a column, whatever else they hold.
pub(super) fn is_key(column: &Name, table: &Table) -> bool {
    let alone = |key: &Key<'_>| key.parts.iter().all(|part| part.is_of(column));
    keys(table).iter().any(alone)
}

/// Whether rows could be alike in a key of the table, if they all had the same value in a column that is new: it is all of
/// the key, or those beside it did not tell rows apart before.
pub(super) fn tells_apart(column: &Column, from: &Table, to: &Table) -> bool {
    !telling(column, from, to).is_empty()
}

/// The columns that rows have had before and that tell them apart together with one that is new; `None` where it tells nothing.
pub(super) fn beside(column: &Column, from: &Table, to: &Table) -> Option<Vec<Name>> {
    let keys = telling(column, from, to);
    // What is right for one key need not be for another one, nor for an expression.
    let names = match keys.as_slice() {
        [] => return None,
        [key] => key.parts.iter().map(Part::name).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let names = names.unwrap_or_default().into_iter();
    let stays = |name: &Name| {
        let is = |table: &Table| table.columns.iter().find(|column| column.name == *name).cloned();
        is(from).is_some_and(|before| is(to).is_some_and(|after| before.ty == after.ty))
    };
    Some(names.filter(|name| stays(name)).cloned().collect())
}

/// The keys that rows could be alike in.
fn telling<'a>(column: &Column, from: &'a Table, to: &'a Table) -> Vec<Key<'a>> {
    let is_new = |name: &Name| from.columns.iter().all(|before| before.name != *name);
    let required = |name: &Name| {
        let found = to.columns.iter().find(|column| column.name == *name);
        found.is_some_and(|column| column.value == ColumnValue::Required)
    };
    // Of several columns that come, one is enough.
    let first = |key: &Key<'_>| {
        let mut names = key.parts.iter().filter_map(Part::name);
        match names.find(|name| is_new(name) && required(name)) {
            Some(name) => *name == column.name,
            None => true,
        }
    };
    let before = keys(from);
    let tells = |key: &Key<'_>| {
        let stays = |part: &Part<'_>| {
            key.parts
                .iter()
                .any(|other| part.name().is_some() && part.name() == other.name())
        };
        let known = |old: &Key<'_>| old.everywhere && old.parts.iter().all(stays);
        key.parts.iter().any(|part| part.is_of(&column.name)) && !before.iter().any(known) && first(key)
    };
    let mut keys = keys(to);
    keys.retain(tells);
    keys
}

/// What tells one row from another.
struct Key<'a> {
    parts: Vec<Part<'a>>,
    /// Not only those rows that a condition lets in.
    everywhere: bool,
}

enum Part<'a> {
    Column(&'a Name),
    Words(Vec<&'a str>),
}

impl<'a> Part<'a> {
    fn name(&self) -> Option<&'a Name> {
        match self {
            Part::Column(name) => Some(name),
            Part::Words(_) => None,
        }
    }

    fn is_of(&self, column: &Name) -> bool {
        match self {
            Part::Column(name) => *name == column,
            Part::Words(said) => said.iter().any(|word| is_name(word, column.as_str())),
        }
    }
}

fn keys(table: &Table) -> Vec<Key<'_>> {
    let primary = table.primary_key.iter().map(|key| &key.columns);
    let uniques = table.uniques.values().map(|unique| &unique.columns);
    let whole = primary.chain(uniques).map(|columns| Key {
        parts: columns.iter().map(Part::Column).collect(),
        everywhere: true,
    });
    let indexes = table.indexes.values().filter(|index| index.unique).map(|index| Key {
        parts: index.parts.iter().map(|part| of(&part.key)).collect(),
        everywhere: index.predicate.is_none(),
    });
    whole.chain(indexes).collect()
}

fn of(key: &IndexKey) -> Part<'_> {
    match key {
        IndexKey::Column(name) => Part::Column(name),
        IndexKey::Expr(Expr::Sql(sql)) => Part::Words(words(sql)),
        IndexKey::Expr(_) => Part::Words(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_key, tells_apart};
    use crate::ident::{Name, Qualified};
    use crate::ir::{Column, Expr, Index, IndexKey, IndexPart, PrimaryKey, SqlType, Table};

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn table(columns: &[&str], keys: &[&[&str]]) -> Table {
        let mut table = Table::new(Qualified::local(name("t")));
        for column in columns {
            table.columns.push(Column::new(name(column), SqlType::Text));
        }
        for (at, key) in keys.iter().enumerate() {
            let parts = key.iter().map(|column| IndexPart::new(IndexKey::Column(name(column))));
            let mut index = Index::new(name(&format!("i{at}")), parts.collect());
            index.unique = true;
            table.indexes.insert(index.name.clone(), index);
        }
        table
    }

    fn apart(column: &str, from: &Table, to: &Table) -> bool {
        tells_apart(&Column::new(name(column), SqlType::Text), from, to)
    }

    #[test]
    fn one_that_is_all_of_a_unique_index_is_a_key_and_one_of_two_is_not() {
        let to = table(&["id", "a", "b", "c"], &[&["a"], &["b", "c"]]);
        assert!(is_key(&name("a"), &to));
        assert!(!is_key(&name("b"), &to));
        assert!(!is_key(&name("id"), &to));
    }

    #[test]
    fn an_expression_over_one_column_tells_by_it() {
        let mut to = table(&["a", "b"], &[]);
        let part = IndexPart::new(IndexKey::Expr(Expr::Sql("lower(\"a\")".to_owned())));
        let mut index = Index::new(name("i"), vec![part]);
        index.unique = true;
        to.indexes.insert(index.name.clone(), index);
        assert!(is_key(&name("a"), &to));
        assert!(!is_key(&name("b"), &to));
    }

    #[test]
    fn beside_a_key_of_before_any_value_will_do() {
        let mut from = table(&["id", "a"], &[]);
        from.primary_key = Some(PrimaryKey::new(name("t_pkey"), vec![name("id")]));
        let beside = |key: &[&str]| apart("new", &from, &table(&["id", "a", "new"], &[key]));
        assert!(beside(&["new"]));
        assert!(beside(&["a", "new"]));
        assert!(!beside(&["id", "new"]));
        assert!(!beside(&["id", "a", "new"]));
        assert!(!beside(&["a"]));
    }

    #[test]
    fn rows_are_numbered_among_those_that_are_alike_beside() {
        let from = table(&["a", "b"], &[]);
        let beside = |keys: &[&[&str]]| {
            let to = table(&["a", "b", "new", "other"], keys);
            let found = super::beside(&Column::new(name("new"), SqlType::Text), &from, &to);
            found.map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(beside(&[&["a"]]), None);
        assert_eq!(beside(&[&["a", "new", "other"]]).unwrap(), ["a"]);
        assert!(beside(&[&["a", "new"], &["b", "new"]]).unwrap().is_empty());
    }

    #[test]
    fn one_of_two_that_come_is_enough() {
        let from = table(&["a"], &[]);
        let to = table(&["a", "one", "two"], &[&["a", "one", "two"]]);
        assert!(apart("one", &from, &to));
        assert!(!apart("two", &from, &to));
    }
}
