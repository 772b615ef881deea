use std::collections::BTreeMap;

use super::{NO_SCHEMAS, Refusals, index, options, value};
use crate::dialect::mysql::types::{self, Class};
use crate::dialect::mysql::{expr, keys};
use crate::ident::{Name, Qualified};
use crate::ir::{
    Action, Check, Column, ColumnValue, Deferrable, Enum, Expr, Identity, IndexKey, IndexPart, SqlType, Table, Unique,
};

/// One table in normal form, as far as it can have one.
pub(super) fn normalize(mut table: Table, enums: &BTreeMap<Qualified, Enum>, refusals: &mut Refusals) -> Table {
    let name = table.name.clone();
    table.comment = table.comment.filter(|comment| !comment.is_empty());
    refuse_column_clashes(&table, refusals);
    let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
    options::of_table(&mut table, &columns, refusals);
    if let Some(key) = &mut table.primary_key {
        spell(&mut key.columns, &columns);
        key.name = Name::new(keys::PRIMARY).expect("it is not empty");
        if key.deferrable != Deferrable::No {
            refusals.add(
                &name,
                Some(&key.name),
                "MySQL checks a primary key at once, it cannot be deferred",
                "leave `deferrable` out",
            );
        }
        for column in table
            .columns
            .iter_mut()
            .filter(|column| key.columns.contains(&column.name))
        {
            column.nullable = false;
        }
    }
    for column in &mut table.columns {
        normalize_column(column, &name, &columns, enums, refusals);
    }
    checks(&mut table, &columns, refusals);
    foreign_keys(&mut table, &columns, refusals);
    table.uniques = std::mem::take(&mut table.uniques)
        .into_values()
        .map(|unique| (unique.name.clone(), normalize_unique(unique, &name, &columns, refusals)))
        .collect();
    index::normalize(&mut table, &columns, refusals);
    count(&table, refusals);
    refuse_long_keys(&table, refusals);
    table
}

fn refuse_column_clashes(table: &Table, refusals: &mut Refusals) {
    for (at, column) in table.columns.iter().enumerate() {
        let folded = column.name.as_str().to_lowercase();
        let twin = table.columns[..at]
            .iter()
            .find(|other| other.name.as_str().to_lowercase() == folded);
        if let Some(twin) = twin {
            refusals.add(
                &table.name,
                Some(&column.name),
                format!("MySQL takes it for the column `{}`", twin.name),
                "letter case does not tell columns apart: give it another name",
            );
        }
    }
    if table.columns.is_empty() {
        refusals.add(
            &table.name,
            None,
            "a table without columns",
            "MySQL needs at least one column",
        );
    }
}

fn normalize_column(
    column: &mut Column,
    table: &Qualified,
    columns: &[Name],
    enums: &BTreeMap<Qualified, Enum>,
    refusals: &mut Refusals,
) {
    column.comment = column.comment.take().filter(|comment| !comment.is_empty());
    let ty = match &column.ty {
        SqlType::Enum(of) => match enums.get(of) {
            Some(e) => Ok(types::enum_type(&e.values)),
            None => {
                refusals.add(
                    table,
                    Some(&column.name),
                    format!("there is no enum `{of}`"),
                    "declare it",
                );
                return;
            }
        },
        other => types::normal(other),
    };
    match ty {
        Ok(ty) => column.ty = ty,
        Err(error) => {
            refusals.add(
                table,
                Some(&column.name),
                format!("MySQL has no type `{}`", error.ty),
                &error.hint,
            );
            return;
        }
    }
    collation(column, table, refusals);
    options::of_column(column);
    match std::mem::replace(&mut column.value, ColumnValue::Required) {
        ColumnValue::Required => {}
        ColumnValue::Default(expr) => {
            if let Some(expr) = value::normalize(expr, &column.ty, columns) {
                column.value = ColumnValue::Default(expr);
            }
        }
        ColumnValue::Identity(Identity::Always, _) => refusals.add(
            table,
            Some(&column.name),
            "in MySQL an insert can always give a value of its own",
            "let the identity be `by default`",
        ),
        ColumnValue::Identity(..) => {
            column.nullable = false;
            column.value = ColumnValue::identity(Identity::ByDefault);
        }
        ColumnValue::Generated {
            expr: Expr::Sql(bound), ..
        } if [ROW_START, ROW_END].contains(&&*bound.to_ascii_uppercase()) => {
            column.nullable = false;
            column.value = ColumnValue::Generated {
                expr: Expr::Sql(bound.to_ascii_uppercase()),
                stored: true,
            };
        }
        ColumnValue::Generated { expr, stored } => {
            // MariaDB takes no NOT NULL on a generated column.
            column.nullable = true;
            let expr = match expr {
                Expr::Sql(sql) => Expr::Sql(expr::normalize(&sql, columns)),
                other => value::normalize(other, &column.ty, columns).unwrap_or(Expr::Null),
            };
            column.value = ColumnValue::Generated { expr, stored };
        }
    }
}

