use super::*;
use crate::dialect::{Normalize, Types};
use crate::diff::Part;
use crate::ir::{
    Action, Check, Column, ColumnValue, Deferrable, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart, PrimaryKey,
    Schema, SqlType, Unique,
};

fn name(text: &str) -> Name {
    Name::new(text).expect("it is a name")
}

fn column(of: &str, ty: &str) -> Column {
    Column::new(name(of), Postgres.parse(ty).expect(ty))
}

fn optional(column: Column) -> Column {
    Column {
        nullable: true,
        ..column
    }
}

fn valued(column: Column, value: ColumnValue) -> Column {
    Column { value, ..column }
}

fn sql(text: &str) -> Expr {
    Expr::Sql(text.into())
}

fn normal(table: Table) -> Table {
    let mut schema = Schema::default();
    schema.tables.insert(table.name.clone(), table);
    Postgres.normalize(&mut schema).expect("PostgreSQL can have it");
    schema.tables.into_values().next().expect("it was put there")
}

fn written(write: impl FnOnce(&mut Steps) -> Result<(), EmitError>) -> String {
    let mut out = Steps::default();
    write(&mut out).expect("PostgreSQL can do it");
    out.finish()
        .steps
        .iter()
        .map(|step| format!("{};\n", step.sql))
        .collect()
}

fn tasks() -> Table {
    let mut t = Table::new(Qualified {
        schema: Some(name("app")),
        name: name("tasks"),
    });
    let status = SqlType::Enum(Qualified::local(name("Task Status")));
    t.columns = vec![
        valued(column("id", "uuid"), ColumnValue::Default(Expr::NewUuid)),
        valued(column("number", "integer"), ColumnValue::identity(Identity::Serial)),
        column("title", "varchar(200)"),
        valued(
            Column::new(name("status"), status),
            ColumnValue::Default(Expr::Text("todo".into())),
        ),
        optional(column("parent_id", "uuid")),
        valued(column("labels", "text[]"), ColumnValue::Default(Expr::EmptyArray)),
        valued(
            column("due_at", "timestamptz"),
            ColumnValue::Default(sql("now() + interval '1 day'")),
        ),
        valued(
            optional(column("words", "integer")),
            ColumnValue::Generated {
                expr: sql("LENGTH(title)"),
                stored: true,
            },
        ),
    ];
    t.columns[2].collation = Some(name("C"));
    t.columns[2].comment = Some("what's to do".into());
    t.primary_key = Some(PrimaryKey::new(name("tasks_pkey"), vec![name("id")]));
    let unique = Unique {
        nulls_distinct: false,
        deferrable: Deferrable::Deferred,
        ..Unique::new(name("tasks_number_key"), vec![name("parent_id"), name("number")])
    };
    t.uniques.insert(unique.name.clone(), unique);
    let check = Check::new(name("tasks_title_check"), sql("((length((title)::text) > 0))"));
    t.checks.insert(check.name.clone(), check);
    let key = ForeignKey {
        on_delete: Action::SetNull,
        ..ForeignKey::new(
            name("tasks_parent_id_fkey"),
            vec![name("parent_id")],
            t.name.clone(),
            vec![name("id")],
        )
    };
    t.foreign_keys.insert(key.name.clone(), key);
    let index = Index {
        unique: true,
        method: Some(name("btree")),
        predicate: Some(sql("status in ('todo', 'doing')")),
        include: vec![name("id")],
        options: std::collections::BTreeMap::new(),
        ..Index::new(
            name("tasks_open_idx"),
            vec![
                IndexPart {
                    descending: true,
                    nulls_first: Some(false),
                    opclass: Some(name("text_pattern_ops")),
                    ..IndexPart::new(IndexKey::Expr(sql("lower(title)")))
                },
                IndexPart::new(IndexKey::Column(name("number"))),
            ],
        )
    };
    t.indexes.insert(index.name.clone(), index);
    normal(t)
}

