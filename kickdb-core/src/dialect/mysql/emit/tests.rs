use crate::dialect::mysql::Mysql;
use crate::dialect::{Emit, Normalize, Types};
use crate::diff::{Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Action, Column, ColumnValue, Expr, ForeignKey, Identity, PrimaryKey, Schema, Table};
use crate::plan::{Steps, TxMode};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn column(of: &str, ty: &str) -> Column {
    Column::new(name(of), Mysql.parse(ty).unwrap())
}

/// Tasks that point at a project, in normal form.
fn tasks() -> Table {
    let mut table = Table::new(Qualified::local(name("tasks")));
    let mut id = column("id", "bigint");
    id.value = ColumnValue::identity(Identity::ByDefault);
    let mut state = column("state", "enum('todo','done')");
    state.value = ColumnValue::Default(Expr::Text("todo".into()));
    table.columns = vec![id, column("project", "bigint"), state];
    table.primary_key = Some(PrimaryKey::new(name("PRIMARY"), vec![name("id")]));
    let key = ForeignKey {
        on_delete: Action::Cascade,
        ..ForeignKey::new(
            name("tasks_project"),
            vec![name("project")],
            Qualified::local(name("projects")),
            vec![name("id")],
        )
    };
    table.foreign_keys.insert(key.name.clone(), key);
    let mut schema = Schema::default();
    schema.tables.insert(table.name.clone(), table);
    Mysql.normalize(&mut schema).unwrap();
    schema.tables.into_values().next().unwrap()
}

fn altered(from: &Table, to: &Table, changes: &[TableChange]) -> Vec<String> {
    let mut steps = Steps::default();
    Mysql
        .alter_table(from, to, changes, &Schema::default(), &mut steps)
        .unwrap();
    let steps = steps.finish().steps;
    assert!(
        steps.iter().all(|step| step.tx == TxMode::Outside),
        "DDL commits by itself"
    );
    steps.into_iter().map(|step| step.sql).collect()
}

#[test]
fn a_table_is_one_readable_statement() {
    let mut steps = Steps::default();
    let projects = Table::new(Qualified::local(name("projects")));
    let state = Schema {
        tables: [(projects.name.clone(), projects)].into(),
        ..Schema::default()
    };
    Mysql.create_table(&tasks(), &state, &mut steps).unwrap();
    assert_eq!(
        steps.finish().steps[0].sql,
        "CREATE TABLE `tasks` (
    `id` bigint NOT NULL AUTO_INCREMENT,
    `project` bigint NOT NULL,
    `state` enum('todo','done') NOT NULL DEFAULT 'todo',
    PRIMARY KEY (`id`),
    CONSTRAINT `tasks_project` FOREIGN KEY (`project`) REFERENCES `projects` (`id`) ON DELETE CASCADE ON UPDATE NO ACTION
)"
    );
}

#[test]
fn a_foreign_key_goes_with_the_index_that_it_made() {
    let from = tasks();
    let mut to = from.clone();
    let key = to.foreign_keys.remove(&name("tasks_project")).unwrap();
    let sql = altered(&from, &to, &[TableChange::DropPart(Part::ForeignKey(key))]);
    assert_eq!(
        sql,
        ["ALTER TABLE `tasks`\n    DROP FOREIGN KEY `tasks_project`,\n    DROP INDEX `tasks_project`"]
    );
}

#[test]
fn a_column_that_rows_have_no_value_for_is_not_given_one() {
    let from = tasks();
    let mut to = from.clone();
    let new = column("title", "varchar(200)");
    to.columns.push(new.clone());
    let sql = altered(&from, &to, &[TableChange::AddColumn(new)]);
    assert_eq!(
        sql,
        [
            "ALTER TABLE `tasks` ADD COLUMN `title` varchar(200)",
            "ALTER TABLE `tasks` MODIFY COLUMN `title` varchar(200) NOT NULL"
        ]
    );
}

#[test]
fn a_change_says_the_whole_column_and_what_would_be_rounded_is_checked_before() {
    let mut from = tasks();
    from.columns.push(column("price", "decimal(10, 2)"));
    let mut to = from.clone();
    let mut price = column("price", "int");
    price.comment = Some("it's whole".into());
    let before = std::mem::replace(&mut to.columns[3], price.clone());
    let sql = altered(
        &from,
        &to,
        &[TableChange::AlterColumn {
            from: before,
            to: price,
        }],
    );
    assert_eq!(
        sql,
        [
            "ALTER TABLE `tasks` ADD CONSTRAINT `price_is_kept` CHECK (`price` = round(`price`, 0))",
            "ALTER TABLE `tasks`\n    DROP CONSTRAINT `price_is_kept`,\n    MODIFY COLUMN `price` int NOT NULL COMMENT 'it''s whole'"
        ]
    );
}
