//! The definition of a column, and what a statement says to change one.

use crate::dialect::postgres::expr;
use crate::dialect::postgres::syntax::{ident, literal, qualified};
use crate::dialect::postgres::types::{conversion, ddl, element};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Identity, IntBits, SqlType, Table};
use crate::plan::Steps;

/// The line of `CREATE TABLE`, and what follows `ADD COLUMN`.
pub(super) fn define(column: &Column) -> String {
    let mut sql = format!("{} {}", ident(&column.name), declared(column));
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", ident(collation)));
    }
    // An identity or a serial column is NOT NULL by itself.
    if !column.nullable && !matches!(column.value, ColumnValue::Identity(_)) {
        sql.push_str(" NOT NULL");
    }
    match &column.value {
        ColumnValue::Required | ColumnValue::Identity(Identity::Serial) => {}
        ColumnValue::Default(value) => sql.push_str(&format!(" DEFAULT {}", expr::operand(value))),
        ColumnValue::Identity(identity) => sql.push_str(&format!(" GENERATED {} AS IDENTITY", when(*identity))),
        ColumnValue::Generated { expr, stored } => {
            let kept = if *stored { "STORED" } else { "VIRTUAL" };
            sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kept}", expr::sql(expr)));
        }
    }
    sql
}

/// The type as `CREATE TABLE` spells it: a serial column's brings its sequence along.
fn declared(column: &Column) -> String {
    match (&column.value, &column.ty) {
        (ColumnValue::Identity(Identity::Serial), SqlType::Int { bits, .. }) => match bits {
            IntBits::B8 | IntBits::B16 => "smallserial".into(),
            IntBits::B32 => "serial".into(),
            IntBits::B64 => "bigserial".into(),
        },
        (_, ty) => ddl(ty),
    }
}

fn when(identity: Identity) -> &'static str {
    match identity {
        Identity::Always => "ALWAYS",
        Identity::ByDefault | Identity::Serial => "BY DEFAULT",
    }
}

/// `table.column`, as `COMMENT ON` and `OWNED BY` name it.
pub(super) fn path(table: &Qualified, column: &Column) -> String {
    format!("{}.{}", qualified(table), ident(&column.name))
}

fn alter_column(table: &Table, column: &Column, action: &str) -> String {
    format!(
        "ALTER TABLE {} ALTER COLUMN {} {action}",
        qualified(&table.name),
        ident(&column.name)
    )
}

