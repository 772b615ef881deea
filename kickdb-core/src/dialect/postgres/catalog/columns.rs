//! Columns and their counters.

use std::collections::BTreeMap;

use super::rows::{ColumnRow, CounterRow};
use super::{Read, Reader, name, options, wrong};
use crate::dialect::Types;
use crate::dialect::postgres::builtin::is_own_type;
use crate::dialect::postgres::options as option;
use crate::dialect::postgres::{Postgres, types};
use crate::ir::{Column, ColumnValue, Counter, Expr, Identity, SqlType};

impl Reader {
    pub(super) fn read_column(&mut self, row: ColumnRow) -> Read<()> {
        let ty = self.column_type(&row)?;
        let column = Column {
            name: name(&row.name)?,
            value: self.column_value(&row, &ty)?,
            ty,
            nullable: !row.not_null,
            collation: row.collation.as_deref().map(name).transpose()?,
            options: column_options(&row),
            comment: row.comment,
        };
        if let Some(draft) = self.drafts.get_mut(&row.table) {
            draft.columns.insert(row.number, column.name.clone());
            draft.table.columns.push(column);
        }
        Ok(())
    }

    fn column_type(&self, row: &ColumnRow) -> Read<SqlType> {
        let Some(schema) = &row.type_schema else {
            if let Some(elsewhere) = elsewhere(&row.r#type) {
                return Ok(elsewhere);
            }
            return Postgres
                .parse(&row.r#type)
                .map_err(|error| wrong(format!("column `{}`: {error}", row.name)));
        };
        let name = self.qualified(schema, &row.type_name)?;
        // What is named like one of the server's own types stays what it is, and is refused where it is used.
        let ty = match name.schema.is_none() && is_own_type(&name.name) {
            true => SqlType::Enum(name),
            false => types::user(name),
        };
        Ok(if row.array { SqlType::Array(Box::new(ty)) } else { ty })
    }

    fn column_value(&self, row: &ColumnRow, ty: &SqlType) -> Read<ColumnValue> {
        let counter = row.counter.as_ref().map(|counter| self.counter(counter)).transpose()?;
        Ok(match (row.identity.as_str(), row.generated.as_str(), &row.default) {
            ("a", ..) => ColumnValue::Identity(Identity::Always, counter),
            ("d", ..) => ColumnValue::Identity(Identity::ByDefault, counter),
            (_, kind @ ("s" | "v"), Some(sql)) => ColumnValue::Generated {
                expr: Expr::Sql(sql.clone()),
                stored: kind == "s",
            },
            (_, _, Some(sql)) if counter.is_some() && matches!(ty, SqlType::Int { .. }) && is_plain_nextval(sql) => {
                ColumnValue::Identity(Identity::Serial, counter)
            }
            (_, _, Some(sql)) => ColumnValue::Default(Expr::Sql(sql.clone())),
            (_, _, None) => ColumnValue::Required,
        })
    }

    fn counter(&self, row: &CounterRow) -> Read<Box<Counter>> {
        let ty = Postgres.parse(&row.r#type);
        Ok(Box::new(Counter {
            name: Some(self.qualified(&row.schema, &row.name)?),
            ty: Some(ty.map_err(|error| wrong(format!("sequence `{}`: {error}", row.name)))?),
            start: Some(row.start),
            increment: Some(row.increment),
            min: Some(row.min),
            max: Some(row.max),
            cache: Some(row.cache),
            cycle: row.cycle,
        }))
    }
}

/// A type of an extension that is in a schema which is not searched, as the server calls it; `None` for any other. Its normal form
/// does not say the schema.
fn elsewhere(text: &str) -> Option<SqlType> {
    let (element, array) = match text.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (text, false),
    };
    let name = element.split('(').next().unwrap_or(element);
    let ty = name.contains('.').then(|| SqlType::Native(element.into()))?;
    Some(if array { SqlType::Array(Box::new(ty)) } else { ty })
}

/// A default that does more than to draw from the sequence is not what `serial` makes.
fn is_plain_nextval(sql: &str) -> bool {
    let inner = sql
        .strip_prefix("nextval('")
        .and_then(|rest| rest.strip_suffix("'::regclass)"));
    inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
}

fn column_options(row: &ColumnRow) -> BTreeMap<String, String> {
    let mut said = options(row.options.as_deref());
    // The server keeps notes of its own here, too.
    said.retain(|key, _| matches!(key.as_str(), "n_distinct" | "n_distinct_inherited"));
    let storage = row.storage.as_deref().and_then(|letter| match letter {
        "p" => Some("plain"),
        "e" => Some("external"),
        "x" => Some("extended"),
        "m" => Some("main"),
        _ => None,
    });
    let compression = row.compression.as_deref().and_then(|letter| match letter {
        "p" => Some("pglz"),
        "l" => Some("lz4"),
        _ => None,
    });
    let words = [("storage", storage), ("compression", compression)];
    said.extend(
        words
            .into_iter()
            .filter_map(|(key, word)| Some((key.to_owned(), word?.to_owned()))),
    );
    said.extend(
        row.counter
            .as_ref()
            .and_then(|counter| counter.comment.clone())
            .map(|comment| (option::SEQUENCE_COMMENT.to_owned(), comment)),
    );
    said.extend(
        row.statistics
            .map(|target| ("statistics".to_owned(), target.to_string())),
    );
    said
}