#[test]
fn a_table_reads_like_one() {
    let written = written(|out| Postgres.create_table(&tasks(), &Schema::default(), out));
    assert_eq!(
        written,
        r#"CREATE TABLE "app"."tasks" (
  "id" uuid NOT NULL DEFAULT gen_random_uuid(),
  "number" serial,
  "title" varchar(200) COLLATE "C" NOT NULL,
  "status" "Task Status" NOT NULL DEFAULT 'todo',
  "parent_id" uuid,
  "labels" text[] NOT NULL DEFAULT '{}',
  "due_at" timestamptz NOT NULL DEFAULT (now() + '1 day'::interval),
  "words" integer GENERATED ALWAYS AS (length(title)) STORED,
  CONSTRAINT "tasks_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "tasks_number_key" UNIQUE NULLS NOT DISTINCT ("parent_id", "number") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "tasks_title_check" CHECK (length(title) > 0),
  CONSTRAINT "tasks_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "app"."tasks" ("id") ON DELETE SET NULL
);
CREATE UNIQUE INDEX "tasks_open_idx" ON "app"."tasks" ((lower(title)) "text_pattern_ops" DESC NULLS LAST, "number") INCLUDE ("id") WHERE status IN ('todo', 'doing');
COMMENT ON COLUMN "app"."tasks"."title" IS 'what''s to do';
"#
    );
}

#[test]
fn two_keys_over_the_same_columns_stay_two() {
    let mut t = Table::new(Qualified::local(name("t")));
    t.columns = vec![column("id", "bigint")];
    t.primary_key = Some(PrimaryKey::new(name("t_pkey"), vec![name("id")]));
    let unique = Unique::new(name("t_key"), vec![name("id")]);
    t.uniques.insert(unique.name.clone(), unique);
    let written = written(|out| Postgres.create_table(&normal(t), &Schema::default(), out));
    assert!(
        written.contains(");\nALTER TABLE \"t\" ADD CONSTRAINT \"t_key\" UNIQUE (\"id\");\n"),
        "{written}"
    );
}

fn altered(from: Column, to: Column) -> String {
    let table = |column: &Column| {
        let mut table = Table::new(Qualified::local(name("t")));
        table.columns.push(column.clone());
        normal(table)
    };
    let (before, after) = (table(&from), table(&to));
    let change = TableChange::AlterColumn {
        from: before.columns[0].clone(),
        to: after.columns[0].clone(),
    };
    written(|out| Postgres.alter_table(&before, &after, &[change], &Schema::default(), out))
}

#[test]
fn one_statement_changes_a_column() {
    let from = valued(
        optional(column("c", "text")),
        ColumnValue::Default(Expr::Text("5".into())),
    );
    let to = valued(column("c", "integer"), ColumnValue::Default(Expr::Int(7)));
    let written = altered(from, to);
    assert_eq!(
        written,
        "ALTER TABLE \"t\"\n  ALTER COLUMN \"c\" DROP DEFAULT,\n  ALTER COLUMN \"c\" TYPE integer USING \"c\"::integer,\n  \
         ALTER COLUMN \"c\" SET NOT NULL,\n  ALTER COLUMN \"c\" SET DEFAULT 7;\n"
    );
}

#[test]
fn a_longer_text_is_one_plain_change() {
    let default = || ColumnValue::Default(Expr::Text("a".into()));
    let written = altered(
        valued(column("c", "varchar(40)"), default()),
        valued(column("c", "varchar(255)"), default()),
    );
    assert_eq!(written, "ALTER TABLE \"t\" ALTER COLUMN \"c\" TYPE varchar(255);\n");
}

#[test]
fn a_serial_takes_its_sequence_along() {
    let serial = |ty| valued(column("c", ty), ColumnValue::identity(Identity::Serial));
    assert_eq!(
        altered(serial("integer"), serial("bigint")),
        "ALTER TABLE \"t\" ALTER COLUMN \"c\" TYPE bigint;\n\
         ALTER SEQUENCE \"t_c_seq\" AS bigint;\n"
    );
}

#[test]
fn what_would_be_rounded_is_looked_for_before() {
    let written = altered(column("c", "numeric(10, 4)"), column("c", "numeric(10, 2)"));
    assert!(
        written.contains("WHERE \"c\" IS DISTINCT FROM \"c\"::numeric(10, 2)::numeric(10, 4)"),
        "{written}"
    );
    assert!(
        written.ends_with("ALTER TABLE \"t\" ALTER COLUMN \"c\" TYPE numeric(10, 2);\n"),
        "{written}"
    );
}

