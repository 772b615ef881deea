//! A migrations folder from the first `generate` to the last `verify`, on disk.

use std::fs;
use std::path::Path;

use kickdb_core::dialect::{ALL, Dialect, by_name};
use kickdb_core::diff::{Backfills, Renames};
use kickdb_core::ir::{Check, Column, ColumnValue, Enum, Expr, PrimaryKey, Schema, SqlType, Table};
use kickdb_core::journal::{
    Embedded, EmbeddedMigration, Finding, NewMigration, Outcome, Rebase, Request, Severity, generate, hash, read,
    read_newest, rebase, verify, write, write_journal, write_meta,
};
use kickdb_core::plan;

use crate::sample::{local, name};

const NOW: &str = "2026-04-27T15:30:12Z";

/// A table with an enum column, or as the dialect keeps it.
fn schema(values: &[&str], columns: &[&str], dialect: &dyn Dialect) -> Schema {
    let mut schema = Schema::default();
    let state = Enum {
        name: local("state"),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        comment: None,
    };
    let mut table = Table::new(local("tasks"));
    table.columns.push(Column::new(name("id"), SqlType::Uuid));
    table.columns.push(Column {
        value: ColumnValue::Default(Expr::Text(values[0].to_owned())),
        ..Column::new(name("state"), SqlType::Enum(state.name.clone()))
    });
    for column in columns {
        let mut column = Column::new(name(column), SqlType::Text);
        column.nullable = true;
        table.columns.push(column);
    }
    table.primary_key = Some(PrimaryKey::new(name("tasks_pkey"), vec![name("id")]));
    schema.enums.insert(state.name.clone(), state);
    schema.tables.insert(table.name.clone(), table);
    dialect.normalize(&mut schema).unwrap();
    schema
}

fn make(dir: &Path, to: &Schema, flags: &[&str], drops: &[&str], dialect: &dyn Dialect) -> Outcome {
    let folder = read_newest(dir, dialect).unwrap();
    let owned = |flags: &[&str]| flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>();
    let (rename_flags, drop_flags) = (owned(flags), owned(drops));
    let request = Request {
        folder: &folder,
        from: &folder.last_schema(dialect).unwrap(),
        to,
        renames: Renames::default(),
        rename_flags: &rename_flags,
        drop_flags: &drop_flags,
        backfills: Backfills::default(),
        name: "Next step",
        now: NOW.parse().unwrap(),
        after: None,
        empty: false,
        online: false,
        repairs: None,
    };
    generate(&request, dialect).unwrap()
}

fn made(outcome: Outcome) -> Vec<NewMigration> {
    match outcome {
        Outcome::Migrations(new) => new,
        other => panic!("{other:?}"),
    }
}

fn step(dir: &Path, to: &Schema, flags: &[&str], drops: &[&str], dialect: &dyn Dialect) -> String {
    let new = made(make(dir, to, flags, drops, dialect));
    write(dir, &read(dir, dialect).unwrap(), &new, dialect).unwrap();
    new[0].entry.id.clone()
}

fn codes(findings: &[Finding]) -> Vec<(&str, Severity)> {
    findings
        .iter()
        .map(|finding| (finding.code, finding.severity))
        .collect()
}

