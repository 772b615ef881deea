//! What the derives write, by hand: the contract between them and `kickdb_core::query`.
//!
//! The derives write `::kickdb::__private::` where this file has `::kickdb_core::query::` and `::kickdb_core::Result`.

#![allow(dead_code, unreachable_pub)] // what a derive writes is public and not all used

use uuid::Uuid;

/// The struct below, as a user writes it:
///
/// ```ignore
/// #[derive(Clone, Debug, PartialEq, Table)]
/// #[table(name = "tasks")]
/// pub struct Task {
///     #[column(primary_key, default_uuid)]
///     pub id: Uuid,
///     #[column(references = Project::id)]
///     pub project_id: Uuid,
///     pub number: TaskNumber,
///     pub title: String,
///     #[column(default = TaskStatus::Todo)]
///     pub status: TaskStatus,
///     pub parent_id: Option<Uuid>,
///     #[column(default = false, name = "is_done")]
///     pub done: bool,
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: Uuid,
    pub project_id: Uuid,
    pub number: TaskNumber,
    pub title: String,
    pub status: TaskStatus,
    pub parent_id: Option<Uuid>,
    pub done: bool,
}

// The table as a value, of the struct's own visibility. Nothing else is visible by name.
#[allow(non_upper_case_globals)]
pub const Task: ::kickdb_core::query::TableRef<Task> = ::kickdb_core::query::TableRef::new();

// One constant for each field, in upper case, with the field's own visibility and span.
#[allow(missing_docs, dead_code)]
impl Task {
    pub const ID: ::kickdb_core::query::Column<Task, Uuid, 0> = ::kickdb_core::query::Column::new("id");
    pub const PROJECT_ID: ::kickdb_core::query::Column<Task, Uuid, 1> = ::kickdb_core::query::Column::new("project_id");
    pub const NUMBER: ::kickdb_core::query::Column<Task, TaskNumber, 2> = ::kickdb_core::query::Column::new("number");
    pub const TITLE: ::kickdb_core::query::Column<Task, String, 3> = ::kickdb_core::query::Column::new("title");
    pub const STATUS: ::kickdb_core::query::Column<Task, TaskStatus, 4> = ::kickdb_core::query::Column::new("status");
    pub const PARENT_ID: ::kickdb_core::query::Column<Task, Option<Uuid>, 5> =
        ::kickdb_core::query::Column::new("parent_id");
    pub const DONE: ::kickdb_core::query::Column<Task, bool, 6> = ::kickdb_core::query::Column::new("is_done");
}

