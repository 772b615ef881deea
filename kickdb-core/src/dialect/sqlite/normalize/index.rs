use super::Refusals;
use super::table::{BINARY, NULLS_DISTINCT, NULLS_DISTINCT_HELP, spell};
use crate::dialect::sqlite::expr::{self, Scope, same};
use crate::ident::{Name, Qualified};
use crate::ir::{Expr, Index, IndexKey, IndexPart, Table};

/// One index in normal form, as far as it can have one.
pub(super) fn normalize(mut index: Index, table: &Table, scope: Scope<'_>, refusals: &mut Refusals) -> Index {
    refuse(&index, &table.name, refusals);
    index.method = None;
    index.nulls_distinct = true;
    for part in &mut index.parts {
        if let Err(why) = normalize_part(part, table, scope) {
            refusals.add(&table.name, Some(&index.name), why, "");
        }
    }
    if let Some(Expr::Sql(sql)) = &index.predicate {
        match expr::normalize(sql, scope) {
            Ok(sql) => index.predicate = Some(Expr::Sql(sql)),
            Err(why) => refusals.add(
                &table.name,
                Some(&index.name),
                format!("its predicate cannot be read: {why}"),
                "",
            ),
        }
    }
    index
}

fn refuse(index: &Index, table: &Qualified, refusals: &mut Refusals) {
    let mut add = |message: String, help: &str| refusals.add(table, Some(&index.name), message, help);
    if let Some(method) = &index.method
        && *method != "btree"
    {
        add(
            format!("SQLite has no index method `{method}`"),
            "leave it out: every index is a B-tree",
        );
    }
    if !index.include.is_empty() {
        add(
            "SQLite has no columns beside an index's key".to_owned(),
            "add them to the end of the key, or leave them out",
        );
    }
    if index.unique && !index.nulls_distinct {
        add(NULLS_DISTINCT.to_owned(), NULLS_DISTINCT_HELP);
    }
    for part in &index.parts {
        if let Some(class) = &part.opclass {
            add(format!("SQLite has no operator class `{class}`"), "leave it out");
        }
        // NULLs are the smallest values, and an index cannot say otherwise.
        if part.nulls_first.is_some_and(|first| first == part.descending) {
            add(
                "SQLite sorts NULLs first upwards and last downwards, and an index cannot change that".to_owned(),
                "leave the order of NULLs out",
            );
        }
    }
}

fn normalize_part(part: &mut IndexPart, table: &Table, scope: Scope<'_>) -> Result<(), String> {
    part.nulls_first = None;
    if let IndexKey::Expr(Expr::Sql(sql)) = &part.key {
        let sql = expr::normalize(sql, scope).map_err(|why| format!("an expression of it cannot be read: {why}"))?;
        let (sql, trailing) = expr::split_collation(&sql);
        if part.collation.is_none() {
            part.collation = trailing;
        }
        part.key = match expr::lone_column(&sql, scope) {
            Some(column) => IndexKey::Column(column),
            None => IndexKey::Expr(Expr::Sql(sql)),
        };
    }
    let IndexKey::Column(name) = &mut part.key else {
        return Ok(());
    };
    spell(std::slice::from_mut(name), scope.columns);
    let own = table.column(name).and_then(|column| column.collation.as_ref());
    let own = own.map_or(BINARY, Name::as_str);
    // Said of a column, its own collation is no difference.
    part.collation = part.collation.take().filter(|said| !same(said.as_str(), own));
    Ok(())
}