#[test]
fn a_folder_grows_and_stays_whole() {
    for dialect in ALL {
        let dir = tempfile::tempdir().unwrap();
        let dir = &dir.path().join("migrations");
        let first = schema(&["todo", "done"], &["body", "removed_at"], *dialect);
        let second = schema(&["todo", "done"], &["body", "deleted_at"], *dialect);
        let third = schema(&["todo"], &["body", "deleted_at"], *dialect);

        let one = step(dir, &first, &[], &[], *dialect);
        assert_eq!(one, "20260427_153012_next_step");
        assert!(matches!(make(dir, &first, &[], &[], *dialect), Outcome::Nothing));

        let Outcome::Questions(questions) = make(dir, &second, &[], &[], *dialect) else {
            panic!("a drop and an add of one type are asked about");
        };
        let said = questions[0].to_string();
        assert!(said.contains("--rename tasks.removed_at=deleted_at"), "{said}");
        assert!(said.contains("--allow-drop tasks.removed_at"), "{said}");
        assert_eq!(
            serde_json::to_string(&questions).unwrap(),
            r#"[{"kind":"column","dropped":"tasks.removed_at","renamed":[{"to":"deleted_at","flag":"--rename tasks.removed_at=deleted_at"}],"drop":{"flag":"--allow-drop tasks.removed_at"}}]"#
        );

        let two = step(dir, &second, &["tasks.removed_at=deleted_at"], &[], *dialect);
        assert_eq!(two, "20260427_153013_next_step");
        let three = step(dir, &third, &[], &[], *dialect);

        let folder = read(dir, *dialect).unwrap();
        assert_eq!(folder.last_schema(*dialect).unwrap(), third);
        assert_eq!(codes(&verify(&folder, *dialect, false)), []);
        assert_eq!(verify(&folder, *dialect, true).len(), 3);
        let metas = [&one, &two, &three].map(|id| folder.migration(id).unwrap().meta.clone().unwrap());
        assert_eq!(metas[1].previous_id.as_ref(), Some(&one));
        assert_eq!(metas[1].renames[0].from, "tasks.removed_at");
        assert!(!metas[1].down_is_draft);

        let removed = folder.removed_enum_values(&three, false, *dialect).unwrap();
        assert_eq!(
            (removed[0].values.as_slice(), removed[0].columns.as_slice()),
            (&["done".to_owned()][..], &["tasks.state".to_owned()][..])
        );
        assert_eq!(folder.removed_enum_values(&three, true, *dialect).unwrap(), []);
        assert_eq!(folder.removed_enum_values(&two, false, *dialect).unwrap(), []);
    }
}

#[test]
fn the_files_are_those_of_the_published_format() {
    let dialect = by_name("postgres").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let id = step(dir.path(), &schema(&["todo"], &["body"], dialect), &[], &[], dialect);
    let file = |name: &str| fs::read_to_string(dir.path().join(&id).join(name)).unwrap();
    let (up, down, snapshot) = (file("up.sql"), file("down.sql"), file("snapshot.json"));
    let provenance = format!(
        "-- Generated by kickdb v{} — review state lives in meta.json\n",
        env!("CARGO_PKG_VERSION")
    );
    assert!(up.starts_with(&provenance) && down.starts_with(&provenance));
    assert!(up.ends_with(";\n") && !up.ends_with("\n\n") && !up.contains('\r'));
    assert_eq!(
        snapshot,
        r#"{
  "version": 1,
  "dialect": "postgres",
  "tables": {
    "tasks": {
      "name": "tasks",
      "columns": {
        "id": {
          "name": "id",
          "type": "uuid",
          "nullable": false,
          "default": null,
          "primaryKey": true
        },
        "state": {
          "name": "state",
          "type": "state",
          "nullable": false,
          "default": "'todo'",
          "primaryKey": false
        },
        "body": {
          "name": "body",
          "type": "text",
          "nullable": true,
          "default": null,
          "primaryKey": false
        }
      },
      "indexes": [],
      "foreignKeys": [],
      "checks": []
    }
  },
  "enums": {
    "state": {
      "name": "state",
      "values": [
        "todo"
      ]
    }
  }
}
"#
    );
    assert_eq!(
        file("meta.json"),
        format!(
            r#"{{
  "id": "{id}",
  "name": "Next step",
  "createdAt": "2026-04-27T15:30:12.000Z",
  "reviewed": false,
  "dialect": "postgres",
  "previousId": null,
  "downIsDraft": false,
  "empty": false
}}
"#
        )
    );
    let journal = fs::read_to_string(dir.path().join("_journal.json")).unwrap();
    let wanted = format!(
        r#"{{
  "version": 1,
  "dialect": "postgres",
  "entries": [
    {{
      "id": "{id}",
      "tag": "Next step",
      "hash": "{}",
      "createdAt": "2026-04-27T15:30:12.000Z",
      "semanticHash": ""#,
        hash(&up, &down, &snapshot)
    );
    assert!(journal.starts_with(&wanted), "{journal}");
}

#[test]
fn what_another_tool_wrote_is_kept() {
    let dialect = by_name("postgres").unwrap();
    let dir = tempfile::tempdir().unwrap();
    step(dir.path(), &schema(&["todo"], &[], dialect), &[], &[], dialect);
    let path = dir.path().join("_journal.json");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("\"version\": 1,", "\"version\": 1,\n  \"tool\": {\"b\": 1},");
    fs::write(&path, text.replace("\"tag\"", "\"by\": \"ann\",\n      \"tag\"")).unwrap();
    step(dir.path(), &schema(&["todo"], &["body"], dialect), &[], &[], dialect);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"tool\"") && text.contains("\"by\": \"ann\""), "{text}");
}

