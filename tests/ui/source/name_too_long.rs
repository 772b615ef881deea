use kickdb::prelude::*;

#[derive(Table)]
#[table(name = "a_name_that_is_so_long_that_no_database_would_keep_it_whole_or_at_all")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
