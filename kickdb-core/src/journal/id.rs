use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::error::{Error, Result};

/// The longest slug, in characters.
const MAX_SLUG: usize = 64;
const CLOCK: &str = "%Y%m%d_%H%M%S";
/// The length of the clock's part of an id.
const CLOCK_LEN: usize = "20260427_153012".len();

/// The part of an id that comes from the name: small letters, digits and underscores, at most 64 of them.
///
/// ```
/// assert_eq!(kickdb_core::journal::slug("Add users!")?, "add_users");
/// # Ok::<(), kickdb_core::Error>(())
/// ```
///
/// # Errors
///
/// When the name has no letter from a to z and no digit.
pub fn slug(name: &str) -> Result<String> {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(MAX_SLUG);
    let slug = slug.trim_end_matches('_');
    if slug.is_empty() {
        return Err(Error::validation(format!(
            "`{name}` is no name for a migration; it needs a letter from a to z or a digit, as in `add_users`"
        )));
    }
    Ok(slug.to_owned())
}

/// The id of a migration generated at that time: `YYYYMMDD_HHMMSS_<slug>` in UTC.
///
/// It is greater than `last`: where the clock gives one that is not, it is one second after that.
///
/// # Errors
///
/// When the name gives no slug, or `last` is no id.
pub fn next_id(now: Timestamp, name: &str, last: Option<&str>) -> Result<String> {
    let slug = slug(name)?;
    let clock = TimeZone::UTC.to_datetime(now).strftime(CLOCK).to_string();
    let id = format!("{clock}_{slug}");
    let Some(last) = last.filter(|last| id.as_str() <= *last) else {
        return Ok(id);
    };
    let clock = last
        .get(..CLOCK_LEN)
        .and_then(|clock| DateTime::strptime(CLOCK, clock).ok())
        .and_then(|time| time.checked_add(1.second()).ok());
    match clock {
        Some(clock) => Ok(format!("{}_{slug}", clock.strftime(CLOCK))),
        None => Err(Error::validation(format!(
            "the newest migration is called `{last}`; ids are `YYYYMMDD_HHMMSS_name`, so none can follow it"
        ))),
    }
}

/// A time as the files write it: `2026-04-27T15:30:12.000Z`.
pub(super) fn iso(now: Timestamp) -> String {
    TimeZone::UTC
        .to_datetime(now)
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}

/// Whether a folder's name is that of a migration.
pub(super) fn is_id(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() > CLOCK_LEN + 1
        && bytes[CLOCK_LEN] == b'_'
        && bytes[..CLOCK_LEN]
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 8 { *byte == b'_' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{is_id, iso, next_id, slug};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_slug_holds_only_what_a_folder_can() {
        assert_eq!(slug("  Füge Users hinzu: 2 ").unwrap(), "f_ge_users_hinzu_2");
        assert_eq!(slug(&"a".repeat(100)).unwrap().len(), 64);
        assert!(slug("../..").is_err());
        assert!(slug("日本").is_err());
    }

    #[test]
    fn ids_strictly_increase() {
        let now = at("2026-04-27T15:30:12.7Z");
        assert_eq!(next_id(now, "a", None).unwrap(), "20260427_153012_a");
        assert_eq!(
            next_id(now, "b", Some("20260427_153012_a")).unwrap(),
            "20260427_153012_b"
        );
        assert_eq!(
            next_id(now, "a", Some("20260427_153012_b")).unwrap(),
            "20260427_153013_a"
        );
        assert_eq!(
            next_id(now, "a", Some("20261231_235959_z")).unwrap(),
            "20270101_000000_a"
        );
        assert!(next_id(now, "a", Some("zzz")).is_err());
        assert_eq!(iso(now), "2026-04-27T15:30:12.700Z");
    }

    #[test]
    fn other_folders_are_no_migrations() {
        assert!(is_id("20260427_153012_a"));
        for other in [
            "20260427_153012_",
            "20260427_153012",
            "seeds",
            "2026042_7153012_a",
            ".kick-20260427",
        ] {
            assert!(!is_id(other), "{other}");
        }
    }
}
