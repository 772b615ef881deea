//! What only `SHOW CREATE TABLE` tells, of the few tables that can have it: periods of the application's time and the keys
//! over them (`information_schema` has views for these from MariaDB 11.4 on), the partition for all other rows, what limits
//! the partitions of a history, how many rows a partition is made for and where it is kept, the bytes of a binary default, and
//! characters of four bytes in expressions (`information_schema` is in utf8mb3).

use std::collections::BTreeSet;

use super::partitions::PartitionRow;
use super::rows::{CheckRow, ColumnRow, name};
use crate::dialect::CatalogError;
use crate::dialect::mysql::normalize::{PARTITION_BY, is_in_memory, period_option};
use crate::dialect::mysql::partition;
use crate::dialect::mysql::syntax::{ident, unquote};
use crate::dialect::mysql::{bytes, keys};
use crate::ident::{Name, Qualified};
use crate::ir::{ColumnValue, Expr, Table, Tables};
use crate::lex::{Kind, Lexis, Token, tokens};

/// How each answer about a table starts.
pub(super) const START: &str = "CREATE TABLE ";

/// What an index is said to be made with, and the size of its blocks: the words in front of its name among what is told of
/// its table. The server takes the one as a wish.
pub(super) const USING: &str = "using ";
pub(super) const BLOCK: &str = "key_block_size of ";

/// The statements in an answer, of which each line is the name of a table and its statement. Both can hold line ends.
pub(super) fn statements<'a>(answer: &'a str, names: &BTreeSet<String>) -> Vec<&'a str> {
    let mut pieces: Vec<&str> = answer.split('\0').skip(1).collect();
    let last = pieces.pop();
    let cut = |piece: &'a str| {
        let mut ends = piece.rmatch_indices('\n').map(|(at, _)| at);
        ends.find(|at| names.contains(&piece[at + 1..]))
            .map_or(piece, |at| &piece[..at])
    };
    pieces.into_iter().map(cut).chain(last).collect()
}

/// The tables to ask about.
pub(super) fn doubtful(columns: &[ColumnRow], checks: &[CheckRow], partitions: &[PartitionRow]) -> BTreeSet<String> {
    // A period is told as a check that its start is before its end.
    let period = |row: &&CheckRow| {
        let mut sides = row.clause.split('<').map(str::trim);
        let is_name = |side: Option<&str>| side.is_some_and(|side| side.starts_with('`') && side.ends_with('`'));
        !row.of_column.holds() && is_name(sides.next()) && is_name(sides.next()) && sides.next().is_none()
    };
    // A byte that is no text is told as `?`.
    let bytes = |row: &&ColumnRow| {
        let default = row.value.as_deref().unwrap_or_default();
        row.ty.contains("binary") && default.starts_with('\'') && default.contains('?')
    };
    let with_bytes = columns
        .iter()
        .filter(|row| bytes(row) || is_cut(row.value.as_deref()) || is_cut(row.expression.as_deref()));
    let with_bytes = with_bytes.map(|row| row.table.clone());
    let cut = checks.iter().filter(|row| is_cut(Some(&row.clause)));
    let with_period = checks.iter().filter(period).map(|row| row.table.clone());
    with_period
        .chain(with_bytes)
        .chain(cut.map(|row| row.table.clone()))
        .chain(partitions.iter().map(|row| row.table.clone()))
        .collect()
}

/// A character of four bytes is told as `?`.
fn is_cut(told: Option<&str>) -> bool {
    told.is_some_and(|told| told.contains('?'))
}

