use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "locked_tables",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: MYSQL,
    title: "others wait for these tables until UNLOCK TABLES, and every other table is out of reach for this session",
    why: "LOCK TABLES commits the open transaction, and lets the session use nothing but what it names. Where the script breaks off, the lock lasts as long as the connection.",
    instead: "use a transaction and let each statement take the locks that it needs",
    bad: "LOCK TABLES tasks WRITE;",
    good: "START TRANSACTION;\nSELECT id FROM tasks WHERE id = 1 FOR UPDATE;\nCOMMIT;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 15.3.6 LOCK TABLES and UNLOCK TABLES Statements",
            url: "https://dev.mysql.com/doc/refman/8.4/en/lock-tables.html",
        },
        Source {
            chapter: "MariaDB, LOCK TABLES",
            url: "https://mariadb.com/kb/en/lock-tables/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if (cursor.eat("lock tables") || cursor.eat("lock table"))
            && let Some(table) = cursor.name()
        {
            found.add(index, &statement.span, &table).on(&table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("LOCK TABLES a WRITE, b READ", &["a"]),
            ("LOCK TABLE a READ LOCAL", &["a"]),
        ]);
        RULE.spares(&["UNLOCK TABLES", "LOCK INSTANCE FOR BACKUP"]);
    }
}
