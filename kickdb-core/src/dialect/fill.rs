//! The statement that gives rows a value, alike on every engine, and the values that nobody has chosen.

use super::{Dialect, QuerySyntax};
use crate::diff::FillValues;
use crate::ident::{Name, Qualified};
use crate::ir::{Expr, SqlType, Table};
use crate::lex::Lexis;

impl<D: Dialect + ?Sized> FillValues for D {
    fn plainest(&self, ty: &SqlType) -> Option<Expr> {
        self.plain(ty)
    }

    fn own(&self, ty: &SqlType, table: &Table) -> Option<String> {
        self.own_value(ty, table)
    }

    /// The least one: not every type has a `min`. A statement that changes the table may not read it but through a
    /// table of the statement's own (MariaDB 10.11).
    fn of_some_row(&self, table: &Qualified, column: &Name) -> String {
        let (place, column) = (place(self, table), quoted(self, column));
        format!("SELECT {column} FROM (SELECT {column} FROM {place} ORDER BY {column} LIMIT 1) AS kick_rows")
    }

    fn of_another_row(
        &self,
        table: &Qualified,
        column: &Name,
        each: &Table,
        beside: Option<&[Name]>,
    ) -> Option<String> {
        let (place, key) = (place(self, table), quoted(self, column));
        let numbered = format!(
            "SELECT kick_key FROM (SELECT {key} AS kick_key, row_number() OVER (ORDER BY {key}) AS kick_number \
             FROM {place}) AS kick_rows WHERE kick_number ="
        );
        let otherwise = beside.map(|_| self.of_some_row(table, column));
        self.numbered(&numbered, otherwise.as_deref(), each, beside.unwrap_or_default())
    }

    fn words(&self) -> Lexis {
        self.lexis()
    }
}

/// A query with another one for where it gives nothing.
pub(super) fn or_else(query: &str, otherwise: Option<&str>) -> String {
    match otherwise {
        Some(otherwise) => format!("coalesce(({query}), ({otherwise}))"),
        None => query.to_owned(),
    }
}

fn quoted(syntax: &(impl QuerySyntax + ?Sized), name: &Name) -> String {
    let mut sql = String::new();
    syntax.quote(name, &mut sql);
    sql
}

fn place(syntax: &(impl QuerySyntax + ?Sized), name: &Qualified) -> String {
    let mut sql = String::new();
    syntax.quote_table(name.schema.as_ref().map(Name::as_str), name.name.as_str(), &mut sql);
    sql
}

/// Gives the rows that hold NULL in a column a value; `kept` are columns that stay as they are although the engine would
/// write them anew.
pub(super) fn update(syntax: &dyn QuerySyntax, table: &Table, column: &Name, value: &str, kept: &[&Name]) -> String {
    let place = place(syntax, &table.name);
    let column = quoted(syntax, column);
    let kept = kept
        .iter()
        .map(|name| quoted(syntax, name))
        .map(|name| format!(", {name} = {name}"));
    let kept = kept.collect::<String>();
    format!("UPDATE {place} SET {column} = ({value}){kept} WHERE {column} IS NULL")
}
