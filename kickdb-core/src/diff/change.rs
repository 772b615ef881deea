use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ident::{Name, Qualified};
use crate::ir::{
    Check, Column, ColumnValue, Enum, Exclusion, ForeignKey, Index, Object, ObjectId, Partition, PrimaryKey, Table,
    Unique,
};

/// One difference, self-contained so that it can be inverted, serialized and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A named schema appears.
    CreateNamespace(Name),
    /// A named schema goes.
    DropNamespace(Name),
    /// An enum appears.
    CreateEnum(Enum),
    /// An enum goes.
    DropEnum(Enum),
    /// An enum takes another name.
    RenameEnum {
        /// The name before.
        from: Qualified,
        /// The name after.
        to: Qualified,
    },
    /// An enum's values or comment change.
    AlterEnum {
        /// The enum before.
        from: Enum,
        /// The enum after.
        to: Enum,
        /// Values that take another name, old to new.
        renamed: BTreeMap<String, String>,
    },
    /// A table appears.
    CreateTable(Arc<Table>),
    /// A table goes.
    DropTable(Arc<Table>),
    /// A table takes another name.
    RenameTable {
        /// The name before.
        from: Qualified,
        /// The name after.
        to: Qualified,
    },
    /// What belongs to a table changes.
    AlterTable {
        /// The table before, already under its new name.
        from: Arc<Table>,
        /// The table after.
        to: Arc<Table>,
        /// The single changes, in the order of [`TableChange`]'s variants.
        changes: Vec<TableChange>,
    },
    /// Rows that hold NULL get a value. No change of the schema: it comes before a column may be NULL no more.
    Fill {
        /// The table, by its new name.
        table: Qualified,
        /// The column, by its new name.
        column: Name,
        /// The value, as an expression of the engine's SQL, which may say other columns of the row.
        value: String,
    },
    /// A table and its partitions are made again, because no engine changes in place how the rows of a table are spread
    /// over partitions. The rows are copied. A plan makes it of [`TableChange::Repartition`].
    ///
    /// Or partitions of a table that stays go, and others take their rows, which are `to`.
    Repartition {
        /// The tables before; those that are not there afterwards were partitions.
        from: Vec<Table>,
        /// The tables after, each after the one that it is a partition of, and without foreign keys.
        to: Vec<Table>,
    },
    /// A view, function, trigger or the like appears.
    CreateObject {
        /// Which one.
        id: ObjectId,
        /// What it is.
        object: Object,
    },
    /// A view, function, trigger or the like goes.
    DropObject {
        /// Which one.
        id: ObjectId,
        /// What it was.
        object: Object,
    },
    /// Attributes of a composite type take other names.
    RenameAttributes {
        /// Which type.
        id: ObjectId,
        /// What it was.
        from: Object,
        /// What it is under the new names.
        to: Object,
        /// The names, old and new, one after the other.
        steps: Vec<(Name, Name)>,
    },
    /// A view, function, trigger or the like is defined anew under its name.
    AlterObject {
        /// Which one.
        id: ObjectId,
        /// What it was.
        from: Object,
        /// What it is.
        to: Object,
    },
}

/// One change inside a table. The variants are in execution order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableChange {
    /// A column takes another name.
    RenameColumn {
        /// The name before.
        from: Name,
        /// The name after.
        to: Name,
    },
    /// A constraint takes another name.
    RenameConstraint {
        /// The name before.
        from: Name,
        /// The name after.
        to: Name,
    },
    /// An index takes another name.
    RenameIndex {
        /// The name before.
        from: Name,
        /// The name after.
        to: Name,
    },
    /// Values of an enum that is a column's own take other names, and the rows that hold them follow.
    RenameValues {
        /// The column.
        column: Name,
        /// The values, old to new.
        renamed: BTreeMap<String, String>,
    },
    /// The table leaves tables that it inherits from, or the partitioned table that it is a part of.
    Leave {
        /// The tables it inherits from no more.
        inherits: Vec<Qualified>,
        /// Its place among the partitions.
        partition: Option<Partition>,
    },
    /// A constraint or an index goes.
    DropPart(Part),
    /// A column goes.
    DropColumn(Column),
    /// A column appears.
    AddColumn(Column),
    /// A column changes under its (new) name.
    AlterColumn {
        /// The column before, already under its new name.
        from: Column,
        /// The column after.
        to: Column,
    },
    /// A constraint or an index appears.
    AddPart(Part),
    /// A constraint or an index changes in what it need not be made anew for.
    AlterPart {
        /// What it was, already under its new name.
        from: Part,
        /// What it is.
        to: Part,
    },
    /// The table joins tables that it inherits from, or a partitioned table as a part of it.
    Join {
        /// The tables it inherits from in addition, in their order.
        inherits: Vec<Qualified>,
        /// Its place among the partitions.
        partition: Option<Partition>,
    },
    /// The way its rows are spread over partitions changes, or ends, or begins.
    Repartition {
        /// The key before.
        from: Option<String>,
        /// The key after.
        to: Option<String>,
    },
    /// The comment changes.
    SetComment {
        /// The comment before.
        from: Option<String>,
        /// The comment after.
        to: Option<String>,
    },
    /// The engine's own options change.
    SetOptions {
        /// The options before.
        from: BTreeMap<String, String>,
        /// The options after.
        to: BTreeMap<String, String>,
    },
}

impl TableChange {
    /// The constraint or the index that comes, goes or changes; as it will be, then.
    pub(crate) fn part(&self) -> Option<&Part> {
        match self {
            Self::DropPart(part) | Self::AddPart(part) | Self::AlterPart { to: part, .. } => Some(part),
            _ => None,
        }
    }

    /// The column whose values are computed from now on, while rows hold others.
    pub(crate) fn gives_values_up(&self) -> Option<&Column> {
        let computed = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
        match self {
            Self::AlterColumn { from, to } if computed(to) && !computed(from) => Some(to),
            _ => None,
        }
    }

    /// Where the table joins a partitioned table.
    pub(crate) fn joined(&self) -> Option<&Partition> {
        match self {
            Self::Join { partition, .. } => partition.as_ref(),
            _ => None,
        }
    }
}

/// A constraint or an index of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The primary key.
    PrimaryKey(PrimaryKey),
    /// A unique constraint.
    Unique(Unique),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
    /// An exclusion constraint.
    Exclusion(Exclusion),
    /// An index.
    Index(Index),
}

impl Part {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Self::PrimaryKey(key) => &key.name,
            Self::Unique(unique) => &unique.name,
            Self::ForeignKey(key) => &key.name,
            Self::Check(check) => &check.name,
            Self::Exclusion(exclusion) => &exclusion.name,
            Self::Index(index) => &index.name,
        }
    }

    /// Whether both are of one kind.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// What it is, for people.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PrimaryKey(_) => "primary key",
            Self::Unique(_) => "unique",
            Self::ForeignKey(_) => "foreign key",
            Self::Check(_) => "check",
            Self::Exclusion(_) => "exclusion",
            Self::Index(_) => "index",
        }
    }
}
