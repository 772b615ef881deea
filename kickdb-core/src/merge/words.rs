//! The words that a part of a table says: the columns that it names, and whatever stands in its SQL.

use std::collections::BTreeSet;

use crate::ident::Name;
use crate::ir::{
    Check, Column, ColumnValue, Exclusion, Expr, ForeignKey, Index, IndexKey, IndexPart, PrimaryKey, SqlType, Unique,
};
use crate::lex::{Lexis, Said};

/// In lower case.
pub(super) type Words = BTreeSet<String>;

pub(super) fn of_sql(sql: &str, lexis: Lexis) -> Words {
    Said::of(sql, lexis, "").words().map(str::to_owned).collect()
}

/// A part of a table, or a column, that says something.
pub(super) trait Says: PartialEq {
    fn says(&self, lexis: Lexis) -> Words;
}

impl Says for Column {
    fn says(&self, lexis: Lexis) -> Words {
        let mut words = match &self.value {
            ColumnValue::Default(expr) | ColumnValue::Generated { expr, .. } => expr_words(expr, lexis),
            _ => Words::new(),
        };
        if let SqlType::Native(ty) = &self.ty {
            words.extend(of_sql(ty, lexis));
        }
        words
    }
}

impl Says for Index {
    fn says(&self, lexis: Lexis) -> Words {
        let mut words = names(&self.include);
        self.parts.iter().for_each(|part| words.extend(part_words(part, lexis)));
        words.extend(self.predicate.iter().flat_map(|expr| expr_words(expr, lexis)));
        words
    }
}

impl Says for Exclusion {
    fn says(&self, lexis: Lexis) -> Words {
        let mut words = names(&self.include);
        self.parts
            .iter()
            .for_each(|(part, _)| words.extend(part_words(part, lexis)));
        words.extend(self.predicate.iter().flat_map(|expr| expr_words(expr, lexis)));
        words
    }
}

impl Says for Check {
    fn says(&self, lexis: Lexis) -> Words {
        expr_words(&self.expr, lexis)
    }
}

impl Says for Unique {
    fn says(&self, _: Lexis) -> Words {
        let mut words = names(&self.columns);
        words.extend(names(&self.include));
        words
    }
}

impl Says for PrimaryKey {
    fn says(&self, _: Lexis) -> Words {
        let mut words = names(&self.columns);
        words.extend(names(&self.include));
        words
    }
}

impl Says for ForeignKey {
    fn says(&self, _: Lexis) -> Words {
        names(&self.columns)
    }
}

fn expr_words(expr: &Expr, lexis: Lexis) -> Words {
    match expr {
        Expr::Sql(sql) => of_sql(sql, lexis),
        _ => Words::new(),
    }
}

fn part_words(part: &IndexPart, lexis: Lexis) -> Words {
    match &part.key {
        IndexKey::Column(name) => Words::from([lower(name)]),
        IndexKey::Expr(expr) => expr_words(expr, lexis),
    }
}

fn names(names: &[Name]) -> Words {
    names.iter().map(lower).collect()
}

pub(super) fn lower(name: &Name) -> String {
    name.as_str().to_lowercase()
}
