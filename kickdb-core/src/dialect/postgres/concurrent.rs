//! What PostgreSQL does concurrently: in several transactions of its own, between which it can be broken off.

use crate::lex::{Lexis, first_words};

/// A statement that works concurrently.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Concurrent {
    /// Builds this index. One that failed is left behind, invalid.
    Build(String),
    /// Drops this index. One that was broken off is invalid, and can be dropped again.
    Drop(String),
    /// Takes a partition out of its table. What was broken off must be finalized.
    Detach { table: String, partition: String },
    /// Another one, or one whose names the server chooses; it may run again.
    Other,
}

const INDEX: &str = "SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_catalog.pg_index \
     WHERE indexrelid = pg_catalog.to_regclass($1)";

/// By the text of the row: the column for what is pending is there since version 14, as the statement is.
const PARTITION: &str = "SELECT CASE (pg_catalog.to_jsonb(i) ->> 'inhdetachpending') WHEN 'true' THEN 'pending' ELSE 'attached' END \
     FROM pg_catalog.pg_inherits i WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)";

impl Concurrent {
    /// `None` where the statement is none of them.
    pub(super) fn of(sql: &str) -> Option<Self> {
        let words = first_words(sql, Lexis::POSTGRES, 16);
        let concurrently = words.iter().position(|word| word == "CONCURRENTLY")?;
        let mut words = Words(&words);
        Some(match () {
            () if words.eat(&["CREATE"]) => {
                words.eat(&["UNIQUE"]);
                if !words.eat(&["INDEX", "CONCURRENTLY"]) {
                    return None;
                }
                words.eat(&["IF", "NOT", "EXISTS"]);
                match words.name() {
                    // `ON` in place of the name lets the server choose one.
                    Some(name) if name != "ON" => Self::Build(name),
                    _ => Self::Other,
                }
            }
            () if words.eat(&["DROP", "INDEX", "CONCURRENTLY"]) => {
                words.eat(&["IF", "EXISTS"]);
                words.name().map_or(Self::Other, Self::Drop)
            }
            () if words.eat(&["ALTER", "TABLE"]) => {
                words.eat(&["IF", "EXISTS"]);
                words.eat(&["ONLY"]);
                let table = words.name()?;
                if !words.eat(&["DETACH", "PARTITION"]) {
                    return None;
                }
                let partition = words.name()?;
                Self::Detach { table, partition }
            }
            () if words.eat(&["REINDEX"]) || words.eat(&["REFRESH"]) => Self::Other,
            // A word in some other statement.
            () if concurrently > 3 => return None,
            () => Self::Other,
        })
    }

    /// What to ask to learn the state.
    pub(super) fn question(&self) -> Option<(&'static str, Vec<String>)> {
        match self {
            Self::Build(index) | Self::Drop(index) => Some((INDEX, vec![index.clone()])),
            Self::Detach { table, partition } => Some((PARTITION, vec![table.clone(), partition.clone()])),
            Self::Other => None,
        }
    }

    /// What brings it to where it may run, or to its end.
    pub(super) fn remedy(&self, state: Option<&str>) -> Option<String> {
        match (self, state) {
            (Self::Build(index), Some("invalid")) => Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {index}")),
            (Self::Detach { table, partition }, Some("pending")) => {
                Some(format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE"))
            }
            _ => None,
        }
    }

    /// Whether it is done, after the remedy for that state.
    pub(super) fn is_done(&self, state: Option<&str>) -> bool {
        match self {
            Self::Build(_) => state == Some("valid"),
            Self::Drop(_) => state.is_none(),
            Self::Detach { .. } => state != Some("attached"),
            Self::Other => false,
        }
    }
}

/// Goes along the words of a statement.
struct Words<'a>(&'a [String]);

impl Words<'_> {
    /// Takes these words, all of them or none.
    fn eat(&mut self, words: &[&str]) -> bool {
        let all = self.0.len() >= words.len() && self.0.iter().zip(words).all(|(found, wanted)| found == wanted);
        if all {
            self.0 = &self.0[words.len()..];
        }
        all
    }

    /// Takes a name with its schema, as `to_regclass` reads it.
    fn name(&mut self) -> Option<String> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        let mut name = first.clone();
        while self.eat(&["."]) {
            let (part, rest) = self.0.split_first()?;
            self.0 = rest;
            name = format!("{name}.{part}");
        }
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::Concurrent;

    #[test]
    fn a_statement_tells_what_it_does_concurrently() {
        let build = |name: &str| Some(Concurrent::Build(name.to_owned()));
        for (sql, found) in [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", build("I")),
            (
                "-- why\ncreate unique index concurrently if not exists app.\"My i\" on t (a)",
                build("APP.\"My i\""),
            ),
            ("CREATE INDEX CONCURRENTLY ON t (a)", Some(Concurrent::Other)),
            (
                "DROP INDEX CONCURRENTLY IF EXISTS i",
                Some(Concurrent::Drop("I".to_owned())),
            ),
            (
                "ALTER TABLE app.log DETACH PARTITION log_1 CONCURRENTLY",
                Some(Concurrent::Detach {
                    table: "APP.LOG".to_owned(),
                    partition: "LOG_1".to_owned(),
                }),
            ),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", Some(Concurrent::Other)),
            ("REINDEX TABLE CONCURRENTLY t", Some(Concurrent::Other)),
            ("CREATE INDEX i ON t (a)", None),
            ("INSERT INTO t VALUES (concurrently)", None),
        ] {
            assert_eq!(Concurrent::of(sql), found, "{sql}");
        }
    }
}
