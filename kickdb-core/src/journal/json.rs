//! JSON as every file of the folder has it: two spaces, one newline at the end.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

pub(super) fn write<T: Serialize>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("these types have only text keys and no fallible parts");
    text.push('\n');
    text
}

pub(super) fn read<T: DeserializeOwned>(path: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        let message = if text.lines().any(|line| line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>")) {
            "it still holds the marks of a merge conflict; resolve it, which `cargo kickdb migrate rebase` does for a journal".to_owned()
        } else {
            {
            let journal = path.ends_with(super::JOURNAL_FILE);
            let or = if journal { ", or have `cargo kickdb migrate rebase` make it anew from the folders" } else { "" };
            format!("it is damaged: {error}; restore it from version control{or}")
        }
        };
        Error::Folder {
            path: path.to_owned(),
            message,
            source: Some(Box::new(error)),
        }
    })
}
