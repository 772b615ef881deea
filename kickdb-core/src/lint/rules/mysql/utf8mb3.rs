use crate::lex::Token;
use crate::lint::read::is;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "utf8mb3",
    level: Level::Note,
    harm: Harm::DataLoss,
    engines: MYSQL,
    title: "utf8 is utf8mb3 here: a character of four bytes, such as an emoji, is refused, or cut off where the mode is not strict",
    why: "MySQL and MariaDB read `utf8` as an encoding of at most three bytes per character, and MySQL will change that one day.",
    instead: "use utf8mb4",
    bad: "CREATE TABLE tasks (title varchar(80)) CHARACTER SET utf8;",
    good: "CREATE TABLE tasks (title varchar(80)) CHARACTER SET utf8mb4;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 12.9.2 The utf8mb3 Character Set",
            url: "https://dev.mysql.com/doc/refman/8.4/en/charset-unicode-utf8mb3.html",
        },
        Source {
            chapter: "MariaDB, Supported Character Sets and Collations",
            url: "https://mariadb.com/kb/en/supported-character-sets-and-collations/",
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
        let word = |token: &Token<'_>, words: &[&str]| words.iter().any(|word| is(token, word));
        let solid = statement
            .tokens
            .iter()
            .filter(|token| token.text != "=")
            .collect::<Vec<_>>();
        let said = solid
            .windows(2)
            .find(|pair| word(pair[0], &["set", "charset"]) && word(pair[1], &["utf8", "utf8mb3"]));
        if let Some(pair) = said {
            let span = pair[0].start..pair[1].start + pair[1].text.len();
            found.add(index, &span, table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("CREATE TABLE a (b text CHARACTER SET utf8)", &["a"]),
            ("ALTER TABLE a DEFAULT CHARSET = utf8mb3", &["a"]),
        ]);
        RULE.spares(&["CREATE TABLE a (b text) CHARSET=utf8mb4", "CREATE TABLE a (utf8 int)"]);
    }
}
