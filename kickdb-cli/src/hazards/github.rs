//! Findings as annotations of a pull request: workflow commands of GitHub Actions.
//!
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use kickdb_core::lint::Level;

use super::Linted;

/// One line for each finding that is not allowed.
pub(crate) fn annotations(linted: &[Linted]) -> Vec<String> {
    let mut lines = Vec::new();
    for script in linted {
        for finding in script.found.iter().filter(|finding| finding.allowed.is_none()) {
            let word = match finding.level {
                Level::Deny => "error",
                Level::Warn => "warning",
                Level::Note => "notice",
            };
            lines.push(format!(
                "::{word} file={},line={},col={},title={}::{}",
                property(&script.shown),
                finding.line,
                finding.column,
                property(&format!("{} ({})", finding.rule.code, finding.object)),
                data(&finding.hazard().message),
            ));
        }
    }
    lines
}

/// An annotation of a whole file, or of nothing in particular.
pub(crate) fn annotation(file: Option<&str>, title: &str, message: &str) -> String {
    let file = file.map(|file| format!("file={},", property(file))).unwrap_or_default();
    format!("::error {file}title={}::{}", property(title), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::annotation;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(
            annotation(Some("a,b.sql"), "x: y", "50%\nmore: fine"),
            "::error file=a%2Cb.sql,title=x%3A y::50%25%0Amore: fine"
        );
    }
}
