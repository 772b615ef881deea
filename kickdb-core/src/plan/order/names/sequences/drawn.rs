//! Who draws from sequences, or says them.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Dialect;
use crate::ident::Qualified;
use crate::ir::{ColumnValue, Expr, Object, ObjectId, Schema};
use crate::plan::order::objects::{said_by, says};

/// Whether anything says the sequence.
pub(super) fn is_said(id: &ObjectId, schema: &Schema, dialect: &dyn Dialect) -> bool {
    let mut tables = schema.tables.values();
    let mut objects = schema.objects.iter().filter(|(other, _)| *other != id);
    let says_it = |(other, object): (&ObjectId, &Object)| {
        let uses = dialect.uses(other, object);
        says(&uses.held, id) || says(&uses.said, id)
    };
    tables.any(|table| says(&said_by(table, dialect), id)) || objects.any(says_it)
}

/// Who draws from sequences, by the words that are said.
#[derive(Default)]
pub(super) struct Drawn {
    /// The tables with defaults that do.
    tables: BTreeMap<String, BTreeSet<Qualified>>,
    /// What functions are held to.
    functions: BTreeSet<String>,
}

impl Drawn {
    pub(super) fn of(schema: &Schema, dialect: &dyn Dialect) -> Self {
        let mut drawn = Self::default();
        for (id, object) in schema.objects.iter().filter(|(id, _)| id.kind.is_callable()) {
            let held = dialect.uses(id, object).held;
            drawn.functions.extend(held.words().map(str::to_owned));
        }
        for table in schema.tables.values() {
            for column in &table.columns {
                if let ColumnValue::Default(Expr::Sql(sql)) = &column.value
                    && sql.contains("nextval")
                {
                    for word in dialect.said(sql).words() {
                        let tables = drawn.tables.entry(word.to_owned()).or_default();
                        tables.insert(table.name.clone());
                    }
                }
            }
        }
        drawn
    }

    pub(super) fn is_drawn(&self, sequence: &ObjectId) -> bool {
        self.by_functions(sequence) || self.tables.contains_key(&word(sequence))
    }

    /// Whether a function is held to it.
    pub(super) fn by_functions(&self, sequence: &ObjectId) -> bool {
        self.functions.contains(&word(sequence))
    }

    /// Whether a default of a table does that is neither its own nor one of those below that.
    pub(super) fn by_others(&self, sequence: &ObjectId, own: &Qualified, below: &BTreeSet<Qualified>) -> bool {
        let tables = self.tables.get(&word(sequence));
        tables.is_some_and(|tables| tables.iter().any(|table| table != own && !below.contains(table)))
    }
}

fn word(sequence: &ObjectId) -> String {
    sequence.name.name.as_str().to_lowercase()
}
