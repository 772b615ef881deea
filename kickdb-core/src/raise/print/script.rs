use crate::lex::Lexis;
use crate::plan::statements;

/// Statements as one text from which they are read again; `None` where no text does that.
#[must_use]
pub fn script(made: &[String], lexis: Lexis) -> Option<String> {
    let same = |text: &String| {
        let found = statements(text, lexis);
        found.len() == made.len()
            && found
                .iter()
                .zip(made)
                .all(|(found, made)| found.sql.trim() == made.trim())
    };
    let end = if made.len() > 1 { ";" } else { "" };
    let plain = [format!("{}{end}", made.join(";\n")), made.join("\n;\n")];
    let delimited =
        ["//", "$$", "|||"].map(|mark| format!("DELIMITER {mark}\n{}\n{mark}", made.join(&format!("\n{mark}\n"))));
    plain.into_iter().chain(delimited).find(same)
}
