use std::collections::{BTreeMap, BTreeSet};

use super::{Refusals, index};
use crate::dialect::sqlite::expr::{self, Scope, same};
use crate::dialect::sqlite::options::{self, ON_CONFLICT, Of, STRICT};
use crate::dialect::sqlite::token::{Kind, quoted_name, quoted_text, tokens};
use crate::dialect::sqlite::{names, types};
use crate::ident::{Name, Qualified};
use crate::ir::{ByName, Check, Column, ColumnValue, Deferrable, Enum, Expr, Identity, SqlType, Table, Unique};

/// One table in normal form, as far as it can have one.
pub(super) fn normalize(mut table: Table, enums: &BTreeMap<Qualified, Enum>, refusals: &mut Refusals) -> Table {
    table.comment = None;
    take_options(&mut table, refusals);
    table.indexes.values_mut().for_each(|index| index.options.clear());
    refuse_column_clashes(&table, refusals);
    let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
    let name = table.name.clone();
    let scope = Scope {
        table: &name.name,
        columns: &columns,
    };
    if let Some(key) = &mut table.primary_key {
        spell(&mut key.columns, &columns);
        key.name = names::primary_key(&name.name);
        if key.deferrable != Deferrable::No {
            refusals.add(
                &name,
                Some(&key.name),
                "SQLite checks a primary key at once, it cannot be deferred",
                "leave `deferrable` out",
            );
        }
    }
    checks(&mut table, scope, refusals);
    for column in &mut table.columns {
        if let SqlType::Enum(of) = &column.ty {
            match enums.get(of) {
                Some(e) => add_enum_check(&mut table.checks, column, e, &name.name),
                None => refusals.add(
                    &name,
                    Some(&column.name),
                    format!("there is no enum `{of}`"),
                    "declare it",
                ),
            }
        }
    }
    let key = table
        .primary_key
        .as_ref()
        .map(|key| key.columns.clone())
        .unwrap_or_default();
    for column in &mut table.columns {
        normalize_column(column, &name, scope, refusals);
    }
    let numbers = options::is_row_number(&table);
    let strict = table.options.contains_key(STRICT);
    for column in &mut table.columns {
        if key.contains(&column.name) {
            column.nullable = false;
        }
        if column.nullable {
            column.options.remove(ON_CONFLICT);
        }
        count(column, &name, numbers && key.contains(&column.name), refusals);
        if strict {
            refuse_loose_type(column, &name, refusals);
        }
    }
    constraints(&mut table, &columns, refusals);
    table.indexes = std::mem::take(&mut table.indexes)
        .into_values()
        .map(|index| (index.name.clone(), index::normalize(index, &table, scope, refusals)))
        .collect();
    table
}

fn take_options(table: &mut Table, refusals: &mut Refusals) {
    let (options, complaints) = options::normal(table);
    table.options = options;
    for why in complaints {
        refusals.add(&table.name, None, why, "leave it out");
    }
    for column in &mut table.columns {
        let (options, complaints) = options::of_column(&column.options);
        column.options = options;
        for why in complaints {
            refusals.add(&table.name, Some(&column.name), why, "leave it out");
        }
    }
}

fn refuse_column_clashes(table: &Table, refusals: &mut Refusals) {
    for (at, column) in table.columns.iter().enumerate() {
        let twin = table.columns[..at]
            .iter()
            .find(|other| same(other.name.as_str(), column.name.as_str()));
        if let Some(twin) = twin {
            refusals.add(
                &table.name,
                Some(&column.name),
                format!("SQLite takes it for the column `{}`", twin.name),
                "ASCII case does not tell names apart: give it another name",
            );
        }
    }
    if table.columns.is_empty() {
        refusals.add(
            &table.name,
            None,
            "a table without columns",
            "SQLite needs at least one column",
        );
    }
}

