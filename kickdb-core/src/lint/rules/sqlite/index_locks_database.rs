use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "index_locks_database",
    level: Level::Note,
    harm: Harm::Lock,
    engines: SQLITE,
    title: "nobody can write to any table while the index is built",
    why: "SQLite has one lock for writing for the whole database, and holds it from the first write of a transaction to its end. Building an index reads and sorts every row.",
    instead: "make it when nothing writes; other connections wait as long as their busy_timeout, then fail with SQLITE_BUSY",
    bad: "CREATE INDEX events_at ON events (at);",
    good: "CREATE TABLE notes (id int);\nCREATE INDEX notes_id ON notes (id);",
    sources: &[
        Source {
            chapter: "SQLite, File Locking And Concurrency, 3. Locking",
            url: "https://www.sqlite.org/lockingv3.html#locking",
        },
        Source {
            chapter: "SQLite, CREATE INDEX",
            url: "https://www.sqlite.org/lang_createindex.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let Action::CreateIndex(create) = &statement.action else {
            continue;
        };
        if !script.makes(&create.table, index) {
            let name = create.name.as_ref().unwrap_or(&create.table);
            found.add(index, &statement.span, name).on(&create.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("CREATE UNIQUE INDEX IF NOT EXISTS i ON a (b)", &["i"])]);
        RULE.spares(&[
            "CREATE TABLE a (b int); CREATE INDEX i ON a (b)",
            "CREATE TABLE n (x int); INSERT INTO n SELECT x FROM a; DROP TABLE a; ALTER TABLE n RENAME TO a; CREATE INDEX i ON a (x)",
        ]);
    }
}
