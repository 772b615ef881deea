//! The definition of a column, and what a statement says to change one.

mod counting;
mod domain;
mod position;

pub(super) use self::counting::{behind_the_rows, sequence_comment};
pub(in crate::dialect::postgres) use self::domain::conversion;

use super::rows::{is_numbered, numbered, written};
use crate::dialect::Objects;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::counter::{self, full};
use crate::dialect::postgres::extension::{bare_type, is_elsewhere};
use crate::dialect::postgres::guard;
use crate::dialect::postgres::syntax::{self, ident, literal, qualified};
use crate::dialect::postgres::types::{ddl, element};
use crate::dialect::postgres::{expr, options};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Counter, Expr, Identity, IntBits, PrimaryKey, Schema, SqlType, Table};
use crate::plan::Steps;

/// The line of `CREATE TABLE`, and what follows `ADD COLUMN`.
pub(super) fn define(table: &Qualified, column: &Column) -> String {
    let serial = word_of_serial(table, column);
    let ty = serial.map_or_else(|| ddl(&column.ty), str::to_owned);
    let mut sql = format!("{} {ty}", ident(&column.name));
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", syntax::collation(collation)));
    }
    // An identity or a serial column is NOT NULL by itself.
    let counts = serial.is_some()
        || matches!(
            column.value,
            ColumnValue::Identity(Identity::Always | Identity::ByDefault, _)
        );
    if !column.nullable && !counts {
        sql.push_str(" NOT NULL");
    }
    match &column.value {
        ColumnValue::Required => {}
        ColumnValue::Default(value) => sql.push_str(&format!(" DEFAULT {}", expr::operand(value))),
        ColumnValue::Identity(Identity::Serial, _) if serial.is_some() => {}
        ColumnValue::Identity(Identity::Serial, counter) => {
            let sequence = counter::sequence(counter.as_deref(), table, &column.name);
            sql.push_str(&format!(" DEFAULT {}", nextval(&sequence)));
        }
        ColumnValue::Identity(identity, counter) => {
            sql.push_str(&format!(
                " GENERATED {}",
                identity_of(table, column, *identity, counter.as_deref())
            ));
        }
        ColumnValue::Generated { expr, stored } => {
            let kept = if *stored { "STORED" } else { "VIRTUAL" };
            sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kept}", expr::sql(expr)));
        }
    }
    sql
}

/// `serial` and its kin, where they make just the sequence that is wanted.
fn word_of_serial(table: &Qualified, column: &Column) -> Option<&'static str> {
    let (ColumnValue::Identity(Identity::Serial, counter), SqlType::Int { bits, .. }) = (&column.value, &column.ty)
    else {
        return None;
    };
    let usual = Counter {
        name: Some(counter::usual_name(table, &column.name)),
        ..Counter::default()
    };
    let plain = counter.as_deref().is_none_or(|counter| *counter == usual);
    plain.then_some(match bits {
        IntBits::B8 | IntBits::B16 => "smallserial",
        IntBits::B32 => "serial",
        IntBits::B64 => "bigserial",
    })
}

/// `serial` brings NOT NULL with it, and takes no NULL beside it.
pub(super) fn is_nullable_serial(table: &Qualified, column: &Column) -> bool {
    column.nullable && word_of_serial(table, column).is_some()
}

/// The sequence that the definition of a serial column needs to be there.
pub(super) fn push_sequence(table: &Qualified, column: &Column, out: &mut Steps) {
    if let ColumnValue::Identity(Identity::Serial, counter) = &column.value
        && word_of_serial(table, column).is_none()
    {
        let sequence = counter::sequence(counter.as_deref(), table, &column.name);
        out.push(counter::create(&sequence, &full(column)));
    }
}

/// Gives that sequence to the column that is there now, with which it goes; a new table has the owner of a new sequence.
pub(super) fn push_ownership(table: &Qualified, column: &Column, is_new: bool, out: &mut Steps) {
    if let ColumnValue::Identity(Identity::Serial, counter) = &column.value
        && word_of_serial(table, column).is_none()
    {
        let sequence = counter::sequence(counter.as_deref(), table, &column.name);
        match is_new {
            true => out.push(counter::goes_with(&sequence, table, &column.name)),
            false => push_all(counter::give(&sequence, table, &column.name), out),
        }
    }
}

fn nextval(sequence: &Qualified) -> String {
    format!("nextval({}::regclass)", literal(&qualified(sequence)))
}

/// What follows `GENERATED`.
fn identity_of(table: &Qualified, column: &Column, identity: Identity, counter: Option<&Counter>) -> String {
    let mut words = Vec::new();
    let sequence = counter::sequence(counter, table, &column.name);
    if sequence != counter::usual_name(table, &column.name) {
        words.push(format!("SEQUENCE NAME {}", qualified(&sequence)));
    }
    words.extend(Some(full(column).unusual()).filter(|options| !options.is_empty()));
    let options = match words.is_empty() {
        true => String::new(),
        false => format!(" ({})", words.join(" ")),
    };
    format!("{} AS IDENTITY{options}", when(identity))
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
    /// Actions of an `ALTER TABLE` after that: one statement cannot say them together with a new type.
    pub(super) late: Vec<String>,
    /// Actions behind all these that are for this table alone: those below have their own.
    pub(super) own: Vec<String>,
}