/// Takes over what an answer says.
pub(super) fn read(text: &str, tables: &mut Tables) -> Result<(), CatalogError> {
    let mut lines = text.lines();
    let first = lines.next().map(words).unwrap_or_default();
    let Some(table) = first.get(2).map(unquoted) else {
        return Ok(());
    };
    let Some(table) = tables.get_mut(&Qualified::local(name(table)?)) else {
        return Ok(());
    };
    let mut periods: Vec<(Name, Name, Name)> = Vec::new();
    let mut overlapping: Vec<(Name, Name)> = Vec::new();
    for whole in lines.by_ref().take_while(|line| line.starts_with("  ")) {
        let line = words(whole);
        let texts: Vec<&str> = line.iter().map(|token| token.text).collect();
        match texts.as_slice() {
            ["PERIOD", "FOR", period, "(", ..] if *period != "SYSTEM_TIME" && line.len() > 6 => periods.push((
                name(unquoted(&line[2]))?,
                name(unquoted(&line[4]))?,
                name(unquoted(&line[6]))?,
            )),
            ["PRIMARY" | "UNIQUE", "KEY", ..] | ["KEY", ..] => {
                let key = match texts[0] {
                    "PRIMARY" => keys::PRIMARY.to_owned(),
                    "UNIQUE" => unquoted(&line[2]),
                    _ => unquoted(&line[1]),
                };
                made_with(&name(key)?, &texts, table);
                if let Some(at) = texts.iter().position(|text| *text == "WITHOUT") {
                    let key = match texts[0] {
                        "PRIMARY" => keys::PRIMARY.to_owned(),
                        _ => unquoted(&line[2]),
                    };
                    overlapping.push((name(key)?, name(unquoted(&line[at - 1]))?));
                }
            }
            ["CONSTRAINT", ..] if line.len() > 2 => {
                made_whole_of_check(&name(unquoted(&line[1]))?, (whole, &line), table)
            }
            [column, ..] if column.starts_with(['`', '"']) => {
                let column = name(unquoted(&line[0]))?;
                made_whole(&column, (whole, &line), table);
                made_whole_of_check(&column, (whole, &line), table);
                if let Some(bytes) = default_bytes(&texts)
                    && let Some(column) = table.columns.iter_mut().find(|known| known.name == column)
                {
                    column.value = ColumnValue::Default(Expr::Sql(bytes::literal(&bytes)));
                }
            }
            _ => {}
        }
    }
    for (period, start, end) in periods {
        table.checks.remove(&period);
        let columns = format!("{}, {}", ident(&start), ident(&end));
        table.options.insert(period_option(&period), columns);
    }
    for (key, period) in overlapping {
        let index = table.indexes.get_mut(&key);
        // A statement can be read twice.
        if let Some(index) = index.filter(|index| !index.options.contains_key(keys::WITHOUT_OVERLAPS)) {
            // They end with the two columns of the period.
            index.parts.truncate(index.parts.len().saturating_sub(2));
            index
                .options
                .insert(keys::WITHOUT_OVERLAPS.to_owned(), period.to_string());
        }
    }
    // Of Aria's tables only this tells checksums where nothing was said of them, and whether anything was said of transactions.
    if let Some(end) = text.lines().find(|line| line.starts_with(") ENGINE=Aria")) {
        for (option, spelled) in [
            ("page_checksum", " PAGE_CHECKSUM="),
            ("transactional", " TRANSACTIONAL="),
        ] {
            let told = &mut table.written.told.0;
            match end.split_once(spelled) {
                Some((_, value)) => told.insert(option.to_owned(), value.chars().take(1).collect()),
                None => told.remove(option),
            };
        }
    }
    let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
    let spread = text.rsplit_once("\n PARTITION BY ").map(|(_, spread)| spread);
    if let Some(spread) = spread.and_then(|spread| partition::parse(spread, &columns)) {
        table.options.insert(PARTITION_BY.to_owned(), spread.text());
    }
    Ok(())
}

/// What a column of this definition has by itself, where that is no text.
fn default_bytes(words: &[&str]) -> Option<Vec<u8>> {
    let at = words.iter().position(|word| *word == "DEFAULT")?;
    bytes::of_shown(&unquote(words.get(at + 1)?)?)
}