/// What the columns hold that say since when and until when a row of a versioned table holds.
pub(in crate::dialect::mysql) const ROW_START: &str = "ROW START";
pub(in crate::dialect::mysql) const ROW_END: &str = "ROW END";

/// Types that have a collation.
pub(in crate::dialect::mysql) fn is_text(ty: &SqlType) -> bool {
    match ty {
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => true,
        SqlType::Native(text) => {
            ["tinytext", "mediumtext", "longtext"].contains(&&**text)
                || text.starts_with("enum(")
                || text.starts_with("set(")
        }
        _ => false,
    }
}

fn collation(column: &mut Column, table: &Qualified, refusals: &mut Refusals) {
    let Some(name) = column.collation.take() else { return };
    if matches!(column.ty, SqlType::Json { .. }) {
        return;
    }
    if !is_text(&column.ty) {
        refusals.add(
            table,
            Some(&column.name),
            "only a text has a collation",
            "leave the collation out",
        );
        return;
    }
    column.collation = Name::new(name.as_str().to_ascii_lowercase()).ok();
}

fn checks(table: &mut Table, columns: &[Name], refusals: &mut Refusals) {
    for Check { name, expr, .. } in table.checks.values_mut() {
        if let Expr::Sql(sql) = expr {
            *sql = expr::normalize(sql, columns);
        } else {
            refusals.add(&table.name, Some(name), "a check that checks nothing", "leave it out");
        }
    }
}

fn foreign_keys(table: &mut Table, columns: &[Name], refusals: &mut Refusals) {
    for key in table.foreign_keys.values_mut() {
        spell(&mut key.columns, columns);
        let mut add = |message: &str, help: &str| refusals.add(&table.name, Some(&key.name), message, help);
        if key.references.schema.is_some() {
            add("MySQL has no named schemas inside of a database", NO_SCHEMAS);
        }
        if key.deferrable != Deferrable::No {
            add(
                "MySQL checks a foreign key at once, it cannot be deferred",
                "leave `deferrable` out",
            );
        }
        if key.on_delete == Action::SetDefault || key.on_update == Action::SetDefault {
            add("InnoDB has no `set default`", "use `set null`, `restrict` or `cascade`");
        }
        let nulls = key.on_delete == Action::SetNull || key.on_update == Action::SetNull;
        let not_null = |name: &Name| {
            table
                .columns
                .iter()
                .any(|column| column.name == *name && !column.nullable)
        };
        if nulls && key.columns.iter().any(not_null) {
            add("`set null` on a column that is NOT NULL", "make the column an `Option`");
        }
    }
}

fn normalize_unique(mut unique: Unique, table: &Qualified, columns: &[Name], refusals: &mut Refusals) -> Unique {
    spell(&mut unique.columns, columns);
    if unique.deferrable != Deferrable::No {
        refusals.add(
            table,
            Some(&unique.name),
            "MySQL checks a unique constraint at once, it cannot be deferred",
            "leave `deferrable` out",
        );
    }
    if !unique.nulls_distinct {
        refusals.add(
            table,
            Some(&unique.name),
            index::NULLS_DISTINCT,
            index::NULLS_DISTINCT_HELP,
        );
    }
    unique
}

