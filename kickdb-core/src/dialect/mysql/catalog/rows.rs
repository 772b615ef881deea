//! The rows of the catalog, as the server answers them.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::dialect::CatalogError;
use crate::ident::Name;

#[derive(Deserialize)]
pub(super) struct TableRow {
    pub(super) table: String,
    pub(super) engine: Option<String>,
    pub(super) collation: Option<String>,
    pub(super) options: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) kind: String,
    /// The collation of a table that names none.
    pub(super) usual: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ColumnRow {
    pub(super) table: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    pub(super) nullable: Truth,
    pub(super) value: Option<String>,
    pub(super) extra: Option<String>,
    pub(super) collation: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) expression: Option<String>,
    pub(super) server: String,
}

#[derive(Deserialize)]
pub(super) struct IndexRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) unique: Truth,
    pub(super) kind: String,
    pub(super) comment: Option<String>,
    pub(super) ignored: Truth,
    pub(super) column: Option<String>,
    pub(super) prefix: Option<u32>,
    pub(super) descending: Truth,
    #[serde(default)]
    pub(super) expression: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ForeignKeyRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) column: String,
    pub(super) schema: Option<String>,
    pub(super) references: String,
    pub(super) referenced: String,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

#[derive(Deserialize)]
pub(super) struct CheckRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) clause: String,
    /// Whether it stands in a column's definition.
    pub(super) of_column: Truth,
    /// Whether the server tells that.
    pub(super) told_level: Truth,
}

/// In which system the places in a column are.
#[derive(Deserialize)]
pub(super) struct PositionRow {
    pub(super) table: String,
    pub(super) column: String,
    pub(super) srid: i64,
}

/// How each row of [`positions`](super::read::positions) starts.
pub(super) const SRID_ROW: &str = "{\"srid\"";

/// A truth value, which one server writes as a number and the other as `true`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Truth {
    Word(bool),
    Number(i64),
}

impl Truth {
    pub(super) fn holds(&self) -> bool {
        match self {
            Self::Word(truth) => *truth,
            Self::Number(number) => *number != 0,
        }
    }
}

pub(super) fn rows<R: DeserializeOwned>(answer: &str) -> Result<Vec<R>, CatalogError> {
    let lines = answer.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_str(line).map_err(|error| wrong(format!("{error} in {line}"))))
        .collect()
}

pub(super) fn wrong(message: impl Into<String>) -> CatalogError {
    CatalogError {
        message: message.into(),
    }
}

pub(super) fn name(text: impl Into<std::sync::Arc<str>>) -> Result<Name, CatalogError> {
    Name::new(text).map_err(|error| wrong(error.to_string()))
}