fn checks(table: &mut Table, scope: Scope<'_>, refusals: &mut Refusals) {
    for check in table.checks.values_mut() {
        if let Expr::Sql(sql) = &check.expr {
            match expr::normalize(sql, scope) {
                Ok(sql) => check.expr = Expr::Sql(sql),
                Err(why) => refusals.add(
                    &table.name,
                    Some(&check.name),
                    format!("the check cannot be read: {why}"),
                    "",
                ),
            }
        }
    }
}

fn add_enum_check(checks: &mut ByName<Check>, column: &Column, e: &Enum, table: &Name) {
    let check = enum_check(&column.name, &e.values);
    let wanted = names::constraint(table, std::slice::from_ref(&column.name), "check");
    if checks.get(&wanted).is_some_and(|other| other.expr == check) {
        return;
    }
    let name = names::free(wanted, checks);
    checks.insert(name.clone(), Check::new(name, check));
}

/// The one shape of the check that keeps an enum's values: `"status" IN ('todo', 'done')`.
fn enum_check(column: &Name, values: &[String]) -> Expr {
    let values: Vec<String> = values.iter().map(|value| quoted_text(value)).collect();
    Expr::Sql(format!("{} IN ({})", quoted_name(column.as_str()), values.join(", ")))
}

/// The values that [`enum_check`] would have been made from, with the name of the check.
pub(in crate::dialect::sqlite) fn enum_values(table: &Table, column: &Column) -> Option<(Name, Vec<String>)> {
    let name = names::constraint(&table.name.name, std::slice::from_ref(&column.name), "check");
    let check = table.checks.get(&name).filter(|_| column.ty == SqlType::Text)?;
    let Expr::Sql(sql) = &check.expr else { return None };
    let tokens = tokens(sql).ok()?;
    let [_, _, _, list @ .., _] = tokens.as_slice() else {
        return None;
    };
    let texts = list.iter().filter(|token| token.kind == Kind::Text);
    let values: Vec<String> = texts.map(|token| token.unquoted().into_owned()).collect();
    (!values.is_empty() && check.expr == enum_check(&column.name, &values)).then_some((name, values))
}

fn normalize_column(column: &mut Column, table: &Qualified, scope: Scope<'_>, refusals: &mut Refusals) {
    column.comment = None;
    let declared = column.ty.clone();
    match types::normalize(&column.ty) {
        Ok(ty) => column.ty = ty,
        Err(error) => refusals.add(
            table,
            Some(&column.name),
            format!("SQLite has no type `{}`", error.ty),
            &error.hint,
        ),
    }
    // `BINARY` is what a column has anyway. The others keep their case: they are given back as they are written.
    column.collation = column.collation.take().filter(|name| !same(name.as_str(), BINARY));
    // A default cannot use columns: a name in it is a text to SQLite.
    let no_columns = Scope { columns: &[], ..scope };
    let value = match std::mem::replace(&mut column.value, ColumnValue::Required) {
        ColumnValue::Default(expr) => {
            expr::normalize_value(now_of(&declared, expr), no_columns).map(ColumnValue::Default)
        }
        ColumnValue::Generated {
            expr: Expr::Sql(sql),
            stored,
        } => expr::normalize(&sql, scope).map(|sql| ColumnValue::Generated {
            expr: Expr::Sql(sql),
            stored,
        }),
        other => Ok(other),
    };
    match value {
        Ok(value) => column.value = value,
        Err(why) => refusals.add(
            table,
            Some(&column.name),
            format!("its expression cannot be read: {why}"),
            "",
        ),
    }
}

/// "Now" as a day or a time of day has a spelling of its own.
fn now_of(ty: &SqlType, expr: Expr) -> Expr {
    match (ty, expr) {
        (SqlType::Date, Expr::Now) => Expr::Sql("CURRENT_DATE".to_owned()),
        (SqlType::Time { .. }, Expr::Now) => Expr::Sql("CURRENT_TIME".to_owned()),
        (_, expr) => expr,
    }
}

