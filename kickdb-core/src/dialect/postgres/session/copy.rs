//! Many rows by `COPY … FROM STDIN` in its binary form
//! (<https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.55.9.4>).

use futures_core::stream::BoxStream;
use futures_util::StreamExt as _;
use sqlx::postgres::PgConnection;

use super::super::unbindable;
use crate::dialect::session::Copy;
use crate::error::Result;
use crate::value::{KindId, Value, wire};

/// The types of columns, for a table that `COPY` writes as `INSERT` does: no view, no rule, no policy for rows.
pub(super) const COLUMNS: &str = "SELECT a.attname::text, a.atttypid::bigint, t.typtype = 'e' FROM pg_attribute a \
     JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid \
     WHERE c.oid = to_regclass($1) AND a.attname = ANY($2) AND c.relkind IN ('r', 'p') AND NOT c.relhasrules \
     AND NOT row_security_active(c.oid)";

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Whether the binary form of a value is that of a column of this type, which the server does not convert.
pub(super) fn fits(value: &Value, oid: i64, is_enum: bool) -> bool {
    let same = i64::from(wire::type_of_value(value)) == oid;
    match value.kind() {
        KindId::Text => same || wire::is_text(oid),
        KindId::Enum => is_enum,
        _ => same,
    }
}

/// Sends the rows and gives their number.
pub(super) async fn send(
    connection: &mut PgConnection,
    copy: &Copy,
    mut rows: BoxStream<'_, Result<Vec<Vec<Value>>>>,
) -> Result<Result<u64, sqlx::Error>> {
    let mut into = match connection.copy_in_raw(&copy.sql).await {
        Ok(into) => into,
        Err(error) => return Ok(Err(error)),
    };
    let mut bytes = SIGNATURE.to_vec();
    while let Some(some) = rows.next().await {
        let written = some.and_then(|some| some.iter().try_for_each(|row| write(row, &mut bytes)));
        if let Err(error) = written {
            // That the server says the same is no news.
            into.abort("a row cannot be written").await.ok();
            return Err(error);
        }
        if let Err(error) = into.send(bytes.as_slice()).await {
            return Ok(Err(error));
        }
        bytes.clear();
    }
    bytes.extend((-1i16).to_be_bytes());
    if let Err(error) = into.send(bytes.as_slice()).await {
        return Ok(Err(error));
    }
    Ok(into.finish().await)
}

fn write(row: &[Value], out: &mut Vec<u8>) -> Result<()> {
    let width = i16::try_from(row.len()).map_err(|_| unbindable(row.len(), "a row has too many columns"))?;
    out.extend(width.to_be_bytes());
    for (at, value) in row.iter().enumerate() {
        let start = out.len();
        out.extend((-1i32).to_be_bytes());
        if wire::encode(value, true, out).map_err(|reason| unbindable(at, &reason))? {
            let length = i32::try_from(out.len() - start - 4).map_err(|_| unbindable(at, "it is too long"))?;
            out[start..start + 4].copy_from_slice(&length.to_be_bytes());
        }
    }
    Ok(())
}
