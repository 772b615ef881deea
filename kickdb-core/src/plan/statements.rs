use crate::lex::{Kind, Lexis, Token, tokens};

/// One statement of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// Its SQL, without the semicolon at its end and without comments before it.
    pub sql: &'a str,
    /// The line of the script on which it starts, from 1.
    pub line: usize,
}

/// Cuts a script at the semicolons that end statements.
///
/// Those in strings, dollar quotes, comments and quoted names do not, nor those in the body of a trigger or routine
/// (`BEGIN …; …; END`). Where the engine's clients know them, a line `DELIMITER //` says what ends the statements behind it.
///
/// ```
/// use kickdb_core::lex::Lexis;
/// use kickdb_core::plan::statements;
///
/// let script = "-- two;\nSELECT ';';\nSELECT 2";
/// let found = statements(script, Lexis::SQLITE);
/// assert_eq!((found[0].sql, found[0].line), ("SELECT ';'", 2));
/// assert_eq!((found[1].sql, found[1].line), ("SELECT 2", 3));
/// ```
#[must_use]
pub fn statements(script: &str, lexis: Lexis) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    let mut delimiter = ";";
    let (mut at, mut line, mut counted) = (0, 1, 0);
    loop {
        at = skip_blank(script, at, delimiter, lexis);
        line += script[counted..at].matches('\n').count();
        counted = at;
        if at == script.len() {
            return found;
        }
        if let Some((named, end)) = delimiter_line(script, at).filter(|_| lexis.delimiter_lines) {
            delimiter = named;
            at = end;
            continue;
        }
        let (end, next) = match delimiter {
            ";" => one(script, at, lexis),
            other => until(script, at, other, lexis),
        };
        found.push(Statement {
            sql: &script[at..end],
            line,
        });
        at = next;
    }
}

/// The start of the next statement, or of a line that names a delimiter.
fn skip_blank(script: &str, mut at: usize, delimiter: &str, lexis: Lexis) -> usize {
    loop {
        let Some(token) = tokens(&script[at..], lexis).next() else {
            return at;
        };
        if is_silent(&token, lexis) {
            at += token.text.len();
        } else if script[at..].starts_with(delimiter) {
            at += delimiter.len();
        } else {
            return at;
        }
    }
}

/// Whether the server does nothing with it. MySQL runs what stands in `/*! … */`.
fn is_silent(token: &Token<'_>, lexis: Lexis) -> bool {
    match token.kind {
        Kind::Space => true,
        Kind::Comment => !(lexis.delimiter_lines && (token.text.starts_with("/*!") || token.text.starts_with("/*M!"))),
        _ => false,
    }
}

/// What a line `DELIMITER //` names, and where the line ends.
fn delimiter_line(script: &str, at: usize) -> Option<(&str, usize)> {
    const WORD: &str = "delimiter";
    let word = script.get(at..at + WORD.len())?;
    let rest = &script[at + WORD.len()..];
    if !word.eq_ignore_ascii_case(WORD) || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let end = at + WORD.len() + rest.find('\n').unwrap_or(rest.len());
    let named = script[at + WORD.len()..end].split_whitespace().next()?;
    Some((named, end))
}

/// The end of a statement that a semicolon ends, and what comes after that.
fn one(script: &str, start: usize, lexis: Lexis) -> (usize, usize) {
    let mut statement = Open::default();
    let mut end = start;
    for token in tokens(&script[start..], lexis) {
        if is_silent(&token, lexis) {
            continue;
        }
        if token.text == ";" && statement.depth == 0 {
            return (end, start + token.start + 1);
        }
        statement.take(&token);
        end = start + token.start + token.text.len();
    }
    (end, script.len())
}

/// The end of a statement that something else ends. It stands wherever neither a string nor a comment is open, in the middle of
/// what would be a word, too.
fn until(script: &str, start: usize, delimiter: &str, lexis: Lexis) -> (usize, usize) {
    let mut end = start;
    for token in tokens(&script[start..], lexis) {
        let at = start + token.start;
        if matches!(token.kind, Kind::Word | Kind::Sign) {
            let inside = (0..token.text.len()).filter(|offset| token.text.is_char_boundary(*offset));
            let found = inside
                .map(|offset| at + offset)
                .find(|at| script[*at..].starts_with(delimiter));
            if let Some(found) = found {
                let end = if found > at { found } else { end };
                return (end, found + delimiter.len());
            }
        }
        if !is_silent(&token, lexis) {
            end = at + token.text.len();
        }
    }
    (end, script.len())
}

/// A statement that has begun.
#[derive(Default)]
struct Open {
    /// How many words it has so far, as far as they tell what it is.
    words: usize,
    /// Whether it makes something that has a body.
    creates: bool,
    has_body: bool,
    /// How many BEGIN and CASE are open.
    depth: usize,
    /// The last thing was END, and in a body it may end IF or LOOP rather than BEGIN or CASE.
    after_end: bool,
}

