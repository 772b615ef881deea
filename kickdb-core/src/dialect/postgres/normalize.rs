//! The one normal form: what PostgreSQL would say about a schema if it were asked back.

use super::Postgres;
use crate::dialect::{Normalize, Refusal, Types};
use crate::ir::Schema;

impl Normalize for Postgres {
    fn normalize(&self, schema: &mut Schema) -> Result<(), Vec<Refusal>> {
        let mut refusals = Vec::new();
        for table in schema.tables.values_mut() {
            for column in &mut table.columns {
                match self.format(&column.ty).and_then(|text| self.parse(&text)) {
                    Ok(ty) => column.ty = ty,
                    Err(error) => refusals.push(Refusal {
                        object: Some(table.name.clone()),
                        part: Some(column.name.clone()),
                        message: format!("PostgreSQL has no type `{}`", error.ty),
                        help: Some(error.hint),
                    }),
                }
            }
        }
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }
}
