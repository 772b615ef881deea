//! Values that a type made again would change without a word: a cast, and the text of a composite type, rounds and cuts.

use super::Remake;
use super::Root;
use super::values::{attribute_type, base_type};
use crate::dialect::Cast;
use crate::dialect::postgres::emit::column::guard;
use crate::dialect::postgres::objects;
use crate::dialect::postgres::types::{conversion, ddl};
use crate::ir::{Column, ColumnValue, Object, ObjectKind, SqlType, Table};

impl Remake<'_> {
    /// The checks that no value of a column changes unseen.
    pub(super) fn guards(&self, table: &Table, column: &Column) -> Vec<String> {
        let Root::Object(id, from, to) = self.root else {
            return Vec::new();
        };
        let computed = matches!(column.value, ColumnValue::Generated { .. });
        let elsewhere = computed || self.is_holder(column) || self.is_from_above(table, &column.name);
        if elsewhere || !objects::is_of(&column.ty, &id.name) {
            return Vec::new();
        }
        let check = |before: &Column, after: &Column, round_trip| {
            guard(&table.name, table.primary_key.as_ref(), (before, after), &round_trip)
        };
        match (id.kind, &column.ty) {
            (ObjectKind::Domain, ty) if from.sql.is_empty() && !self.is_reshaped() => {
                let as_column = |base: SqlType| match ty {
                    SqlType::Array(_) => SqlType::Array(Box::new(base)),
                    _ => base,
                };
                let (mut before, mut after) = (column.clone(), column.clone());
                (before.ty, after.ty) = (as_column(base_type(from)), as_column(base_type(to)));
                let value = format!("{{}}::{}", ddl(&before.ty));
                let round_trip = round_trip(&value, &before.ty, &after.ty);
                round_trip
                    .map(|found| check(&before, &after, found))
                    .into_iter()
                    .collect()
            }
            // Values in a list of rows are not looked at.
            (ObjectKind::Type, SqlType::Array(_)) => Vec::new(),
            (ObjectKind::Type, _) => {
                let found = attributes(from, to).into_iter();
                found.map(|found| check(column, column, found)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What is compared of each attribute that a composite type keeps and makes of something else.
fn attributes(from: &Object, to: &Object) -> Vec<[String; 2]> {
    let (Some(before), Some(after)) = (objects::attributes(&from.sql), objects::attributes(&to.sql)) else {
        return Vec::new();
    };
    let found = after.iter().filter_map(|attribute| {
        let name = objects::attribute_name(attribute);
        let was = before.iter().find(|other| objects::attribute_name(other) == name)?;
        let (was, is) = (attribute_type(was), attribute_type(attribute));
        round_trip(&format!("({{}}).{name}"), &was, &is)
    });
    found.collect()
}

/// A value and what the way there and back makes of it, where that can be another one.
fn round_trip(value: &str, was: &SqlType, is: &SqlType) -> Option<[String; 2]> {
    let conversion = conversion(was, is);
    // Where a column is assigned its values, which the server checks, those inside of another type are cast.
    let cast = || {
        let (was, is) = (ddl(was), ddl(is));
        ["{}::text".to_owned(), format!("{{}}::{is}::{was}::text")]
    };
    let round_trip = match conversion.round_trip {
        Some(round_trip) => Some(round_trip).filter(|_| conversion.function.is_none()),
        None => (was != is && conversion.using.is_none() && conversion.outcome != Cast::Safe).then(cast),
    }?;
    Some(round_trip.map(|sql| sql.replace("{}", value)))
}
