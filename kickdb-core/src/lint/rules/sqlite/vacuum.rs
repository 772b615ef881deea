use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "vacuum",
    level: Level::Warn,
    harm: Harm::Lock,
    engines: SQLITE,
    title: "the whole file is written anew while nobody can write, and it cannot run inside a transaction",
    why: "VACUUM copies the database into a new file and back. It needs up to twice the size in free space, and waits until no transaction is open.",
    instead: "run it by hand when nothing else uses the file, or use PRAGMA incremental_vacuum",
    bad: "VACUUM;",
    good: "PRAGMA incremental_vacuum(100);",
    sources: &[Source {
        chapter: "SQLite, VACUUM",
        url: "https://www.sqlite.org/lang_vacuum.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        if statement.begins("vacuum") && !statement.cursor().has("into") {
            found.add(index, &statement.span, "VACUUM");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[("VACUUM", &["VACUUM"]), ("VACUUM main", &["VACUUM"])]);
        RULE.spares(&["VACUUM INTO 'copy.db'", "PRAGMA auto_vacuum = INCREMENTAL"]);
    }
}