/// A lone `integer` primary key is the row's own number and counts by itself, whether that was asked for or not.
fn count(column: &mut Column, table: &Qualified, counts: bool, refusals: &mut Refusals) {
    match &column.value {
        ColumnValue::Required if counts => column.value = ColumnValue::identity(Identity::ByDefault),
        ColumnValue::Identity(Identity::Always, _) => refusals.add(
            table,
            Some(&column.name),
            "in SQLite an insert can always give a value of its own",
            "let the identity be `by default`",
        ),
        ColumnValue::Identity(..) if !counts => refusals.add(
            table,
            Some(&column.name),
            "in SQLite only a lone integer primary key counts by itself",
            "make it the only column of the primary key (of a table with rowids), or take the counting away",
        ),
        _ => {}
    }
}

fn refuse_loose_type(column: &Column, table: &Qualified, refusals: &mut Refusals) {
    let allowed = match &column.ty {
        SqlType::Native(text) => ["int", "any"].contains(&&**text),
        SqlType::Varchar(_) | SqlType::Char(_) => false,
        _ => true,
    };
    if !allowed {
        refusals.add(
            table,
            Some(&column.name),
            "a strict table only has the types integer, int, real, text, blob and any",
            "choose one of them",
        );
    }
}

fn constraints(table: &mut Table, columns: &[Name], refusals: &mut Refusals) {
    for unique in table.uniques.values_mut() {
        spell(&mut unique.columns, columns);
        refuse_unique(unique, &table.name, refusals);
    }
    forget_doubles(table);
    for key in table.foreign_keys.values_mut() {
        spell(&mut key.columns, columns);
        if key.references.schema.is_some() {
            refusals.add(
                &table.name,
                Some(&key.name),
                "SQLite has no named schemas",
                super::NO_SCHEMAS,
            );
        }
    }
}

/// SQLite keeps one index for constraints of the same columns, that of the primary key among them, so the others say nothing.
fn forget_doubles(table: &mut Table) {
    let key = |of: Of<'_>, columns: &[Name]| (columns.to_vec(), table.options.get(&of.key()).cloned());
    let mut seen = BTreeSet::new();
    if let Some(primary) = &table.primary_key
        && !options::is_row_number(table)
    {
        seen.insert(key(Of::Primary, &primary.columns));
    }
    let mut doubles = Vec::new();
    for unique in table.uniques.values() {
        if !seen.insert(key(Of::Unique(&unique.name), &unique.columns)) {
            doubles.push(unique.name.clone());
        }
    }
    for name in doubles {
        table.uniques.remove(&name);
        table.options.remove(&Of::Unique(&name).key());
        table.options.remove(&Of::Unique(&name).conflict());
    }
}

fn refuse_unique(unique: &Unique, table: &Qualified, refusals: &mut Refusals) {
    if unique.deferrable != Deferrable::No {
        refusals.add(
            table,
            Some(&unique.name),
            "SQLite checks a unique constraint at once, it cannot be deferred",
            "leave `deferrable` out",
        );
    }
    if !unique.nulls_distinct {
        refusals.add(table, Some(&unique.name), NULLS_DISTINCT, NULLS_DISTINCT_HELP);
    }
}

pub(super) const NULLS_DISTINCT: &str = "to SQLite two NULLs are always different";
pub(super) const NULLS_DISTINCT_HELP: &str =
    "leave `nulls not distinct` out, make the columns NOT NULL, or use a unique index on `coalesce(…)`";

/// The collation of a column that says none.
pub(super) const BINARY: &str = "BINARY";

/// Gives names the case that the columns have.
pub(super) fn spell(names: &mut [Name], columns: &[Name]) {
    for name in names {
        if columns.contains(name) {
            continue;
        }
        if let Some(column) = columns.iter().find(|column| same(column.as_str(), name.as_str())) {
            *name = column.clone();
        }
    }
}
