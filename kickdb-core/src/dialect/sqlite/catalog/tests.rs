use crate::dialect::Catalog;
use crate::dialect::sqlite::Sqlite;
use crate::ident::{Name, Qualified};
use crate::ir::Table;

fn read(sql: &str) -> Result<Table, String> {
    let statement = serde_json::json!({ "type": "table", "name": "t", "table": "t", "sql": sql });
    let answer = serde_json::json!({ "statements": [statement], "shadows": [] });
    let schema = Sqlite
        .read_catalog(&[answer.to_string()])
        .map_err(|error| error.to_string())?;
    let name = Qualified::local(Name::new("t").map_err(|error| error.to_string())?);
    Ok(schema.tables[&name].clone())
}

fn texts<'a, V: 'a>(map: impl IntoIterator<Item = (&'a Name, V)>) -> Vec<&'a str> {
    map.into_iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn constraints_without_a_name_get_one() {
    let table = read(
        "CREATE TABLE t (a int unique check (a > 0) references x (y), b int, check (b > 1), check (a > b), check (b < 9),
         constraint t_check check (a <> 5), unique (a, b), foreign key (a, b) references x (c, d))",
    )
    .unwrap();
    assert_eq!(
        texts(&table.checks),
        ["t_a_check", "t_b_check", "t_b_check1", "t_check", "t_check1"]
    );
    assert_eq!(texts(&table.uniques), ["t_a_b_key", "t_a_key"]);
    assert_eq!(texts(&table.foreign_keys), ["t_a_b_fkey", "t_a_fkey"]);
}

#[test]
fn what_is_not_understood_is_an_error_with_its_place() {
    let error = read("CREATE TABLE t (a int WHATEVER (1) x)").unwrap_err();
    assert_eq!(
        error,
        "the database's catalog cannot be read: the table `t`: the column `a` says `x`, which is not understood"
    );
    assert!(read("CREATE TABLE t (a int").is_err());
    assert!(read("CREATE TABLE t (a int) WITH MAGIC").is_err());
    assert!(Sqlite.read_catalog(&[]).is_err());
    assert!(Sqlite.read_catalog(&["{".to_owned()]).is_err());
}
