use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    pub title: String,
}

fn main() {}