impl Alteration {
    /// The order inside is that in which PostgreSQL lets each value source go and come: a default that cannot be cast stops
    /// a type change, an identity needs NOT NULL, and NULL cannot be allowed while there is one.
    ///
    /// Rows are named by `key`.
    pub(super) fn new((table, state): (&Table, &Schema), key: Option<&PrimaryKey>, from: &Column, to: &Column) -> Self {
        let mut this = Self::default();
        this.leave((table, state), from, to);
        this.retype((table, state), key, from, to);
        this.renull((table, state), from, to);
        this.enter((table, state), from, to);
        this.carry_on((table, state), from, to);
        this.reoption((table, state), from, to);
        this
    }

    /// A new type or collation takes storage and compression back to what the type has by itself.
    fn reoption(&mut self, (table, state): (&Table, &Schema), from: &Column, to: &Column) {
        let retyped = from.ty != to.ty || from.collation != to.collation;
        let actions = match retyped {
            true => options::column_changes(to, &options::retyped(&from.options)),
            false => options::column_changes(to, &from.options),
        };
        let list = match (state.all_below(&table.name).is_empty(), retyped) {
            (false, _) => &mut self.own,
            (true, true) => &mut self.late,
            (true, false) => &mut self.actions,
        };
        list.extend(actions);
    }

    fn action(&mut self, column: &Column, action: impl std::fmt::Display) {
        self.actions
            .push(format!("ALTER COLUMN {} {action}", ident(&column.name)));
    }

    /// Takes away where values come from, as far as it does not stay.
    fn leave(&mut self, (table, state): (&Table, &Schema), from: &Column, to: &Column) {
        match (&from.value, &to.value) {
            // It draws from the sequence that becomes its own.
            (value, ColumnValue::Identity(Identity::Serial, counter))
                if counter::is_drawing(value, &counter::sequence(counter.as_deref(), &table.name, &to.name)) => {}
            (ColumnValue::Default(_), _) if drops_default(from, to) => self.action(from, "DROP DEFAULT"),
            (ColumnValue::Identity(Identity::Serial, _), ColumnValue::Identity(Identity::Serial, _)) => {}
            (ColumnValue::Identity(Identity::Serial, counter), _) => {
                let sequence = counter::sequence(counter.as_deref(), &table.name, &from.name);
                let draws = draws_from(&to.value, &sequence);
                if !draws {
                    self.before.push((alter_column(table, from, "DROP DEFAULT"), None));
                }
                self.leave_sequence((table, state), to, sequence, draws);
            }
            (ColumnValue::Identity(..), ColumnValue::Identity(Identity::Always | Identity::ByDefault, _)) => {}
            // A type changes before an identity goes, whatever order one statement says.
            (ColumnValue::Identity(..), _) if from.ty != to.ty => {
                self.before.push((alter_column(table, from, "DROP IDENTITY"), None));
            }
            (ColumnValue::Identity(..), _) => self.action(from, "DROP IDENTITY"),
            // What is computed otherwise is made again, and not altered.
            (ColumnValue::Generated { .. }, ColumnValue::Generated { .. }) => {}
            // What is computed takes no `USING`.
            (ColumnValue::Generated { .. }, _) if from.ty != to.ty => {
                self.before.push((alter_column(table, from, "DROP EXPRESSION"), None));
            }
            (ColumnValue::Generated { .. }, _) => self.action(from, "DROP EXPRESSION"),
            _ => {}
        }
    }

    fn retype(&mut self, (table, state): (&Table, &Schema), key: Option<&PrimaryKey>, from: &Column, to: &Column) {
        let same = from.ty == to.ty || is_elsewhere(&from.ty, &to.ty);
        if same && from.collation == to.collation {
            return;
        }
        let name = ident(&to.name);
        let conversion = conversion(&from.ty, &to.ty, state);
        if let Some([make, drop]) = conversion.function {
            self.before.push((make, None));
            self.after.push((drop, None));
        }
        if let Some(round_trip) = conversion.round_trip {
            self.before
                .push((guard(&table.name, key, (from, to), &round_trip), Some(UNSEEN)));
        }
        let mut action = format!("TYPE {}", ddl(&to.ty));
        match (&from.collation, &to.collation) {
            (_, Some(collation)) => action.push_str(&format!(" COLLATE {}", syntax::collation(collation))),
            (Some(_), None) if is_collatable(&to.ty) => action.push_str(" COLLATE \"default\""),
            _ => {}
        }
        if let Some(using) = conversion.using {
            action.push_str(&format!(" USING {}", using.replace("{}", &name)));
        }
        self.action(to, action);
    }

    fn renull(&mut self, (table, state): (&Table, &Schema), from: &Column, to: &Column) {
        match (from.nullable, to.nullable) {
            _ if is_numbered(from, to) => {
                let numbers = vec![numbered(table, to)];
                self.after.extend(written(table, numbers, state));
                self.after.push((alter_column(table, to, "SET NOT NULL"), None));
            }
            (true, false) => self.action(to, "SET NOT NULL"),
            (false, true) => self.action(to, "DROP NOT NULL"),
            _ => {}
        }
    }

