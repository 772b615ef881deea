//! Names that change hands.
//!
//! In each case one thing goes, or takes another name, and another one takes its name; what frees the name must come first,
//! whatever phase it belongs to. Which file is about which names, with an example:
//!
//! * [`foreign_keys`]: table `a` becomes `b`, and MySQL makes `b_ibfk_1` of its key `a_ibfk_1`. All that is planned says the
//!   key's new name. Before the others, which copy what the changes say.
//! * [`counters`]: the columns of two tables exchange the names of their counters, or a sequence of nobody's takes one. Those
//!   in the way get spare names first of all.
//! * [`views`]: table `people` becomes `persons` while a view of that name is there. It goes before any table is renamed.
//! * [`types`]: enum `mood` goes and a domain `mood` comes. To whoever says it both are one type, so it is one change; made
//!   when tables have their new names, and before anything looks at the types of columns.
//! * [`indexes`]: table `a` loses index `by_name`, and `b` gets one of that name. It goes before any table is altered, since
//!   those are altered one after the other.
//! * [`tables`]: table `t` goes and a view `t` comes. Last, when everything has its place: one is moved beside the other, and
//!   both are written as one.

pub(super) mod counters;
pub(super) mod foreign_keys;
pub(super) mod indexes;
pub(super) mod tables;
pub(super) mod types;
pub(super) mod views;