#[allow(non_camel_case_types, missing_docs, dead_code, unreachable_pub, clippy::all)]
const _: () = {
    use ::kickdb_core::query as __q;

    // One empty enum for each *required* column (not nullable, no default, not an identity, not generated), named as the
    // field is, with a trait that nothing has: its message is what the compiler says where the column is missing. A raw identifier (`r#type`) stays one.
    pub enum project_id {}
    #[diagnostic::on_unimplemented(
        message = "column `project_id` is required by this insert; add `.project_id(…)`",
        label = "column `project_id` has no value"
    )]
    pub trait __project_id {}
    impl<W: __project_id> __q::Given<W> for project_id {}
    pub enum number {}
    #[diagnostic::on_unimplemented(
        message = "column `number` is required by this insert; add `.number(…)`",
        label = "column `number` has no value"
    )]
    pub trait __number {}
    impl<W: __number> __q::Given<W> for number {}
    pub enum title {}
    #[diagnostic::on_unimplemented(
        message = "column `title` is required by this insert; add `.title(…)`",
        label = "column `title` has no value"
    )]
    pub trait __title {}
    impl<W: __title> __q::Given<W> for title {}

    // The builder. Its default parameter lists the required columns in order; `()` where there are none.
    #[derive(Clone, Debug)]
    #[must_use = "an insert does nothing until `.exec(…)` or `.returning(…)`"]
    pub struct Insert<
        R = (
            __q::Missing<project_id>,
            (__q::Missing<number>, (__q::Missing<title>, ())),
        ),
    >(__q::NewRow, ::core::marker::PhantomData<fn() -> R>);

    impl ::core::default::Default for Insert {
        fn default() -> Self {
            Insert(::core::default::Default::default(), ::core::marker::PhantomData)
        }
    }

    impl<R> Insert<R> {
        // A column that is not required. Read-only columns (generated, identity always) have no method.
        pub fn id(self, value: impl __q::Assign<Uuid>) -> Self {
            Insert(self.0.set("id", value), self.1)
        }
        // A required column.
        pub fn project_id<I>(self, value: impl __q::Assign<Uuid>) -> Insert<R::Rest>
        where
            R: __q::Fill<project_id, I>,
        {
            Insert(self.0.set("project_id", value), ::core::marker::PhantomData)
        }
        pub fn number<I>(self, value: impl __q::Assign<TaskNumber>) -> Insert<R::Rest>
        where
            R: __q::Fill<number, I>,
        {
            Insert(self.0.set("number", value), ::core::marker::PhantomData)
        }
        pub fn title<I>(self, value: impl __q::Assign<String>) -> Insert<R::Rest>
        where
            R: __q::Fill<title, I>,
        {
            Insert(self.0.set("title", value), ::core::marker::PhantomData)
        }
        pub fn status(self, value: impl __q::Assign<TaskStatus>) -> Self {
            Insert(self.0.set("status", value), self.1)
        }
        pub fn parent_id(self, value: impl __q::Assign<Option<Uuid>>) -> Self {
            Insert(self.0.set("parent_id", value), self.1)
        }
        pub fn done(self, value: impl __q::Assign<bool>) -> Self {
            Insert(self.0.set("is_done", value), self.1)
        }
    }

    impl<R> __q::InsertColumns for Insert<R> {
        type Table = Task;
        type Required = R;
        fn into_row(self) -> __q::NewRow {
            self.0
        }
    }

    impl __q::Table for Task {
        const META: &'static __q::TableMeta = &__q::TableMeta {
            schema: ::core::option::Option::None,
            name: "tasks",
            alias: ::core::option::Option::None,
            columns: &["id", "project_id", "number", "title", "status", "parent_id", "is_done"],
            primary_key: &["id"],
            read_only: &[],
            spelled: &[],
            collations: &[],
            kept: __q::Kept::NONE,
        };
        // A tuple of the columns' types for a composite key, `__q::NoKey` where there is none.
        type Key = Uuid;
        type Insert = Insert;

        fn decode(row: &mut __q::Reader<'_>) -> ::kickdb_core::Result<Self> {
            ::core::result::Result::Ok(Self {
                id: row.take()?,
                project_id: row.take()?,
                number: row.take()?,
                title: row.take()?,
                status: row.take()?,
                parent_id: row.take()?,
                done: row.take()?,
            })
        }

        // All columns but the read-only ones, in the same order.
        fn encode(&self, row: &mut __q::Encoder) {
            row.add(&self.id)
                .add(&self.project_id)
                .add(&self.number)
                .add(&self.title)
                .add(&self.status)
                .add(&self.parent_id)
                .add(&self.done);
        }

        // The primary key, and behind it the version where a column is one.
        fn identify(&self, row: &mut __q::Encoder) {
            row.add(&self.id);
        }
    }

    impl<S: __q::InScope<Task, I>, I> __q::ValidIn<S, I> for Task {
        type Wrap<V: __q::ColumnType> = <S as __q::InScope<Task, I>>::Wrap<V>;
    }
};

/// `#[derive(DbEnum)] #[db_enum(name = "task_status", rename_all = "snake_case")]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskStatus {
    Todo,
    InProgress,
    Done,
}

const _: () = {
    use ::kickdb_core::query as __q;

    impl __q::DbEnum for TaskStatus {
        const META: &'static __q::EnumMeta = &__q::EnumMeta {
            schema: ::core::option::Option::None,
            name: "task_status",
            labels: &["todo", "in_progress", "done"],
        };
    }

    impl __q::ColumnType for TaskStatus {
        type Kind = __q::kind::Enum;
        type Base = Self;
        type Lift<V: __q::ColumnType> = V;
        const ENUM: ::core::option::Option<&'static __q::EnumMeta> =
            ::core::option::Option::Some(<Self as __q::DbEnum>::META);

        fn encode(&self) -> __q::Value {
            let label = match self {
                Self::Todo => "todo",
                Self::InProgress => "in_progress",
                Self::Done => "done",
            };
            __q::Value::Enum {
                of: <Self as __q::DbEnum>::META,
                label,
            }
        }

        fn decode(cell: __q::Cell<'_>) -> ::core::result::Result<Self, __q::Fault> {
            match cell.text()? {
                "todo" => ::core::result::Result::Ok(Self::Todo),
                "in_progress" => ::core::result::Result::Ok(Self::InProgress),
                "done" => ::core::result::Result::Ok(Self::Done),
                other => ::core::result::Result::Err(__q::Fault::unknown_value(other, <Self as __q::DbEnum>::META)),
            }
        }
    }
};

/// `#[derive(DbType)]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskNumber(pub i32);

const _: () = {
    use ::kickdb_core::query as __q;

    impl __q::ColumnType for TaskNumber {
        type Kind = <i32 as __q::ColumnType>::Kind;
        type Base = Self;
        type Lift<V: __q::ColumnType> = V;
        const ENUM: ::core::option::Option<&'static __q::EnumMeta> = <i32 as __q::ColumnType>::ENUM;

        fn encode(&self) -> __q::Value {
            <i32 as __q::ColumnType>::encode(&self.0)
        }

        fn decode(cell: __q::Cell<'_>) -> ::core::result::Result<Self, __q::Fault> {
            <i32 as __q::ColumnType>::decode(cell).map(Self)
        }
    }
};
