//! Every mistake at its place, in words: as the compiler says it (`tests/ui/*/*.rs`), and as the command line says what only it
//! can see (`tests/ui/source/*.rs`). `TRYBUILD=overwrite` writes the expected messages anew.

use std::fmt::Write as _;
use std::path::Path;

use kickdb::decl::{Item, Problem, resolve};
use kickdb::dialect;
use kickdb_core::lower::{self, Origin};

/// With all features only: the compiler lists the types that each of them brings.
#[test]
fn the_compiler_says_what_is_wrong() {
    if !cfg!(all(feature = "mysql", feature = "tls")) {
        println!("the compiler's messages are compared with `--all-features` only");
        return;
    }
    let tests = trybuild::TestCases::new();
    for folder in folders().iter().filter(|folder| *folder != "source") {
        tests.compile_fail(format!("tests/ui/{folder}/*.rs"));
    }
}

#[test]
fn the_source_alone_says_what_is_wrong() {
    for file in files("source") {
        let found = said(&file);
        let expected = file.with_extension("stderr");
        if std::env::var_os("TRYBUILD").is_some_and(|value| value == "overwrite") {
            std::fs::write(&expected, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(found, expected, "{}", file.display());
    }
}

/// What an item alone says is the same first line in the compiler and on the command line.
#[test]
fn compiler_and_source_say_the_same() {
    for file in files("schema") {
        let expected = std::fs::read_to_string(file.with_extension("stderr")).unwrap();
        let (_, problems) = items(&file);
        for problem in problems {
            let line = format!("error: {}\n", problem.message);
            assert!(expected.contains(&line), "{}: {line}", file.display());
        }
    }
}

fn folders() -> Vec<String> {
    let mut folders: Vec<String> = std::fs::read_dir("tests/ui")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    folders
}

fn files(folder: &str) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(format!("tests/ui/{folder}"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn items(path: &Path) -> (Vec<Item>, Vec<Problem>) {
    let file: syn::File = syn::parse_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let origin = Origin {
        file: path.file_name().unwrap().to_str().unwrap().into(),
        module: "app".into(),
    };
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    for item in &file.items {
        match lower::item(item, &origin) {
            Ok(found) => items.extend(found),
            Err(errors) => problems.extend(errors.problems(&origin)),
        }
    }
    (items, problems)
}

fn said(path: &Path) -> String {
    let (items, mut problems) = items(path);
    for dialect in dialect::ALL {
        for problem in resolve(&items, *dialect).err().unwrap_or_default() {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    assert!(!problems.is_empty(), "{}: nothing is wrong with it", path.display());
    problems.iter().fold(String::new(), |mut text, problem| {
        writeln!(text, "{problem}\n").unwrap();
        text
    })
}
