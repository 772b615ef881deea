//! What a user of the derives sees.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::type_complexity, reason = "the type of a row is what the test is about")]

mod boot;
mod mistakes;
#[allow(unreachable_pub, reason = "written as in an application")]
mod model;
mod query;
mod schema;
