//! What a value goes through on its way into a domain: a cast to that casts it to what the domain is made of, which cuts and
//! rounds without a word.

use crate::dialect::Types;
use crate::dialect::postgres::types::{self, Conversion, cast_round_trip};
use crate::dialect::postgres::{Postgres, objects};
use crate::ir::{ObjectKind, Schema, SqlType};

/// How a column of one type becomes one of another: what a domain would change of a value is looked for, too.
pub(in crate::dialect::postgres) fn conversion(from: &SqlType, to: &SqlType, state: &Schema) -> Conversion {
    let mut conversion = types::conversion(from, to);
    if conversion.round_trip.is_none() {
        conversion.round_trip = round_trip(from, to, state);
    }
    conversion
}

/// A value and what the way there and back makes of it, where one of the types is a domain.
fn round_trip(from: &SqlType, to: &SqlType, state: &Schema) -> Option<[String; 2]> {
    let (was, is) = (made_of(from, state), made_of(to, state));
    if was == *from && is == *to {
        return None;
    }
    cast_round_trip(&was, &is)
}

/// What a type is without the domains that stand around it.
fn made_of(ty: &SqlType, state: &Schema) -> SqlType {
    if let SqlType::Array(items) = ty {
        return match made_of(items, state) {
            SqlType::Array(_) => ty.clone(),
            items => SqlType::Array(Box::new(items)),
        };
    }
    let mut domains = state.objects.iter().filter(|(id, _)| id.kind == ObjectKind::Domain);
    let found = domains.find(|(id, _)| objects::is_of(ty, &id.name));
    let base = found.and_then(|(_, domain)| Postgres.parse(objects::base(domain)).ok());
    base.map_or_else(|| ty.clone(), |base| made_of(&base, state))
}
