//! The arrows between the modules of this crate, as `docs/architecture.md` draws them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What each module may use. `ident` and `error` are for all.
const ARROWS: &[(&str, &[&str])] = &[
    ("ident", &[]),
    ("error", &[]),
    ("lex", &[]),
    ("value", &[]),
    ("ir", &[]),
    ("diff", &["ir", "lex"]),
    ("plan", &["diff", "dialect", "ir", "lex"]),
    ("dialect", &["diff", "ir", "lex", "plan", "value"]),
    ("decl", &["dialect", "diff", "ir", "lex", "plan"]),
    ("lower", &["decl", "ir"]),
    ("raise", &["decl", "dialect", "ir", "lex", "plan"]),
    (
        "registry",
        &["decl", "dialect", "diff", "ir", "journal", "query", "snapshot"],
    ),
    ("snapshot", &["dialect", "ir", "plan"]),
    ("merge", &["diff", "ir", "lex"]),
    (
        "journal",
        &["dialect", "diff", "ir", "lex", "lint", "merge", "plan", "snapshot"],
    ),
    ("lint", &["dialect", "diff", "ir", "lex", "plan"]),
    ("drift", &["dialect", "diff", "ir"]),
    (
        "runner",
        &["dialect", "diff", "drift", "ir", "journal", "lint", "plan", "snapshot"],
    ),
    (
        "proof",
        &[
            "dialect", "diff", "drift", "ir", "journal", "plan", "runner", "snapshot",
        ],
    ),
    ("query", &["client", "dialect", "ir", "value"]),
    (
        "client",
        &["decl", "dialect", "diff", "ir", "journal", "runner", "value"],
    ),
];

#[test]
fn modules_use_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&root) {
        let relative = file.strip_prefix(&root).expect("the file was found below the folder");
        let module = module_of(relative);
        if module == "lib" {
            continue;
        }
        let Some(may) = allowed.get(module.as_str()) else {
            wrong.push(format!(
                "{}: module `{module}` has no line in ARROWS",
                relative.display()
            ));
            continue;
        };
        for used in crate_modules_used(&std::fs::read_to_string(&file).expect("a source file can be read")) {
            let fine = used == module || used == "ident" || used == "error" || may.contains(&used.as_str());
            // Names re-exported at the root (`crate::Error`) and macros are not modules.
            if !fine && allowed.contains_key(used.as_str()) {
                wrong.push(format!("{}: `{module}` may not use `{used}`", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows against the layers:\n{}", wrong.join("\n"));
}

#[test]
fn no_dialect_names_another_and_only_the_dialect_module_names_any() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&root) {
        let relative = file
            .strip_prefix(&root)
            .expect("the file was found below the folder")
            .to_path_buf();
        let text = std::fs::read_to_string(&file).expect("a source file can be read");
        let own = relative
            .iter()
            .nth(1)
            .map(|part| part.to_string_lossy().into_owned())
            .unwrap_or_default();
        for dialect in ["postgres", "sqlite", "mysql"] {
            let inside = relative.starts_with("dialect")
                && (own == dialect || !["postgres", "sqlite", "mysql"].contains(&own.as_str()));
            if !inside && text.contains(&format!("dialect::{dialect}")) {
                wrong.push(format!("{} names dialect::{dialect}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_features_the_core_is_pure() {
    let output = std::process::Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "kickdb-core",
            "--no-default-features",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && tree.contains("kickdb-core"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for heavy in ["sqlx", "tokio"] {
        let found = tree.lines().find(|line| line.starts_with(heavy));
        assert!(found.is_none(), "core without features depends on {found:?}");
    }

    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let check = std::process::Command::new(env!("CARGO"))
        .args([
            "check",
            "--quiet",
            "--package",
            "kickdb-core",
            "--no-default-features",
            "--offline",
            "--target-dir",
        ])
        .arg(folder.path())
        .env("RUSTFLAGS", "-Dwarnings")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

fn module_of(relative: &Path) -> String {
    let first = relative.iter().next().expect("a file has a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The first segments after `crate::`, also inside `use crate::{a, b::c}`.
fn crate_modules_used(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        // `kickdb_core::` and `$crate::` do not start a path of this crate's source.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let end = list.find(';').unwrap_or(list.len());
            used.extend(list[..end].split(',').map(first_segment));
        } else {
            used.push(first_segment(rest));
        }
    }
    used.retain(|name| !name.is_empty());
    used
}

fn first_segment(path: &str) -> String {
    path.trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}
