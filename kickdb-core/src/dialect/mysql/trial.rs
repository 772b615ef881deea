//! Both texts of what is in doubt, made beside the originals under names of their own, and dropped again.
//!
//! DDL commits by itself here. So everything of a trial is called `kick_trial_…`, which no schema ever shows, since nothing
//! that starts with `kick_` is anybody else's; one trial of a database runs at a time, behind a lock that goes with its
//! connection, and each begins by dropping what a killed one has left. A check, a default or a computed column reads only
//! its own table, whose columns are made again; a view is made over the tables that are there. Bodies of triggers,
//! routines and events are kept word for word, so that there is nothing to ask.

use super::Mysql;
use super::normalize::{ROW_END, ROW_START, UNVERSIONED, VERSIONED};
use super::syntax::{ident, literal};
use crate::dialect::{Catalog, Doubts, Emit, Trial, Trials};
use crate::diff::{Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{ColumnValue, Expr, Object, ObjectId, ObjectKind, Schema, Table};
use crate::plan::Steps;

/// What was refused, from the variable that the trial's block leaves behind.
const REFUSED: &str = "SELECT side, thing, code, message FROM JSON_TABLE(@kick_refused, '$[*]' COLUMNS (
    side varchar(1) PATH '$[0]', thing text PATH '$[1]', code varchar(5) PATH '$[2]', message text PATH '$[3]')) refused";

/// What every name of a trial starts with.
const PREFIX: &str = "kick_trial_";

/// The name of the lock that a trial holds.
const LOCK: &str = "CONCAT('kickdb.trial.', MD5(DATABASE()))";

/// Drops what this trial or one before has made.
const CLEAR: &str = "\
FOR made IN (SELECT TABLE_NAME AS name, TABLE_TYPE AS kind FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, 11) = 'kick_trial_') DO
  EXECUTE IMMEDIATE CONCAT('DROP ', IF(made.kind = 'VIEW', 'VIEW', 'TABLE'), ' IF EXISTS `', made.name, '`');
END FOR;";

impl Trials for Mysql {
    fn trial(&self, doubts: &Doubts) -> Option<Trial> {
        let mut block = Block::default();
        for (side, schema) in SIDES.into_iter().zip([&doubts.expected, &doubts.live]) {
            for (at, table) in schema.tables.values().enumerate() {
                block.table(side, at, table);
            }
            for (at, (id, object)) in views(schema).enumerate() {
                let sql = respelled(&object.sql, &id.name.name, &place(side, Kind::View, at));
                block.push(side, &id.to_string(), &[sql]);
            }
        }
        // Nothing but bodies, which are what they say.
        (!block.body.is_empty()).then(|| Trial {
            statements: vec![block.finish()],
            refused: REFUSED,
            catalog: Mysql
                .catalog_queries()
                .iter()
                .map(|sql| unhidden(sql))
                .collect(),
            undo: vec![format!(
                "BEGIN NOT ATOMIC\nIF IS_USED_LOCK({LOCK}) = CONNECTION_ID() THEN\n{CLEAR}\nDO RELEASE_LOCK({LOCK});\nEND IF;\n\
                 IF @kick_wait IS NOT NULL THEN\nSET SESSION lock_wait_timeout = @kick_wait, @kick_wait = NULL;\nEND IF;\nEND"
            )],
        })
    }

    fn told(&self, doubts: &Doubts, read: &Schema) -> [Schema; 2] {
        SIDES.map(|side| {
            let mut told = Schema::default();
            for (at, name) in doubts.expected.tables.keys().enumerate() {
                let there = Qualified::local(place(side, Kind::Table, at));
                if let Some(table) = read.tables.get(&there) {
                    told.tables.insert(name.clone(), table.clone());
                }
            }
            for (at, (id, _)) in views(&doubts.expected).enumerate() {
                let there = place(side, Kind::View, at);
                let found = ObjectId::new(ObjectKind::View, Qualified::local(there.clone()));
                if let Some(object) = read.objects.get(&found) {
                    let object = Object {
                        sql: respelled(&object.sql, &there, &id.name.name),
                        ..object.clone()
                    };
                    told.objects.insert(id.clone(), object);
                }
            }
            told
        })
    }
}

const SIDES: [usize; 2] = [1, 2];

#[derive(Clone, Copy)]
enum Kind {
    Table,
    View,
}

/// The name under which one side has the table or view of that number.
fn place(side: usize, kind: Kind, at: usize) -> Name {
    let letter = match kind {
        Kind::Table => 't',
        Kind::View => 'v',
    };
    Name::new(format!("{PREFIX}{side}_{letter}{at}")).expect("it is neither empty nor holds a NUL")
}

