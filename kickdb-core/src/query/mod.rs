//! Typed queries: SQL with Rust types.
//!
//! What is written is what runs, one call is a known number of round trips, and what can be checked is checked by the
//! compiler. Values are always bound, never text. Everything here is pure until a statement is sent.

mod assign;
mod delete;
#[cfg(feature = "live")]
mod emulate;
mod expr;
mod find;
mod function;
mod insert;
mod node;
mod now;
mod reader;
mod relation;
mod render;
#[cfg(feature = "live")]
mod run;
mod scope;
mod select;
mod statement;
#[cfg(feature = "live")]
mod stream;
mod table;
mod types;
mod update;

pub use self::assign::Assign;
pub use self::delete::Delete;
pub use self::expr::{
    Base, Column, Condition, Each, Expr, Expression, IntoCondition, IntoOrder, Left, Operand, Order, Right, SameAs,
    TextKind, Textual, Within, all_of, any_of, escape_pattern, not,
};
pub use self::find::Find;
pub use self::function::{Arithmetic, Numeric, Sum, count, count_all, count_distinct, max, min, sum};
pub use self::insert::{ColumnNames, Complete, Conflicting, Fill, Given, InsertColumns, InsertRows, Missing, NewRow};
pub use self::node::{Node, OrderPart};
pub use self::now::{Moment, Now, now};
pub use self::reader::Reader;
pub use self::relation::{
    Arity, Ask, Between, Load, Many, Maybe, NoRoom, One, OwnKey, Push, Related, Relation, RelationMeta, Several,
    Through, With, Withs, read_key,
};
#[cfg(feature = "live")]
pub use self::run::InsertOne;
pub use self::scope::{Cons, Counted, Here, InScope, Nil, Opt, Perhaps, Present, Req, There, ValidIn, WrappedRow};
pub use self::select::{Query, Selectable};
pub use self::statement::{Chosen, Filtered, Unfiltered};
pub use self::table::{Encoder, Key, NoKey, Table, TableMeta, TableRef};
#[cfg(feature = "json")]
pub use self::types::Json;
pub use self::types::{ColumnType, DbEnum};
pub use self::update::Update;
pub use crate::value::{
    Bind, Cell, Cells, Date, EnumMeta, Fault, Instant, Kind, KindId, Statement, TimeOfDay, Value, kind,
};
