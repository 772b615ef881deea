//! The rows that a check does not hold for which comes to a table: the server names the check, and no row.

use super::syntax::{ident_str, literal};
use crate::lex::{Kind, Lexis, Token, tokens};

/// The columns of the primary key of a table.
pub(in crate::dialect) const KEY: &str = "SELECT COLUMN_NAME FROM information_schema.STATISTICS \
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $1 AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX";

/// How many rows are named.
const NAMED: usize = 5;

/// A check that was refused.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::dialect) struct Check<'a> {
    pub(in crate::dialect) table: String,
    condition: &'a str,
}

impl<'a> Check<'a> {
    /// The check that `ALTER TABLE … ADD CONSTRAINT … CHECK (…)` failed for with this message.
    pub(in crate::dialect) fn of(sql: &'a str, message: &str) -> Option<Self> {
        let solid = tokens(sql, Lexis::MYSQL).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
        let solid = solid.collect::<Vec<_>>();
        let is = |at: usize, word: &str| solid.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word));
        if !is(0, "alter") || !is(1, "table") || is(3, ".") {
            return None;
        }
        let table = unquoted(solid.get(2)?);
        let named = |at: &usize| {
            let name = solid.get(at + 1).map(unquoted).unwrap_or_default();
            let said = [format!("`{name}`"), format!("'{name}'")];
            is(*at, "constraint")
                && is(at + 2, "check")
                && is(at + 3, "(")
                && said.iter().any(|name| message.contains(name))
        };
        let open = (3..solid.len()).find(named)? + 3;
        let mut depth = 0;
        let close = solid[open..].iter().find(|token| {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        let condition = sql.get(solid[open].start + 1..close.start)?;
        Some(Self { table, condition })
    }

    /// A query for the keys of the rows, each a text.
    pub(in crate::dialect) fn question(&self, key: &[String]) -> String {
        let shown = key
            .iter()
            .map(|column| format!("concat({}, {})", literal(&format!("{column} = ")), ident_str(column)));
        let shown = shown.collect::<Vec<_>>();
        let shown = match shown.len() {
            0 => "'a row'".to_owned(),
            _ => format!("CAST(concat_ws(' and ', {}) AS char)", shown.join(", ")),
        };
        format!(
            "SELECT {shown} FROM {} WHERE NOT ({}) LIMIT {}",
            ident_str(&self.table),
            self.condition,
            NAMED + 1
        )
    }

    /// The sentence about the rows that were found.
    pub(in crate::dialect) fn says(rows: &[String]) -> Option<String> {
        let named = rows.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
        let more = if rows.len() > NAMED { " and others" } else { "" };
        (!named.is_empty()).then(|| format!("it fails for {}{more}; change them first", named.join(", ")))
    }
}

fn unquoted(token: &Token<'_>) -> String {
    match token.kind {
        Kind::Quoted => token.text.trim_matches('`').replace("``", "`"),
        _ => token.text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Check;

    #[test]
    fn the_check_that_the_message_names_is_asked_for() {
        let sql = "ALTER TABLE `a``b`\n  ADD CONSTRAINT `x` CHECK (`n` > (1)),\n  ADD CONSTRAINT `y` CHECK (`v` regexp '^[)]')";
        let check = Check::of(sql, "CONSTRAINT `y` failed for `db`.`a``b`").unwrap();
        assert_eq!(
            check.question(&["id".to_owned(), "it's".to_owned()]),
            "SELECT CAST(concat_ws(' and ', concat('id = ', `id`), concat('it''s = ', `it's`)) AS char) FROM `a``b` \
             WHERE NOT (`v` regexp '^[)]') LIMIT 6"
        );
        assert!(check.question(&[]).starts_with("SELECT 'a row' FROM"));
        assert_eq!(Check::of(sql, "Duplicate column name 'z'"), None);
        let rows = ["id = 2".to_owned()];
        assert_eq!(Check::says(&rows).unwrap(), "it fails for id = 2; change them first");
        assert_eq!(Check::says(&[]), None);
    }
}
