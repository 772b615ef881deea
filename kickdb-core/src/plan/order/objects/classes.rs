//! The operator classes that keys need without saying them: a key takes the class that is the default of its column's type.

use super::said::said_by_type;
use super::weave::Node;
use crate::dialect::Dialect;
use crate::ident::{Name, Qualified};
use crate::ir::{ObjectKind, SqlType, Table};
use crate::lex::Said;

/// Those that go or come, with what they say.
pub(super) struct Classes<'a> {
    own: Vec<(&'a Qualified, &'a Said)>,
    dialect: &'a dyn Dialect,
}

impl<'a> Classes<'a> {
    pub(super) fn of(nodes: &[&'a Node], dialect: &'a dyn Dialect) -> Self {
        let own = nodes.iter().filter(|node| node.id.kind == ObjectKind::OperatorClass);
        Self {
            own: own.map(|node| (&node.id.name, &node.uses.held)).collect(),
            dialect,
        }
    }

    /// What a table says, and the classes that may be those of its keys.
    pub(super) fn with_those_of_keys(&self, mut said: Said, table: &Table) -> Said {
        if self.own.is_empty() {
            return said;
        }
        let primary = table.primary_key.iter().flat_map(|key| &key.columns);
        let uniques = table.uniques.values().flat_map(|unique| &unique.columns);
        for column in primary.chain(uniques).filter_map(|name| table.column(name)) {
            if !matches!(column.ty, SqlType::Enum(_) | SqlType::Native(_)) {
                continue;
            }
            let mut ty = Said::default();
            said_by_type(&column.ty, self.dialect, &mut ty);
            let serves = |class: &Said| {
                let mut words = ty.words().filter_map(|word| Name::new(word).ok());
                words.any(|word| class.says_word(&word))
            };
            for (name, _) in self.own.iter().filter(|(_, class)| serves(class)) {
                said.add(name);
            }
        }
        said
    }
}
