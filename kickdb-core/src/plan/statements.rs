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
/// (`BEGIN …; …; END`).
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
    let mut open: Option<Open> = None;
    let mut line = 1;
    for token in tokens(script, lexis) {
        let blank = matches!(token.kind, Kind::Space | Kind::Comment);
        match &mut open {
            Some(statement) if token.text == ";" && statement.depth == 0 => {
                found.push(statement.close(script));
                open = None;
            }
            Some(statement) => {
                if !blank {
                    statement.take(&token);
                }
            }
            None if blank || token.text == ";" => {}
            None => {
                let mut statement = Open::new(&token, line);
                statement.take(&token);
                open = Some(statement);
            }
        }
        line += token.text.matches('\n').count();
    }
    found.extend(open.map(|statement| statement.close(script)));
    found
}

/// A statement that has begun.
struct Open {
    start: usize,
    end: usize,
    line: usize,
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
    fn new(token: &Token<'_>, line: usize) -> Self {
        Self {
            start: token.start,
            end: token.start,
            line,
            words: 0,
            creates: false,
            has_body: false,
            depth: 0,
            after_end: false,
        }
    }

    fn close<'a>(&self, script: &'a str) -> Statement<'a> {
        Statement {
            sql: &script[self.start..self.end],
            line: self.line,
        }
    }

    fn take(&mut self, token: &Token<'_>) {
        self.end = token.start + token.text.len();
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
    }
}
