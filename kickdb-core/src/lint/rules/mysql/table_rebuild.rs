use super::is_asked;
use crate::lint::read::ObjectName;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "table_rebuild",
    level: Level::Warn,
    harm: Harm::Rewrite,
    engines: MYSQL,
    title: "the table is written anew",
    why: "FORCE, ENGINE = …, ROW_FORMAT, KEY_BLOCK_SIZE and OPTIMIZE TABLE write the table and its indexes anew. InnoDB lets others write meanwhile (a change of the engine does not), but the statement needs as much free space as the table has, and replicas stand behind it for as long.",
    instead: "do it when the load is low, one table at a time, with ALGORITHM=INPLACE, LOCK=NONE",
    bad: "OPTIMIZE TABLE events;",
    good: "ANALYZE TABLE events;",
    sources: &[
        Source {
            chapter: "MySQL 8.4, 17.12.1 Online DDL Operations, Table Operations",
            url: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-table-operations",
        },
        Source {
            chapter: "MySQL 8.4, 15.7.3.4 OPTIMIZE TABLE Statement",
            url: "https://dev.mysql.com/doc/refman/8.4/en/optimize-table.html",
        },
    ],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    for altered in script.old_alterations().filter(|altered| !is_asked(altered.statement)) {
        let word = altered
            .cursor()
            .eat_any(&["force", "engine", "row_format", "key_block_size"]);
        if word.is_some() {
            found
                .add(altered.index, altered.span(), altered.table)
                .on(altered.table);
        } else if let Alter::Redefine { from, column } = altered.what()
            && !column.not_null
            && is_required(script, altered.table, from)
        {
            found
                .add(altered.index, altered.span(), altered.column(from))
                .on(altered.table)
                .says("the column may be NULL from now on, for which the table is written anew");
        }
    }
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if !cursor.eat("optimize") {
            continue;
        }
        cursor.eat_any(&["no_write_to_binlog", "local"]);
        if cursor.eat("table") || cursor.eat("tables") {
            for table in cursor.names() {
                found.add(index, &statement.span, &table).on(&table);
            }
        }
    }
}

/// Whether a column is known to be NOT NULL, and for another reason than being a key.
fn is_required(script: &Script<'_>, table: &ObjectName, column: &str) -> bool {
    script.before(table).is_some_and(|table| {
        let mut same = table
            .columns
            .iter()
            .filter(|known| known.name.as_str().eq_ignore_ascii_case(column));
        let key = table.primary_key.iter().flat_map(|key| &key.columns);
        same.any(|known| !known.nullable && !key.clone().any(|name| *name == known.name))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ENGINE=InnoDB", &["a"]),
            ("ALTER TABLE a FORCE", &["a"]),
            ("OPTIMIZE TABLE a, b", &["a", "b"]),
            ("ALTER TABLE a ROW_FORMAT = COMPRESSED", &["a"]),
        ]);
        RULE.spares(&[
            "CREATE TABLE a (b int) ENGINE=InnoDB; ALTER TABLE a FORCE",
            "ANALYZE TABLE a",
            "ALTER TABLE a ENGINE=InnoDB, ALGORITHM=INPLACE, LOCK=NONE",
        ]);
    }
}
