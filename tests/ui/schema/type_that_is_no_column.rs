use kickdb::prelude::*;

pub struct Color {
    pub red: i16,
}

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub color: Color,
}

fn main() {}
