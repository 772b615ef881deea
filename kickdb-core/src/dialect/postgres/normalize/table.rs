//! The normal form of one table.

use std::collections::{BTreeMap, BTreeSet};

use super::{local, no_empty, refusal};
use crate::dialect::head::Head;
use crate::dialect::postgres::expr::{self, Place};
use crate::dialect::postgres::extension::Homes;
use crate::dialect::postgres::types::element;
use crate::dialect::postgres::{Postgres, counter, opclass, options};
use crate::dialect::{Dialect, Refusal, Types as _};
use crate::ident::{Name, Qualified};
use crate::ir::{Action, Column, ColumnValue, Expr, Identity, Index, IndexKey, IndexPart, SqlType, Table};

/// What is known of types.
pub(super) struct Types<'a> {
    /// Those that the schema makes.
    pub(super) own: BTreeSet<Qualified>,
    pub(super) homes: &'a Homes,
}

pub(super) fn normalize(
    table: &mut Table,
    types: &Types<'_>,
    keys: &BTreeMap<Qualified, Vec<Name>>,
    classes: &opclass::Own,
    refusals: &mut Vec<Refusal>,
) {
    local(&mut table.name);
    no_empty(&mut table.comment);
    for column in &mut table.columns {
        type_of(column, &table.name, types, refusals);
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
        let sets = matches!(key.on_delete, Action::SetNull | Action::SetDefault);
        // The server keeps a list of all columns, although it says what no list does.
        if !sets {
            key.set_columns.clear();
        }
    }
    for index in table.indexes.values_mut() {
        normalize_index(index, &table.columns, classes, place);
    }
    for exclusion in table.exclusions.values_mut() {
        exclusion.predicate = predicate(exclusion.predicate.as_ref(), place);
        let method = Some(exclusion.method.clone()).filter(|method| method != "btree");
        let parts = exclusion.parts.iter_mut().map(|(part, _)| part);
        normalize_parts(parts, method.as_ref(), &table.columns, classes, place);
        options::of_index(&mut exclusion.options);
    }
    for parent in table
        .inherits
        .iter_mut()
        .chain(table.partition.iter_mut().map(|partition| &mut partition.of))
    {
        local(parent);
    }
    if let Some(key) = &mut table.partition_by {
        *key = expr::partition_key(key);
    }
    if let Some(partition) = &mut table.partition {
        partition.bound = expr::bound(&partition.bound);
    }
    normalize_options(table);
}

/// Options of other engines say nothing here: one source may serve several.
fn normalize_options(table: &mut Table) {
    options::of_table(&mut table.options);
    for column in &mut table.columns {
        options::of_column(&mut column.options);
    }
    for index in table.indexes.values_mut() {
        options::of_index(&mut index.options);
        no_empty(&mut index.comment);
    }
    let keys = table
        .primary_key
        .iter_mut()
        .map(|key| (&mut key.options, &mut key.comment));
    let uniques = table
        .uniques
        .values_mut()
        .map(|key| (&mut key.options, &mut key.comment));
    for (options, comment) in keys.chain(uniques) {
        options::of_index(options);
        no_empty(comment);
    }
    let checks = table.checks.values_mut().map(|check| &mut check.comment);
    let keys = table.foreign_keys.values_mut().map(|key| &mut key.comment);
    let exclusions = table.exclusions.values_mut().map(|exclusion| &mut exclusion.comment);
    checks.chain(keys).chain(exclusions).for_each(no_empty);
}

/// A type as it would be read back. The name of an enum that is declared wins over one that is only known by its text.
fn type_of(column: &mut Column, table: &Qualified, types: &Types<'_>, refusals: &mut Vec<Refusal>) {
    match Postgres.format(&column.ty).and_then(|text| Postgres.parse(&text)) {
        Ok(ty) => column.ty = ty,
        Err(error) => {
            let message = format!("PostgreSQL has no type `{}`", error.ty);
            refusals.push(refusal(table, Some(&column.name), message, error.hint));
            return;
        }
    }
    let SqlType::Native(text) = element(&column.ty) else {
        return;
    };
    let mut head = Head::new(text, Postgres.lexis(), false);
    let named = head
        .name()
        .filter(|name| head.at >= head.tokens.len() && types.own.contains(name));
    let ty = std::mem::replace(&mut column.ty, SqlType::Bool);
    column.ty = match (named, ty) {
        (Some(named), SqlType::Array(_)) => SqlType::Array(Box::new(SqlType::Enum(named))),
        (Some(named), _) => SqlType::Enum(named),
        (None, ty) => types.homes.at_home(ty),
    };
}

/// The columns of a primary key and identities cannot be NULL, whether it is said or not.
fn not_null(table: &mut Table) {
    let key: Vec<Name> = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    for column in &mut table.columns {
        let counts = matches!(
            column.value,
            ColumnValue::Identity(Identity::Always | Identity::ByDefault, _)
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
        ColumnValue::Identity(..) if !matches!(column.ty, SqlType::Int { .. }) => {
            let message = format!("a column of type `{}` cannot count by itself", spelled(&column.ty));
            refusals.push(refusal(table, Some(&column.name), message, "use `i16`, `i32` or `i64`"));
        }
        ColumnValue::Identity(identity, options) => {
            *options = Some(counter::normalize(options.take(), *identity, &column.ty));
        }
    }
}

fn spelled(ty: &SqlType) -> String {
    Postgres.format(ty).unwrap_or_else(|error| error.ty)
}

fn normalize_index(index: &mut Index, columns: &[Column], classes: &opclass::Own, place: Place<'_>) {
    if index.method.as_ref().is_some_and(|method| method == "btree") {
        index.method = None;
    }
    // NULLs can be equal only where equal keys are refused.
    index.nulls_distinct |= !index.unique;
    index.predicate = predicate(index.predicate.as_ref(), place);
    normalize_parts(index.parts.iter_mut(), index.method.as_ref(), columns, classes, place);
}

fn predicate(predicate: Option<&Expr>, place: Place<'_>) -> Option<Expr> {
    predicate.map(|predicate| expr::normalize(predicate, place))
}

fn normalize_parts<'a>(
    parts: impl Iterator<Item = &'a mut IndexPart>,
    method: Option<&Name>,
    columns: &[Column],
    classes: &opclass::Own,
    place: Place<'_>,
) {
    let sorts = method.is_none();
    for part in parts {
        if let IndexKey::Expr(key) = &part.key {
            let key = expr::normalize(key, place);
            part.key = match columns.iter().find(|column| is_column(&key, &column.name)) {
                Some(column) => IndexKey::Column(column.name.clone()),
                None => IndexKey::Expr(key),
            };
        }
        part.parameters.remove(options::ORDER);
        // NULLs are taken for greater than everything else.
        if !sorts || part.nulls_first == Some(part.descending) {
            part.nulls_first = None;
        }
        let column = match &part.key {
            IndexKey::Column(name) => columns.iter().find(|column| column.name == *name),
            IndexKey::Expr(_) => None,
        };
        if let (Some(class), Some(column)) = (&part.opclass, column)
            && part.parameters.is_empty()
            && classes.is_default(class.as_str(), &column.ty, method.map(Name::as_str))
        {
            part.opclass = None;
        }
        if let (None, Some(column)) = (&part.opclass, column) {
            part.opclass = classes.default_of(&column.ty, method.map(Name::as_str));
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
