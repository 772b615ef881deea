use super::is_off;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "foreign_key_checks_off",
    level: Level::Warn,
    harm: Harm::Integrity,
    engines: MYSQL,
    title: "rows that point at nothing can come in, and nothing looks for them when it is on again",
    why: "With foreign_key_checks = 0, foreign keys are neither checked nor followed, and a table can be dropped that others point to. Setting it to 1 again checks nothing that is there.",
    instead: "order the statements so that it is not needed; where it is, look for broken rows afterwards with a LEFT JOIN",
    bad: "SET foreign_key_checks = 0;",
    good: "SET foreign_key_checks = 1;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 7.1.8 Server System Variables, foreign_key_checks",
            url: "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_foreign_key_checks",
        },
        Source {
            chapter: "MariaDB, Server System Variables, foreign_key_checks",
            url: "https://mariadb.com/kb/en/server-system-variables/#foreign_key_checks",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if let Action::Set { name, value } = &statement.action
            && name == "foreign_key_checks"
            && is_off(value)
        {
            found.add(index, &statement.span, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("SET foreign_key_checks = 0", &["foreign_key_checks"]),
            ("SET @@session.FOREIGN_KEY_CHECKS=OFF", &["foreign_key_checks"]),
        ]);
        RULE.spares(&["SET foreign_key_checks = 1", "SELECT @@foreign_key_checks"]);
    }
}