#[test]
fn a_collation_comes_and_goes() {
    let collated = Column {
        collation: Some(name("C")),
        ..column("c", "text")
    };
    let to_plain = altered(collated.clone(), column("c", "text"));
    assert_eq!(
        to_plain,
        "ALTER TABLE \"t\" ALTER COLUMN \"c\" TYPE text COLLATE \"default\";\n"
    );
    let to_collated = altered(column("c", "text"), collated);
    assert_eq!(
        to_collated,
        "ALTER TABLE \"t\" ALTER COLUMN \"c\" TYPE text COLLATE \"C\";\n"
    );
}

#[test]
fn constraints_go_before_columns_and_come_after() {
    let before = tasks();
    let mut after = before.clone();
    after.uniques.clear();
    after.columns.retain(|column| column.name.as_str() != "number");
    let unique = before.uniques.values().next().expect("it has one").clone();
    let index = before.indexes.values().next().expect("it has one").clone();
    let changes = [
        TableChange::RenameConstraint {
            from: name("tasks_pkey"),
            to: name("tasks_id_pkey"),
        },
        TableChange::DropPart(Part::Index(index)),
        TableChange::DropPart(Part::Unique(unique)),
        TableChange::DropColumn(column("number", "integer")),
        TableChange::AddColumn(optional(column("note", "text"))),
        TableChange::SetComment {
            from: Some("x".into()),
            to: None,
        },
    ];
    let written = written(|out| Postgres.alter_table(&before, &after, &changes, &Schema::default(), out));
    assert_eq!(
        written,
        r#"ALTER TABLE "app"."tasks" RENAME CONSTRAINT "tasks_pkey" TO "tasks_id_pkey";
ALTER TABLE "app"."tasks" DROP CONSTRAINT "tasks_number_key";
DROP INDEX "app"."tasks_open_idx";
ALTER TABLE "app"."tasks" DROP COLUMN "number";
ALTER TABLE "app"."tasks" ADD COLUMN "note" text;
COMMENT ON TABLE "app"."tasks" IS NULL;
"#
    );
}

#[test]
fn enums_grow_in_place_and_are_rebuilt_otherwise() {
    let mood = |values: &[&str]| Enum {
        name: Qualified::local(name("Mood")),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        comment: None,
    };
    let alter = |from: &Enum, to: &Enum, mentioned: &[&str]| {
        let mentioned = mentioned.iter().map(|value| (*value).to_owned()).collect();
        let mut people = Table::new(Qualified::local(name("people")));
        let ty = SqlType::Enum(from.name.clone());
        people.columns.push(valued(
            Column::new(name("mood"), ty),
            ColumnValue::Default(Expr::Text("ok".into())),
        ));
        let mut state = Schema::default();
        state
            .tables
            .insert(people.name.clone(), std::sync::Arc::new(people.clone()));
        written(|out| Postgres.alter_enum(from, to, &BTreeMap::new(), &mentioned, (&state, &[]), out))
    };
    let grown = mood(&["sad", "ok", "glad"]);
    assert_eq!(
        alter(&mood(&["sad", "ok"]), &grown, &[]),
        "ALTER TYPE \"Mood\" ADD VALUE 'glad';\n"
    );
    let rebuilt = r#"ALTER TYPE "Mood" RENAME TO "Mood__kick_old";
CREATE TYPE "Mood" AS ENUM ('sad', 'ok', 'glad');
ALTER TABLE "people"
  ALTER COLUMN "mood" DROP DEFAULT,
  ALTER COLUMN "mood" TYPE "Mood" USING "mood"::text::"Mood",
  ALTER COLUMN "mood" SET DEFAULT 'ok';
DROP TYPE "Mood__kick_old";
"#;
    assert_eq!(alter(&mood(&["sad", "ok"]), &grown, &["glad"]), rebuilt);
    assert_eq!(alter(&mood(&["ok", "sad", "glad"]), &grown, &[]), rebuilt);
}
