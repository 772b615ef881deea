//! What can still be read of a journal after a merge: conflict marks, entries of both sides in one pair of braces, commas too
//! few. The folders say which migrations there are; the journal only which hashes they had.

use std::collections::BTreeMap;

use super::Entry;

/// The entries in any text that was once a journal, each where its `"id"` stands, until the next one.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    for (key, value) in pairs(text) {
        if key == "id" {
            found.push(Entry {
                replaces: Vec::new(),
                id: value,
                tag: String::new(),
                hash: String::new(),
                created_at: String::new(),
                semantic_hash: None,
                other: BTreeMap::new(),
            });
            continue;
        }
        let Some(entry) = found.last_mut() else { continue };
        match key.as_str() {
            "tag" => entry.tag = value,
            "hash" => entry.hash = value,
            "createdAt" => entry.created_at = value,
            "semanticHash" => entry.semantic_hash = Some(value),
            _ => {}
        }
    }
    found.retain(|entry| !entry.hash.is_empty() && !entry.tag.is_empty());
    found
}

/// Every `"key": "value"`, in order.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut strings = Vec::new();
    let mut rest = text;
    let mut offset = 0;
    while let Some(start) = rest.find('"') {
        let body = &rest[start + 1..];
        let Some(end) = end_of(body) else { break };
        let read = serde_json::from_str::<String>(&rest[start..start + end + 2]);
        let after = start + end + 2;
        if let Ok(read) = read {
            strings.push((offset + start, offset + after, read));
        }
        offset += after;
        rest = &rest[after..];
    }
    let mut pairs = Vec::new();
    for two in strings.windows(2) {
        let [(_, end, key), (start, _, value)] = two else {
            continue;
        };
        if text[*end..*start].trim() == ":" {
            pairs.push((key.clone(), value.clone()));
        }
    }
    pairs
}

/// Where a string that has begun ends.
fn end_of(body: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            '\n' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn both_sides_of_a_conflict_are_found() {
        let ids = |text: &str| {
            entries(text)
                .into_iter()
                .map(|entry| entry.id + "=" + &entry.hash)
                .collect::<Vec<_>>()
        };
        let marked = r#"{ "version": 1, "entries": [
    {
<<<<<<< HEAD
      "id": "20260101_000000_a",
      "tag": "a",
      "hash": "sha256:1",
=======
      "id": "20260101_000001_b",
      "tag": "b",
      "hash": "sha256:2",
>>>>>>> other
      "createdAt": "2026-01-01T00:00:00.000Z"
    }
  ] }"#;
        assert_eq!(
            ids(marked),
            ["20260101_000000_a=sha256:1", "20260101_000001_b=sha256:2"]
        );
        let without_marks = marked
            .lines()
            .filter(|line| !line.starts_with(['<', '=', '>']))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(ids(&without_marks).len(), 2);
        assert_eq!(ids("{ \"id\": \"x\", \"tag\": \"t\", \"hash\": \"h"), [""; 0]);
        assert_eq!(ids(""), [""; 0]);
    }
}
