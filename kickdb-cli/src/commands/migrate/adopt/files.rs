//! Where other tools keep their migrations, and how they write them.

use std::path::Path;

use sha2::{Digest, Sha384};

use crate::args::Tool;
use crate::failure::Failure;

/// One migration of another tool.
pub(super) struct Script {
    /// As its table says it.
    pub(super) version: String,
    pub(super) name: String,
    pub(super) up: String,
    pub(super) down: Option<String>,
    pub(super) transaction: bool,
    /// As its table says it.
    pub(super) checksum: Option<String>,
    pub(super) shown: String,
}

impl Script {
    /// One of which only the version is known.
    pub(super) fn named(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            name: version.to_owned(),
            up: String::new(),
            down: None,
            transaction: true,
            checksum: None,
            shown: String::new(),
        }
    }
}

/// Reads the migrations of a tool, in its order.
pub(super) fn read(tool: Tool, dir: &Path) -> Result<Vec<Script>, Failure> {
    let mut found = Vec::new();
    if tool == Tool::SeaOrm {
        return Ok(found);
    }
    let shown = dir.display().to_string();
    let entries = std::fs::read_dir(dir).map_err(|error| {
        Failure::io("read the folder", &shown, &error).help("say where the files are: `--dir PATH`")
    })?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io("read the folder", &shown, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let script = match tool {
            Tool::Sqlx => sqlx(&entry.path(), &name)?,
            Tool::Diesel => diesel(&entry.path(), &name)?,
            Tool::Refinery => refinery(&entry.path(), &name)?,
            Tool::SeaOrm | Tool::Kickjs => None,
        };
        found.extend(script);
    }
    match tool {
        // Diesel's versions are texts, the others' are numbers.
        Tool::Diesel => found.sort_by(|a: &Script, b| a.version.cmp(&b.version)),
        _ => found.sort_by_key(|script: &Script| script.version.parse::<i64>().unwrap_or(i64::MAX)),
    }
    Ok(found)
}

/// `20230415101112_add_users.sql`, or `….up.sql` with `….down.sql` beside it. The table has the SHA-384 of the file.
fn sqlx(path: &Path, name: &str) -> Result<Option<Script>, Failure> {
    let Some(stem) = name.strip_suffix(".sql").filter(|stem| !stem.ends_with(".down")) else {
        return Ok(None);
    };
    let Some((version, description)) = stem.split_once('_') else {
        return Ok(None);
    };
    let Ok(version) = version.parse::<i64>() else {
        return Ok(None);
    };
    let reversible = description.strip_suffix(".up");
    let up = text(path)?;
    let down = match reversible {
        Some(_) => Some(text(&path.with_file_name(name.replace(".up.sql", ".down.sql")))?),
        None => None,
    };
    let checksum = Sha384::digest(up.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Some(Script {
        version: version.to_string(),
        name: reversible.unwrap_or(description).replace('_', " "),
        transaction: !up.starts_with("-- no-transaction"),
        up,
        down,
        checksum: Some(checksum),
        shown: name.to_owned(),
    }))
}

/// `2023-04-15-101112_add_users/up.sql` and `down.sql`; `metadata.toml` may say that it runs outside of transactions. The
/// version is what stands before the first `_`, without its dashes.
fn diesel(path: &Path, name: &str) -> Result<Option<Script>, Failure> {
    let up = path.join("up.sql");
    if !up.is_file() {
        return Ok(None);
    }
    let (version, description) = name.split_once('_').unwrap_or((name, name));
    let down = path.join("down.sql");
    let settings = path.join("metadata.toml");
    let settings = if settings.is_file() {
        text(&settings)?
    } else {
        String::new()
    };
    let settings: toml::Table = settings.parse().unwrap_or_default();
    Ok(Some(Script {
        version: version.replace('-', ""),
        name: description.replace('_', " "),
        up: text(&up)?,
        down: down.is_file().then(|| text(&down)).transpose()?,
        transaction: settings
            .get("run_in_transaction")
            .and_then(toml::Value::as_bool)
            .unwrap_or(true),
        checksum: None,
        shown: format!("{name}/up.sql"),
    }))
}

/// `V1__add_users.sql`, or `U…` for those that have no order among others.
fn refinery(path: &Path, name: &str) -> Result<Option<Script>, Failure> {
    let Some(stem) = name.strip_suffix(".sql").and_then(|stem| stem.strip_prefix(['V', 'U'])) else {
        return Ok(None);
    };
    let Some((version, description)) = stem.split_once("__") else {
        return Ok(None);
    };
    let Ok(version) = version.parse::<i64>() else {
        return Ok(None);
    };
    Ok(Some(Script {
        version: version.to_string(),
        name: description.replace('_', " "),
        up: text(path)?,
        down: None,
        transaction: true,
        checksum: None,
        shown: name.to_owned(),
    }))
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::io("read", &path.display().to_string(), &error))
}
