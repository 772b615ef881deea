use super::create::is_of_column;
use super::refused;
use crate::dialect::mysql::Mysql;
use crate::dialect::mysql::normalize::{
    COMPRESSED, INVISIBLE, ON_UPDATE, ROW_END, ROW_START, SRID, UNVERSIONED, fraction, now_call,
};
use crate::dialect::mysql::syntax::{ident, ident_str, literal};
use crate::dialect::{EmitError, Types};
use crate::ir::{Column, ColumnValue, Expr, SqlType, Table};

/// The whole definition of a column, as `ADD COLUMN` and `MODIFY COLUMN` want it: what is not said is taken away.
pub(super) fn definition(column: &Column, table: &Table) -> Result<String, EmitError> {
    write(column, column.nullable, table)
}

/// The definition, but NULL is allowed: how a column is added that rows have no value for.
pub(super) fn definition_with_null(column: &Column, table: &Table) -> Result<String, EmitError> {
    write(column, true, table)
}

fn write(column: &Column, nullable: bool, table: &Table) -> Result<String, EmitError> {
    let ty = Mysql
        .format(&column.ty)
        .map_err(|error| refused(&table.name, &column.name, error))?;
    let mut sql = format!("{} {ty}", ident(&column.name));
    if let Some(method) = column.options.get(COMPRESSED) {
        let method = if method.is_empty() {
            String::new()
        } else {
            format!("={method}")
        };
        sql.push_str(&format!(" COMPRESSED{method}"));
    }
    if let Some(srid) = column.options.get(SRID) {
        sql.push_str(&format!(" REF_SYSTEM_ID={srid}"));
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", word(collation.as_str())));
    }
    if let Some(bound) = row_bound(column) {
        return Ok(format!("{sql} GENERATED ALWAYS AS {bound}{}", invisible(column)));
    }
    if let ColumnValue::Generated { expr, stored } = &column.value {
        let kind = if *stored { "STORED" } else { "VIRTUAL" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", bare(expr, &column.ty)));
    } else if !nullable {
        sql.push_str(" NOT NULL");
    } else if matches!(&column.ty, SqlType::Native(name) if name.starts_with("timestamp")) {
        // Where `explicit_defaults_for_timestamp` is off, a timestamp is NOT NULL unless NULL is said.
        sql.push_str(" NULL");
    }
    match &column.value {
        ColumnValue::Default(expr) => sql.push_str(&default(expr, &column.ty)),
        ColumnValue::Identity(..) => sql.push_str(" AUTO_INCREMENT"),
        ColumnValue::Required | ColumnValue::Generated { .. } => {}
    }
    sql.push_str(invisible(column));
    if let Some(comment) = &column.comment {
        sql.push_str(&format!(" COMMENT {}", literal(comment)));
    }
    if column.options.contains_key(UNVERSIONED) {
        sql.push_str(" WITHOUT SYSTEM VERSIONING");
    }
    // The column's own check is lost where `MODIFY` does not say it.
    if let Some(check) = table.checks.get(&column.name)
        && is_of_column(&check.name, table)
    {
        sql.push_str(&format!(" CHECK ({})", bare(&check.expr, &column.ty)));
    }
    Ok(sql)
}

fn invisible(column: &Column) -> &'static str {
    match column.options.contains_key(INVISIBLE) {
        true => " INVISIBLE",
        false => "",
    }
}

/// What a column of a versioned table keeps, where it is one of those that the server fills.
pub(super) fn row_bound(column: &Column) -> Option<&str> {
    match &column.value {
        ColumnValue::Generated {
            expr: Expr::Sql(sql), ..
        } if sql == ROW_START || sql == ROW_END => Some(sql),
        _ => None,
    }
}

/// A collation: a bare word wherever it can be one.
pub(super) fn word(name: &str) -> String {
    match name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        true => name.to_owned(),
        false => ident_str(name),
    }
}

fn default(expr: &Expr, ty: &SqlType) -> String {
    if let Expr::Sql(sql) = expr
        && let Some((value, update)) = sql.split_once(ON_UPDATE)
    {
        let value = match value {
            "NULL" => String::new(),
            value => format!(" DEFAULT {}", in_parentheses(value)),
        };
        return format!("{value} ON UPDATE {update}");
    }
    let text = bare(expr, ty);
    match expr {
        Expr::Sql(sql) => format!(" DEFAULT {}", in_parentheses(sql)),
        Expr::NewUuid => format!(" DEFAULT ({text})"),
        // MySQL 8 takes a default for these types only as an expression; MariaDB takes either.
        Expr::Text(_) if is_large(ty) => format!(" DEFAULT ({text})"),
        _ => format!(" DEFAULT {text}"),
    }
}

/// A literal and the time stand alone, any other expression in parentheses.
fn in_parentheses(sql: &str) -> String {
    let literal = sql.starts_with(|c: char| c.is_ascii_digit() || c == '-') && sql.parse::<f64>().is_ok();
    let bits = sql.starts_with("b'") || sql.starts_with("0x");
    match literal || bits || sql.starts_with("current_timestamp(") && sql.ends_with(')') {
        true => sql.to_owned(),
        false => format!("({sql})"),
    }
}

fn is_large(ty: &SqlType) -> bool {
    match ty {
        SqlType::Text | SqlType::Bytes | SqlType::Json { .. } => true,
        SqlType::Native(name) => name.ends_with("text") || name.ends_with("blob"),
        _ => false,
    }
}

/// An expression as it stands in a statement.
pub(super) fn bare(expr: &Expr, ty: &SqlType) -> String {
    match expr {
        Expr::Null => "NULL".to_owned(),
        Expr::Bool(true) => "TRUE".to_owned(),
        Expr::Bool(false) => "FALSE".to_owned(),
        Expr::Int(value) => value.to_string(),
        Expr::Text(text) => literal(text),
        Expr::Now => now_call("current_timestamp", fraction(ty).unwrap_or(0)),
        Expr::NewUuid => "uuid()".to_owned(),
        Expr::EmptyArray => "'[]'".to_owned(),
        Expr::Sql(sql) => sql.clone(),
    }
}