    /// Gives the new source of values, as far as it is not the old one.
    fn enter(&mut self, (table, state): (&Table, &Schema), from: &Column, to: &Column) {
        match (&from.value, &to.value) {
            (_, ColumnValue::Required | ColumnValue::Generated { .. }) => {}
            // It goes on drawing from its sequence as it did.
            (ColumnValue::Identity(Identity::Serial, counter), value)
                if from.ty == to.ty
                    && *value == counter::drawing(&counter::sequence(counter.as_deref(), &table.name, &from.name)) => {}
            (was, ColumnValue::Default(value)) => {
                if was != &to.value || drops_default(from, to) {
                    self.action(to, format!("SET DEFAULT {}", expr::operand(value)));
                }
                self.hand_on((table, state), from, to);
            }
            (ColumnValue::Identity(was, _), ColumnValue::Identity(is, _)) if was == is => self.recount(table, from, to),
            (_, ColumnValue::Identity(Identity::Serial, _)) => self.enter_serial((table, state), from, to),
            (ColumnValue::Identity(Identity::Always | Identity::ByDefault, _), ColumnValue::Identity(is, _)) => {
                self.action(to, format!("SET GENERATED {}", when(*is)));
                self.recount(table, from, to);
            }
            (_, ColumnValue::Identity(is, counter)) => {
                let identity = identity_of(&table.name, to, *is, counter.as_deref());
                let action = format!("ADD GENERATED {identity}");
                // Whether the type can count, and NULL is none of its values, is looked at before the statement changes it.
                if from.ty == to.ty && !is_numbered(from, to) {
                    self.action(to, action);
                } else {
                    self.after.push((alter_column(table, to, &action), None));
                }
                self.go_on(table, to);
            }
        }
    }
}

/// Whether a default draws from a sequence that is there by itself.
fn draws_from(value: &ColumnValue, sequence: &Qualified) -> bool {
    matches!(value, ColumnValue::Default(Expr::Sql(sql)) if sql.starts_with("nextval(") && Postgres.said(sql).says(sequence))
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
        SqlType::Native(text) => matches!(bare_type(text), "varchar" | "bpchar" | "citext" | "name"),
        _ => false,
    }
}

/// What stands above such a check.
pub(super) const UNSEEN: &str = "no value may change unseen";

/// Fails where a value would come out of the conversion as another one; PostgreSQL itself rounds without a word. Names the
/// first rows by the key of the table.
pub(super) fn guard(
    table: &Qualified,
    key: Option<&PrimaryKey>,
    (from, column): (&Column, &Column),
    round_trip: &[String; 2],
) -> String {
    let name = ident(&column.name);
    let [before, after] = round_trip.each_ref().map(|sql| sql.replace("{}", &name));
    // A list is put behind a text as an element otherwise.
    let shown = match from.ty {
        SqlType::Array(_) => format!("{name}::text"),
        _ => name.clone(),
    };
    let message = format!(
        "column {name} of table {} holds values that {} cannot hold exactly",
        qualified(table),
        ddl(&column.ty)
    );
    let row = match key {
        Some(key) => guard::told(&key.columns, ""),
        None => "'ctid = ' || ctid".to_owned(),
    };
    let find = guard::first(
        &format!("{row} || ' (' || {shown} || ')'"),
        &format!("{} WHERE {before} IS DISTINCT FROM {after}", qualified(table)),
    );
    // A column may be called `found`, too.
    syntax::block(&format!(
        "#variable_conflict use_column\nDECLARE\n  found text;\nBEGIN\n  found := ({find});\n{}END",
        guard::fail(&message, None)
    ))
}

pub(in crate::dialect::postgres) fn push_all(
    statements: impl IntoIterator<Item = (String, Option<&'static str>)>,
    out: &mut Steps,
) {
    for (sql, note) in statements {
        match note {
            Some(note) => out.push_noted(sql, note),
            None => out.push(sql),
        }
    }
}

/// One `ALTER TABLE` with these actions: the table is rewritten once, however many types change.
pub(super) fn push_actions(table: &Qualified, actions: &[String], out: &mut Steps) {
    push_actions_on(table, false, actions, out);
}

/// The same on this table alone where `only`, not on those below it.
pub(super) fn push_actions_on(table: &Qualified, only: bool, actions: &[String], out: &mut Steps) {
    push_actions_noted(table, only, actions, None, out);
}

/// The same, with a line for the reader of the file.
pub(super) fn push_actions_noted(
    table: &Qualified,
    only: bool,
    actions: &[String],
    note: Option<&'static str>,
    out: &mut Steps,
) {
    let only = if only { "ONLY " } else { "" };
    let sql = match actions {
        [] => return,
        [one] => format!("ALTER TABLE {only}{} {one}", qualified(table)),
        many => format!("ALTER TABLE {only}{}\n  {}", qualified(table), many.join(",\n  ")),
    };
    push_all([(sql, note)], out);
}
