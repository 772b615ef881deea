//! What is wrong in the source: each at its place, nothing written.

use crate::project::{Project, Run, tables, tasks};

#[track_caller]
fn refused(project: &Project, words: &[&str]) -> Run {
    let before = project.files();
    let run = project.run(&["generate", "x"]).exits(1).complains(words);
    assert_eq!(project.files(), before, "nothing may be written");
    run
}

#[test]
fn a_source_without_tables() {
    refused(
        &Project::new("pub fn main() {}"),
        &[
            "error: no struct with `#[derive(Table)]` was found; 1 file read",
            "help: check that the file",
        ],
    );
}

#[test]
fn a_syntax_error_has_file_line_and_column_and_the_rest_is_still_read() {
    let project = Project::new(&format!("mod broken;\nmod wrong;\n{}", tasks("pub title: String,")));
    project.write(
        "src/broken.rs",
        "use kickdb::prelude::*;\n\npub struct Broken {\n    id: i64\n    name: String,\n}\nmod x {}\n",
    );
    project.write(
        "src/wrong.rs",
        &tables("#[derive(Table)]\n#[table(nam = \"x\")]\npub struct Wrong { #[column(primary_key)] pub id: i64 }"),
    );
    refused(
        &project,
        &[
            "error: this is not valid Rust",
            "--> src/broken.rs:5:5",
            "unknown attribute `nam`",
            "--> src/wrong.rs:4:9",
            "error: 2 mistakes in the source; nothing was written",
        ],
    );
}

#[test]
fn two_tables_of_one_name() {
    let two = tasks("pub title: String,")
        + "#[derive(Table)]\n#[table(name = \"tasks\")]\npub struct Other { #[column(primary_key)] pub id: i64 }\n";
    refused(&Project::new(&two), &["`tasks`", "--> src/lib.rs:"]);
}

#[test]
fn a_type_that_source_alone_cannot_tell() {
    refused(
        &Project::new(&tasks("pub price: outside::Money,")),
        &["Money", "--> src/lib.rs:8:", "help:"],
    );
}

#[test]
fn a_reference_to_a_table_that_is_not_there() {
    refused(
        &Project::new(&tasks("#[column(references = Project::id)] pub project_id: i64,")),
        &["Project", "--> src/lib.rs:8:"],
    );
}

#[test]
fn two_types_of_one_name_are_told_apart_by_their_modules() {
    let project = Project::new(&format!(
        "mod a;\nmod b;\nmod c {{ use kickdb::prelude::*; use crate::b::Kind;\n#[derive(Table)]\npub struct Second {{ #[column(primary_key)] pub id: i64, pub kind: Kind }} }}\n{}",
        tasks("pub kind: a::Kind,")
    ));
    project.write(
        "src/a.rs",
        "#[derive(kickdb::DbEnum)]\n#[db_enum(name = \"kind_a\")]\npub enum Kind { One }\n",
    );
    project.write(
        "src/b.rs",
        "#[derive(kickdb::DbEnum)]\n#[db_enum(name = \"kind_b\")]\npub enum Kind { Two }\n",
    );
    project.run(&["generate", "x"]).exits(0);
    let id = &project.migrations("migrations")[0];
    let up = project.read(&format!("migrations/{id}/up.sql"));
    let second = up.split("CREATE TABLE").find(|part| part.contains("second")).unwrap();
    assert!(second.contains("two") && !second.contains("one"), "{up}");
}

#[test]
fn a_module_without_its_file() {
    refused(
        &Project::new(&format!("mod gone;\n{}", tasks("pub title: String,"))),
        &[
            "error: the file of the module `gone` does not exist",
            "--> src/lib.rs:1:5",
            "help: create `src/gone.rs` or `src/gone/mod.rs`",
        ],
    );
}
