//! `docs/hazards.md` and the page of each hazard are what the rules say. `KICKDB_BLESS=1` writes them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kickdb_core::lint::{ALL, Rule};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// The index by engine, behind the words that people have written.
fn index() -> String {
    let mut text = String::new();
    for dialect in kickdb_core::dialect::ALL {
        let engine = dialect.id().as_str();
        let _ = writeln!(
            text,
            "\n### {}\n\n| hazard | level | harm | what happens |\n| --- | --- | --- | --- |",
            dialect.title()
        );
        for rule in ALL.iter().filter(|rule| rule.engines.contains(&engine)) {
            let _ = writeln!(
                text,
                "| [{0}](hazards/{0}.md) | {1} | {2} | {3} |",
                rule.code,
                rule.level.as_str(),
                rule.harm.title(),
                rule.title
            );
        }
    }
    text
}

fn check(path: &Path, wanted: &str) {
    if std::env::var_os("KICKDB_BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(path, wanted).expect("the page can be written");
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == wanted,
        "{} is not what the rules say; KICKDB_BLESS=1 writes it",
        path.display()
    );
}

#[test]
fn every_hazard_has_its_page() {
    let folder = docs().join("hazards");
    for rule in ALL.iter() {
        check(&folder.join(format!("{}.md", rule.code)), &rule.page());
    }
    let known: BTreeSet<String> = ALL.iter().map(|rule: &&Rule| format!("{}.md", rule.code)).collect();
    for entry in fs::read_dir(&folder).expect("the folder is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(known.contains(&name), "docs/hazards/{name} is of no hazard");
    }
}

#[test]
fn the_index_lists_every_hazard() {
    const HEADING: &str = "## All of them\n";
    let path = docs().join("hazards.md");
    let text = fs::read_to_string(&path).expect("the index is there");
    let (by_hand, _) = text.split_once(HEADING).expect("the index has its heading");
    check(&path, &format!("{by_hand}{HEADING}{}", index()));
}
