use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "implicit_commit",
    level: Level::Warn,
    harm: Harm::Failure,
    engines: MYSQL,
    title: "it commits the transaction that is open, so that what came before can no longer be rolled back",
    why: "DDL commits by itself, before and after. A START TRANSACTION around it promises what it does not keep.",
    instead: "put the changes of rows into a script of their own, before or after the DDL",
    bad: "START TRANSACTION;\nUPDATE tasks SET a = 1 WHERE b;\nALTER TABLE tasks DROP COLUMN b;\nCOMMIT;",
    good: "START TRANSACTION;\nUPDATE tasks SET a = 1 WHERE b;\nCOMMIT;\nALTER TABLE tasks DROP COLUMN b;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 15.3.3 Statements That Cause an Implicit Commit",
            url: "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
        },
        Source {
            chapter: "MariaDB, SQL statements That Cause an Implicit Commit",
            url: "https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut told = None;
    for (index, statement) in script.numbered() {
        let commits = match &statement.action {
            Action::CreateTable(_) | Action::CreateIndex(_) => !statement.begins("create temporary"),
            Action::AlterTable(_) | Action::Drop(_) | Action::Truncate(_) | Action::Rename(_) => true,
            _ => false,
        };
        if commits && statement.transaction.is_some() && statement.transaction != told {
            told = statement.transaction;
            let words = statement.tokens.iter().take(2).map(|token| token.text.to_uppercase());
            found.add(index, &statement.span, words.collect::<Vec<_>>().join(" "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            (
                "BEGIN; UPDATE a SET b = 1 WHERE c; DROP TABLE a; CREATE TABLE d (x int); COMMIT",
                &["DROP TABLE"],
            ),
            ("START TRANSACTION; TRUNCATE TABLE a", &["TRUNCATE TABLE"]),
        ]);
        RULE.spares(&[
            "UPDATE a SET b = 1 WHERE c; DROP TABLE a",
            "BEGIN; CREATE TEMPORARY TABLE t (x int); COMMIT",
            "BEGIN; UPDATE a SET b = 1 WHERE c; COMMIT; DROP TABLE a",
        ]);
    }
}
