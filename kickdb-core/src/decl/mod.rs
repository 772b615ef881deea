//! What one item of source says, before anything else is known.
//!
//! A declaration is plain data: names and types are kept as they are written. [`resolve`] sees all declarations of a
//! program at once and links them into one [`Schema`](crate::ir::Schema), or says everything that is wrong with them.

mod column;
mod constraint;
mod item;
pub mod names;
mod nearest;
mod place;
mod problem;
mod resolve;
mod rust_type;
mod table;
mod types;

pub use self::column::{ColumnDecl, CounterDecl, Literal, Role, StorageDecl, ValueDecl};
pub use self::constraint::{
    CheckDecl, ExclusionDecl, ForeignKeyDecl, IndexDecl, KeyDecl, PartDecl, PartKey, UniqueDecl,
};
pub use self::item::{AliasDecl, EnumDecl, EnumValueDecl, Item, NewtypeDecl, ObjectDecl, SqlText, UseDecl};
pub use self::names::constant;
pub use self::nearest::nearest;
pub use self::place::{At, Place};
pub use self::problem::{Note, Problem};
pub(crate) use self::resolve::plain_value;
#[cfg(feature = "lower")]
pub(crate) use self::resolve::reserved;
pub use self::resolve::{Rename, Resolved, Unmanaged, link, resolve};
pub use self::rust_type::{RustType, RustTypeError};
pub use self::table::{PartitionDecl, RelationDecl, RelationKind, TableDecl};
pub use self::types::{Builtin, builtin, is_common};
