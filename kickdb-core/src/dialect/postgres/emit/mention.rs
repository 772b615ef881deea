//! Which columns an expression mentions, and what hangs on a column.

use crate::dialect::postgres::objects::DEFAULT_SCHEMA;
use crate::dialect::postgres::tokens::{Token, tokenize};
use crate::diff::Part;
use crate::ident::{Name, Qualified};
use crate::ir::{Check, Column, ColumnValue, Exclusion, Expr, Index, IndexKey, IndexPart, Table};

/// Whether the expression names the column. Where its SQL cannot be read, it might.
pub(in crate::dialect::postgres) fn mentions(expr: &Expr, column: &Name) -> bool {
    matches!(expr, Expr::Sql(sql) if says(sql, column))
}

/// The same of a piece of SQL.
pub(super) fn says(sql: &str, column: &Name) -> bool {
    tokenize(sql).is_none_or(|tokens| {
        tokens
            .iter()
            .any(|token| matches!(token, Token::Word(word) | Token::Quoted(word) if word == column.as_str()))
    })
}

/// Whether the expression makes a value of the type, be it only in between: `'a'::mood`, `CAST(x AS mood)`, `mood 'a'`.
pub(super) fn casts(expr: &Expr, ty: &Qualified) -> bool {
    let (Expr::Sql(sql), name) = (expr, ty.name.as_str()) else {
        return false;
    };
    if !sql.contains(name) && !name.contains('"') {
        return false;
    }
    let word = |token: Option<&Token>| match token {
        Some(Token::Word(word) | Token::Quoted(word)) => Some(word.clone()),
        _ => None,
    };
    let of_schema = |found: Option<String>| match &ty.schema {
        Some(schema) => found.is_some_and(|found| found == schema.as_str()),
        None => found.is_none_or(|found| found == DEFAULT_SCHEMA),
    };
    tokenize(sql).is_none_or(|tokens| {
        (0..tokens.len()).any(|at| {
            if word(tokens.get(at)).is_none_or(|word| word != name) {
                return false;
            }
            let schema = match at.checked_sub(2) {
                Some(schema) if tokens[at - 1] == Token::Mark('.') => Some(schema),
                _ => None,
            };
            let before = schema.unwrap_or(at).checked_sub(1).map(|before| &tokens[before]);
            let is_type = match before {
                Some(Token::Op(op)) if op == "::" => true,
                Some(token) if token.is_word("as") => true,
                _ => matches!(tokens.get(at + 1), Some(Token::Text(_))),
            };
            is_type && of_schema(schema.and_then(|schema| word(tokens.get(schema))))
        })
    })
}

/// The generated columns that are computed from the column.
pub(in crate::dialect::postgres) fn generated_from<'a>(
    table: &'a Table,
    column: &'a Name,
) -> impl Iterator<Item = &'a Column> {
    table.columns.iter().filter(|other| match &other.value {
        ColumnValue::Generated { expr, .. } => mentions(expr, column),
        _ => false,
    })
}

/// Whether the index has the column as a key, in an expression, in its predicate or beside its key.
pub(in crate::dialect::postgres) fn index_uses(index: &Index, column: &Name) -> bool {
    index.include.contains(column) || index_computes(index, column) || {
        index
            .parts
            .iter()
            .any(|part| matches!(&part.key, IndexKey::Column(name) if name == column))
    }
}

/// Whether the index computes something from the column.
pub(super) fn index_computes(index: &Index, column: &Name) -> bool {
    index
        .predicate
        .as_ref()
        .is_some_and(|predicate| mentions(predicate, column))
        || index
            .parts
            .iter()
            .any(|part| matches!(&part.key, IndexKey::Expr(expr) if mentions(expr, column)))
}

/// Whether the exclusion constraint has the column in any way.
pub(in crate::dialect::postgres) fn exclusion_uses(exclusion: &Exclusion, column: &Name) -> bool {
    let part = |part: &IndexPart| match &part.key {
        IndexKey::Column(name) => name == column,
        IndexKey::Expr(expr) => mentions(expr, column),
    };
    exclusion.include.contains(column)
        || exclusion.predicate.as_ref().is_some_and(|expr| mentions(expr, column))
        || exclusion.parts.iter().any(|(of, _)| part(of))
}

/// Whether the exclusion constraint computes something from the column: then it does not go with the column by itself.
pub(super) fn exclusion_computes(exclusion: &Exclusion, column: &Name) -> bool {
    exclusion.exprs().any(|expr| mentions(expr, column))
}

/// The checks that name the column.
pub(super) fn checks_on<'a>(table: &'a Table, column: &'a Name) -> impl Iterator<Item = &'a Check> {
    table.checks.values().filter(|check| mentions(&check.expr, column))
}

/// Whether the constraint or index goes with the column.
pub(super) fn part_uses(part: &Part, column: &Name) -> bool {
    match part {
        Part::PrimaryKey(key) => key.columns.contains(column),
        Part::Unique(unique) => unique.columns.contains(column),
        Part::ForeignKey(key) => key.columns.contains(column),
        Part::Check(check) => mentions(&check.expr, column),
        Part::Exclusion(exclusion) => exclusion_uses(exclusion, column),
        Part::Index(index) => index_uses(index, column),
    }
}
