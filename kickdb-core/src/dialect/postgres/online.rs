//! What PostgreSQL does to a table that is in use: triggers that keep columns filled, and what is done in place.

use super::Postgres;
use super::emit::conversion;
use super::expr;
use super::extension::is_elsewhere;
use super::syntax::{ident, literal, qualified};
use super::types::ddl;
use crate::dialect::EmitError;
use crate::dialect::online::{Kept, Online};
use crate::ident::Name;
use crate::ir::{Expr, Schema, SqlType, Table};

/// So many pages are written in one transaction: some thousand rows, and the time that a writer of one of them waits.
const PAGES: u32 = 32;

impl Online for Postgres {
    fn keep(&self, table: &Table, kept: &[Kept]) -> Result<Vec<String>, EmitError> {
        let refused = |name: &str| EmitError {
            object: table.name.to_string(),
            message: format!(
                "`{name}` is too long for the trigger that keeps its columns filled; generate without `--online`"
            ),
        };
        let name = format!("{}__keep", table.name.name);
        let name = Name::new(name.clone())
            .ok()
            .filter(|_| name.len() <= super::MAX_IDENTIFIER)
            .ok_or_else(|| refused(&name))?;
        let function = qualified(&table.name.sibling(name.clone()));
        // The row's own columns, under the names by which an expression can say them.
        let row = format!("FROM (SELECT NEW.*) AS {}", ident(&table.name.name));
        let lines = kept.iter().map(|kept| {
            let column = ident(&kept.column);
            let set = format!("NEW.{column} := (SELECT ({}) {row});", kept.value);
            match kept.follows {
                true => format!("  {set}\n"),
                false => format!("  IF NEW.{column} IS NULL THEN\n    {set}\n  END IF;\n"),
            }
        });
        let body = format!("\nBEGIN\n{}  RETURN NEW;\nEND\n", lines.collect::<String>());
        let mut tag = "$$".to_owned();
        while body.contains(&tag) {
            tag.insert(tag.len() - 1, 'k');
        }
        Ok(vec![
            format!("CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {tag}{body}{tag}"),
            format!(
                "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION {function}()",
                ident(&name),
                qualified(&table.name)
            ),
        ])
    }

    /// What keeps the bytes, by the notes of the reference of ALTER TABLE.
    fn rewrites(&self, from: &SqlType, to: &SqlType) -> bool {
        let keeps = match (from, to) {
            (from, to) if from == to || is_elsewhere(from, to) => true,
            (SqlType::Varchar(from), SqlType::Varchar(to)) => from <= to,
            (SqlType::Varchar(_), SqlType::Text) => true,
            (SqlType::Decimal(Some(_)), SqlType::Decimal(None)) => true,
            (SqlType::Decimal(Some((from, scale))), SqlType::Decimal(Some((to, same)))) => from <= to && scale == same,
            _ => false,
        };
        !keeps
    }

    fn converted(&self, column: &Name, from: &SqlType, to: &SqlType, schema: &Schema) -> Option<String> {
        let conversion = conversion(from, to, schema);
        if conversion.function.is_some() {
            return None;
        }
        let name = ident(column);
        let value = conversion.using.map(|using| using.replace("{}", &name));
        let Some(changes) = conversion.round_trip else {
            return Some(value.unwrap_or(name));
        };
        let value = value.unwrap_or_else(|| format!("{name}::{}", ddl(to)));
        // No value may change unseen: one that would fails by what it is cast to.
        let [before, after] = changes.map(|sql| sql.replace("{}", &name));
        let message = literal(&format!(
            "column {name} holds a value that {} cannot hold exactly: ",
            ddl(to)
        ));
        Some(format!(
            "CASE WHEN {before} IS DISTINCT FROM {after} THEN ({message} || {name}::text)::boolean::text::{} ELSE {value} END",
            ddl(to)
        ))
    }

    fn own_for_each_row(&self, default: &Expr) -> Option<String> {
        match default {
            Expr::NewUuid => Some(expr::sql(default)),
            Expr::Sql(sql) if VOLATILE.iter().any(|function| sql.contains(&format!("{function}("))) => {
                Some(sql.clone())
            }
            _ => None,
        }
    }
}

/// The volatile functions that come with PostgreSQL and its usual extensions.
const VOLATILE: &[&str] = &[
    "random",
    "gen_random_uuid",
    "gen_random_bytes",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
    "clock_timestamp",
    "timeofday",
    "nextval",
    "txid_current",
    "pg_current_xact_id",
];

/// Gives rows that hold NULL a value, some pages of the table at a time: a row that is written meanwhile has its value
/// already, wherever it goes.
pub(super) fn fill(table: &Table, column: &Name, value: &str) -> String {
    let place = qualified(&table.name);
    let column = ident(column);
    let size = super::syntax::literal(&place);
    let body = format!(
        "\nDECLARE\n  pages bigint := pg_relation_size({size}) / current_setting('block_size')::bigint;\n  page bigint := 0;\n\
         BEGIN\n  WHILE page <= pages LOOP\n    UPDATE {place} SET {column} = ({value})\n      WHERE {column} IS NULL\n        \
         AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + {PAGES})::tid;\n    COMMIT;\n    \
         page := page + {PAGES};\n  END LOOP;\nEND\n"
    );
    let mut tag = "$$".to_owned();
    while body.contains(&tag) {
        tag.insert(tag.len() - 1, 'k');
    }
    format!("DO {tag}{body}{tag}")
}

#[cfg(test)]
mod tests {
    use super::Postgres;
    use crate::dialect::Types;
    use crate::dialect::online::Online;
    use crate::ident::Name;
    use crate::ir::Schema;

    #[test]
    fn a_value_that_would_change_on_the_way_fails() {
        let column = Name::new("price").unwrap();
        let converted = |from: &str, to: &str| {
            let (from, to) = (Postgres.parse(from).unwrap(), Postgres.parse(to).unwrap());
            Postgres.converted(&column, &from, &to, &Schema::default()).unwrap()
        };
        let narrower = converted("numeric(12, 4)", "numeric(10, 2)");
        assert!(narrower.contains("IS DISTINCT FROM"), "{narrower}");
        assert!(narrower.contains("cannot hold exactly"), "{narrower}");
        let wider = converted("numeric(10, 2)", "numeric(12, 4)");
        assert!(!wider.contains("CASE"), "{wider}");
    }
}
