//! The statement that gives rows a value, alike on every engine.

use super::QuerySyntax;
use crate::ident::Name;
use crate::ir::Table;

/// Gives the rows that hold NULL in a column a value; `kept` are columns that stay as they are although the engine would
/// write them anew.
pub(super) fn update(syntax: &dyn QuerySyntax, table: &Table, column: &Name, value: &str, kept: &[&Name]) -> String {
    let quoted = |name: &Name| {
        let mut sql = String::new();
        syntax.quote(name, &mut sql);
        sql
    };
    let schema = table.name.schema.iter().map(|schema| format!("{}.", quoted(schema)));
    let place = schema.collect::<String>() + &quoted(&table.name.name);
    let column = quoted(column);
    let kept = kept
        .iter()
        .map(|name| quoted(name))
        .map(|name| format!(", {name} = {name}"));
    let kept = kept.collect::<String>();
    format!("UPDATE {place} SET {column} = ({value}){kept} WHERE {column} IS NULL")
}
