use std::path::Path;

use super::file::TomlFile;
use super::key::{KEYS, Origin};
use super::*;

fn layer(text: &str) -> Result<Layer, Failure> {
    let file = TomlFile {
        path: Path::new("kickdb.toml"),
        shown: "kickdb.toml",
        text,
    };
    let table = file.parse()?;
    file.layer(table.get_ref(), &Origin::File)
}

/// The reference with its settings uncommented: comments of prose have a capital letter or a lower-case word after `# `,
/// settings have `name =` or `[`.
fn uncommented() -> String {
    REFERENCE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with('[') => rest,
            Some(rest) if rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) => rest,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_reference_names_every_key_and_can_be_read() {
    let read = layer(&uncommented()).map_err(|failure| format!("{failure:?}")).unwrap();
    for key in KEYS {
        assert!(
            read.settings.contains_key(key.name),
            "{} is not in the reference",
            key.name
        );
    }
    for dialect in kickdb_core::dialect::ALL {
        assert!(
            REFERENCE.contains(&format!("\"{}\"", dialect.id())),
            "{} is not named",
            dialect.id()
        );
    }
    assert_eq!(read.targets.keys().collect::<Vec<_>>(), ["postgres", "sqlite"]);
    assert!(
        layer(REFERENCE).unwrap().settings.is_empty(),
        "as it is shipped it only says the defaults"
    );
}

#[test]
fn an_unknown_key_is_refused_at_its_place_with_the_nearest_one() {
    let failure = layer("\nmigration_dir = \"x\"\n[target.pg]\nurll = \"\"\n").unwrap_err();
    let found: Vec<_> = failure
        .diagnostics
        .iter()
        .map(|d| (d.place.as_ref().unwrap().line, d.help.clone().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            (2, "did you mean `migrations_dir`?".to_owned()),
            (4, "did you mean `url`?".to_owned())
        ]
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_with_what_the_key_takes() {
    for text in [
        "drift_check = \"loud\"",
        "require_reviewed = \"yes\"",
        "lock_timeout = 5",
        "source = [1]",
        "dialect = \"oracle\"",
    ] {
        let failure = layer(text).unwrap_err();
        assert!(
            failure.diagnostics[0].help.as_ref().unwrap().contains("takes"),
            "{text}: {failure:?}"
        );
    }
}
