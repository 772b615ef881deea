//! The definitions of constraints and indexes.

use crate::dialect::postgres::expr;
use crate::dialect::postgres::syntax::{ident, idents, qualified};
use crate::ident::Qualified;
use crate::ir::{Action, Check, Deferrable, ForeignKey, Index, IndexKey, IndexPart, PrimaryKey, Unique};

pub(super) fn primary_key(key: &PrimaryKey) -> String {
    let deferrable = deferrable(key.deferrable);
    format!(
        "CONSTRAINT {} PRIMARY KEY ({}){deferrable}",
        ident(&key.name),
        idents(&key.columns)
    )
}

pub(super) fn unique(unique: &Unique) -> String {
    // NULLS NOT DISTINCT is PostgreSQL 15's.
    let nulls = if unique.nulls_distinct {
        ""
    } else {
        " NULLS NOT DISTINCT"
    };
    let deferrable = deferrable(unique.deferrable);
    format!(
        "CONSTRAINT {} UNIQUE{nulls} ({}){deferrable}",
        ident(&unique.name),
        idents(&unique.columns)
    )
}

pub(super) fn check(check: &Check) -> String {
    format!("CONSTRAINT {} CHECK ({})", ident(&check.name), expr::sql(&check.expr))
}

pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let mut sql = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        ident(&key.name),
        idents(&key.columns),
        qualified(&key.references),
        idents(&key.referenced)
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let words = match action {
            Action::NoAction => continue,
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        };
        sql.push_str(&format!(" ON {event} {words}"));
    }
    sql.push_str(deferrable(key.deferrable));
    sql
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

pub(super) fn index(table: &Qualified, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    let mut sql = format!("CREATE {unique}INDEX {} ON {}", ident(&index.name), qualified(table));
    if let Some(method) = &index.method {
        sql.push_str(&format!(" USING {}", ident(method)));
    }
    sql.push_str(&format!(" ({})", parts.join(", ")));
    if !index.include.is_empty() {
        sql.push_str(&format!(" INCLUDE ({})", idents(&index.include)));
    }
    if !index.nulls_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {}", expr::sql(predicate)));
    }
    sql
}

fn part(part: &IndexPart) -> String {
    let mut sql = match &part.key {
        IndexKey::Column(name) => ident(name),
        IndexKey::Expr(expr) => format!("({})", expr::sql(expr)),
    };
    if let Some(collation) = &part.collation {
        sql.push_str(&format!(" COLLATE {}", ident(collation)));
    }
    if let Some(opclass) = &part.opclass {
        sql.push_str(&format!(" {}", ident(opclass)));
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
