/// The candidate that a mistyped word was most likely meant to be, where one is near enough.
///
/// ```
/// use kickdb_core::decl::nearest;
///
/// assert_eq!(nearest("primry_key", ["unique", "primary_key"]), Some("primary_key"));
/// assert_eq!(nearest("colour", ["unique", "primary_key"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let limit = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            let other: Vec<char> = candidate.to_lowercase().chars().collect();
            (distance(&word, &other), candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words, where swapping two neighbours counts as one edit.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            row[j + 1] = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_and_a_missing_letter_are_near() {
        assert_eq!(nearest("uniqeu", ["unique", "index"]), Some("unique"));
        assert_eq!(nearest("idex", ["unique", "index"]), Some("index"));
        assert_eq!(nearest("ID", ["id", "name"]), Some("id"));
    }

    #[test]
    fn a_short_word_is_not_near_everything() {
        assert_eq!(nearest("xy", ["id", "no"]), None);
    }
}
