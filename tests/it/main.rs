//! What a user of the derives sees.

mod boot;
#[allow(unreachable_pub, reason = "written as in an application")]
mod model;
mod query;
mod schema;
mod ui;
