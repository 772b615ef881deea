use std::collections::BTreeMap;

use super::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Expr, Schema, SqlType, Table};
use crate::lex::{Kind, Lexis, tokens};

/// Values that an enum loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedValues {
    /// The enum; where it is kept as text with a check, the column as `table.column`.
    pub name: String,
    /// The values that go.
    pub values: Vec<String>,
    /// The columns that could hold them, as `table.column`.
    pub columns: Vec<String>,
}

/// The enum values that the changes remove. A value that is renamed is not removed.
///
/// An enum kept as text is seen by its check, `"col" IN ('a', 'b')`. `from` is the schema that the changes are made for.
#[must_use]
pub fn removed_enum_values(from: &Schema, changes: &[Change]) -> Vec<RemovedValues> {
    let mut users = BTreeMap::<Qualified, Vec<String>>::new();
    for table in from.tables.values() {
        for column in &table.columns {
            let name = match &column.ty {
                SqlType::Enum(name) => name,
                SqlType::Array(inner) => match &**inner {
                    SqlType::Enum(name) => name,
                    _ => continue,
                },
                _ => continue,
            };
            let column = format!("{}.{}", table.name, column.name);
            users.entry(name.clone()).or_default().push(column);
        }
    }
    let mut removed = Vec::new();
    let mut old_names = BTreeMap::new();
    for change in changes {
        match change {
            Change::RenameEnum { from, to } => {
                old_names.insert(to.clone(), from.clone());
            }
            Change::AlterEnum { from, to, renamed } => {
                let kept = |value: &&String| to.values.contains(value) || renamed.contains_key(*value);
                let values = from
                    .values
                    .iter()
                    .filter(|value| !kept(value))
                    .cloned()
                    .collect::<Vec<_>>();
                if !values.is_empty() {
                    let old = old_names.get(&from.name).unwrap_or(&from.name);
                    removed.push(RemovedValues {
                        name: to.name.to_string(),
                        values,
                        columns: users.get(old).cloned().unwrap_or_default(),
                    });
                }
            }
            Change::AlterTable { from, to, changes } => removed.extend(removed_from_checks(from, to, changes)),
            _ => {}
        }
    }
    removed
}

fn removed_from_checks(from: &Table, to: &Table, changes: &[TableChange]) -> Vec<RemovedValues> {
    let renamed = |of: &Name, value: &String| {
        changes.iter().any(|change| match change {
            TableChange::RenameValues { column, renamed } => column == of && renamed.contains_key(value),
            _ => false,
        })
    };
    let before = value_checks(from);
    let after = value_checks(to);
    before
        .into_iter()
        .filter_map(|(column, values)| {
            // A column that goes, or that takes any text from now on, loses no value.
            let kept = after.get(&column)?;
            let values = values
                .into_iter()
                .filter(|value| !kept.contains(value) && !renamed(&column, value))
                .collect::<Vec<_>>();
            let name = format!("{}.{column}", to.name);
            (!values.is_empty()).then(|| RemovedValues {
                columns: vec![name.clone()],
                name,
                values,
            })
        })
        .collect()
}

/// The columns with a check of the well-known form, or whose type says its values (`enum('a','b')`), with their values.
fn value_checks(table: &Table) -> BTreeMap<Name, Vec<String>> {
    check_values(table).chain(type_values(table)).collect()
}

pub(super) fn check_values(table: &Table) -> impl Iterator<Item = (Name, Vec<String>)> {
    table.checks.values().filter_map(|check| match &check.expr {
        Expr::Sql(sql) => value_check(sql),
        _ => None,
    })
}

pub(super) fn type_values(table: &Table) -> impl Iterator<Item = (Name, Vec<String>)> {
    table.columns.iter().filter_map(|column| match &column.ty {
        SqlType::Native(text) => Some((column.name.clone(), inline_values(text)?)),
        _ => None,
    })
}

/// Reads `enum('a','b')`, a type that is spelled like the list of a check.
fn inline_values(ty: &str) -> Option<Vec<String>> {
    let list = ty.strip_prefix("enum").filter(|list| list.starts_with('('))?;
    value_check(&format!("c in {list}")).map(|(_, values)| values)
}

/// Reads `"col" IN ('a', 'b')`: the column and its values.
pub(crate) fn value_check(sql: &str) -> Option<(Name, Vec<String>)> {
    let mut rest = tokens(sql, Lexis::EXPRESSION).filter(|token| token.kind != Kind::Space);
    let column = rest.next()?;
    let column = match column.kind {
        Kind::Quoted if column.text.len() > 2 => {
            let quote = &column.text[..1];
            column.text[1..column.text.len() - 1].replace(&quote.repeat(2), quote)
        }
        Kind::Word => column.text.to_owned(),
        _ => return None,
    };
    let is_in = rest.next()?.text.eq_ignore_ascii_case("in") && rest.next()?.text == "(";
    if !is_in {
        return None;
    }
    let mut values = Vec::new();
    loop {
        let value = rest.next().filter(|token| token.kind == Kind::Text)?.text;
        let value = value.strip_prefix('\'')?.strip_suffix('\'')?;
        values.push(value.replace("''", "'"));
        match rest.next()?.text {
            "," => {}
            ")" => break,
            _ => return None,
        }
    }
    let column = Name::new(column).ok()?;
    rest.next().is_none().then_some((column, values))
}

#[cfg(test)]
mod tests {
    use super::{inline_values, value_check};

    #[test]
    fn an_inline_enum_says_its_values() {
        assert_eq!(inline_values("enum('a','it''s')").unwrap(), ["a", "it's"]);
        assert_eq!(inline_values("set('a')"), None);
        assert_eq!(inline_values("enum_like"), None);
    }

    #[test]
    fn the_check_of_an_enum_is_known_by_its_form() {
        let (column, values) = value_check(r#""sta""te" IN ('a', 'it''s')"#).unwrap();
        assert_eq!(column.as_str(), "sta\"te");
        assert_eq!(values, ["a", "it's"]);
        assert_eq!(value_check("state in ('a')").unwrap().1, ["a"]);
        for other in ["\"a\" IN (1, 2)", "\"a\" IN ('x') OR true", "\"a\" > 0", "\"a\" IN ()"] {
            assert_eq!(value_check(other), None, "{other}");
        }
    }
}