/// What changes one column: statements before the table's `ALTER TABLE`, its actions there, statements after.
#[derive(Debug, Default)]
pub(super) struct Alteration {
    pub(super) before: Vec<(String, Option<&'static str>)>,
    pub(super) actions: Vec<String>,
    pub(super) after: Vec<(String, Option<&'static str>)>,
}

impl Alteration {
    /// The order inside is that in which PostgreSQL lets each value source go and come: a default that cannot be cast stops
    /// a type change, an identity needs NOT NULL, and NULL cannot be allowed while there is one.
    pub(super) fn new(table: &Table, from: &Column, to: &Column) -> Self {
        let mut this = Self::default();
        this.leave(table, from, to);
        this.retype(table, from, to);
        this.renull(from, to);
        this.enter(table, from, to);
        this
    }

    fn action(&mut self, column: &Column, action: impl std::fmt::Display) {
        self.actions
            .push(format!("ALTER COLUMN {} {action}", ident(&column.name)));
    }

    /// Takes away where values come from, as far as it does not stay.
    fn leave(&mut self, table: &Table, from: &Column, to: &Column) {
        match (&from.value, &to.value) {
            (ColumnValue::Default(_), _) if drops_default(from, to) => self.action(from, "DROP DEFAULT"),
            (ColumnValue::Identity(Identity::Serial), ColumnValue::Identity(Identity::Serial)) => {}
            (ColumnValue::Identity(Identity::Serial), _) => {
                self.before.push((alter_column(table, from, "DROP DEFAULT"), None));
                self.before
                    .push((on_sequence(&table.name, &from.name, "DROP SEQUENCE %s"), None));
            }
            (ColumnValue::Identity(_), ColumnValue::Identity(Identity::Always | Identity::ByDefault)) => {}
            // A type changes before an identity goes, whatever order one statement says.
            (ColumnValue::Identity(_), _) if from.ty != to.ty => {
                self.before.push((alter_column(table, from, "DROP IDENTITY"), None));
            }
            (ColumnValue::Identity(_), _) => self.action(from, "DROP IDENTITY"),
            (ColumnValue::Generated { .. }, _) => self.action(from, "DROP EXPRESSION"),
            _ => {}
        }
    }

    fn retype(&mut self, table: &Table, from: &Column, to: &Column) {
        if from.ty == to.ty && from.collation == to.collation {
            return;
        }
        let name = ident(&to.name);
        let conversion = conversion(&from.ty, &to.ty);
        if let Some(back) = conversion.round_trip {
            self.before.push((
                guard(table, to, &back.replace("{}", &name)),
                Some("no value may change unseen"),
            ));
        }
        let mut action = format!("TYPE {}", ddl(&to.ty));
        match (&from.collation, &to.collation) {
            (_, Some(collation)) => action.push_str(&format!(" COLLATE {}", ident(collation))),
            (Some(_), None) if is_collatable(&to.ty) => action.push_str(" COLLATE \"default\""),
            _ => {}
        }
        if let Some(using) = conversion.using {
            action.push_str(&format!(" USING {}", using.replace("{}", &name)));
        }
        self.action(to, action);
        let serial = ColumnValue::Identity(Identity::Serial);
        if from.value == serial && to.value == serial && from.ty != to.ty {
            let command = format!("ALTER SEQUENCE %s AS {}", ddl(&to.ty));
            self.after.push((on_sequence(&table.name, &to.name, &command), None));
        }
    }

    fn renull(&mut self, from: &Column, to: &Column) {
        match (from.nullable, to.nullable) {
            (true, false) => self.action(to, "SET NOT NULL"),
            (false, true) => self.action(to, "DROP NOT NULL"),
            _ => {}
        }
    }

    /// Gives the new source of values, as far as it is not the old one.
    fn enter(&mut self, table: &Table, from: &Column, to: &Column) {
        match (&from.value, &to.value) {
            (_, ColumnValue::Required | ColumnValue::Generated { .. }) => {}
            (was, ColumnValue::Default(value)) => {
                if was != &to.value || drops_default(from, to) {
                    self.action(to, format!("SET DEFAULT {}", expr::operand(value)));
                }
            }
            (ColumnValue::Identity(was), ColumnValue::Identity(is)) if was == is => {}
            (_, ColumnValue::Identity(Identity::Serial)) => self.enter_serial(table, to),
            (ColumnValue::Identity(Identity::Always | Identity::ByDefault), ColumnValue::Identity(is)) => {
                self.action(to, format!("SET GENERATED {}", when(*is)));
            }
            (_, ColumnValue::Identity(is)) => {
                let action = format!("ADD GENERATED {} AS IDENTITY", when(*is));
                // Whether the type can count is looked at before the statement changes it.
                if from.ty == to.ty {
                    self.action(to, action);
                } else {
                    self.after.push((alter_column(table, to, &action), None));
                }
                self.after.push((
                    continue_counting(&table.name, &to.name),
                    Some("go on behind the rows that are there"),
                ));
            }
        }
    }

    /// What `serial` stands for, spelled out: there is no `ALTER` for it.
    fn enter_serial(&mut self, table: &Table, to: &Column) {
        let sequence = qualified(&table.name.sibling(sequence_name(&table.name.name, &to.name)));
        let name = qualified(&table.name);
        let column = ident(&to.name);
        self.after.extend([
            (
                format!("CREATE SEQUENCE {sequence} AS {} OWNED BY {name}.{column}", ddl(&to.ty)),
                None,
            ),
            (
                format!(
                    "ALTER TABLE {name} ALTER COLUMN {column} SET DEFAULT nextval({}::regclass)",
                    literal(&sequence)
                ),
                None,
            ),
            (
                continue_counting(&table.name, &to.name),
                Some("go on behind the rows that are there"),
            ),
        ]);
    }
}

/// Whether the old default must go: because there is none any more, or because it must not stand in the way of the new type.
fn drops_default(from: &Column, to: &Column) -> bool {
    !matches!(to.value, ColumnValue::Default(_)) || from.ty != to.ty && !same_family(&from.ty, &to.ty)
}

/// Types that differ in a length or a precision alone; defaults stay as they are between them.
fn same_family(from: &SqlType, to: &SqlType) -> bool {
    matches!(
        (element(from), element(to)),
        (SqlType::Varchar(_), SqlType::Varchar(_)) | (SqlType::Decimal(_), SqlType::Decimal(_))
    )
}

fn is_collatable(ty: &SqlType) -> bool {
    match element(ty) {
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => true,
        SqlType::Native(text) => matches!(&**text, "varchar" | "bpchar" | "citext" | "name"),
        _ => false,
    }
}

/// Runs a command on the sequence behind a column, whatever its name is: it keeps the old one when a table is renamed.
fn on_sequence(table: &Qualified, column: &Name, command: &str) -> String {
    let sequence = format!(
        "pg_get_serial_sequence({}, {})",
        literal(&qualified(table)),
        literal(column.as_str())
    );
    block(&format!("BEGIN\n  EXECUTE format('{command}', {sequence});\nEND"))
}

fn continue_counting(table: &Qualified, column: &Name) -> String {
    format!(
        "SELECT setval(pg_get_serial_sequence({}, {}), greatest(max({}), 0) + 1, false) FROM {}",
        literal(&qualified(table)),
        literal(column.as_str()),
        ident(column),
        qualified(table)
    )
}

/// Fails where a value would come out of the conversion as another one; PostgreSQL itself rounds without a word.
fn guard(table: &Table, column: &Column, back: &str) -> String {
    let name = ident(&column.name);
    let message = literal(&format!(
        "column {name} of table {} holds values that {} cannot hold exactly",
        qualified(&table.name),
        ddl(&column.ty)
    ));
    block(&format!(
        "DECLARE\n  value text;\nBEGIN\n  SELECT {name}::text INTO value FROM {} WHERE {name} IS DISTINCT FROM {back} LIMIT 1;\n  \
         IF FOUND THEN\n    RAISE EXCEPTION USING MESSAGE = {message}, DETAIL = 'for example ' || value;\n  END IF;\nEND",
        qualified(&table.name)
    ))
}

/// A `DO` block, quoted by dollars that its body does not hold.
fn block(body: &str) -> String {
    let mut tag = "$$".to_owned();
    while body.contains(&tag) {
        tag.insert(tag.len() - 1, 'k');
    }
    format!("DO {tag}\n{body}\n{tag}")
}

/// The name that PostgreSQL gives the sequence of a serial column: both names are cut, the longer first, to fit 63 bytes.
fn sequence_name(table: &Name, column: &Name) -> Name {
    const ROOM: usize = super::super::MAX_IDENTIFIER - "__seq".len();
    let (mut table, mut column) = (table.as_str(), column.as_str());
    while table.len() + column.len() > ROOM {
        let longer = if table.len() > column.len() {
            &mut table
        } else {
            &mut column
        };
        let mut end = longer.len() - 1;
        while !longer.is_char_boundary(end) {
            end -= 1;
        }
        *longer = &longer[..end];
    }
    Name::new(format!("{table}_{column}_seq")).expect("two names with a word between them are a name")
}

pub(super) fn push_all(statements: Vec<(String, Option<&'static str>)>, out: &mut Steps) {
    for (sql, note) in statements {
        match note {
            Some(note) => out.push_noted(sql, note),
            None => out.push(sql),
        }
    }
}

/// One `ALTER TABLE` with these actions: the table is rewritten once, however many types change.
pub(super) fn push_actions(table: &Qualified, actions: &[String], out: &mut Steps) {
    match actions {
        [] => {}
        [one] => out.push(format!("ALTER TABLE {} {one}", qualified(table))),
        many => out.push(format!("ALTER TABLE {}\n  {}", qualified(table), many.join(",\n  "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_names_are_cut_as_the_server_cuts_them() {
        let name = |text: &str| Name::new(text).expect("it is a name");
        assert_eq!(sequence_name(&name("tasks"), &name("id")).as_str(), "tasks_id_seq");
        let long = sequence_name(&name(&"t".repeat(60)), &name(&"c".repeat(40)));
        assert_eq!(long.as_str(), format!("{}_{}_seq", "t".repeat(29), "c".repeat(29)));
    }

    #[test]
    fn a_block_is_quoted_by_what_it_does_not_hold() {
        assert_eq!(block("a"), "DO $$\na\n$$");
        assert_eq!(block("a$$b"), "DO $k$\na$$b\n$k$");
    }
}
