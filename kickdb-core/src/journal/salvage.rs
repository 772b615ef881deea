//! What can still be read of a journal after a merge: conflict marks, entries of both sides in one pair of braces, commas too
//! few. The folders say which migrations there are; the journal only which hashes they had.

use std::collections::BTreeMap;

use super::{Entry, Replaced};

/// The entries in any text that was once a journal, each where its `"id"` stands, until the next one.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut found: Vec<(usize, Entry)> = Vec::new();
    let (pairs, lists) = read(text);
    for (at, key, value) in pairs {
        if key == "id" {
            let entry = Entry {
                replaces: Vec::new(),
                id: value,
                tag: String::new(),
                hash: String::new(),
                created_at: String::new(),
                semantic_hash: None,
                other: BTreeMap::new(),
            };
            found.push((at, entry));
            continue;
        }
        let Some((_, entry)) = found.last_mut() else { continue };
        match key.as_str() {
            "tag" => entry.tag = value,
            "hash" => entry.hash = value,
            "createdAt" => entry.created_at = value,
            "semanticHash" => entry.semantic_hash = Some(value),
            _ => {}
        }
    }
    // What an entry has replaced has no tag.
    found.retain(|(_, entry)| !entry.hash.is_empty() && !entry.tag.is_empty());
    let mut read = 0;
    for at in lists {
        let Some((_, entry)) = found.iter_mut().rev().find(|(start, _)| *start < at) else {
            continue;
        };
        let mut list = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Vec<Replaced>>();
        if at >= read
            && let Some(Ok(replaces)) = list.next()
        {
            entry.replaces = replaces;
            read = at + list.byte_offset();
        }
    }
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// Every `"key": "value"` with its place, in order, and the places of what every `"replaces"` has for its value.
fn read(text: &str) -> (Vec<(usize, String, String)>, Vec<usize>) {
    let mut strings = Vec::new();
    let mut lists = Vec::new();
    let mut rest = text;
    let mut offset = 0;
    while let Some(start) = rest.find('"') {
        let body = &rest[start + 1..];
        let Some(end) = end_of(body) else { break };
        let read = serde_json::from_str::<String>(&rest[start..start + end + 2]);
        let after = start + end + 2;
        rest = &rest[after..];
        if let Ok(read) = read {
            if read == "replaces"
                && let Some(value) = rest.trim_start().strip_prefix(':')
            {
                lists.push(text.len() - value.trim_start().len());
            }
            strings.push((offset + start, offset + after, read));
        }
        offset += after;
    }
    let mut pairs = Vec::new();
    for two in strings.windows(2) {
        let [(at, end, key), (start, _, value)] = two else {
            continue;
        };
        if text[*end..*start].trim() == ":" {
            pairs.push((*at, key.clone(), value.clone()));
        }
    }
    (pairs, lists)
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

    #[test]
    fn what_an_entry_has_replaced_is_kept() {
        let text = r#"{ "entries": [
    { "id": "2_b", "tag": "b", "hash": "sha256:2", "createdAt": "",
      "replaces": [{ "id": "1_a", "hash": "sha256:1", "replaces": [{ "id": "0_z", "hash": "sha256:0" }] },
                   { "id": "2_b", "hash": "sha256:3" }] },
<<<<<<< HEAD
    { "id": "3_c", "tag": "c", "hash": "sha256:4", "createdAt": "" }
=======
    { "id": "4_d", "tag": "d", "hash": "sha256:5", "createdAt": "", "replaces": [{ "id": "3_x"
>>>>>>> other
"#;
        let found = entries(text);
        let replaced: Vec<Vec<&str>> = found
            .iter()
            .map(|entry| entry.replaces.iter().map(|one| one.id.as_str()).collect())
            .collect();
        assert_eq!(replaced, [vec!["1_a", "2_b"], vec![], vec![]]);
        assert_eq!(found[0].replaces[0].replaces[0].id, "0_z");
        assert_eq!(found[0].hash, "sha256:2");
    }
}
