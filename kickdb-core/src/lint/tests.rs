//! What holds for all rules together.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{ALL, Harm, Input, Level, Policy, Rule, Setting, lint, lint_migration, weigh};
use crate::dialect::{self, by_name};
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, SqlType, Table};

fn codes(engine: &str, sql: &str) -> Vec<&'static str> {
    let found = lint(sql, &Input::new(by_name(engine).unwrap()));
    found.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn every_engine_has_rules_enough() {
    for (engine, least) in [("postgres", 30), ("mysql", 15), ("sqlite", 10)] {
        let number = ALL.iter().filter(|rule| rule.engines.contains(&engine)).count();
        assert!(number >= least, "{engine} has {number}");
    }
}

#[test]
fn a_statement_inside_of_another_one_is_seen() {
    for (sql, code) in [
        (
            "SET STATEMENT system_versioning_alter_history = KEEP FOR ALTER TABLE t DROP COLUMN a",
            "drop_column",
        ),
        ("EXECUTE IMMEDIATE 'DROP TABLE t'", "drop_table"),
        (
            "SET STATEMENT sort_buffer_size = 1 FOR EXECUTE IMMEDIATE CONCAT('ALTER TABLE `t` DROP COLUMN `a`, COLLATE = ', @@collation_database)",
            "drop_column",
        ),
    ] {
        assert!(codes("mysql", sql).contains(&code), "{sql}");
    }
    assert_eq!(codes("mysql", "EXECUTE IMMEDIATE CONCAT(@a, 'DROP TABLE t')"), [""; 0]);
}

#[test]
fn every_rule_can_be_read() {
    let mut seen = BTreeSet::new();
    for rule in ALL.iter() {
        let code = rule.code;
        assert!(seen.insert(code), "{code} is there twice");
        assert!(
            code.chars()
                .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()),
            "{code}"
        );
        assert!(!rule.sources.is_empty(), "{code} rests on nothing");
        for text in [rule.title, rule.instead] {
            assert!(
                !text.ends_with('.') && !text.is_empty() && text.trim() == text,
                "{code}: {text}"
            );
        }
        assert!(
            rule.why.ends_with('.') && !rule.why.contains("  "),
            "{code}: {}",
            rule.why
        );
        for engine in rule.engines {
            assert!(by_name(engine).is_some(), "{code} is about {engine}");
        }
    }
}

#[test]
fn every_file_of_a_rule_is_listed_under_its_code() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
    let mut files = BTreeSet::new();
    for part in ["shared", "postgres", "mysql", "sqlite"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.extend(
                name.strip_suffix(".rs")
                    .filter(|name| *name != "mod")
                    .map(str::to_owned),
            );
        }
    }
    let listed: BTreeSet<String> = ALL.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!(files, listed);
}

#[test]
fn the_examples_show_what_they_say() {
    let finds = |rule: &'static Rule, sql: &str, input: &Input<'_>| !rule.look(sql, input).is_empty();
    for rule in ALL.iter().copied() {
        if rule.bad.is_empty() {
            // What the SQL does not tell, or what depends on who runs it: its own tests show it.
            continue;
        }
        for dialect in rule.dialects() {
            let input = Input::new(dialect);
            assert!(
                finds(rule, rule.bad, &input),
                "{} on {}: {}",
                rule.code,
                dialect.id(),
                rule.bad
            );
            assert!(
                !finds(rule, rule.good, &input),
                "{} on {}: {}",
                rule.code,
                dialect.id(),
                rule.good
            );
        }
    }
}

#[test]
fn findings_have_their_place() {
    let sql = "CREATE TABLE a (x int);\n\n  -- ü\n  /* ü */ DROP TABLE b;\nALTER TABLE c ADD y int, DROP COLUMN z;";
    let found = lint(sql, &Input::new(by_name("mysql").unwrap()));
    let found: Vec<_> = found
        .iter()
        .filter(|finding| finding.level == Level::Deny)
        .map(|finding| (finding.line, finding.column, &sql[finding.span.clone()]))
        .collect();
    assert_eq!(found, [(4, 11, "DROP TABLE b"), (5, 26, "DROP COLUMN z")]);
}

