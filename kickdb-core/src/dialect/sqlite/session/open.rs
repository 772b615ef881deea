//! Opens a connection of an application as the migrations' driver does: the same URLs, the same settings.

use std::borrow::Cow;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlx::sqlite::SqliteConnectOptions;

use crate::dialect::live::redact;
use crate::dialect::live::sqlite::{ATTEMPTS, explain, in_memory, parse, read_only};
use crate::error::{Error, Result};

/// Statements that stay prepared; those that were used last.
const PREPARED: usize = 128;

/// Opens the file. This waits for the disk, so it is called where that may be.
pub(super) fn open(url: &str) -> Result<Connection> {
    let options = parse(url)?;
    let mut attempt = 1;
    loop {
        let error = match once(url, &options) {
            Ok(connection) => return Ok(connection),
            Err(error) => error,
        };
        let code = code(&error);
        if !matches!(code & 0xff, 5 | 6) || attempt == ATTEMPTS {
            let message = super::fault::message(&error);
            return Err(Error::Connection {
                target: redact(url),
                message: explain(&code.to_string(), &message).unwrap_or(message),
                source: Some(Box::new(error)),
            });
        }
        attempt += 1;
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn code(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}

fn once(url: &str, options: &SqliteConnectOptions) -> rusqlite::Result<Connection> {
    let mut place = Cow::Borrowed(options.get_filename());
    let mut flags = OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut shared = in_memory(url);
    let mut vfs = None;
    let query = url.split_once('?').map_or("", |(_, query)| query);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "cache" => shared = value == "shared",
            "immutable" if matches!(&*value, "true" | "1") => {
                // Only a URI can say so.
                let path: String = url::form_urlencoded::byte_serialize(place.to_string_lossy().as_bytes()).collect();
                place = Cow::Owned(format!("file:{}?immutable=true", path.replace('+', "%20")).into());
            }
            "vfs" => vfs = Some(value.into_owned()),
            _ => {}
        }
    }
    flags |= if query.split('&').any(|pair| pair == "mode=ro") {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    if in_memory(url) {
        flags |= OpenFlags::SQLITE_OPEN_MEMORY;
    }
    flags |= if shared {
        OpenFlags::SQLITE_OPEN_SHARED_CACHE
    } else {
        OpenFlags::SQLITE_OPEN_PRIVATE_CACHE
    };
    let connection = match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(place, flags, vfs.as_str())?,
        None => Connection::open_with_flags(place, flags)?,
    };
    connection.set_prepared_statement_cache_capacity(PREPARED);
    connection.execute_batch("PRAGMA foreign_keys = ON")?;
    if !in_memory(url) && !read_only(url) {
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
    }
    Ok(connection)
}
