//! A table under another name, to be in a query twice.

use super::expr::Column;
use super::table::{Table, TableRef};
use super::types::ColumnType;

/// The table `T` under another name. [`alias!`](crate::alias) makes one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no other name of the table `{T}`, whose column this is",
    label = "not an alias of `{T}`"
)]
pub trait AliasOf<T: Table>: Table {}

impl<T: Table, V: ColumnType, const N: usize> Column<T, V, N> {
    /// This column of the table under another name: `User::NAME.of(Manager)`.
    #[must_use]
    pub const fn of<A: AliasOf<T>>(self, alias: TableRef<A>) -> Column<A, V, N> {
        let _ = alias;
        Column::new(self.name())
    }
}

/// Gives a table a second name, for a query that has it twice.
///
/// ```text
/// kickdb::alias!(pub Manager of User);
///
/// User::query()
///     .left_join(Manager, User::MANAGER_ID.eq(User::ID.of(Manager)))
///     .select((User::NAME, User::NAME.of(Manager)))
/// ```
///
/// A whole row of it is read as `Manager { row: User }`.
#[macro_export]
macro_rules! alias {
    ($(#[$meta:meta])* $vis:vis $name:ident of $table:ident) => {
        $(#[$meta])*
        #[derive(Debug)]
        $vis struct $name {
            /// The row.
            pub row: $table,
        }

        #[allow(non_upper_case_globals, missing_docs, dead_code, unreachable_pub)]
        $vis const $name: $crate::query::TableRef<$name> = $crate::query::TableRef::new();

        const _: () = {
            use $crate::query as __q;
            const OF: &__q::TableMeta = <$table as __q::Table>::META;
            impl __q::Table for $name {
                const META: &'static __q::TableMeta = &__q::TableMeta {
                    alias: ::core::option::Option::Some(::core::stringify!($name)),
                    ..*OF
                };
                type Key = __q::NoKey;
                type Insert = ();
                fn decode(row: &mut __q::Reader<'_>) -> $crate::error::Result<Self> {
                    <$table as __q::Table>::decode(row).map(|row| Self { row })
                }
                fn encode(&self, row: &mut __q::Encoder) {
                    <$table as __q::Table>::encode(&self.row, row);
                }
                fn identify(&self, row: &mut __q::Encoder) {
                    <$table as __q::Table>::identify(&self.row, row);
                }
            }
            impl __q::AliasOf<$table> for $name {}
            impl<__S: __q::InScope<$name, __I>, __I> __q::ValidIn<__S, __I> for $name {
                type Wrap<__V: __q::ColumnType> = <__S as __q::InScope<$name, __I>>::Wrap<__V>;
            }
        };
    };
}
