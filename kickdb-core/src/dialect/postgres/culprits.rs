//! Which rows a statement fails for: the server names the value at best, never the row.

use super::syntax::literal;
use crate::lex::{Kind, Lexis, Token, tokens};

/// Statements that look for the rows, and a query that tells them: `id = 7 ('abc')`. `None` where no row can be in the way.
pub(in crate::dialect) fn find(sql: &str) -> Option<Vec<String>> {
    let solid = tokens(sql, Lexis::POSTGRES).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let solid = solid.collect::<Vec<_>>();
    let mut rest = solid.as_slice();
    for word in ["ALTER", "TABLE"] {
        rest = after(rest, word)?;
    }
    rest = after(rest, "ONLY").unwrap_or(rest);
    let dots = rest
        .iter()
        .skip(1)
        .step_by(2)
        .take_while(|token| token.text == ".")
        .count();
    let (name, rest) = rest.split_at_checked(1 + 2 * dots)?;
    let table = text(sql, name)?;
    let actions = split(rest);
    let searches = actions.into_iter().filter_map(|action| search(sql, table, action));
    let searches = searches.collect::<Vec<_>>();
    if searches.is_empty() {
        return None;
    }
    // Reads the key from the catalog: the statement does not say it.
    let block = format!(
        "DECLARE\n  kick_key text[];\n  kick_row record;\n  kick_found text[] := '{{}}';\nBEGIN\n  kick_key := ARRAY(SELECT a.attname::text FROM pg_index i \
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
         WHERE i.indrelid = to_regclass({}) AND i.indisprimary ORDER BY a.attnum);\n{}\n  \
         PERFORM set_config('kick.culprits', CASE WHEN kick_found = '{{}}' THEN '' ELSE 'it fails for ' \
         || array_to_string(kick_found[1:{SHOWN}], ', ') || CASE WHEN cardinality(kick_found) > {SHOWN} THEN ' and others' ELSE '' END END, true);\nEND",
        literal(table),
        searches.join("\n")
    );
    Some(vec![
        format!("DO {}", literal(&block)),
        "SELECT current_setting('kick.culprits')".to_owned(),
    ])
}

/// How many rows are named.
const SHOWN: usize = 5;

/// How many rows are looked at at most where each must be tried by itself.
const LOOKED_AT: usize = 1_000_000;

fn after<'a, 'b>(tokens: &'b [Token<'a>], word: &str) -> Option<&'b [Token<'a>]> {
    let (first, rest) = tokens.split_first()?;
    first.text.eq_ignore_ascii_case(word).then_some(rest)
}

/// The text from the first to the last of the tokens.
fn text<'a>(sql: &'a str, tokens: &[Token<'_>]) -> Option<&'a str> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    sql.get(first.start..last.start + last.text.len())
}

/// The actions between commas outside of parentheses.
fn split<'a, 'b>(tokens: &'b [Token<'a>]) -> Vec<&'b [Token<'a>]> {
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.text == ","
    });
    parts.collect()
}

