//! The definitions of constraints and indexes.

use crate::dialect::QuerySyntax;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::syntax::{self, ident, idents, qualified};
use crate::dialect::postgres::{expr, options};
use crate::ident::Name;
use crate::ir::{
    Action, Check, Deferrable, Exclusion, Expr, ForeignKey, Index, IndexKey, IndexPart, Partition, PrimaryKey, Table,
    Unique,
};
use crate::lex::{Lexis, tokens};
use crate::plan::Steps;

pub(super) fn primary_key(key: &PrimaryKey) -> String {
    format!(
        "CONSTRAINT {} PRIMARY KEY ({}){}{}{}",
        ident(&key.name),
        idents(&key.columns),
        including(&key.include),
        options::with(&key.options),
        deferrable(key.deferrable)
    )
}

pub(super) fn unique(unique: &Unique) -> String {
    // NULLS NOT DISTINCT is PostgreSQL 15's.
    let nulls = if unique.nulls_distinct {
        ""
    } else {
        " NULLS NOT DISTINCT"
    };
    format!(
        "CONSTRAINT {} UNIQUE{nulls} ({}){}{}{}",
        ident(&unique.name),
        idents(&unique.columns),
        including(&unique.include),
        options::with(&unique.options),
        deferrable(unique.deferrable)
    )
}

pub(super) fn exclusion(exclusion: &Exclusion) -> String {
    let parts: Vec<String> = exclusion
        .parts
        .iter()
        .map(|(part, operator)| format!("{} WITH {operator}", self::part(part)))
        .collect();
    format!(
        "CONSTRAINT {} EXCLUDE USING {} ({}){}{}{}{}",
        ident(&exclusion.name),
        ident(&exclusion.method),
        parts.join(", "),
        including(&exclusion.include),
        options::with(&exclusion.options),
        restriction(exclusion.predicate.as_ref(), true),
        deferrable(exclusion.deferrable)
    )
}

pub(in crate::dialect::postgres) fn check(check: &Check) -> String {
    let inherit = if check.inherited { "" } else { " NO INHERIT" };
    format!(
        "CONSTRAINT {} CHECK ({}){inherit}{}",
        ident(&check.name),
        expr::sql(&check.expr),
        validity(check.validated)
    )
}

pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let mut sql = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        ident(&key.name),
        idents(&key.columns),
        qualified(&key.references),
        idents(&key.referenced)
    );
    if key.match_full {
        sql.push_str(" MATCH FULL");
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let words = match action {
            Action::NoAction => continue,
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        };
        sql.push_str(&format!(" ON {event} {words}"));
        // PostgreSQL 15 and later.
        if event == "DELETE" && !key.set_columns.is_empty() {
            sql.push_str(&format!(" ({})", idents(&key.set_columns)));
        }
    }
    sql.push_str(deferrable(key.deferrable));
    sql.push_str(validity(key.validated));
    sql
}

fn validity(validated: bool) -> &'static str {
    if validated { "" } else { " NOT VALID" }
}

fn including(columns: &[Name]) -> String {
    match columns {
        [] => String::new(),
        columns => format!(" INCLUDE ({})", idents(columns)),
    }
}

/// `WHERE`, which the grammar of constraints wants with parentheses.
fn restriction(predicate: Option<&Expr>, parentheses: bool) -> String {
    match predicate.map(expr::sql) {
        None => String::new(),
        Some(sql) if parentheses => format!(" WHERE ({sql})"),
        Some(sql) => format!(" WHERE {sql}"),
    }
}

/// When a foreign key is checked, as `ALTER CONSTRAINT` says it.
pub(super) fn timing(when: Deferrable) -> &'static str {
    match when {
        Deferrable::No => "NOT DEFERRABLE",
        Deferrable::Immediate => "DEFERRABLE INITIALLY IMMEDIATE",
        Deferrable::Deferred => "DEFERRABLE INITIALLY DEFERRED",
    }
}

pub(super) fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// An index with all that it has of its own, as a part of the one above it where it is to be one.
pub(super) fn push_index(table: &Table, index: &Index, out: &mut Steps) {
    out.push(self::index(table, index));
    look(table, index, None, out);
    if let (Some(place), Some(above)) = (&table.partition, &index.part_of) {
        out.push(attach(table, &index.name, place, above));
    }
}

/// How closely the planner looks at what an index computes; `was` is what its options said so far.
pub(super) fn look(table: &Table, index: &Index, was: Option<&options::Options>, out: &mut Steps) {
    let name = qualified(&table.name.sibling(index.name.clone()));
    for action in options::index_statistics(was, &index.options) {
        out.push(format!("ALTER INDEX {name} {action}"));
    }
}

/// Partitions have theirs by name, so the index of a partitioned table is made on that alone.
pub(super) fn index(table: &Table, index: &Index) -> String {
    index_by("", table, index)
}

/// The same while others write, which no transaction can hold.
pub(super) fn index_concurrently(table: &Table, index: &Index) -> String {
    index_by("CONCURRENTLY ", table, index)
}

fn index_by(how: &str, table: &Table, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let only = if table.partition_by.is_some() { "ONLY " } else { "" };
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    let mut sql = format!(
        "CREATE {unique}INDEX {how}{} ON {only}{}",
        ident(&index.name),
        qualified(&table.name)
    );
    if let Some(method) = &index.method {
        sql.push_str(&format!(" USING {}", ident(method)));
    }
    sql.push_str(&format!(" ({})", parts.join(", ")));
    sql.push_str(&including(&index.include));
    if !index.nulls_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    sql.push_str(&options::with(&index.options));
    sql.push_str(&restriction(index.predicate.as_ref(), false));
    sql
}

/// An index of a partition becomes a part of one of its table.
pub(super) fn attach(table: &Table, index: &Name, place: &Partition, above: &Name) -> String {
    format!(
        "ALTER INDEX {} ATTACH PARTITION {}",
        qualified(&place.of.sibling(above.clone())),
        qualified(&table.name.sibling(index.clone()))
    )
}

/// Whether the first parenthesis closes with the last sign.
fn is_enclosed(sql: &str) -> bool {
    let mut depth = 0_usize;
    let mut closed = None;
    for token in tokens(sql, Lexis::POSTGRES) {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            closed = Some(token.start + token.text.len());
            break;
        }
    }
    sql.starts_with('(') && closed == Some(sql.len())
}

fn part(part: &IndexPart) -> String {
    let mut sql = match &part.key {
        IndexKey::Column(name) => ident(name),
        IndexKey::Expr(expr) => {
            let sql = expr::sql(expr);
            // The server's own words come with their parentheses.
            match is_enclosed(&sql) {
                true => sql.clone(),
                false => format!("({sql})"),
            }
        }
    };
    if let Some(collation) = &part.collation {
        sql.push_str(&format!(" COLLATE {}", syntax::collation(collation)));
    }
    if let Some(opclass) = &part.opclass {
        // One outside of the search path has its schema before a dot.
        let opclass = match opclass.as_str().split_once('.') {
            Some((schema, name)) => format!("{}.{}", quoted(schema), quoted(name)),
            None => ident(opclass),
        };
        sql.push_str(&format!(" {opclass}{}", options::of_class(&part.parameters)));
    }
    if part.descending {
        sql.push_str(" DESC");
    }
    match part.nulls_first {
        None => {}
        Some(true) => sql.push_str(" NULLS FIRST"),
        Some(false) => sql.push_str(" NULLS LAST"),
    }
    sql
}

fn quoted(name: &str) -> String {
    let mut sql = String::new();
    Postgres.quote_str(name, &mut sql);
    sql
}