#[test]
fn a_comment_with_a_reason_allows() {
    let sql = "-- kickdb: allow drop_table because it moved\nDROP TABLE a;\nDROP TABLE b; -- kickdb: allow drop_table because so\nDROP TABLE c;";
    let found = lint(sql, &Input::new(by_name("sqlite").unwrap()));
    let found: Vec<_> = found
        .iter()
        .map(|finding| (finding.object.as_str(), finding.denies()))
        .collect();
    assert_eq!(found, [("a", false), ("b", false), ("c", true)]);
}

#[test]
fn a_project_sets_levels_and_small_tables_weigh_little() {
    let postgres = by_name("postgres").unwrap();
    let sql = "CREATE INDEX i ON a (b); DROP TABLE c;";
    let found = |settings: &[(&str, &str)], rows: u64| {
        let input = Input {
            runner: true,
            ..Input::new(postgres)
        };
        let mut found = lint(sql, &input);
        weigh(&mut found, |_| Some(rows));
        let settings = settings
            .iter()
            .map(|(code, word)| ((*code).to_owned(), Setting::parse(word).unwrap()));
        let policy = Policy {
            settings: settings.collect(),
        };
        policy.apply(&mut found, &[]);
        found
            .into_iter()
            .map(|finding| (finding.rule.code, finding.level))
            .collect::<Vec<_>>()
    };
    let lost = ("drop_table", Level::Deny);
    assert_eq!(found(&[], 1_000_000), [("index_not_concurrent", Level::Warn), lost]);
    assert_eq!(found(&[], 10), [("index_not_concurrent", Level::Note), lost]);
    let strict = [("index_not_concurrent", "deny"), ("drop_table", "allow")];
    assert_eq!(found(&strict, 10), [("index_not_concurrent", Level::Deny)]);
}

#[test]
fn only_what_takes_longer_on_a_big_table_is_weighed() {
    let harms: BTreeSet<Harm> = ALL.iter().map(|rule| rule.harm).filter(|harm| harm.grows()).collect();
    assert_eq!(harms, BTreeSet::from([Harm::Rewrite, Harm::Lock, Harm::Scan]));
}

#[test]
fn a_new_table_is_no_hazard() {
    let sql = "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);\nCREATE INDEX i ON a (b);\nINSERT INTO a VALUES (1, 2);\n\
               ALTER TABLE a ADD COLUMN c int NOT NULL;\nUPDATE a SET b = 1;\nDROP TABLE a;";
    for dialect in dialect::ALL {
        let input = Input {
            runner: true,
            transaction: true,
            ..Input::new(*dialect)
        };
        let found = lint(sql, &input);
        let found: Vec<_> = found.iter().map(|finding| finding.rule.code).collect();
        // Whatever the transaction of MySQL is worth.
        let expected: &[&str] = if dialect.caps().transactional_ddl {
            &[]
        } else {
            &["implicit_commit"]
        };
        assert_eq!(found, expected, "{}", dialect.id());
    }
}

