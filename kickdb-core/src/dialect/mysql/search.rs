//! Words for a full-text search in boolean mode
//! (<https://mariadb.com/kb/en/full-text-index-overview/#in-boolean-mode>).

use crate::dialect::words;
use crate::value::Value;

/// What InnoDB leaves out of its indexes (`information_schema.INNODB_FT_DEFAULT_STOPWORD`, which only some users may read). Where such
/// a word is required, InnoDB finds nothing.
const STOPWORDS: [&str; 35] = [
    "a", "about", "an", "are", "as", "at", "be", "by", "com", "de", "en", "for", "from", "how", "i", "in", "is", "it",
    "la", "of", "on", "or", "that", "the", "this", "to", "und", "was", "what", "when", "where", "who", "will", "with",
    "www",
];

/// All words as required ones. Each is a phrase, in which nothing is an operator and of which the server makes words as it made
/// those of its index. One whose parts are all too short to be in an index is left out by the server, which alone knows how short
/// that is.
pub(super) fn sought(text: &str) -> (Vec<(&'static str, Value)>, &'static str) {
    let mut parts = Vec::new();
    for word in words(text) {
        let Some(length) = indexed(word) else { continue };
        let before = if parts.is_empty() {
            "concat_ws(' ', IF("
        } else {
            "), IF("
        };
        parts.push((before, Value::Int64(length)));
        let phrase = format!("+\"{}\"", word.replace('"', " "));
        parts.push((" < @@innodb_ft_min_token_size, NULL, ", Value::Text(phrase)));
    }
    let end = if parts.is_empty() { "''" } else { "))" };
    (parts, end)
}

/// How many characters the longest part of a word has that may be in an index; `None` where there is no such part.
fn indexed(word: &str) -> Option<i64> {
    let parts = word.split(|c: char| !c.is_alphanumeric() && c != '_');
    let lengths = parts.filter_map(|part| {
        let ignored = part.is_empty() || STOPWORDS.contains(&part.to_lowercase().as_str());
        // Words of Chinese, Japanese and Korean are short, and indexed by parsers that have a length of their own.
        let is_short_by_itself = part.chars().any(|c| c >= '\u{2e80}');
        let length = if is_short_by_itself {
            1_000
        } else {
            part.chars().count()
        };
        (!ignored).then(|| i64::try_from(length).unwrap_or(i64::MAX))
    });
    lengths.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(text: &str) -> Vec<(i64, String)> {
        let parts = sought(text).0;
        let pairs = parts.chunks(2).map(|pair| match pair {
            [(_, Value::Int64(length)), (_, Value::Text(phrase))] => (*length, phrase.clone()),
            other => panic!("{other:?}"),
        });
        pairs.collect()
    }

    #[test]
    fn words_are_required_and_operators_are_text() {
        let of = |text: &str, length| (length, text.to_owned());
        assert_eq!(
            phrases("brown -fox* x"),
            [of("+\"brown\"", 5), of("+\"-fox*\"", 3), of("+\"x\"", 1)]
        );
        assert_eq!(
            phrases("say \"so\" (now"),
            [of("+\"say\"", 3), of("+\" so \"", 2), of("+\"(now\"", 3)]
        );
        assert_eq!(phrases("state-of-the-art"), [of("+\"state-of-the-art\"", 5)]);
    }

    #[test]
    fn what_no_index_holds_is_not_required() {
        assert_eq!(phrases("The fox of-the ++"), [(3, "+\"fox\"".to_owned())]);
        assert_eq!(sought("the \"").1, "''");
        assert_eq!(phrases("東京"), [(1_000, "+\"東京\"".to_owned())]);
    }
}
