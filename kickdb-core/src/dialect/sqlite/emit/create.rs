use crate::dialect::sqlite::catalog::{index_statement, table_statement};
use crate::dialect::sqlite::options::{self, ON_CONFLICT, Of, STRICT, WITHOUT_ROWID};
use crate::dialect::sqlite::token::{quote_into, quoted_name};
use crate::dialect::sqlite::{Sqlite, expr};
use crate::dialect::{EmitError, Types};
use crate::ident::Name;
use crate::ir::{Action, Check, Column, ColumnValue, Deferrable, ForeignKey, Identity, Index, IndexKey, Table, Unique};

/// The `CREATE TABLE` of a table under a name that may not be its own yet.
pub(super) fn table(table: &Table, name: &Name) -> Result<String, EmitError> {
    if let Some(sql) = table_statement(table, name) {
        return Ok(sql);
    }
    let mut lines = Vec::new();
    for each in &table.columns {
        lines.push(column(each, table)?);
    }
    if let Some(key) = &table.primary_key
        && !has_inline_key(table)
    {
        let columns = key_columns(table, Of::Primary, &key.columns);
        lines.push(format!("PRIMARY KEY ({columns}){}", conflict_of(table, Of::Primary)));
    }
    lines.extend(table.uniques.values().map(|each| unique(each, table)));
    lines.extend(table.foreign_keys.values().map(|key| foreign_key(key, table)));
    lines.extend(table.checks.values().map(check));
    // Between two keys the rows have nothing else to be told apart by.
    let has_key = table.primary_key.is_some();
    let options = [(STRICT, "STRICT", true), (WITHOUT_ROWID, "WITHOUT ROWID", has_key)]
        .into_iter()
        .filter_map(|(option, sql, can)| (can && table.options.contains_key(option)).then_some(sql))
        .collect::<Vec<_>>();
    let mut sql = format!(
        "CREATE TABLE {} (\n  {}\n)",
        quoted_name(name.as_str()),
        lines.join(",\n  ")
    );
    if !options.is_empty() {
        sql.push(' ');
        sql.push_str(&options.join(", "));
    }
    Ok(sql)
}

/// Whether the primary key is said at its column. Said of the table, the direction of a lone integer would say nothing.
fn has_inline_key(table: &Table) -> bool {
    let lone = table.primary_key.as_ref().is_some_and(|key| key.columns.len() == 1);
    lone && (!table.options.contains_key(&Of::Primary.key()) || options::is_lone_integer(table))
}

/// A column's definition, with the primary key where it is that of one column.
pub(super) fn column(column: &Column, table: &Table) -> Result<String, EmitError> {
    let mut sql = quoted_name(column.name.as_str());
    let ty = Sqlite.format(&column.ty).map_err(|error| EmitError {
        object: format!("{}.{}", table.name, column.name),
        message: error.to_string(),
    })?;
    if !ty.is_empty() {
        sql.push(' ');
        sql.push_str(&ty);
    }
    let counts = matches!(column.value, ColumnValue::Identity(..));
    if !column.nullable && !counts {
        sql.push_str(" NOT NULL");
        sql.push_str(&on_conflict(column.options.get(ON_CONFLICT)));
    }
    if let Some(key) = &table.primary_key
        && key.columns == [column.name.clone()]
        && has_inline_key(table)
    {
        sql.push_str(" PRIMARY KEY");
        if table.options.contains_key(&Of::Primary.key()) {
            sql.push_str(" DESC");
        }
        sql.push_str(&conflict_of(table, Of::Primary));
        if column.value == ColumnValue::identity(Identity::Serial) {
            sql.push_str(" AUTOINCREMENT");
        }
    }
    match &column.value {
        ColumnValue::Default(value) => {
            let value = expr::sql(value);
            let (open, close) = if expr::is_plain(&value) { ("", "") } else { ("(", ")") };
            sql.push_str(&format!(" DEFAULT {open}{value}{close}"));
        }
        ColumnValue::Generated { expr, stored } => {
            let kept = if *stored { "STORED" } else { "VIRTUAL" };
            sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kept}", expr::sql(expr)));
        }
        ColumnValue::Required | ColumnValue::Identity(..) => {}
    }
    if let Some(collation) = &column.collation {
        sql.push_str(" COLLATE ");
        quote_into(collation.as_str(), &mut sql);
    }
    Ok(sql)
}

fn unique(unique: &Unique, table: &Table) -> String {
    let of = Of::Unique(&unique.name);
    format!(
        "CONSTRAINT {} UNIQUE ({}){}",
        quoted_name(unique.name.as_str()),
        key_columns(table, of, &unique.columns),
        conflict_of(table, of)
    )
}

pub(super) fn check(check: &Check) -> String {
    format!(
        "CONSTRAINT {} CHECK ({})",
        quoted_name(check.name.as_str()),
        expr::sql(&check.expr)
    )
}

fn foreign_key(key: &ForeignKey, table: &Table) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) {}",
        quoted_name(key.name.as_str()),
        names(&key.columns),
        references(key, table)
    )
}

/// What stands behind the columns of a foreign key. One that implies the primary key goes on implying it.
pub(super) fn references(key: &ForeignKey, table: &Table) -> String {
    let mut sql = format!("REFERENCES {}", quoted_name(key.references.name.as_str()));
    let implied = table.written.implied.get(&key.name) == Some(&key.referenced);
    if !key.referenced.is_empty() && !implied {
        sql.push_str(&format!(" ({})", names(&key.referenced)));
    }
    for (event, what) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if let Some(what) = action(what) {
            sql.push_str(&format!(" ON {event} {what}"));
        }
    }
    sql.push_str(match key.deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    sql
}

fn action(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}

/// The `CREATE INDEX` of an index.
pub(super) fn index(index: &Index, table: &Table) -> String {
    if let Some(sql) = index_statement(index, table) {
        return sql;
    }
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let mut sql = match &part.key {
                IndexKey::Column(name) => quoted_name(name.as_str()),
                IndexKey::Expr(value) => expr::sql(value),
            };
            if let Some(collation) = &part.collation {
                sql.push_str(" COLLATE ");
                quote_into(collation.as_str(), &mut sql);
            }
            if part.descending {
                sql.push_str(" DESC");
            }
            sql
        })
        .collect();
    let mut sql = format!(
        "CREATE {}INDEX {} ON {} ({})",
        if index.unique { "UNIQUE " } else { "" },
        quoted_name(index.name.as_str()),
        quoted_name(table.name.name.as_str()),
        parts.join(", ")
    );
    if let Some(predicate) = &index.predicate {
        sql.push_str(" WHERE ");
        sql.push_str(&expr::sql(predicate));
    }
    sql
}

fn key_columns(table: &Table, of: Of<'_>, columns: &[Name]) -> String {
    match table.options.get(&of.key()) {
        Some(detail) => detail.clone(),
        None => names(columns),
    }
}

fn conflict_of(table: &Table, of: Of<'_>) -> String {
    on_conflict(table.options.get(&of.conflict()))
}

fn on_conflict(what: Option<&String>) -> String {
    what.map_or_else(String::new, |what| {
        format!(" ON CONFLICT {}", what.to_ascii_uppercase())
    })
}

/// Names in quotes, with commas between.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| quoted_name(name.as_str())).collect();
    names.join(", ")
}
