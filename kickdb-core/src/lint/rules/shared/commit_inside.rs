use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "commit_inside",
    level: Level::Deny,
    harm: Harm::Failure,
    engines: EVERY,
    title: "it ends the transaction in which the runner keeps the migration and its bookkeeping together",
    why: "The runner begins a transaction, runs the statements, writes that the migration is done, and commits. A BEGIN, COMMIT or ROLLBACK of the script's own ends that early: what comes after it is no longer undone when something fails, and the row that says the migration is done may be lost.",
    instead: "leave BEGIN and COMMIT out; where a part must commit by itself, make it a migration of its own with `\"transaction\": false` in meta.json",
    bad: "",
    good: "",
    sources: &[
        Source {
            chapter: "PostgreSQL 15, SQL Commands, COMMIT",
            url: "https://www.postgresql.org/docs/15/sql-commit.html",
        },
        Source {
            chapter: "SQLite, Transaction",
            url: "https://www.sqlite.org/lang_transaction.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    if !script.input.runner || !script.input.transaction {
        return;
    }
    for (index, statement) in script.numbered() {
        let word = match &statement.action {
            Action::Begin => "BEGIN",
            Action::Commit => "COMMIT",
            Action::Rollback => "ROLLBACK",
            _ => continue,
        };
        found.add(index, &statement.span, word);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::Input;

    #[test]
    fn only_the_transaction_of_the_runner_is_broken() {
        for dialect in RULE.dialects() {
            let runner = Input {
                runner: true,
                transaction: true,
                ..Input::new(dialect)
            };
            let script = "BEGIN; UPDATE a SET b = 1 WHERE c; COMMIT; ROLLBACK TO SAVEPOINT s";
            RULE.finds_in(&runner, &[(script, &["BEGIN", "COMMIT"])]);
            RULE.spares_in(
                &Input {
                    transaction: false,
                    ..runner
                },
                &[script],
            );
            RULE.spares_in(&Input::new(dialect), &[script]);
        }
    }
}