fn views(schema: &Schema) -> impl Iterator<Item = (&ObjectId, &Object)> {
    schema.objects.iter().filter(|(id, _)| id.kind == ObjectKind::View)
}

/// The statement that makes a view, in its one spelling, with another name for the view.
fn respelled(sql: &str, from: &Name, to: &Name) -> String {
    sql.replacen(&format!("VIEW {} ", ident(from)), &format!("VIEW {} ", ident(to)), 1)
}

/// A query of the catalog that shows what is kickdb's, too.
fn unhidden(sql: &str) -> String {
    sql.replace("<> 'kick_'", "IS NOT NULL")
}

/// One block that makes everything, whatever is refused in between: one round trip.
#[derive(Default)]
struct Block {
    body: String,
}

impl Block {
    /// The table's columns, then each of its checks by itself, so that one which is refused takes no other along.
    fn table(&mut self, side: usize, at: usize, table: &Table) {
        let mut there = table.clone();
        there.name = Qualified::local(place(side, Kind::Table, at));
        for column in &mut there.columns {
            column.options.remove(UNVERSIONED);
            let bound = |sql: &str| sql == ROW_START || sql == ROW_END;
            if matches!(&column.value, ColumnValue::Generated { expr: Expr::Sql(sql), .. } if bound(sql)) {
                there.options.insert(VERSIONED.to_owned(), String::new());
            }
        }
        let checks = std::mem::take(&mut there.checks);
        let mut steps = Steps::default();
        let written = Mysql.create_table(&there, &Schema::default(), &mut steps);
        // What cannot be written cannot be asked either: refused like anything that the server does not take.
        let made = written.map_or_else(|error| vec![error.to_string()], |()| sql(steps));
        self.push(side, &format!("table {}", table.name), &made);
        for check in checks.into_values() {
            let thing = format!("check {}.{}", table.name, check.name);
            let mut with = there.clone();
            with.checks.insert(check.name.clone(), check.clone());
            let mut steps = Steps::default();
            let changes = [TableChange::AddPart(Part::Check(check))];
            let written = Mysql.alter_table(&there, &with, &changes, &Schema::default(), &mut steps);
            let made = written.map_or_else(|error| vec![error.to_string()], |()| sql(steps));
            self.push(side, &thing, &made);
        }
    }

    fn push(&mut self, side: usize, thing: &str, statements: &[String]) {
        self.body.push_str(&format!(
            "BEGIN\nDECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN\n\
             GET DIAGNOSTICS CONDITION 1 @kick_code = RETURNED_SQLSTATE, @kick_message = MESSAGE_TEXT;\n\
             SET @kick_refused = JSON_ARRAY_APPEND(@kick_refused, '$', \
             JSON_ARRAY('{side}', {}, @kick_code, @kick_message));\nEND;\n",
            literal(thing)
        ));
        for sql in statements {
            self.body.push_str(&format!("EXECUTE IMMEDIATE {};\n", literal(sql)));
        }
        self.body.push_str("END;\n");
    }

    /// Whoever alters one of the tables at this moment would hold up the trial, and the trial all that follow.
    fn finish(self) -> String {
        format!(
            "BEGIN NOT ATOMIC\n\
             SET @kick_wait = @@SESSION.lock_wait_timeout, @kick_refused = '[]', SESSION lock_wait_timeout = 2;\n\
             IF GET_LOCK({LOCK}, 10) IS NOT TRUE THEN\n\
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'somebody else compares this database; try again';\nEND IF;\n\
             {CLEAR}\n{}END",
            self.body
        )
    }
}

fn sql(steps: Steps) -> Vec<String> {
    steps.finish().steps.into_iter().map(|step| step.sql).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_of_a_trial_has_a_name_of_its_own() {
        let name = |text: &str| Name::new(text).unwrap();
        let sql = "CREATE ALGORITHM = MERGE VIEW `a``b` AS select `a``b`.`x` AS `VIEW ` from `a``b`";
        let there = place(1, Kind::View, 0);
        let moved = respelled(sql, &name("a`b"), &there);
        assert_eq!(
            moved,
            "CREATE ALGORITHM = MERGE VIEW `kick_trial_1_v0` AS select `a``b`.`x` AS `VIEW ` from `a``b`"
        );
        assert_eq!(respelled(&moved, &there, &name("a`b")), sql);
    }

    #[test]
    fn every_query_of_the_catalog_shows_a_trial_when_it_should() {
        for sql in Mysql.catalog_queries() {
            assert!(!unhidden(sql).contains("'kick_'"), "{sql}");
        }
    }
}
