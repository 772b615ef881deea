//! `-- kickdb: allow <code> because …`: an exception that stands beside what it allows.

use std::ops::Range;

/// What a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allowed {
    pub(crate) codes: Vec<String>,
    pub(crate) reason: String,
}

/// A comment that speaks to kickdb and cannot be understood.
#[derive(Clone, Debug)]
pub(crate) struct Unclear {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
}

/// Reads a comment with its marks; `None` where it does not speak to kickdb.
pub(crate) fn read(comment: &str, known: impl Fn(&str) -> bool) -> Option<Result<Allowed, String>> {
    let text = comment
        .trim_start_matches(['-', '/', '*', '#', ' ', '\t'])
        .trim_end_matches(['/', '*'])
        .trim();
    let said = strip(text, "kickdb:")?.trim_start();
    Some(allowed(said, known))
}

fn allowed(said: &str, known: impl Fn(&str) -> bool) -> Result<Allowed, String> {
    let Some(rest) = strip(said, "allow ") else {
        return Err("the comment says nothing that kickdb knows".to_owned());
    };
    let mut words = rest.split_whitespace();
    let mut codes = Vec::new();
    let mut because = false;
    for word in words.by_ref() {
        if word.eq_ignore_ascii_case("because") {
            because = true;
            break;
        }
        codes.extend(word.split(',').filter(|code| !code.is_empty()).map(str::to_owned));
    }
    let reason = words.collect::<Vec<_>>().join(" ");
    if codes.is_empty() {
        return Err("the exception names no hazard".to_owned());
    }
    if let Some(code) = codes.iter().find(|code| !known(code)) {
        return Err(format!("there is no hazard `{}`", code.replace(char::is_control, " ")));
    }
    if !because || reason.is_empty() {
        return Err("the exception gives no reason".to_owned());
    }
    Ok(Allowed { codes, reason })
}

fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

#[cfg(test)]
mod tests {
    use super::read;

    fn of(comment: &str) -> Option<Result<(String, String), String>> {
        let known = |code: &str| code.starts_with("drop");
        read(comment, known).map(|read| read.map(|allowed| (allowed.codes.join("+"), allowed.reason)))
    }

    #[test]
    fn an_exception_names_hazards_and_a_reason() {
        let moved = Ok(("drop_table+drop_column".to_owned(), "it was moved".to_owned()));
        for comment in [
            "-- kickdb: allow drop_table, drop_column because it was moved",
            "/* kickdb: Allow drop_table drop_column because  it was  moved */",
            "# KICKDB: allow drop_table,drop_column BECAUSE it was moved",
        ] {
            assert_eq!(of(comment), Some(moved.clone()), "{comment}");
        }
        assert_eq!(of("-- because of kickdb: allow"), None);
    }

    #[test]
    fn what_is_not_complete_is_no_exception() {
        for comment in [
            "-- kickdb: allow drop_table",
            "-- kickdb: allow drop_table because",
            "-- kickdb: allow because it was moved",
            "-- kickdb: allow dorp_table because it was moved",
            "-- kickdb: ignore drop_table because it was moved",
            "-- kickdb:",
        ] {
            assert!(matches!(of(comment), Some(Err(_))), "{comment}");
        }
    }
}
