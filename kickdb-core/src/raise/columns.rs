//! Columns: their types, and where their values come from.

use std::collections::BTreeSet;

use super::types::said;
use super::{Raiser, at};
use crate::decl::{ColumnDecl, CounterDecl, Literal, RustType, TableDecl, ValueDecl, plain_value};
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Counter, Expr, IndexKey, IndexPart, Schema, SqlType, Table};

impl Raiser<'_> {
    pub(super) fn columns(&mut self, table: &Table, decl: &mut TableDecl) {
        let values = self.values(table, &decl.module);
        for (column, value) in table.columns.iter().zip(values) {
            let Some((_, field, ty)) = self.tables.get(&table.name).and_then(|named| named.field(&column.name)) else {
                continue;
            };
            let (field, ty) = (field.clone(), ty.clone());
            let rust = if column.nullable {
                RustType {
                    path: vec!["Option".to_owned()],
                    args: vec![ty.rust],
                }
            } else {
                ty.rust
            };
            let counter = match &column.value {
                ColumnValue::Identity(_, Some(counter)) => self.counter(table, column, counter),
                _ => None,
            };
            decl.columns.push(ColumnDecl {
                name: (column.name != *field).then(|| at(column.name.to_string())),
                field: at(field),
                ty: at(rust),
                raw_type: ty.raw.map(at),
                value: value.map(at),
                collation: column.collation.as_ref().map(|name| at(name.to_string())),
                comment: column.comment.clone(),
                options: column.options.clone(),
                counter,
                renamed_from: None,
                role: None,
            });
        }
    }

    fn counter(&self, table: &Table, column: &Column, counter: &Counter) -> Option<CounterDecl> {
        let usual = self.dialect.counter_name(&table.name, &column.name);
        let name = counter.name.as_ref().filter(|name| Some(*name) != usual.as_ref());
        let decl = CounterDecl {
            name: name.map(|name| at(name.name.to_string())),
            schema: name
                .filter(|name| name.schema != table.name.schema)
                .map(|name| at(name.schema.as_ref().map_or("public".to_owned(), Name::to_string))),
            ty: counter.ty.as_ref().and_then(|ty| self.dialect.format(ty).ok()).map(at),
            start: counter.start,
            increment: counter.increment,
            min: counter.min,
            max: counter.max,
            cache: counter.cache,
            cycle: counter.cycle,
        };
        (decl != CounterDecl::default()).then_some(decl)
    }

    /// Where each column's value comes from, in the plainest words that mean it: words are tried until the normal form of
    /// one is what the column has.
    fn values(&mut self, table: &Table, module: &str) -> Vec<Option<ValueDecl>> {
        let tries: Vec<Vec<ValueDecl>> = table
            .columns
            .iter()
            .map(|column| self.ways_to_say(table, column, module))
            .collect();
        let mut found: Vec<Option<ValueDecl>> = vec![None; tries.len()];
        let open = |found: &[Option<ValueDecl>], at: usize| found[at].is_none() && !tries[at].is_empty();
        for round in 0..tries.iter().map(Vec::len).max().unwrap_or(0) {
            let asked: Vec<(usize, &ValueDecl)> = (0..tries.len())
                .filter(|index| open(&found, *index))
                .filter_map(|index| Some((index, tries[index].get(round)?)))
                .collect();
            for (index, fits) in self.probe(table, &asked) {
                if fits {
                    found[index] = tries[index].get(round).cloned();
                }
            }
        }
        for index in 0..tries.len() {
            if open(&found, index) {
                let column = &table.columns[index];
                let what = format!("value of column {}.{}", table.name, column.name);
                self.leave(what, "no attribute says it as the database has it");
            }
        }
        found
    }

    fn ways_to_say(&self, table: &Table, column: &Column, module: &str) -> Vec<ValueDecl> {
        match &column.value {
            ColumnValue::Required => Vec::new(),
            ColumnValue::Identity(identity, _) => vec![ValueDecl::Identity(*identity)],
            ColumnValue::Generated { expr, stored } => vec![ValueDecl::Generated {
                expr: self.sql(expr),
                stored: *stored,
            }],
            ColumnValue::Default(expr) => {
                let plain = match expr {
                    Expr::Sql(sql) => plain(sql),
                    other => Some(other.clone()),
                };
                let mut ways = Vec::new();
                if let Some(plain) = plain {
                    ways.extend(self.enum_value(table, column, &plain, module));
                    ways.extend(word(&plain));
                }
                ways.push(ValueDecl::Sql(self.sql(expr)));
                ways
            }
        }
    }

    /// The variant that a default names.
    fn enum_value(&self, table: &Table, column: &Column, value: &Expr, module: &str) -> Option<ValueDecl> {
        let Expr::Text(text) = value else { return None };
        let of = self.enums.of(&table.name, column)?;
        let (_, variant) = of.variants.iter().find(|(value, _)| value == text)?;
        let mut path = super::names::path(module, &of.module, &of.ident);
        path.push(variant.clone());
        Some(ValueDecl::Constant(path))
    }

    /// Whether columns are what they are with these values.
    fn probe(&self, table: &Table, asked: &[(usize, &ValueDecl)]) -> Vec<(usize, bool)> {
        let mut probe = bare(table);
        let mut refused = BTreeSet::new();
        for (index, value) in asked {
            let column = &table.columns[*index];
            match self.said_value(table, column, value) {
                Some((ty, value)) => {
                    probe.columns[*index].ty = ty;
                    probe.columns[*index].value = value;
                }
                None => {
                    refused.insert(*index);
                }
            }
        }
        let mut schema = Schema {
            enums: self.schema.enums.clone(),
            ..Schema::default()
        };
        schema.tables.insert(probe.name.clone(), probe);
        let refusals = self.dialect.normalize(&mut schema).err().unwrap_or_default();
        let normal = schema.tables.get(&table.name);
        let answer = |index: usize| {
            let column = &table.columns[index];
            let fine = !refusals
                .iter()
                .any(|refusal| refusal.part.as_ref() == Some(&column.name));
            let same = normal
                .and_then(|normal| normal.column(&column.name))
                .is_some_and(|read| {
                    match (&read.value, &column.value) {
                        // The counter is said beside it.
                        (ColumnValue::Identity(one, _), ColumnValue::Identity(other, _)) => one == other,
                        (one, other) => one == other,
                    }
                });
            fine && same && !refused.contains(&index)
        };
        asked.iter().map(|(index, _)| (*index, answer(*index))).collect()
    }

    /// What a value comes to before the normal form, with the column's type at that time.
    fn said_value(&self, table: &Table, column: &Column, value: &ValueDecl) -> Option<(SqlType, ColumnValue)> {
        let (_, _, field) = self.tables.get(&table.name)?.field(&column.name)?;
        let ty = match &field.raw {
            Some(_) => column.ty.clone(),
            None => said(&field.rust).unwrap_or_else(|| column.ty.clone()),
        };
        if let ValueDecl::Constant(path) = value {
            let of = self.enums.of(&table.name, column)?;
            let variant = path.last()?;
            let (text, _) = of.variants.iter().find(|(_, ident)| ident == variant)?;
            return Some((column.ty.clone(), ColumnValue::Default(Expr::Text(text.clone()))));
        }
        let said = plain_value(value, &field.rust, &ty, column.nullable).ok()?;
        Some((ty, said))
    }

    /// An expression in the engine's words.
    pub(super) fn sql(&self, expr: &Expr) -> String {
        match expr {
            Expr::Sql(sql) => sql.clone(),
            Expr::Null => "NULL".to_owned(),
            Expr::Bool(value) => value.to_string(),
            Expr::Int(value) => value.to_string(),
            Expr::Text(text) if self.dialect.lexis().backslashes => {
                let text = text.replace('\\', "\\\\").replace('\'', "''");
                // No attribute holds a NUL byte.
                format!("'{}'", text.replace('\0', "\\0"))
            }
            Expr::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Expr::Now => "CURRENT_TIMESTAMP".to_owned(),
            Expr::NewUuid => self.dialect.new_uuid().to_owned(),
            Expr::EmptyArray => "'{}'".to_owned(),
        }
    }
}