/// A loop that finds the rows which one action fails for.
fn search(sql: &str, table: &str, action: &[Token<'_>]) -> Option<String> {
    if let Some(rest) = after(action, "ADD") {
        let rest = match after(rest, "CONSTRAINT") {
            Some(rest) => rest.get(1..)?,
            None => rest,
        };
        if let Some(rest) = after(rest, "FOREIGN").and_then(|rest| after(rest, "KEY")) {
            return pointing_nowhere(sql, table, rest);
        }
        let rest = after(rest, "CHECK")?;
        let end = closing(rest)?;
        let check = text(sql, &rest[..=end])?;
        return Some(rows(table, &format!("NOT {check}"), "t::text"));
    }
    let rest = after(action, "ALTER")?;
    let rest = after(rest, "COLUMN").unwrap_or(rest);
    let (column, rest) = rest.split_first()?;
    let column = column.text;
    if let Some(rest) = after(rest, "SET").and_then(|rest| after(rest, "NOT")) {
        after(rest, "NULL")?;
        return Some(rows(table, &format!("{column} IS NULL"), "'NULL'"));
    }
    let rest = after(rest, "SET").and_then(|rest| after(rest, "DATA")).unwrap_or(rest);
    let rest = after(rest, "TYPE")?;
    let is = |word: &str| rest.iter().position(|token| token.text.eq_ignore_ascii_case(word));
    let using = is("USING");
    let end = is("COLLATE").or(using).unwrap_or(rest.len());
    let ty = text(sql, rest.get(..end)?)?;
    let value = match using {
        Some(at) => text(sql, rest.get(at + 1..)?)?,
        None => column,
    };
    // What is put into a variable is converted as what is put into a column.
    Some(format!(
        "  DECLARE\n    kick_probe {ty};\n  BEGIN\n    FOR kick_row IN SELECT t.tableoid, t.ctid AS at, {column}::text AS value, {NAMED} AS name FROM {table} t LIMIT {LOOKED_AT} LOOP\n      \
         BEGIN\n        SELECT {value} INTO kick_probe FROM {table} t WHERE t.ctid = kick_row.at AND t.tableoid = kick_row.tableoid;\n      \
         EXCEPTION WHEN others THEN\n        kick_found := kick_found || (kick_row.name || ' (' || quote_nullable(left(kick_row.value, 60)) || ')');\n        \
         EXIT WHEN cardinality(kick_found) > {SHOWN};\n      END;\n    END LOOP;\n  END;"
    ))
}

/// A loop that finds the rows which point at nothing.
fn pointing_nowhere(sql: &str, table: &str, rest: &[Token<'_>]) -> Option<String> {
    let columns = |list: &[Token<'_>]| {
        let names = list.iter().filter(|token| !matches!(token.text, "(" | ")" | ","));
        names.map(|token| token.text.to_owned()).collect::<Vec<_>>()
    };
    let end = closing(rest)?;
    let own = columns(&rest[..=end]);
    let rest = after(rest.get(end + 1..)?, "REFERENCES")?;
    let open = rest.iter().position(|token| token.text == "(")?;
    let (parents, rest) = rest.split_at(open);
    let referenced = columns(&rest[..=closing(rest)?]);
    let parents = text(sql, parents)?;
    let set = own.iter().map(|name| format!("t.{name} IS NOT NULL"));
    let pairs = own.iter().zip(&referenced);
    let same = pairs.map(|(own, other)| format!("kick_parent.{other} = t.{own}"));
    let condition = format!(
        "{} AND NOT EXISTS (SELECT FROM {parents} kick_parent WHERE {})",
        set.collect::<Vec<_>>().join(" AND "),
        same.collect::<Vec<_>>().join(" AND ")
    );
    let values = own.iter().map(|name| format!("t.{name}::text")).collect::<Vec<_>>();
    Some(rows(
        table,
        &condition,
        &format!("concat_ws(', ', {})", values.join(", ")),
    ))
}

/// The row by its primary key, or by its place where there is none.
const NAMED: &str = "coalesce((SELECT string_agg(k || ' = ' || coalesce(to_jsonb(t) ->> k, 'NULL'), ', ') FROM unnest(kick_key) k), 'ctid = ' || t.ctid::text)";

fn rows(table: &str, condition: &str, value: &str) -> String {
    format!(
        "  FOR kick_row IN SELECT {NAMED} AS name, {value} AS value FROM {table} t WHERE {condition} LIMIT {} LOOP\n    \
         kick_found := kick_found || (kick_row.name || ' (' || left(kick_row.value, 60) || ')');\n  END LOOP;",
        SHOWN + 1
    )
}

/// The parenthesis that closes the first.
fn closing(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn only_what_rows_can_refuse_is_looked_into() {
        for sql in [
            "ALTER TABLE \"s\".\"t\" ALTER COLUMN \"n\" TYPE integer USING \"n\"::integer",
            "ALTER TABLE t\n  ADD COLUMN x int,\n  ALTER COLUMN n SET NOT NULL",
            "-- why\nALTER TABLE ONLY t ADD CONSTRAINT c CHECK (n > 0) NOT VALID",
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a, \"b\") REFERENCES s.o (c, d) ON DELETE CASCADE",
            "ALTER TABLE t ALTER n SET DATA TYPE varchar(3) COLLATE \"C\"",
        ] {
            assert!(find(sql).is_some(), "{sql}");
        }
        for sql in [
            "ALTER TABLE t ADD COLUMN x int, ALTER COLUMN n DROP NOT NULL",
            "ALTER TABLE t ADD UNIQUE (n)",
            "ALTER TABLE",
            "CREATE TABLE t (n int NOT NULL)",
            "",
        ] {
            assert_eq!(find(sql), None, "{sql}");
        }
    }
}