impl Open {
    fn take(&mut self, token: &Token<'_>) {
        if token.kind != Kind::Word {
            self.after_end = false;
            return;
        }
        let is = |words: &[&str]| words.iter().any(|word| token.text.eq_ignore_ascii_case(word));
        self.words += 1;
        if self.words == 1 {
            self.creates = is(&["create"]);
        } else if self.words <= 4 && !self.has_body && is(&["table", "view", "index"]) {
            // From here on `trigger` and `begin` are names.
            self.creates = false;
        } else if self.creates && self.words <= 8 && is(&["trigger", "procedure", "function", "event"]) {
            self.has_body = true;
        }
        if !self.has_body {
            return;
        }
        if self.after_end && is(&["if", "loop", "while", "repeat"]) {
            // `END IF` ended no BEGIN: the count that END took back is put back.
            self.depth += 1;
            self.after_end = false;
        } else if self.after_end && is(&["case"]) {
            self.after_end = false;
        } else if is(&["begin", "case"]) {
            self.depth += 1;
            self.after_end = false;
        } else if is(&["end"]) && self.depth > 0 {
            self.depth -= 1;
            self.after_end = true;
        } else {
            self.after_end = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::statements;
    use crate::lex::Lexis;

    fn cut(script: &str, lexis: Lexis) -> Vec<(usize, &str)> {
        statements(script, lexis).iter().map(|s| (s.line, s.sql)).collect()
    }

    #[test]
    fn a_semicolon_ends_a_statement_only_outside_of_quotes() {
        let script = "SELECT ';', \";\" /* ; */; -- ;\n\n;;\nSELECT E'\\';', $a$;$$;$a$\n;\n";
        assert_eq!(
            cut(script, Lexis::POSTGRES),
            [(1, "SELECT ';', \";\""), (4, "SELECT E'\\';', $a$;$$;$a$")]
        );
        assert_eq!(
            cut("SELECT 'a\\';', `;`;\nSELECT 5--3;", Lexis::MYSQL),
            [(1, "SELECT 'a\\';', `;`"), (2, "SELECT 5--3")]
        );
        assert_eq!(
            cut("SELECT '\\'; SELECT [;]", Lexis::SQLITE),
            [(1, "SELECT '\\'"), (1, "SELECT [;]")]
        );
    }

    #[test]
    fn a_trigger_is_one_statement() {
        let trigger = "CREATE TEMP TRIGGER t AFTER UPDATE ON a BEGIN\n  UPDATE a SET b = CASE WHEN 1 THEN 2 END;\n  SELECT 1;\nEND";
        let script = format!("{trigger};\nSELECT 1;");
        assert_eq!(cut(&script, Lexis::SQLITE), [(1, trigger), (5, "SELECT 1")]);
        let routine =
            "CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; CASE b WHEN 1 THEN SELECT 1; END CASE; END";
        let script = format!("{routine}; SELECT 1");
        assert_eq!(cut(&script, Lexis::MYSQL), [(1, routine), (1, "SELECT 1")]);
        let table = "CREATE TABLE jobs (trigger text, begin text)";
        assert_eq!(
            cut(&format!("{table};SELECT 1"), Lexis::SQLITE),
            [(1, table), (1, "SELECT 1")]
        );
    }

    #[test]
    fn a_line_can_say_what_ends_the_statements_behind_it() {
        let script = "SELECT 1;\nDELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW\nBEGIN\n  SET new.b = '//'; -- //\nEND//\nSELECT 2;\n//\ndelimiter ;\nSELECT delimiter FROM c;";
        assert_eq!(
            cut(script, Lexis::MYSQL),
            [
                (1, "SELECT 1"),
                (
                    3,
                    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW\nBEGIN\n  SET new.b = '//'; -- //\nEND"
                ),
                (7, "SELECT 2;"),
                (10, "SELECT delimiter FROM c"),
            ]
        );
        assert_eq!(
            cut(
                "DELIMITER $$\nBEGIN NOT ATOMIC SELECT 1; END$$\nDELIMITER ;;\nSELECT 2;;",
                Lexis::MYSQL
            ),
            [(2, "BEGIN NOT ATOMIC SELECT 1; END"), (4, "SELECT 2")]
        );
        let other = "DELIMITER //\nSELECT 1;";
        assert_eq!(cut(other, Lexis::POSTGRES), [(1, "DELIMITER //\nSELECT 1")]);
    }

    #[test]
    fn a_transaction_is_many_statements() {
        assert_eq!(
            cut("BEGIN;\nCREATE TRIGGER t EXECUTE FUNCTION f();\nEND;", Lexis::POSTGRES),
            [(1, "BEGIN"), (2, "CREATE TRIGGER t EXECUTE FUNCTION f()"), (3, "END")]
        );
    }

    #[test]
    fn what_is_only_comment_is_no_statement() {
        assert_eq!(cut("-- a\n/* b */\n", Lexis::POSTGRES), []);
        assert_eq!(cut("", Lexis::POSTGRES), []);
        assert_eq!(
            cut("/*!40101 SET NAMES utf8 */;", Lexis::MYSQL),
            [(1, "/*!40101 SET NAMES utf8 */")]
        );
        assert_eq!(cut("/*!40101 SET NAMES utf8 */;", Lexis::SQLITE), []);
    }
}
