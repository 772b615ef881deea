//! What a statement keeps others from while it runs, in the engine's own words.

use super::read::{Action, Alter, ConstraintKind, ObjectName, action};
use crate::dialect::Dialect;
use crate::lex::{Kind, Token, tokens};

/// A lock that a statement takes on a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLock {
    /// The table.
    pub table: ObjectName,
    /// The lock, as the engine's documentation calls it.
    pub lock: &'static str,
    /// What others cannot do meanwhile.
    pub blocks: &'static str,
}

/// How an engine locks: the names of its locks for what a statement does.
struct Words {
    /// Nobody reads or writes.
    all: (&'static str, &'static str),
    /// Nobody writes or makes a key.
    keys: (&'static str, &'static str),
    /// Nobody writes.
    writes: (&'static str, &'static str),
    /// Nobody changes the table's schema.
    schema: (&'static str, &'static str),
    /// Rows only.
    rows: (&'static str, &'static str),
}

/// <https://www.postgresql.org/docs/17/explicit-locking.html>
const POSTGRES: Words = Words {
    all: ("ACCESS EXCLUSIVE", "reads and writes"),
    keys: ("SHARE ROW EXCLUSIVE", "writes"),
    writes: ("SHARE", "writes"),
    schema: ("SHARE UPDATE EXCLUSIVE", "changes of its schema"),
    rows: ("ROW EXCLUSIVE", "writes to the same rows"),
};

/// The metadata lock is exclusive at the beginning and at the end; in between the engine lets others in where it can.
const MYSQL: Words = Words {
    all: ("exclusive metadata lock", "reads and writes while it begins and ends"),
    keys: ("exclusive metadata lock", "reads and writes while it begins and ends"),
    writes: ("exclusive metadata lock", "reads and writes while it begins and ends"),
    schema: ("exclusive metadata lock", "reads and writes while it begins and ends"),
    rows: ("row locks", "writes to the same rows"),
};

/// There is one lock for the whole database.
const SQLITE: Words = {
    let one = ("the write lock of the database", "writes to any table");
    Words {
        all: one,
        keys: one,
        writes: one,
        schema: one,
        rows: one,
    }
};

/// The locks that a statement takes, as far as its head tells; each table once, with the strongest.
#[must_use]
pub fn locks(sql: &str, dialect: &dyn Dialect) -> Vec<TableLock> {
    let words: Vec<Token<'_>> = tokens(sql, dialect.lexis())
        .filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment))
        .take(20_000)
        .collect();
    let engine = match dialect.id().as_str() {
        "postgres" => &POSTGRES,
        "sqlite" => &SQLITE,
        _ => &MYSQL,
    };
    let mut found: Vec<TableLock> = Vec::new();
    let mut add = |table: &ObjectName, (lock, blocks): (&'static str, &'static str)| {
        if found.iter().all(|other| other.table != *table) {
            found.push(TableLock {
                table: table.clone(),
                lock,
                blocks,
            });
        }
    };
    match action(&words) {
        Action::AlterTable(alter) => {
            let all_weak = |weak: fn(&Alter) -> bool| alter.parts.iter().all(|part| weak(&part.what));
            let own = match () {
                () if alter.parts.is_empty() => engine.all,
                () if all_weak(|part| matches!(part, Alter::Validate(_))) => engine.schema,
                () if all_weak(is_foreign_key) => engine.keys,
                () => engine.all,
            };
            add(&alter.table, own);
            for part in &alter.parts {
                match &part.what {
                    Alter::AddConstraint(constraint) => {
                        if let ConstraintKind::ForeignKey(other) = &constraint.kind {
                            add(other, engine.keys);
                        }
                    }
                    Alter::AddColumn { column, .. } => {
                        column.references.iter().for_each(|other| add(other, engine.keys))
                    }
                    _ => {}
                }
            }
        }
        Action::CreateTable(create) => {
            // Nobody knows the new one yet; those that it points to are there.
            for column in &create.columns {
                column.references.iter().for_each(|other| add(other, engine.keys));
            }
            for constraint in &create.constraints {
                if let ConstraintKind::ForeignKey(other) = &constraint.kind {
                    add(other, engine.keys);
                }
            }
        }
        Action::CreateIndex(index) => add(
            &index.table,
            if index.concurrently {
                engine.schema
            } else {
                engine.writes
            },
        ),
        Action::Drop(drop) if drop.kind == "table" => drop.names.iter().for_each(|table| add(table, engine.all)),
        Action::Truncate(tables) => tables.iter().for_each(|table| add(table, engine.all)),
        Action::Rename(pairs) => pairs.iter().for_each(|(from, _)| add(from, engine.all)),
        Action::Insert(insert) => add(&insert.table, engine.rows),
        Action::Update(changing) | Action::Delete(changing) => add(&changing.table, engine.rows),
        _ => {}
    }
    found
}

fn is_foreign_key(part: &Alter) -> bool {
    matches!(part, Alter::AddConstraint(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey(_)))
}

#[cfg(test)]
mod tests {
    use super::locks;
    use crate::dialect::by_name;

    #[test]
    fn each_statement_says_what_it_keeps_others_from() {
        let said = |engine: &str, sql: &str| {
            let found = locks(sql, by_name(engine).unwrap());
            let lines = found.iter().map(|one| format!("{} {}", one.table, one.lock));
            lines.collect::<Vec<_>>().join(", ")
        };
        for (sql, wanted) in [
            ("ALTER TABLE \"tasks\" ADD COLUMN a integer", "tasks ACCESS EXCLUSIVE"),
            (
                "ALTER TABLE tasks ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES people (id)",
                "tasks SHARE ROW EXCLUSIVE, people SHARE ROW EXCLUSIVE",
            ),
            (
                "ALTER TABLE tasks VALIDATE CONSTRAINT f",
                "tasks SHARE UPDATE EXCLUSIVE",
            ),
            ("CREATE INDEX i ON tasks (a)", "tasks SHARE"),
            (
                "CREATE INDEX CONCURRENTLY i ON tasks (a)",
                "tasks SHARE UPDATE EXCLUSIVE",
            ),
            ("UPDATE tasks SET a = 1", "tasks ROW EXCLUSIVE"),
            ("DROP TABLE tasks", "tasks ACCESS EXCLUSIVE"),
            (
                "CREATE TABLE a (b integer REFERENCES people (id))",
                "people SHARE ROW EXCLUSIVE",
            ),
            ("SELECT 1", ""),
        ] {
            assert_eq!(said("postgres", sql), wanted, "{sql}");
        }
        assert_eq!(
            said("sqlite", "DROP TABLE tasks"),
            "tasks the write lock of the database"
        );
        assert_eq!(
            said("mysql", "ALTER TABLE `tasks` ADD COLUMN a int"),
            "tasks exclusive metadata lock"
        );
    }
}
