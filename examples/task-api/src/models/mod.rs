//! The schema: what `cargo kickdb generate` reads, and what the routes query.

mod comment;
mod label;
mod project;
mod task;
mod user;
mod workspace;

pub use self::comment::Comment;
pub use self::label::{Label, TaskLabel};
pub use self::project::Project;
pub use self::task::{Task, TaskMeta, TaskPriority, TaskStatus};
pub use self::user::User;
pub use self::workspace::{Member, MemberRole, Workspace};
