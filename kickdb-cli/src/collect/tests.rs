use std::fs;

use tempfile::TempDir;

use super::*;

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const MANIFEST: &str =
    "[package]\nname = \"my-shop\"\nversion = \"0.1.0\"\n[features]\ndefault = [\"extra\"]\nextra = []\nother = []\n";

fn table(name: &str) -> String {
    format!("#[derive(Table)]\npub struct {name} {{ #[column(primary_key)] pub id: i64 }}\n")
}

/// The tables that were found, as `module::Name`.
fn tables(found: &Collected) -> Vec<String> {
    let mut names: Vec<_> = found
        .items
        .iter()
        .filter(|item| matches!(item, Item::Table(_)))
        .map(|item| format!("{}::{}", item.module(), item.ident().value))
        .collect();
    names.sort();
    names
}

#[test]
fn every_way_to_write_a_module_is_followed() {
    let folder = project(&[
        ("Cargo.toml", MANIFEST),
        (
            "src/lib.rs",
            "mod a; pub mod b; #[path = \"odd/place.rs\"] mod c; mod d { pub mod e; mod f { use x::y; } }\nmod r#type;",
        ),
        ("src/a.rs", &table("A")),
        ("src/b/mod.rs", &format!("mod deep;\n{}", table("B"))),
        ("src/b/deep.rs", &format!("mod deeper;\n{}", table("Deep"))),
        ("src/b/deep/deeper.rs", &table("Deeper")),
        ("src/odd/place.rs", &format!("mod beside;\n{}", table("C"))),
        ("src/odd/beside.rs", &table("Beside")),
        ("src/d/e.rs", &table("E")),
        ("src/type.rs", &table("Type")),
        ("src/unused.rs", &table("Unused")),
    ]);
    let found = collect(folder.path(), &[]).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(
        tables(&found),
        [
            "my_shop::a::A",
            "my_shop::b::B",
            "my_shop::b::deep::Deep",
            "my_shop::b::deep::deeper::Deeper",
            "my_shop::c::C",
            "my_shop::c::beside::Beside",
            "my_shop::d::e::E",
            "my_shop::type::Type",
        ]
    );
}

#[test]
fn a_cfg_that_is_off_hides_its_item_and_one_that_cannot_be_told_does_not() {
    let folder = project(&[
        ("Cargo.toml", MANIFEST),
        (
            "src/main.rs",
            &format!(
                "#[cfg(test)] mod tests;\n#[cfg(loom)] mod gone;\n#[cfg(feature = \"extra\")] mod on;\n#[cfg(feature = \"other\")] mod off;\n#[cfg(loom)] {}",
                table("Loom")
            ),
        ),
        ("src/on.rs", &table("On")),
        ("src/off.rs", &table("Off")),
    ]);
    let found = collect(folder.path(), &[]).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(tables(&found), ["bin main::Loom", "bin main::on::On"]);
}

#[test]
fn a_file_of_two_crates_is_read_once() {
    let folder = project(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "pub mod models;"),
        ("src/main.rs", "mod models;\nfn main() {}"),
        ("src/models.rs", &table("Task")),
    ]);
    let found = collect(folder.path(), &[]).unwrap();
    assert_eq!(tables(&found), ["my_shop::models::Task"]);
}

#[test]
fn local_crates_are_read_and_the_workspace_tells_where_they_are() {
    let folder = project(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"*\"]\n[workspace.dependencies]\nmodels = { path = \"models\" }\n",
        ),
        (
            "app/Cargo.toml",
            "[package]\nname = \"app\"\n[dependencies]\nmodels.workspace = true\nkinds = { path = \"../kinds\" }\nserde = \"1\"\n",
        ),
        ("app/src/main.rs", "fn main() {}"),
        (
            "models/Cargo.toml",
            "[package]\nname = \"models\"\n[dependencies]\nkinds = { path = \"../kinds\" }\n",
        ),
        ("models/src/lib.rs", &table("Model")),
        ("kinds/Cargo.toml", "[package]\nname = \"kinds\"\n"),
        ("kinds/src/lib.rs", "pub type Id = i64;"),
    ]);
    let found = collect(&folder.path().join("app"), &[]).unwrap();
    assert_eq!(tables(&found), ["models::Model"]);
    let aliases = found.items.iter().filter(|item| matches!(item, Item::Alias(_))).count();
    assert_eq!(aliases, 1);
}

#[test]
fn a_syntax_error_has_its_place_and_the_rest_is_read() {
    let folder = project(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "mod broken; mod fine; mod nowhere;"),
        (
            "src/broken.rs",
            "#[derive(Table)]\npub struct X {\n    id: i64\n    name: String,\n}\n",
        ),
        ("src/fine.rs", &table("Fine")),
    ]);
    let found = collect(folder.path(), &[]).unwrap();
    assert_eq!(tables(&found), ["my_shop::fine::Fine"]);
    let problems: Vec<_> = found
        .problems
        .iter()
        .map(|p| p.place.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(problems, ["src/broken.rs:4:5", "src/lib.rs:1:27"]);
}

#[test]
fn a_derive_of_another_crate_is_no_table() {
    let folder = project(&[
        ("Cargo.toml", MANIFEST),
        (
            "src/lib.rs",
            &format!(
                "mod ours {{ use kickdb::prelude::*; {} }} mod theirs {{ use tabled::Table; {} }} #[derive(kickdb::Table)] struct Full {{ id: i64 }} #[derive(cli_table::Table)] struct Cells {{ id: i64 }}",
                table("Ours"),
                table("Theirs")
            ),
        ),
    ]);
    let found = collect(folder.path(), &[]).unwrap();
    assert!(tables(&found).contains(&"my_shop::ours::Ours".to_owned()));
    assert!(
        !tables(&found)
            .iter()
            .any(|name| name.ends_with("Theirs") || name.ends_with("Cells"))
    );
}
