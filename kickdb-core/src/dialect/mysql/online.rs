//! What MySQL / MariaDB does to a table that is in use: triggers that keep columns filled, and rows filled some at a time.

use super::Mysql;
use super::syntax::{ident, table as place};
use crate::dialect::online::{Kept, Online};
use crate::dialect::{EmitError, Types as _};
use crate::ident::Name;
use crate::ir::{Expr, Schema, SqlType, Table};
use crate::lex::{Kind, Lexis, tokens};

/// So many rows are written in one transaction.
const ROWS: u32 = 2_000;

impl Online for Mysql {
    fn keep(&self, table: &Table, kept: &[Kept]) -> Result<Vec<String>, EmitError> {
        let statement = |event: &str| {
            let name = format!("{}__keep_{event}", table.name.name);
            let name = Name::new(name.clone())
                .ok()
                .filter(|_| name.chars().count() <= super::MAX_IDENTIFIER)
                .ok_or_else(|| EmitError {
                    object: table.name.to_string(),
                    message: format!(
                        "`{name}` is too long for the trigger that keeps its columns filled; generate without `--online`"
                    ),
                })?;
            let lines = kept.iter().map(|kept| {
                let column = ident(&kept.column);
                let set = format!("SET NEW.{column} = ({});", of_row(&kept.value, table));
                match kept.follows {
                    true => format!("  {set}\n"),
                    false => format!("  IF NEW.{column} IS NULL THEN\n    {set}\n  END IF;\n"),
                }
            });
            Ok(format!(
                "CREATE TRIGGER {} BEFORE {} ON {} FOR EACH ROW\nBEGIN\n{}END",
                ident(&name),
                event.to_uppercase(),
                place(&table.name),
                lines.collect::<String>()
            ))
        };
        ["insert", "update"].into_iter().map(statement).collect()
    }

    fn rewrites(&self, from: &SqlType, to: &SqlType) -> bool {
        let [Ok(from), Ok(to)] = [from, to].map(|ty| self.format(ty)) else {
            return true;
        };
        let inside = |ty: &str, word: &str| Some(ty.strip_prefix(word)?.strip_suffix(')')?.to_owned());
        let number = |ty: &str| inside(ty, "varchar(")?.parse::<u32>().ok();
        let listed = ["enum(", "set("]
            .into_iter()
            .find_map(|word| Some((inside(&from, word)?, inside(&to, word)?)));
        let keeps = match (number(&from).zip(number(&to)), listed) {
            (Some((from, to)), _) => from <= to,
            (_, Some((from, to))) => to
                .strip_prefix(&from)
                .is_some_and(|more| more.is_empty() || more.starts_with(',')),
            _ => from == to,
        };
        !keeps
    }

    fn converted(&self, column: &Name, _: &SqlType, _: &SqlType, _: &Schema) -> Option<String> {
        Some(ident(column))
    }

    /// InnoDB copies the table for any expression; there is no way around it but to do without the default.
    fn own_for_each_row(&self, _: &Expr) -> Option<String> {
        None
    }
}

/// An expression over the columns of a table as one over the row of a trigger.
fn of_row(sql: &str, table: &Table) -> String {
    let all = tokens(sql, Lexis::MYSQL).collect::<Vec<_>>();
    let solid = |at: &usize| !matches!(all[*at].kind, Kind::Space | Kind::Comment);
    let mut out = String::with_capacity(sql.len());
    for (at, token) in all.iter().enumerate() {
        let before = (0..at).rev().find(solid).map(|at| all[at].text);
        let after = (at + 1..all.len()).find(solid).map(|at| all[at].text);
        let name = token.text.trim_matches('`');
        let column = table
            .columns
            .iter()
            .find(|column| column.name.as_str().eq_ignore_ascii_case(name));
        match column {
            Some(column)
                if matches!(token.kind, Kind::Word | Kind::Quoted) && before != Some(".") && after != Some("(") =>
            {
                out.push_str("NEW.");
                out.push_str(&ident(&column.name));
            }
            _ => out.push_str(token.text),
        }
    }
    out
}

/// Gives rows that hold NULL a value, some at a time in the order of the key. `None` where there is no key of one column.
pub(super) fn fill(table: &Table, column: &Name, value: &str, kept: &str) -> Option<[String; 3]> {
    let [key] = table.primary_key.as_ref()?.columns.as_slice() else {
        return None;
    };
    let procedure = Name::new(format!("{}__fill", table.name.name)).ok()?;
    if procedure.as_str().chars().count() > super::MAX_IDENTIFIER {
        return None;
    }
    let (procedure, table, column, key) = (ident(&procedure), place(&table.name), ident(column), ident(key));
    Some([
        format!(
            "CREATE OR REPLACE PROCEDURE {procedure}()\nBEGIN\n  DECLARE kick_low TYPE OF {table}.{key};\n  \
             DECLARE kick_high TYPE OF {table}.{key};\n  SELECT MIN({key}) INTO kick_low FROM {table};\n  \
             WHILE kick_low IS NOT NULL DO\n    SELECT MAX(kick_key) INTO kick_high FROM (\n      \
             SELECT {key} AS kick_key FROM {table} WHERE {key} >= kick_low ORDER BY {key} LIMIT {ROWS}) AS kick_piece;\n    \
             UPDATE {table} SET {column} = ({value}){kept}\n      WHERE {column} IS NULL AND {key} BETWEEN kick_low AND kick_high;\n    \
             COMMIT;\n    SELECT MIN({key}) INTO kick_low FROM {table} WHERE {key} > kick_high;\n  END WHILE;\nEND"
        ),
        format!("CALL {procedure}()"),
        format!("DROP PROCEDURE IF EXISTS {procedure}"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::Qualified;
    use crate::ir::Column;

    #[test]
    fn what_only_grows_is_taken_as_it_is() {
        let ty = |text: &str| Mysql.parse(text).expect("it is a type");
        for (from, to, same) in [
            ("varchar(20)", "varchar(40)", true),
            ("varchar(40)", "varchar(20)", false),
            ("enum('a','b')", "enum('a','b','c')", true),
            ("enum('a','b')", "enum('b','a')", false),
            ("enum('a')", "enum('a''b')", false),
            ("int", "bigint", false),
            ("int", "int", true),
        ] {
            assert_eq!(Mysql.rewrites(&ty(from), &ty(to)), !same, "{from} {to}");
        }
    }

    #[test]
    fn an_expression_over_columns_reads_the_row_that_is_written() {
        let name = |text: &str| Name::new(text).expect("it is a name");
        let mut table = Table::new(Qualified::local(name("tasks")));
        table.columns.push(Column::new(name("title"), SqlType::Text));
        table.columns.push(Column::new(name("lower"), SqlType::Text));
        for (sql, row) in [
            ("lower(title)", "lower(NEW.`title`)"),
            (
                "concat(`Title`, 'title', lower)",
                "concat(NEW.`title`, 'title', NEW.`lower`)",
            ),
        ] {
            assert_eq!(of_row(sql, &table), row);
        }
    }
}
