//! A schema in normal form whose expressions are as the server tells them.

use std::sync::Arc;

use super::words::faithful;
use crate::dialect::postgres::options as option;
use crate::dialect::postgres::types::element;
use crate::ir::{Column, ColumnValue, Expr, IndexKey, IndexPart, ObjectKind, Partition, Schema, SqlType, Table};

/// Gives the expressions of `normal` back the words that they have in `told`, the same schema before it was normalized.
///
/// Two databases differ for whoever reads them as soon as the server's words do (`now()` and `CURRENT_TIMESTAMP`), and what is
/// made in one of them is to be what the other one has, down to the casts.
pub(super) fn respell(normal: &mut Schema, told: Schema) {
    for (name, told) in told.tables {
        if let Some(table) = normal.tables.get_mut(&name) {
            respell_table(table, Arc::unwrap_or_clone(told));
        }
    }
    for (id, told) in told.objects {
        if id.kind == ObjectKind::Domain
            && let Some(object) = normal.objects.get_mut(&id)
        {
            let facets = told.facets.into_iter();
            object.facets = facets.map(|(name, text)| (name, faithful(text))).collect();
        }
    }
}

fn respell_table(table: &mut Table, told: Table) {
    for (column, told) in table.columns.iter_mut().zip(told.columns) {
        respell_column(column, told);
    }
    for (name, told) in told.checks {
        if let Some(check) = table.checks.get_mut(&name) {
            check.expr = spelled(told.expr);
        }
    }
    for (name, told) in told.indexes {
        if let Some(index) = table.indexes.get_mut(&name) {
            index.predicate = told.predicate.map(spelled);
            let order = told.options.get_key_value(option::ORDER);
            index
                .options
                .extend(order.map(|(key, value)| (key.clone(), value.clone())));
            index.parts.iter_mut().zip(told.parts).for_each(respell_part);
        }
    }
    for (name, told) in told.exclusions {
        if let Some(exclusion) = table.exclusions.get_mut(&name) {
            exclusion.predicate = told.predicate.map(spelled);
            let told = told.parts.into_iter().map(|(part, _)| part);
            let parts = exclusion.parts.iter_mut().map(|(part, _)| part);
            parts.zip(told).for_each(respell_part);
        }
    }
    if let (Some(place), Some(Partition { bound, .. })) = (&mut table.partition, told.partition) {
        place.bound = bound;
    }
}

fn respell_column(column: &mut Column, told: Column) {
    if matches!(element(&told.ty), SqlType::Native(text) if text.contains('.')) {
        column.ty = told.ty.clone();
    }
    // A value of an enum stays a value: it is renamed and dropped along with those of the type.
    let is_enum = matches!(element(&column.ty), SqlType::Enum(_));
    match (&column.value, &told.value) {
        (ColumnValue::Default(Expr::Text(_)), _) if is_enum => {}
        (ColumnValue::Required | ColumnValue::Default(_), ColumnValue::Default(_))
        | (ColumnValue::Generated { .. }, ColumnValue::Generated { .. }) => {
            column.value = match told.value {
                ColumnValue::Default(expr) => ColumnValue::Default(spelled(expr)),
                ColumnValue::Generated { expr, stored } => ColumnValue::Generated {
                    expr: spelled(expr),
                    stored,
                },
                other => other,
            };
        }
        _ => {}
    }
}

fn spelled(expr: Expr) -> Expr {
    match expr {
        Expr::Sql(sql) => Expr::Sql(faithful(sql)),
        other => other,
    }
}

/// What turned out to be nothing but a column stays one.
fn respell_part((part, told): (&mut IndexPart, IndexPart)) {
    let order = told.parameters.get_key_value(option::ORDER);
    part.parameters
        .extend(order.map(|(key, value)| (key.clone(), value.clone())));
    if let (IndexKey::Expr(key), IndexKey::Expr(told)) = (&mut part.key, told.key) {
        *key = spelled(told);
    }
}
