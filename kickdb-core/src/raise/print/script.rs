use crate::lex::{Kind, Lexis, tokens};
use crate::plan::statements;

/// Statements as one text from which they are read again; `None` where no text does that. A comment behind the end of a
/// statement is no part of it.
#[must_use]
pub fn script(made: &[String], lexis: Lexis) -> Option<String> {
    let same = |text: &String| {
        let found = statements(text, lexis);
        found.len() == made.len()
            && found
                .iter()
                .zip(made)
                .all(|(found, made)| found.sql.trim() == to_its_end(made, lexis))
    };
    let end = if made.len() > 1 { ";" } else { "" };
    let plain = [format!("{}{end}", made.join(";\n")), made.join("\n;\n")];
    let delimited =
        ["//", "$$", "|||"].map(|mark| format!("DELIMITER {mark}\n{}\n{mark}", made.join(&format!("\n{mark}\n"))));
    plain.into_iter().chain(delimited).find(same)
}

fn to_its_end(sql: &str, lexis: Lexis) -> &str {
    let solid = tokens(sql, lexis).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let end = solid.last().map_or(0, |token| token.start + token.text.len());
    sql[..end].trim()
}