#[test]
fn what_is_wrong_is_found() {
    let dialect = by_name("sqlite").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let one = step(dir, &schema(&["todo"], &["a"], dialect), &[], &[], dialect);
    let two = step(dir, &schema(&["todo"], &["a", "b"], dialect), &[], &[], dialect);
    let look = || verify(&read(dir, dialect).unwrap(), dialect, false);
    let up = dir.join(&two).join("up.sql");
    let good = fs::read_to_string(&up).unwrap();

    fs::write(&up, good.replace('\n', "\r\n")).unwrap();
    assert_eq!(codes(&look()), [], "line endings are no change");
    fs::write(&up, format!("{good}-- a remark\n")).unwrap();
    assert_eq!(codes(&look()), [("migration_hash_mismatch", Severity::Note)]);
    fs::write(&up, format!("{good}SELECT 1;\n")).unwrap();
    assert_eq!(codes(&look()), [("migration_hash_mismatch", Severity::Deny)]);
    fs::remove_file(&up).unwrap();
    assert_eq!(codes(&look()), [("migrations_folder", Severity::Deny)]);
    fs::write(&up, &good).unwrap();
    assert_eq!(codes(&look()), []);

    // Two branches generated after the same migration, and the merge kept both lines.
    let folder = read(dir, dialect).unwrap();
    let mut meta = folder.migration(&two).unwrap().meta.clone().unwrap();
    meta.previous_id = None;
    write_meta(dir, &meta).unwrap();
    let found = look();
    assert_eq!(codes(&found), [("migration_diverged", Severity::Deny)]);
    assert!(
        found[0].message.contains(&one) && found[0].message.contains(&two),
        "{}",
        found[0].message
    );
    meta.previous_id = Some(one.clone());
    write_meta(dir, &meta).unwrap();

    let mut journal = folder.journal.clone();
    journal.entries.push(journal.entries[0].clone());
    write_journal(dir, &journal).unwrap();
    assert_eq!(look()[0].code, "migrations_folder");
    // The line of one migration was lost: the folders still tell.
    journal.entries.truncate(1);
    write_journal(dir, &journal).unwrap();
    assert_eq!(codes(&look()), [("migrations_folder", Severity::Deny)]);
    let none = std::collections::BTreeSet::new();
    let how = Rebase {
        moved: &none,
        taken: &std::collections::BTreeMap::new(),
        keep: &none,
        anew: &none,
        now: "2026-04-27T15:30:12Z".parse().unwrap(),
    };
    let rebased = rebase(&read(dir, dialect).unwrap(), &how, dialect).unwrap();
    assert!(rebased.moved.is_empty());
    assert_eq!(rebased.journal, Some(folder.journal.clone()));

    fs::write(dir.join("_journal.json"), "{\n  \"version\": 1,\n  oops").unwrap();
    let error = read(dir, dialect).unwrap_err().to_string();
    assert!(error.contains("_journal.json") && error.contains("line 3"), "{error}");
    fs::write(dir.join("_journal.json"), "{\n<<<<<<< ours\n").unwrap();
    assert!(read(dir, dialect).unwrap_err().to_string().contains("merge conflict"));
    fs::write(
        dir.join("_journal.json"),
        "{\"version\": 1, \"dialect\": \"mysql\", \"entries\": []}",
    )
    .unwrap();
    assert!(read(dir, dialect).unwrap_err().to_string().contains("`mysql`"));
    fs::write(
        dir.join("_journal.json"),
        "{\"version\": 2, \"dialect\": \"sqlite\", \"entries\": []}",
    )
    .unwrap();
    assert!(read(dir, dialect).unwrap_err().to_string().contains("install a newer"));
}

