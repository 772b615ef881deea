//! The normal form of one table.

use std::collections::{BTreeMap, BTreeSet};

use super::{local, no_empty, refusal};
use crate::dialect::postgres::expr::{self, Place};
use crate::dialect::postgres::types::element;
use crate::dialect::postgres::{Postgres, opclass};
use crate::dialect::{Refusal, Types};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, Identity, Index, IndexKey, SqlType, Table};

pub(super) fn normalize(
    table: &mut Table,
    enums: &BTreeSet<Qualified>,
    keys: &BTreeMap<Qualified, Vec<Name>>,
    refusals: &mut Vec<Refusal>,
) {
    local(&mut table.name);
    no_empty(&mut table.comment);
    for column in &mut table.columns {
        type_of(column, &table.name, enums, refusals);
        no_empty(&mut column.comment);
        if column.collation.as_ref().is_some_and(|name| name == "default") {
            column.collation = None;
        }
    }
    not_null(table);
    let types: BTreeMap<String, SqlType> = table
        .columns
        .iter()
        .map(|column| (column.name.to_string(), column.ty.clone()))
        .collect();
    let columns = |name: &str| types.get(name).cloned();
    let name = table.name.name.to_string();
    let place = Place {
        table: &name,
        columns: &columns,
    };
    for column in &mut table.columns {
        value(column, &table.name, place, refusals);
    }
    for check in table.checks.values_mut() {
        check.expr = expr::normalize(&check.expr, place);
    }
    for key in table.foreign_keys.values_mut() {
        local(&mut key.references);
        if key.referenced.is_empty()
            && let Some(columns) = keys.get(&key.references)
        {
            key.referenced.clone_from(columns);
        }
    }
    for index in table.indexes.values_mut() {
        normalize_index(index, &table.columns, place);
    }
    // Those of other engines: one source may serve several.
    table.options.clear();
    table.columns.iter_mut().for_each(|column| column.options.clear());
    table.indexes.values_mut().for_each(|index| index.options.clear());
}

/// A type as it would be read back. The name of an enum that is declared wins over one that is only known by its text.
fn type_of(column: &mut Column, table: &Qualified, enums: &BTreeSet<Qualified>, refusals: &mut Vec<Refusal>) {
    match Postgres.format(&column.ty).and_then(|text| Postgres.parse(&text)) {
        Ok(ty) => column.ty = ty,
        Err(error) => {
            let message = format!("PostgreSQL has no type `{}`", error.ty);
            refusals.push(refusal(table, Some(&column.name), message, error.hint));
            return;
        }
    }
    if let SqlType::Native(text) = element(&column.ty)
        && let Ok(name) = Name::new(text.clone())
        && enums.contains(&Qualified::local(name.clone()))
    {
        let named = SqlType::Enum(Qualified::local(name));
        column.ty = match column.ty {
            SqlType::Array(_) => SqlType::Array(Box::new(named)),
            _ => named,
        };
    }
}

/// The columns of a primary key and identities cannot be NULL, whether it is said or not.
fn not_null(table: &mut Table) {
    let key: Vec<Name> = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    for column in &mut table.columns {
        let counts = matches!(
            column.value,
            ColumnValue::Identity(Identity::Always | Identity::ByDefault)
        );
        if key.contains(&column.name) || counts {
            column.nullable = false;
        }
    }
}

fn value(column: &mut Column, table: &Qualified, place: Place<'_>, refusals: &mut Vec<Refusal>) {
    match &mut column.value {
        ColumnValue::Required => {}
        ColumnValue::Default(default) => {
            let default = expr::normalize_default(default, &column.ty);
            column.value = match default {
                Expr::Null => ColumnValue::Required,
                default => ColumnValue::Default(default),
            };
        }
        ColumnValue::Generated { expr, .. } => *expr = expr::normalize(expr, place),
        ColumnValue::Identity(_) if !matches!(column.ty, SqlType::Int { .. }) => {
            let message = format!("a column of type `{}` cannot count by itself", spelled(&column.ty));
            refusals.push(refusal(table, Some(&column.name), message, "use `i16`, `i32` or `i64`"));
        }
        ColumnValue::Identity(_) => {}
    }
}

fn spelled(ty: &SqlType) -> String {
    Postgres.format(ty).unwrap_or_else(|error| error.ty)
}

fn normalize_index(index: &mut Index, columns: &[Column], place: Place<'_>) {
    if index.method.as_ref().is_some_and(|method| method == "btree") {
        index.method = None;
    }
    // NULLs can be equal only where equal keys are refused.
    index.nulls_distinct |= !index.unique;
    index.predicate = index
        .predicate
        .as_ref()
        .map(|predicate| expr::normalize(predicate, place));
    let sorts = index.method.is_none();
    for part in &mut index.parts {
        if let IndexKey::Expr(key) = &part.key {
            let key = expr::normalize(key, place);
            part.key = match columns.iter().find(|column| is_column(&key, &column.name)) {
                Some(column) => IndexKey::Column(column.name.clone()),
                None => IndexKey::Expr(key),
            };
        }
        // NULLs are taken for greater than everything else.
        if !sorts || part.nulls_first == Some(part.descending) {
            part.nulls_first = None;
        }
        let column = match &part.key {
            IndexKey::Column(name) => columns.iter().find(|column| column.name == *name),
            IndexKey::Expr(_) => None,
        };
        if let (Some(class), Some(column)) = (&part.opclass, column)
            && opclass::is_default(class.as_str(), &column.ty, index.method.as_ref().map(Name::as_str))
        {
            part.opclass = None;
        }
        if let Some(column) = column
            && part.collation.is_some()
            && (part.collation == column.collation
                || column.collation.is_none() && part.collation.as_ref().is_some_and(|name| name == "default"))
        {
            part.collation = None;
        }
    }
}

/// An expression that is nothing but a column.
fn is_column(key: &Expr, name: &Name) -> bool {
    matches!(key, Expr::Sql(sql) if *sql == crate::dialect::postgres::syntax::bare(name.as_str()))
}