/// The table with nothing but what its columns depend on.
fn bare(table: &Table) -> Table {
    let mut bare = Table::new(table.name.clone());
    bare.columns.clone_from(&table.columns);
    bare.primary_key.clone_from(&table.primary_key);
    bare.options.clone_from(&table.options);
    // An engine may let a column count only where a key has it.
    let counts = |name: &Name| {
        let column = table.column(name);
        column.is_some_and(|column| matches!(column.value, ColumnValue::Identity(..)))
    };
    let uniques = table
        .uniques
        .iter()
        .filter(|(_, unique)| unique.columns.iter().any(counts));
    bare.uniques
        .extend(uniques.map(|(name, unique)| (name.clone(), unique.clone())));
    let has = |part: &IndexPart| matches!(&part.key, IndexKey::Column(name) if counts(name));
    let indexes = table.indexes.iter().filter(|(_, index)| index.parts.iter().any(has));
    bare.indexes
        .extend(indexes.map(|(name, index)| (name.clone(), index.clone())));
    bare
}

/// A literal in SQL as the value that it is.
fn plain(sql: &str) -> Option<Expr> {
    let inner = sql.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(inner) = inner.filter(|inner| !inner.replace("''", "").contains('\'') && !inner.contains('\\')) {
        return Some(Expr::Text(inner.replace("''", "'")));
    }
    match sql.to_ascii_lowercase().as_str() {
        "true" => Some(Expr::Bool(true)),
        "false" => Some(Expr::Bool(false)),
        "current_timestamp" | "current_date" | "current_time" | "now()" => Some(Expr::Now),
        _ => sql
            .parse()
            .ok()
            .filter(|number: &i64| number.to_string() == sql)
            .map(Expr::Int),
    }
}

fn word(value: &Expr) -> Option<ValueDecl> {
    Some(match value {
        Expr::Bool(value) => ValueDecl::Literal(Literal::Bool(*value)),
        Expr::Int(value) => ValueDecl::Literal(Literal::Int(*value)),
        Expr::Text(value) => ValueDecl::Literal(Literal::Text(value.clone())),
        Expr::Now => ValueDecl::Now,
        Expr::NewUuid => ValueDecl::Uuid,
        Expr::EmptyArray => ValueDecl::EmptyArray,
        Expr::Null | Expr::Sql(_) => return None,
    })
}
