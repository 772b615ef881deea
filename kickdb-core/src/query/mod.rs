//! Typed queries: SQL with Rust types.
//!
//! What is written is what runs, one call is a known number of round trips, and what can be checked is checked by the
//! compiler. Values are always bound, never text. Everything here is pure until a statement is sent.

mod alias;
mod assign;
mod condition;
#[cfg(feature = "live")]
mod copy;
mod delete;
mod edit;
#[cfg(feature = "live")]
mod emulate;
mod expr;
mod find;
mod fragment;
mod function;
mod functions;
#[cfg(feature = "live")]
mod gather;
mod group;
mod insert;
#[cfg(feature = "live")]
mod insert_each;
mod insert_from;
mod joined;
mod keyset;
mod node;
mod now;
mod operand;
mod order;
mod patch;
mod raw;
#[cfg(feature = "live")]
mod raw_run;
mod reader;
mod relation;
mod render;
mod row;
mod rows;
#[cfg(feature = "live")]
mod run;
mod scope;
mod select;
mod sets;
mod spelled;
mod statement;
#[cfg(feature = "live")]
mod stream;
mod subquery;
mod table;
mod types;
mod update;
mod window;
mod write;

pub use self::alias::AliasOf;
pub use self::assign::Assign;
pub use self::condition::{Condition, IntoCondition, all_of, any_of, not};
pub use self::delete::Delete;
pub use self::edit::Edit;
pub use self::expr::{Base, Column, Expr, Expression, escape_pattern};
pub use self::find::Find;
pub use self::fragment::{Holes, Single, fragment};
pub use self::function::{
    Arithmetic, Numeric, Sum, avg, count, count_all, count_distinct, incoming, list_of, max, min, sum, text_of,
};
pub use self::functions::{
    As, Case, Cast, Clocked, Dated, HasDate, JsonFunctions, JsonKind, JsonPath, ListFunctions, Listed, NumberFunctions,
    TextFunctions, TimeFunctions, Truth, VectorFunctions, VectorKind, Vectored, Whole, case, coalesce, null_if, val,
};
pub use self::group::{ByKey, ByTable, GroupKeys, GroupRead, Grouped, HasKey, OfRows, Places, Reads};
pub use self::insert::{ColumnNames, Complete, Conflicting, Fill, Given, InsertColumns, InsertRows, Missing, NewRow};
#[cfg(feature = "live")]
pub use self::insert_each::InsertEach;
pub use self::insert_from::{InsertFrom, Takes};
pub use self::joined::{JoinedDelete, JoinedUpdate};
pub use self::keyset::{KeySteps, KeyValue, Keyset, Page, Step, Steps, chosen};
pub use self::node::{Node, OrderPart};
pub use self::now::{Moment, Now, now};
pub use self::operand::{Operand, SameAs, TextKind, Textual};
pub use self::order::{IntoOrder, Order};
pub use self::patch::Patch;
pub use self::raw::{Bindable, ByColumn, ByField, ByItself, ByPlace, Named, Shape, Sql, SqlRow, sql};
pub use self::reader::Reader;
pub use self::relation::{
    Arity, Ask, Between, Load, Many, Maybe, NoRoom, One, OwnKey, Push, Related, Relation, RelationMeta, Several,
    Through, With, Withs, read_key,
};
pub use self::row::{Always, Holds, ReadAs, RowOf, RowRef, Shaped, field};
pub use self::rows::UpdateRows;
#[cfg(feature = "live")]
pub use self::run::InsertOne;
pub use self::scope::{
    Aggregated, Cons, Counted, Filled, Here, InScope, Nil, Only, Opt, Outer, Perhaps, Present, Req, Runnable, Scope,
    There, ValidIn, WrappedRow,
};
pub use self::scope::{Each, Left, Right, Within};
pub use self::select::{Query, Select, Selectable};
pub use self::sets::{Parts, SameRows};
pub use self::spelled::Spelled;
pub use self::statement::{Chosen, Filtered, Unfiltered};
pub use self::subquery::{DerivedTable, InQuery, NeverNull, exists, not_exists};
pub use self::table::{Encoder, IntoKey, Kept, Key, NoKey, Stamp, Table, TableMeta, TableRef};
#[cfg(feature = "json")]
pub use self::types::Json;
pub use self::types::{ColumnType, DbEnum};
pub use self::update::Update;
pub use self::window::{
    Bound, Partition, Window, WindowFunction, WindowParts, dense_rank, first_value, lag, last_value, lead, rank,
    row_number, window,
};
pub use crate::value::{
    Bind, Cell, Cells, Date, EnumMeta, Fault, Instant, Kind, KindId, Statement, TimeOfDay, Value, kind,
};
