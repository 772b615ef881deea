//! Values that a type made again would change without a word: a cast, and the text of a composite type, rounds and cuts.

use super::values::{attribute_type, base_type};
use super::{Old, Remake, Root};
use crate::dialect::head::Head;
use crate::dialect::postgres::emit::column;
use crate::dialect::postgres::guard;
use crate::dialect::postgres::objects;
use crate::dialect::postgres::syntax::{block, literal, qualified};
use crate::dialect::postgres::types::{cast_round_trip, ddl};
use crate::ir::{Column, ColumnValue, Object, ObjectKind, SqlType, Table};
use crate::lex::Lexis;

impl Remake<'_> {
    /// The checks that no value of a column changes unseen.
    pub(super) fn guards(&self, table: &Table, column: &Column) -> Vec<String> {
        let computed = matches!(column.value, ColumnValue::Generated { .. });
        if computed || self.is_holder(column) || self.is_from_above(table, &column.name) {
            return Vec::new();
        }
        let (mut before, mut after) = (column.clone(), column.clone());
        if let Some((was, is)) = self.made_of(&column.ty) {
            (before.ty, after.ty) = (was, is);
        }
        let found = self.compared("{}", &column.ty, 0).into_iter();
        found
            .map(|found| column::guard(&table.name, table.primary_key.as_ref(), (&before, &after), &found))
            .collect()
    }

    /// The check that attributes stand in the order by which their values go through a text: a type that was made by hand may have
    /// them otherwise.
    pub(super) fn order(&self) -> Option<String> {
        let composite = |(_, name, object): Old<'_>| {
            let attributes = objects::attributes(&object?.1.sql)?;
            let names = attributes.iter().map(|attribute| {
                let name = Head::new(attribute, Lexis::POSTGRES, true).name()?;
                Some(literal(name.name.as_str()))
            });
            let names = names.collect::<Option<Vec<_>>>()?.join(", ");
            Some(format!("({}, ARRAY[{names}]::name[])", literal(&qualified(name))))
        };
        let types = self.old().into_iter().filter_map(composite).collect::<Vec<_>>();
        if types.is_empty() || self.is_reshaped() {
            return None;
        }
        let find = guard::first(
            "name",
            &format!(
                "(VALUES {}) known (name, attributes) WHERE attributes IS DISTINCT FROM (SELECT array_agg(attname ORDER BY attnum) \
                 FROM pg_attribute WHERE attrelid = to_regclass(name) AND attnum > 0 AND NOT attisdropped)",
                types.join(", ")
            ),
        );
        let fail = guard::fail(
            "attributes of a type stand in another order than is known, so that their values would change places",
            Some("make the type with its attributes in the order of the schema, or give the schema theirs"),
        );
        Some(block(&format!(
            "DECLARE\n  found text;\nBEGIN\n  found := ({find});\n{fail}END"
        )))
    }

    /// What is compared of a value: whatever it has in it of the type that is made again. `depth` is how many lists it is in.
    fn compared(&self, value: &str, ty: &SqlType, depth: usize) -> Vec<[String; 2]> {
        if let Some((was, is)) = self.made_of(ty) {
            let value = format!("{value}::{}", ddl(&was));
            return there_and_back(&value, &was, &is).into_iter().collect();
        }
        if let SqlType::Array(items) = ty {
            let at = format!("kick_at_{depth}");
            let all = |sql| format!("ARRAY(SELECT {sql} FROM generate_subscripts({value}, 1) {at} ORDER BY {at})");
            let found = self.compared(&format!("({value})[{at}]"), items, depth + 1);
            let mut found = found.into_iter().map(|found| found.map(all)).collect::<Vec<_>>();
            if self.is_gone_through(items) {
                found.push(shape(value));
            }
            return found;
        }
        match self.root {
            Root::Object(id, from, to) if id.kind == ObjectKind::Type && objects::is_of(ty, &id.name) => {
                return attributes(value, from, to);
            }
            _ => {}
        }
        let Some(kin) = self.kin.iter().find(|kin| objects::is_of(ty, &kin.id.name)) else {
            return Vec::new();
        };
        if kin.id.kind == ObjectKind::Domain {
            return self.compared(value, &base_type(kin.object), depth);
        }
        let attributes = objects::attributes(&kin.object.sql).unwrap_or_default();
        let found = attributes.iter().flat_map(|attribute| {
            let value = format!("({value}).{}", objects::attribute_name(attribute));
            self.compared(&value, &attribute_type(attribute), depth)
        });
        found.collect()
    }

    /// Whether a list is made anew of its values, one by one.
    fn is_gone_through(&self, items: &SqlType) -> bool {
        self.is_reshaped() && self.names().iter().any(|name| objects::is_of(items, name))
    }

    /// What a value of the domain that is made again, or a list of such, is and will be without the domain.
    fn made_of(&self, ty: &SqlType) -> Option<(SqlType, SqlType)> {
        let Root::Object(id, from, to) = self.root else {
            return None;
        };
        if id.kind != ObjectKind::Domain || !from.sql.is_empty() || !objects::is_of(ty, &id.name) {
            return None;
        }
        let without = |base: SqlType| match ty {
            SqlType::Array(_) => SqlType::Array(Box::new(base)),
            _ => base,
        };
        Some((without(base_type(from)), without(base_type(to))))
    }
}

/// What is compared of each attribute that a composite type keeps and makes of something else.
fn attributes(value: &str, from: &Object, to: &Object) -> Vec<[String; 2]> {
    let (Some(before), Some(after)) = (objects::attributes(&from.sql), objects::attributes(&to.sql)) else {
        return Vec::new();
    };
    let found = after.iter().filter_map(|attribute| {
        let name = objects::attribute_name(attribute);
        let was = before.iter().find(|other| objects::attribute_name(other) == name)?;
        let (was, is) = (attribute_type(was), attribute_type(attribute));
        there_and_back(&format!("({value}).{name}"), &was, &is)
    });
    found.collect()
}

/// A list that is gone through comes out without lists in it, and starts at one.
fn shape(value: &str) -> [String; 2] {
    let plain = format!("'[1:' || nullif(cardinality({value}), 0) || ']'");
    [format!("array_dims({value})"), plain]
}

fn there_and_back(value: &str, was: &SqlType, is: &SqlType) -> Option<[String; 2]> {
    let found = cast_round_trip(was, is)?;
    Some(found.map(|sql| sql.replace("{}", value)))
}