/// Whether a column counts anew for each value of those before it in a key, as MyISAM and Aria let it
/// (<https://mariadb.com/kb/en/auto_increment/>).
fn counts_in_groups(table: &Table, column: &Name) -> bool {
    let engine = table
        .options
        .get(options::ENGINE)
        .map(|engine| engine.to_ascii_lowercase());
    let in_key = |columns: &[Name]| columns.contains(column);
    let in_index = |parts: &[IndexPart]| {
        parts
            .iter()
            .any(|part| matches!(&part.key, IndexKey::Column(name) if name == column))
    };
    matches!(engine.as_deref(), Some("myisam" | "aria"))
        && (table.primary_key.iter().any(|key| in_key(&key.columns))
            || table.uniques.values().any(|unique| in_key(&unique.columns))
            || table.indexes.values().any(|index| in_index(&index.parts)))
}

/// At most one column counts, it is a whole number, and a key starts with it.
fn count(table: &Table, refusals: &mut Refusals) {
    let mut seen = None;
    for column in &table.columns {
        if !matches!(column.value, ColumnValue::Identity(..)) {
            continue;
        }
        let mut add = |message: &str, help: &str| refusals.add(&table.name, Some(&column.name), message, help);
        if let Some(other) = seen.replace(&column.name) {
            add(
                &format!("`{other}` counts by itself already"),
                "only one column of a table can",
            );
        }
        // A `float` or `double` can count, too.
        if !matches!(types::class(&column.ty), Class::Whole { .. } | Class::Float { .. }) {
            add("only a whole number counts by itself", "make it an integer");
        }
        let primary = table.primary_key.iter().map(|key| key.columns.first());
        let uniques = table.uniques.values().map(|unique| unique.columns.first());
        let indexes = table
            .indexes
            .values()
            .map(|index| match index.parts.first().map(|part| &part.key) {
                Some(IndexKey::Column(name)) => Some(name),
                _ => None,
            });
        let mut firsts = primary.chain(uniques).chain(indexes);
        if !firsts.any(|first| first == Some(&column.name)) && !counts_in_groups(table, &column.name) {
            add(
                "a column that counts by itself must be the first of a key",
                "make it the primary key, or index it",
            );
        }
    }
}

/// A text without a bound can only be indexed by a part of it, save by a unique key (MariaDB 10.4).
fn refuse_long_keys(table: &Table, refusals: &mut Refusals) {
    let whole = !table.options.contains_key(keys::PRIMARY_KEY);
    let primary = table.primary_key.iter().filter(|_| whole);
    let primary = primary.map(|key| (&key.name, &key.columns));
    let foreign = table.foreign_keys.values().map(|key| (&key.name, &key.columns));
    let mut used: Vec<(&Name, &Name)> = primary
        .chain(foreign)
        .flat_map(|(key, columns)| columns.iter().map(move |column| (key, column)))
        .collect();
    let indexes = table
        .indexes
        .values()
        .filter(|index| index.method.is_none() && !index.unique);
    for index in indexes {
        used.extend(index.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Column(column) => Some((&index.name, column)),
            IndexKey::Expr(_) => None,
        }));
    }
    for (key, column) in used {
        let Some(ty) = table.column(column).map(|column| &column.ty) else {
            continue;
        };
        let unbounded = match ty {
            SqlType::Text | SqlType::Bytes | SqlType::Json { .. } => true,
            SqlType::Native(text) => text.ends_with("text") || text.ends_with("blob"),
            _ => false,
        };
        if unbounded {
            refusals.add(
                &table.name,
                Some(column),
                format!("`{key}` needs the whole column, and MySQL cannot index a text or blob without a bound"),
                "give it one by `#[column(type = \"varchar(255)\")]`, or index a part of it by `expr = \"column(100)\"`",
            );
        }
    }
}

/// Gives names the case that the columns have.
pub(super) fn spell(names: &mut [Name], columns: &[Name]) {
    for name in names {
        if columns.contains(name) {
            continue;
        }
        let folded = name.as_str().to_lowercase();
        if let Some(column) = columns.iter().find(|column| column.as_str().to_lowercase() == folded) {
            *name = column.clone();
        }
    }
}
