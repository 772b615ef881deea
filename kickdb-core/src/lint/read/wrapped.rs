//! Statements inside of others: `SET STATEMENT … FOR ALTER TABLE …`, and `EXECUTE IMMEDIATE` of a text.

use super::cursor::Cursor;
use crate::lex::{Kind, Lexis, Token, tokens};

/// The words of the statement that is carried out in the end. Of one that is put together at run time, those of its beginning.
pub(crate) fn unwrapped<'a>(words: Vec<Token<'a>>) -> Vec<Token<'a>> {
    match inner(&words) {
        Some(inner) => unwrapped(inner),
        None => words,
    }
}

fn inner<'a>(words: &[Token<'a>]) -> Option<Vec<Token<'a>>> {
    let mut cursor = Cursor::new(words);
    if cursor.eat("set statement") {
        // How long it waits for a lock is said there; the rest of the script does not count then.
        let says = words.iter().take_while(|word| !word.text.eq_ignore_ascii_case("for"));
        let waits = |word: &Token<'_>| word.text.to_ascii_lowercase().contains("lock_wait_timeout");
        let head = says.clone().count();
        return (!says.clone().any(waits)).then(|| words.get(head + 1..).map(<[_]>::to_vec))?;
    }
    if !cursor.eat("execute immediate") {
        return None;
    }
    cursor.eat("concat (");
    let text = words.get(words.len() - cursor.rest().len());
    let text = text.filter(|token| token.kind == Kind::Text)?;
    let whole: &'a str = text.text;
    let sql = whole.get(1..whole.len().checked_sub(1)?)?;
    // A place in a text with escapes is another one than in the statement.
    if sql.contains(['\\', '\'', '"']) {
        return None;
    }
    let solid = tokens(sql, Lexis::MYSQL).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let solid = solid.map(|mut token| {
        token.start += text.start + 1;
        token
    });
    Some(solid.collect())
}
