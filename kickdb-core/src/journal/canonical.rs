//! A JSON document in the one form that its values have: sorted keys, no white space.
//!
//! Not [`serde_json::Value`]: the order of its keys and the text of its numbers follow features that any crate of a program can
//! switch on (`preserve_order`, `arbitrary_precision`), and a hash that is compared between the command and the programs must not.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// The document without white space and with sorted keys, or `None` where it is no JSON.
pub(super) fn canonical(text: &str) -> Option<String> {
    let tree = serde_json::from_str::<Tree<'_>>(text).ok()?;
    let mut out = String::with_capacity(text.len() / 2);
    tree.write(&mut out);
    Some(out)
}

enum Tree<'a> {
    /// `null`, `true`, `false` or a number, as it is written.
    Word(Cow<'static, str>),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    Map(Vec<(Cow<'a, str>, Self)>),
}

impl Tree<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Self::Word(word) => out.push_str(word),
            Self::Text(text) => quoted(text, out),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quoted(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(text).expect("a text always serializes"));
    }
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Word(Cow::Borrowed("null")))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Word(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree<'de>, E> {
        Ok(Tree::Word(Cow::Owned(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Word(Cow::Owned(value.to_string())))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Tree<'de>, E> {
        let word = serde_json::to_string(&value).map_err(E::custom)?;
        Ok(Tree::Word(Cow::Owned(word)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut entries: Vec<(Cow<'de, str>, Tree<'de>)> = Vec::new();
        while let Some(Key(key)) = access.next_key()? {
            // How serde_json hands over each number where its feature `arbitrary_precision` is on.
            if key == "$serde_json::private::Number" {
                return Ok(Tree::Word(Cow::Owned(access.next_value()?)));
            }
            entries.push((key, access.next_value()?));
        }
        // Of two entries with one key the later counts, as in serde_json.
        entries.reverse();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries.dedup_by(|(later, _), (kept, _)| later == kept);
        Ok(Tree::Map(entries))
    }
}

/// A key, borrowed where the text has no escapes in it.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Tree::deserialize(deserializer)? {
            Tree::Text(text) => Ok(Self(text)),
            Tree::Word(_) | Tree::List(_) | Tree::Map(_) => Err(serde::de::Error::custom("a key must be a text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn the_form_is_that_of_a_sorted_value() {
        for text in [
            r#"{ "b": [1, -2, 2.50, 1e3, true, null], "a": { "z": "x\ny", "y": "é\"\\\u0007/" }, "a\tb": {} }"#,
            r#"{"a":1,"b":2,"a":3}"#,
            r#"[18446744073709551615, -9223372036854775808, 0.1, "", [], {}]"#,
            "\"text\"",
        ] {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(canonical(text).unwrap(), value.to_string());
        }
        assert_eq!(canonical("{"), None);
    }
}