/// Takes over what a column computes, where the catalog told it with characters missing.
fn made_whole(column: &Name, line: (&str, &[Token<'_>]), table: &mut Table) {
    let Some(column) = table.columns.iter_mut().find(|known| known.name == *column) else {
        return;
    };
    let shown = match &column.value {
        ColumnValue::Generated { .. } => in_parentheses(line, &["GENERATED", "ALWAYS", "AS"]),
        ColumnValue::Default(_) => default_of(line),
        _ => None,
    };
    if let (
        ColumnValue::Default(Expr::Sql(told))
        | ColumnValue::Generated {
            expr: Expr::Sql(told), ..
        },
        Some(shown),
    ) = (&mut column.value, shown)
    {
        make_whole(told, shown);
    }
}

fn made_whole_of_check(check: &Name, line: (&str, &[Token<'_>]), table: &mut Table) {
    if let (Some(check), Some(shown)) = (table.checks.get_mut(check), in_parentheses(line, &["CHECK"]))
        && let Expr::Sql(told) = &mut check.expr
    {
        make_whole(told, shown);
    }
}

/// Takes what is shown, where it is what is told but for characters of four bytes.
fn make_whole(told: &mut String, shown: &str) {
    let rest = |text: &str| {
        let kept = text.chars().filter(|c| *c != '?' && c.len_utf8() < 4);
        kept.collect::<String>()
    };
    if told.contains('?') && told != shown && rest(told) == rest(shown) {
        shown.clone_into(told);
    }
}

/// What stands in parentheses behind these words.
fn in_parentheses<'a>((whole, line): (&'a str, &[Token<'a>]), behind: &[&str]) -> Option<&'a str> {
    let texts = line.iter().map(|token| token.text).collect::<Vec<_>>();
    let stands = |words: &[&str]| words.split_last() == Some((&"(", behind));
    let open = texts.windows(behind.len() + 1).position(stands)? + behind.len();
    let close = (open + 1..line.len()).find(|at| depth(&line[open..=*at]) == 0)?;
    between(whole, line[open + 1].text, line[close - 1].text)
}

/// What a column has by itself: everything behind `DEFAULT` up to what may follow it.
fn default_of<'a>((whole, line): (&'a str, &[Token<'a>])) -> Option<&'a str> {
    let start = line.iter().position(|token| token.text == "DEFAULT")? + 1;
    let ends = |at: &usize| {
        let follows = ["ON", "COMMENT", "CHECK", "INVISIBLE", ","].contains(&line[*at].text);
        follows && depth(&line[start..*at]) == 0
    };
    let end = (start + 1..line.len()).find(ends).unwrap_or(line.len());
    between(whole, line.get(start)?.text, line[end - 1].text)
}

/// How many parentheses are open behind these.
fn depth(line: &[Token<'_>]) -> isize {
    let each = line.iter().map(|token| match token.text {
        "(" => 1,
        ")" => -1,
        _ => 0,
    });
    each.sum()
}

/// The piece of a text from the start of one of its parts to the end of another.
fn between<'a>(whole: &'a str, first: &'a str, last: &'a str) -> Option<&'a str> {
    let place = |part: &str| (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize);
    whole.get(place(first)?..place(last)? + last.len())
}

/// Keeps what is said behind the columns of a key, where `information_schema` says something else or nothing.
fn made_with(key: &Name, line: &[&str], table: &mut Table) {
    let behind = line.iter().rposition(|text| *text == ")").map_or(0, |at| at + 1);
    let tree = table.indexes.get(key).and_then(|index| index.method.as_ref());
    // Elsewhere a hash is what the server makes of a unique key over long values, and no wish.
    let tree = tree.is_some_and(|method| *method == keys::BTREE) || is_in_memory(table);
    let told = &mut table.written.told.0;
    for words in line[behind..].windows(2) {
        if words[0] == "USING" && tree {
            told.insert(format!("{USING}{key}"), words[1].to_ascii_lowercase());
        }
    }
    for words in line[behind..].windows(3) {
        if words[0] == "KEY_BLOCK_SIZE" && words[1] == "=" {
            told.insert(format!("{BLOCK}{key}"), words[2].to_owned());
        }
    }
}

fn words(line: &str) -> Vec<Token<'_>> {
    let solid = tokens(line, Lexis::MYSQL).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    solid.collect()
}

/// A name without its quotes, which are others where `ANSI_QUOTES` is on.
fn unquoted(token: &Token<'_>) -> String {
    for quote in ['`', '"'] {
        let inner = token.text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    token.text.to_owned()
}
