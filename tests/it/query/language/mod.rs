//! What each construct of the language gives, on each engine that has it.

mod functions;
mod groups;
mod moments;
mod pages;
mod tables;

use kickdb::prelude::*;

use crate::model::Task;

kickdb::alias!(pub(super) Parent of Task);

#[derive(Debug, Clone, PartialEq, Derived)]
pub(super) struct Load {
    pub project_id: uuid::Uuid,
    pub open: i64,
}

#[derive(Debug, Clone, PartialEq, Derived)]
pub(super) struct Tree {
    pub id: uuid::Uuid,
    pub depth: i64,
}
