//! What a column of the catalog is, and what it holds by itself.

use super::rows::{CheckRow, ColumnRow};
use crate::dialect::mysql::normalize::ON_UPDATE;
use crate::dialect::mysql::syntax::ident_str;
use crate::ir::{Action, ColumnValue, Expr, Identity};

/// A type, and how its values are compressed where they are: `` text /*M!100301 COMPRESSED*/ ``.
pub(super) fn split_compressed(ty: &str) -> (&str, Option<&str>) {
    // A value of an enum may hold what starts a comment, but the type then ends in a parenthesis.
    let comment = ty.strip_suffix("*/").and_then(|ty| ty.rsplit_once("/*"));
    let Some((spelled, comment)) = comment else {
        return (ty, None);
    };
    let method = comment
        .split_once("COMPRESSED")
        .map(|(_, rest)| rest.trim_start_matches('='));
    (spelled.trim_end(), method)
}

/// MariaDB's `json` is a `longtext` of the collation `utf8mb4_bin` with a check, which is called after the column but keeps that
/// name when the column takes another one.
pub(super) fn json_check<'a>(row: &ColumnRow, checks: &'a [CheckRow]) -> Option<&'a CheckRow> {
    let clause = format!("json_valid({})", ident_str(&row.name));
    let text = row.ty == "longtext" && row.collation.as_deref() == Some("utf8mb4_bin");
    let mut checks = checks
        .iter()
        .filter(|check| check.table == row.table && check.of_column.holds());
    checks.find(|check| text && check.clause == clause)
}

pub(super) fn value(row: &ColumnRow) -> ColumnValue {
    let extra = row.extra.as_deref().unwrap_or_default().to_ascii_lowercase();
    if let Some(sql) = row.expression.as_deref().filter(|sql| !sql.is_empty()) {
        return ColumnValue::Generated {
            expr: Expr::Sql(sql.to_owned()),
            stored: extra.contains("stored") || extra.contains("persistent"),
        };
    }
    if extra.contains("auto_increment") {
        return ColumnValue::identity(Identity::ByDefault);
    }
    let mut default = default(row, &extra);
    if let Some((_, update)) = extra.split_once(ON_UPDATE.trim_start()) {
        let before = match &default {
            Some(Expr::Sql(sql)) => sql.clone(),
            _ => "NULL".to_owned(),
        };
        // MariaDB goes on with a comma, MySQL with a space: `on update current_timestamp(), INVISIBLE`.
        let update = update.split([',', ' ']).next().unwrap_or_default();
        default = Some(Expr::Sql(format!("{before}{ON_UPDATE}{update}")));
    }
    default.map_or(ColumnValue::Required, ColumnValue::Default)
}

/// MySQL 8 puts the connection's character set in front of each text, and escapes its quotes.
pub(super) fn without_introducers(value: &mut ColumnValue) {
    if let ColumnValue::Default(Expr::Sql(sql))
    | ColumnValue::Generated {
        expr: Expr::Sql(sql), ..
    } = value
    {
        *sql = without_introducer(sql);
    }
}

pub(super) fn without_introducer(sql: &str) -> String {
    sql.replace("_utf8mb4\\'", "'")
        .replace("_utf8mb4'", "'")
        .replace("\\'", "'")
}

/// MariaDB tells SQL; MySQL tells a literal's text without quotes, and says in `EXTRA` what is an expression.
fn default(row: &ColumnRow, extra: &str) -> Option<Expr> {
    let value = row.value.clone()?;
    let expression =
        row.server.contains("MariaDB") || extra.contains("default_generated") || extra.contains("on update");
    match expression {
        true => Some(Expr::Sql(value)).filter(|expr| *expr != Expr::Sql("NULL".to_owned())),
        false => Some(Expr::Text(value)),
    }
}

pub(super) fn action(rule: &str) -> Action {
    match rule {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        "RESTRICT" => Action::Restrict,
        _ => Action::NoAction,
    }
}
