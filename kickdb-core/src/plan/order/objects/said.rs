//! The names that a table and its parts say.

use crate::dialect::Dialect;
use crate::diff::Part;
use crate::ident::{Name, Qualified};
use crate::ir::{ColumnValue, Expr, IndexKey, IndexPart, ObjectId, SqlType, Table};
use crate::lex::Said;

/// Whether the object can be meant.
pub(in crate::plan::order) fn says(said: &Said, id: &ObjectId) -> bool {
    if id.kind.is_callable() {
        said.calls(&id.name)
    } else {
        said.says(&id.name)
    }
}

/// The names that a table's columns, checks and indexes say.
pub(in crate::plan::order) fn said_by(table: &Table, dialect: &dyn Dialect) -> Said {
    let mut said = Said::default();
    for column in &table.columns {
        said_by_type(&column.ty, dialect, &mut said);
        said_by_value(&column.value, dialect, &mut said);
        if let Some(collation) = &column.collation {
            said_by_collation(collation, dialect, &mut said);
        }
    }
    let exprs = table.checks.values().map(|check| &check.expr);
    let indexes = table.indexes.values();
    let exprs = exprs.chain(indexes.clone().filter_map(|index| index.predicate.as_ref()));
    let keys = indexes
        .flat_map(|index| &index.parts)
        .filter_map(|part| match &part.key {
            IndexKey::Expr(expr) => Some(expr),
            IndexKey::Column(_) => None,
        });
    for expr in exprs.chain(keys) {
        said_by_expr(expr, dialect, &mut said);
    }
    for method in table.indexes.values().filter_map(|index| index.method.as_ref()) {
        said.add(&Qualified::local(method.clone()));
    }
    let keys = table.indexes.values().flat_map(|index| &index.parts);
    let excluded = table.exclusions.values().flat_map(|exclusion| &exclusion.parts);
    for part in keys.chain(excluded.clone().map(|(part, _)| part)) {
        if let Some(class) = &part.opclass {
            said.extend(&dialect.said(class.as_str()));
        }
        if let Some(collation) = &part.collation {
            said_by_collation(collation, dialect, &mut said);
        }
    }
    for (part, operator) in excluded {
        said.extend(&dialect.said(operator));
        if let IndexKey::Expr(expr) = &part.key {
            said_by_expr(expr, dialect, &mut said);
        }
    }
    for predicate in table
        .exclusions
        .values()
        .filter_map(|exclusion| exclusion.predicate.as_ref())
    {
        said_by_expr(predicate, dialect, &mut said);
    }
    for text in table.partition_by.iter().chain(table.options.values()) {
        said.extend(&dialect.said(text));
    }
    said
}

/// One that is not searched for says its schema, and both in quotes.
fn said_by_collation(collation: &Name, dialect: &dyn Dialect, said: &mut Said) {
    match collation.as_str().contains('"') {
        true => said.extend(&dialect.said(collation.as_str())),
        false => said.add(&Qualified::local(collation.clone())),
    }
}

pub(in crate::plan::order) fn said_by_type(ty: &SqlType, dialect: &dyn Dialect, said: &mut Said) {
    match ty {
        SqlType::Enum(name) => said.add(name),
        SqlType::Array(inner) => said_by_type(inner, dialect, said),
        SqlType::Native(text) => said.extend(&dialect.said(text)),
        _ => {}
    }
}

fn said_by_value(value: &ColumnValue, dialect: &dyn Dialect, said: &mut Said) {
    if let ColumnValue::Default(expr) | ColumnValue::Generated { expr, .. } = value {
        said_by_expr(expr, dialect, said);
    }
}

pub(super) fn said_by_expr(expr: &Expr, dialect: &dyn Dialect, said: &mut Said) {
    if let Expr::Sql(sql) = expr {
        said.extend(&dialect.said(sql));
    }
}

/// What the expressions, operators and operator classes of a part say.
pub(in crate::plan::order) fn said_by_part(part: &Part, dialect: &dyn Dialect) -> Said {
    let mut said = Said::default();
    match part {
        Part::Check(check) => said_by_expr(&check.expr, dialect, &mut said),
        Part::Index(index) => {
            index
                .predicate
                .iter()
                .for_each(|expr| said_by_expr(expr, dialect, &mut said));
            index
                .parts
                .iter()
                .for_each(|part| said_by_key(part, dialect, &mut said));
        }
        Part::Exclusion(exclusion) => {
            exclusion
                .predicate
                .iter()
                .for_each(|expr| said_by_expr(expr, dialect, &mut said));
            for (part, operator) in &exclusion.parts {
                said_by_key(part, dialect, &mut said);
                said.extend(&dialect.said(operator));
            }
        }
        Part::PrimaryKey(_) | Part::Unique(_) | Part::ForeignKey(_) => {}
    }
    said
}

fn said_by_key(part: &IndexPart, dialect: &dyn Dialect, said: &mut Said) {
    if let IndexKey::Expr(expr) = &part.key {
        said_by_expr(expr, dialect, said);
    }
    if let Some(class) = &part.opclass {
        said.extend(&dialect.said(class.as_str()));
    }
}