#[test]
fn the_safe_way_on_postgres_has_no_hazard() {
    let sql = "SET lock_timeout = '2s';\n\
        ALTER TABLE tasks ADD COLUMN state text;\n\
        ALTER TABLE tasks ADD CONSTRAINT set CHECK (state IS NOT NULL) NOT VALID;\n\
        ALTER TABLE tasks VALIDATE CONSTRAINT set;\n\
        ALTER TABLE tasks ALTER COLUMN state SET NOT NULL;\n\
        ALTER TABLE tasks DROP CONSTRAINT set;\n\
        CREATE UNIQUE INDEX CONCURRENTLY one ON tasks (title);\n\
        ALTER TABLE tasks ADD CONSTRAINT one UNIQUE USING INDEX one;\n\
        ALTER TABLE tasks ADD CONSTRAINT f FOREIGN KEY (title) REFERENCES titles NOT VALID;\n\
        ALTER TABLE tasks VALIDATE CONSTRAINT f;";
    let found: Vec<_> = codes("postgres", sql)
        .into_iter()
        .filter(|code| !["retry_creates", "foreign_key_without_index"].contains(code))
        .collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_script_four_times_as_long_takes_about_four_times_as_long() {
    let postgres = by_name("postgres").unwrap();
    let time = |script: &str| {
        let started = Instant::now();
        let _ = lint(script, &Input::new(postgres));
        started.elapsed()
    };
    for part in [
        "DROP TABLE a;\n",
        "ALTER TABLE a DROP CONSTRAINT c;\n",
        "ALTER TABLE a ADD COLUMN b int REFERENCES c, ",
        "INSERT INTO a VALUES (1, 'x') ",
        "CREATE TABLE a (x int, ",
        "CREATE INDEX i ON a (b); ",
        "(",
        "x ",
    ] {
        let short = time(&part.repeat(60_000 / part.len()));
        let long = time(&part.repeat(240_000 / part.len()));
        // Sixteen times would be the square; a busy machine may take a while for either.
        assert!(
            long < short * 10 + Duration::from_secs(1),
            "{part}: {short:?}, then {long:?}"
        );
    }
}

/// Words that begin something, and what may follow them in any order.
const WORDS: &[&str] = &[
    "ALTER",
    "TABLE",
    "ADD",
    "DROP",
    "COLUMN",
    "CONSTRAINT",
    "CREATE",
    "INDEX",
    "ON",
    "a",
    "b",
    "\"c\"",
    "(",
    ")",
    ",",
    ";",
    "'x'",
    "--",
    "/*",
    "*/",
    "$$",
    "\n",
    "CHECK",
    "NOT",
    "NULL",
    "DEFAULT",
    "REFERENCES",
    "UNIQUE",
    "PRIMARY",
    "KEY",
    "SET",
    "TYPE",
    "ATTACH",
    "PARTITION",
    "=",
    ".",
    "RENAME",
    "TO",
    "VACUUM",
    "FULL",
    "PRAGMA",
    "UPDATE",
    "DELETE",
    "FROM",
    "WHERE",
    "INSERT",
    "INTO",
    "TRUNCATE",
    "CASCADE",
    "BEGIN",
    "COMMIT",
    "CONCURRENTLY",
    "IF",
    "EXISTS",
    "MODIFY",
    "CHANGE",
    "GENERATED ALWAYS AS",
    "USING",
    "kickdb: allow",
    "because",
    "`",
    "[",
    "ä",
    "ENGINE",
    "LOCK",
    "REINDEX",
    "ALTER TYPE",
    "ADD VALUE",
    "\"",
    "\"\"",
    "\\",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_to_its_end(text in ".{0,200}") {
        for dialect in dialect::ALL {
            let _ = lint(&text, &Input::new(*dialect));
        }
    }

    #[test]
    fn any_words_are_read_to_their_end(words in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
        let text = words.join(" ");
        for dialect in dialect::ALL {
            let found = lint(&text, &Input::new(*dialect));
            for finding in &found {
                prop_assert!(text.get(finding.span.clone()).is_some(), "{:?} in {text}", finding);
            }
        }
    }
}

#[test]
fn a_required_column_whose_rows_get_a_value_first_is_fine() {
    let table = Arc::new(Table::new(Qualified::local(Name::new("tasks").unwrap())));
    let column = Column::new(Name::new("code").unwrap(), SqlType::Text);
    let change = Change::AlterTable {
        from: table.clone(),
        to: table,
        changes: vec![TableChange::AddColumn(column)],
    };
    let input = Input::new(by_name("sqlite").unwrap());
    let codes = |up: &str| {
        let found = lint_migration(std::slice::from_ref(&change), up, &input);
        found.iter().map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("ALTER TABLE tasks ADD COLUMN code text"), ["required_column"]);
    assert_eq!(
        codes("ALTER TABLE tasks ADD COLUMN code text; UPDATE tasks SET code = '' WHERE code IS NULL"),
        [""; 0]
    );
}
