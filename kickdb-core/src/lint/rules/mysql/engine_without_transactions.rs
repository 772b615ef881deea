use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "engine_without_transactions",
    level: Level::Warn,
    harm: Harm::Integrity,
    engines: MYSQL,
    title: "the engine knows neither transactions nor foreign keys, and a crash can damage the table",
    why: "MyISAM and MEMORY ignore foreign keys without a word, keep what a rolled back transaction wrote, and lock the whole table at each write; a MEMORY table is empty after a restart.",
    instead: "use InnoDB",
    bad: "CREATE TABLE tasks (id int) ENGINE=MyISAM;",
    good: "CREATE TABLE tasks (id int) ENGINE=InnoDB;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 18.2 The MyISAM Storage Engine",
            url: "https://dev.mysql.com/doc/refman/8.4/en/myisam-storage-engine.html",
        },
        Source {
            chapter: "MySQL 8.4, 18.3 The MEMORY Storage Engine",
            url: "https://dev.mysql.com/doc/refman/8.4/en/memory-storage-engine.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let table = match &statement.action {
            Action::CreateTable(create) => &create.table,
            Action::AlterTable(alter) => &alter.table,
            _ => continue,
        };
        let mut cursor = statement.cursor();
        cursor.until(&["engine"]);
        while cursor.eat(",") {
            cursor.until(&["engine"]);
        }
        cursor.eat("engine");
        cursor.eat("=");
        if cursor
            .eat_any(&["myisam", "memory", "merge", "csv", "archive", "blackhole"])
            .is_some()
        {
            found.add(index, &statement.span, table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("CREATE TABLE a (b int) ENGINE=MyISAM", &["a"]),
            ("ALTER TABLE a ADD b int, ENGINE = Memory", &["a"]),
        ]);
        RULE.spares(&["CREATE TABLE a (engine int) ENGINE=InnoDB", "CREATE TABLE a (b int)"]);
    }
}
