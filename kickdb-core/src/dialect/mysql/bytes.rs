//! Bytes that are no text in what the server shows: the default of a binary column stands in `SHOW CREATE TABLE` as it is, while
//! `information_schema` has a `?` for each such byte (MariaDB 10.11).

use std::fmt::Write as _;

/// Where such bytes are put, among characters that Unicode gives no meaning.
const PLACE: u32 = 0xF_F700;

/// Text as it is, and each byte that is none as a character of its own.
#[cfg(feature = "mysql")]
pub(in crate::dialect) fn shown(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(
            chunk
                .invalid()
                .iter()
                .filter_map(|byte| char::from_u32(PLACE + u32::from(*byte))),
        );
    }
    text
}

/// The bytes of a text that holds some that are none; `None` where it holds no such.
pub(super) fn of_shown(text: &str) -> Option<Vec<u8>> {
    let byte = |c: char| u8::try_from(u32::from(c).checked_sub(PLACE)?).ok();
    text.contains(|c| byte(c).is_some()).then(|| {
        let mut bytes = Vec::new();
        let mut room = [0; 4];
        for c in text.chars() {
            match byte(c) {
                Some(byte) => bytes.push(byte),
                None => bytes.extend(c.encode_utf8(&mut room).as_bytes()),
            }
        }
        bytes
    })
}

/// A literal of these bytes.
pub(super) fn literal(bytes: &[u8]) -> String {
    let mut literal = "0x".to_owned();
    for byte in bytes {
        let _ = write!(literal, "{byte:02x}");
    }
    literal
}

/// The bytes of a literal as [`literal`] writes it.
pub(super) fn of_literal(sql: &str) -> Option<Vec<u8>> {
    let digits = sql.strip_prefix("0x")?;
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [_, _] => u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_holds_each_byte() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(of_literal(&literal(&all)), Some(all));
        assert_eq!(of_literal("0x0"), None);
        assert_eq!(of_literal("0xé"), None);
        assert_eq!(of_literal("b'1'"), None);
    }

    #[cfg(feature = "mysql")]
    #[test]
    fn what_is_no_text_comes_back() {
        assert_eq!(shown("é".into()), "é");
        assert_eq!(of_shown("é?"), None);
        let bytes = b"a\0\xff\xc3\xa9\xc3".to_vec();
        assert_eq!(of_shown(&shown(bytes.clone())), Some(bytes));
    }
}
