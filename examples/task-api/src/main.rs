//! task
fn main() {}