#[test]
fn a_generate_that_died_leaves_nothing_in_the_way() {
    let dialect = by_name("sqlite").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let to = schema(&["todo"], &["a"], dialect);
    // Before the folder got its name.
    fs::create_dir(dir.join(".kick-20260427_153012_next_step")).unwrap();
    // Between the folder and the journal.
    let id = step(dir, &to, &[], &[], dialect);
    fs::remove_file(dir.join("_journal.json")).unwrap();
    assert_eq!(read(dir, dialect).unwrap().unlisted().collect::<Vec<_>>(), [&id]);
    assert_eq!(step(dir, &to, &[], &[], dialect), id);
    assert_eq!(codes(&verify(&read(dir, dialect).unwrap(), dialect, false)), []);
    assert_eq!(fs::read_dir(dir).unwrap().count(), 2);

    // Another migration without a line in the journal is nobody's to replace.
    fs::remove_file(dir.join("_journal.json")).unwrap();
    let folder = read(dir, dialect).unwrap();
    let other = schema(&["todo"], &["b"], dialect);
    let request = Request {
        folder: &folder,
        from: &folder.last_schema(dialect).unwrap(),
        to: &other,
        renames: Renames::default(),
        rename_flags: &[],
        drop_flags: &[],
        backfills: Backfills::default(),
        name: "other",
        now: NOW.parse().unwrap(),
        after: None,
        empty: false,
        online: false,
        repairs: None,
    };
    let error = generate(&request, dialect).unwrap_err().to_string();
    assert!(error.contains(&id) && error.contains("generate it again"), "{error}");
    assert!(dir.join(&id).exists());
}

#[test]
fn what_a_migration_follows_is_read_without_the_whole_history() {
    let dialect = by_name("sqlite").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let ids = [&["a"] as &[&str], &["a", "b"], &["a", "b", "c"]]
        .map(|columns| step(dir, &schema(&["todo"], columns, dialect), &[], &[], dialect));
    let stray = dir.join("29990101_000000_stray");
    fs::create_dir(&stray).unwrap();

    let newest = read_newest(dir, dialect).unwrap();
    let all = read(dir, dialect).unwrap();
    assert_eq!(newest.journal, all.journal);
    assert_eq!(newest.last_schema(dialect).unwrap(), all.last_schema(dialect).unwrap());
    assert_eq!(newest.unlisted().collect::<Vec<_>>(), ["29990101_000000_stray"]);
    assert!(newest.migration(&ids[0]).is_none() && newest.migration(&ids[2]).is_some());
}

#[test]
fn a_rebuild_on_sqlite_says_itself_that_it_needs_foreign_keys_off() {
    let dialect = by_name("sqlite").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let first = schema(&["todo"], &["a"], dialect);
    step(dir, &first, &[], &[], dialect);
    let mut second = first.clone();
    let table = second.tables.get_mut(&local("tasks")).unwrap();
    table.checks.insert(
        name("tasks_a"),
        Check::new(name("tasks_a"), Expr::Sql("length(\"a\") > 0".to_owned())),
    );
    dialect.normalize(&mut second).unwrap();
    let new = made(make(dir, &second, &[], &[], dialect));
    assert!(!new[0].meta.transaction);
    for text in [&new[0].up, &new[0].down] {
        assert!(text.contains("\nPRAGMA foreign_keys = OFF;\nBEGIN;\n"), "{text}");
        assert!(text.ends_with("\nCOMMIT;\nPRAGMA foreign_keys = ON;\n"), "{text}");
        let source = plan::read(text, dialect);
        assert!(source.session.foreign_keys_off);
        assert!(
            source
                .statements
                .iter()
                .all(|statement| !statement.sql.starts_with("PRAGMA foreign_keys") && statement.sql != "COMMIT")
        );
    }
}

#[test]
fn an_embedded_folder_is_the_folder() {
    let dialect = by_name("postgres").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let id = step(dir.path(), &schema(&["todo"], &[], dialect), &[], &[], dialect);
    let file = |path: &str| -> Option<&'static str> {
        let text = fs::read_to_string(dir.path().join(path)).unwrap();
        Some(Box::leak(text.into_boxed_str()))
    };
    let migrations = [EmbeddedMigration {
        id: Box::leak(id.clone().into_boxed_str()),
        up: file(&format!("{id}/up.sql")),
        down: file(&format!("{id}/down.sql")),
        snapshot: file(&format!("{id}/snapshot.json")),
        meta: file(&format!("{id}/meta.json")),
    }];
    let embedded = Embedded {
        path: "migrations",
        journal: file("_journal.json"),
        migrations: Box::leak(Box::new(migrations)),
    };
    let mut read = read(dir.path(), dialect).unwrap();
    read.path = "migrations".to_owned();
    assert_eq!(embedded.folder(dialect).unwrap(), read);
}
