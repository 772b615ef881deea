use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "relaxed_sql_mode",
    level: Level::Warn,
    harm: Harm::DataLoss,
    engines: MYSQL,
    title: "without a strict mode, values that do not fit are cut or turned into zero, and only a warning says so",
    why: "STRICT_TRANS_TABLES and STRICT_ALL_TABLES make such a statement fail instead. A sql_mode that names neither takes that away for the statements behind it.",
    instead: "keep a strict mode in the list: SET sql_mode = concat(@@sql_mode, ',…')",
    bad: "SET sql_mode = '';",
    good: "SET sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO';",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 7.1.11 Server SQL Modes",
            url: "https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict",
        },
        Source {
            chapter: "MariaDB, SQL_MODE",
            url: "https://mariadb.com/kb/en/sql-mode/",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if let Action::Set { name, value } = &statement.action
            && name == "sql_mode"
            && value.starts_with(['\'', '"'])
            && !["strict_", "traditional"]
                .iter()
                .any(|mode| value.to_lowercase().contains(mode))
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
            ("SET sql_mode = ''", &["sql_mode"]),
            ("SET SESSION sql_mode='ANSI_QUOTES'", &["sql_mode"]),
        ]);
        RULE.spares(&[
            "SET sql_mode = 'TRADITIONAL'",
            "SET sql_mode = @old_mode",
            "SET sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')",
        ]);
    }
}
