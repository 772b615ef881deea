//! The derives of kickdb: a thin shell around `kickdb_core::lower`.

mod embed;

use kickdb_core::lower::expand;
use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a struct a table: its place in the schema, and its typed queries.
///
/// ```ignore
/// #[derive(Debug, Clone, Table)]
/// #[table(name = "tasks", comment = "one card on a board")]
/// #[index(columns(project_id, created_at(desc)), where = "deleted_at IS NULL")]
/// #[belongs_to(project: Project, key = project_id)]
/// pub struct Task {
///     #[column(primary_key, default_uuid)]
///     pub id: Uuid,
///     #[column(references = Project::id, on_delete = cascade)]
///     pub project_id: Uuid,
///     #[column(type = "varchar(200)")]
///     pub title: String,
///     #[column(default_now)]
///     pub created_at: DateTime<Utc>,
///     pub deleted_at: Option<DateTime<Utc>>,
/// }
/// ```
///
/// A field is a column of its name; `Option` makes it nullable. Columns are named by their field in every attribute, and by
/// their column in SQL. The table is named like the struct in snake case, constraints and indexes as PostgreSQL names them
/// (`tasks_project_id_fkey`), each unless a name is given.
///
/// # At the struct: `#[table(…)]`
///
/// | attribute | meaning |
/// | --- | --- |
/// | `name = "tasks"` | the table's name |
/// | `schema = "app"` | the named schema it lives in |
/// | `comment = "…"` | its comment in the database |
/// | `doc_comments` | the doc comments of the struct and its fields are comments in the database |
/// | `renamed_from = "cards"` | the name it had before; may stay |
/// | `no_primary_key` | it has none, and that is meant |
/// | `unmanaged, reason = "…"` | it is somebody else's: queried, never created, altered or dropped |
/// | `strict`, `without_rowid`, `engine = "…"`, `collate = "…"`, `options(…)` | options of single engines |
/// | `inherits(Parent)`, `partition_by = "…"`, `partition_of = Event, bound = "…"` | families of tables |
///
/// # At the struct, any number of times
///
/// | attribute | meaning |
/// | --- | --- |
/// | `#[primary_key(columns(a, b), name = "…")]` | a primary key of several columns; once |
/// | `#[unique(columns(a, b), name = "…", nulls_not_distinct, deferrable = deferred)]` | a unique constraint |
/// | `#[index(columns(a, b(desc, nulls_last), "lower(c)"), name = "…", unique, method = gin, where = "…", include(d), only(postgres))]` | an index; a part is a field with its order, operator class (`opclass = …`) and collation in parentheses, or SQL in quotes |
/// | `#[check(expr = "…", name = "…")]` | a check |
/// | `#[exclude(columns(room(with = "="), during(with = "&&")))]` | an exclusion constraint |
/// | `#[foreign_key(columns(a, b), references = Other(x, y), on_delete = cascade, name = "…")]` | a foreign key of several columns |
/// | `#[belongs_to(project: Project, key = project_id)]` | this row points to one project |
/// | `#[has_one(profile: Profile, key = user_id)]`, `#[has_many(comments: Comment, key = task_id)]` | others point here |
/// | `#[many_to_many(labels: Label, through = TaskLabel, key = task_id, target_key = label_id)]` | a table between points to both |
///
/// Relations are for queries and never part of the database. Keys that are left out are `project_id` for a relation
/// `project`, and the snake-case name of the struct with `_id` for the others.
///
/// # At a field: `#[column(…)]`
///
/// | attribute | meaning |
/// | --- | --- |
/// | `primary_key` | part of the primary key; on several fields the key has several columns |
/// | `name = "…"` | the column's name |
/// | `type = "varchar(200)"` | its type as the database spells it |
/// | `default = 0`, `default = TaskStatus::Todo` | a literal, `[]`, or a value of its enum |
/// | `default_sql = "…"`, `default_now`, `default_uuid` | SQL, the current time, a random UUID |
/// | `identity`, `identity = always`, `serial`, `autoincrement` | counts by itself |
/// | `generated = "price * quantity"`, with `virtual` | computed, and kept on disk unless `virtual` |
/// | `unique`, `unique = "…"`, `index`, `index = "…"`, `check = "…"` | of this column alone, where wanted with a name |
/// | `references = Project::id` | a foreign key, with `on_delete`, `on_update` (`cascade`, `restrict`, `set_null`, `set_default`, `no_action`), `deferrable`, `foreign_key_name` |
/// | `created_at`, `updated_at`, `version`, `deleted_at` | queries keep it by themselves: a moment, a number of changes, a mark |
/// | `collation = "…"`, `comment = "…"` | as named |
/// | `renamed_from = "…"` | the name it had before; may stay |
#[proc_macro_derive(
    Table,
    attributes(
        table,
        column,
        primary_key,
        unique,
        index,
        check,
        exclude,
        foreign_key,
        belongs_to,
        has_one,
        has_many,
        many_to_many
    )
)]
pub fn table(input: TokenStream) -> TokenStream {
    expand::table(&parse_macro_input!(input)).into()
}

/// Makes a struct the columns of a query, so that the query can be a table of another one: in its `FROM`, as a common table
/// expression (`WITH`), or joined laterally.
///
/// ```ignore
/// #[derive(Debug, Derived)]
/// pub struct Load {
///     pub project_id: i64,
///     pub open: i64,
/// }
///
/// let load = Task::query().group_by(Task::PROJECT_ID).select((Task::PROJECT_ID, count_all()));
/// Project::query().define(Load, load).join(Load, Load::PROJECT_ID.eq(Project::ID)).select((Project::NAME, Load::OPEN))
/// ```
#[proc_macro_derive(Derived)]
pub fn derived(input: TokenStream) -> TokenStream {
    expand::derived(&parse_macro_input!(input)).into()
}

/// Makes a struct something that rows are read as.
///
/// ```ignore
/// #[derive(Row)]
/// struct Card {
///     #[row(Task::TITLE)]
///     title: String,
///     #[row(User::NAME)]
///     assignee: Option<String>,
///     #[row(count(Comment::ID))]
///     comments: i64,
/// }
/// let cards: Vec<Card> = Task::query()./* joins */.select(Card).all(&db).await?;
///
/// #[derive(Row)]
/// struct Board {
///     project: Project,
///     tasks: Vec<Task>,
/// }
/// let boards: Vec<Board> = Project::query().with(Project::TASKS).read_as::<Board>().all(&db).await?;
/// ```
///
/// Where each field says what it reads, by a column or an expression of columns, the struct's name goes into `.select(…)`,
/// alone or in a tuple. A field that reads from a table behind a left join is an `Option`. Where no field does, the fields are
/// a row and what each of its `.with(…)` gives, in this order, for `.read_as::<…>()`.
#[proc_macro_derive(Row, attributes(row))]
pub fn row(input: TokenStream) -> TokenStream {
    expand::row(&parse_macro_input!(input)).into()
}

/// Makes an enum without fields a type of columns: an enum type where the engine has them, else text with a check.
///
/// ```ignore
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum)]
/// #[db_enum(name = "task_status", rename_all = "snake_case")]
/// pub enum TaskStatus {
///     Todo,
///     #[db_enum(renamed_from = "doing")]
///     InProgress,
///     #[db_enum(rename = "all done")]
///     Done,
/// }
/// ```
///
/// The type is named like the enum in snake case and its values like the variants in snake case, unless `name`,
/// `rename_all` (`snake_case`, `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `SCREAMING_SNAKE_CASE`, `kebab-case`,
/// `SCREAMING-KEBAB-CASE`) or a variant's `rename` says otherwise. `schema`, `comment`, `doc_comments` and `renamed_from` are as
/// for tables. The type is in the database once a table uses it.
#[proc_macro_derive(DbEnum, attributes(db_enum))]
pub fn db_enum(input: TokenStream) -> TokenStream {
    expand::enumeration(&parse_macro_input!(input)).into()
}

/// Makes a struct around one value a type of columns: in the database it is the value itself.
///
/// ```ignore
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, DbType)]
/// pub struct TaskNumber(i32);
/// ```
///
/// With `#[db_type(as = String)]` any type is kept as another one: it is written by `From<&Self> for String` and read by
/// `TryFrom<String>`, whose error must be `Display`. An encrypted column is a type of this kind over `Vec<u8>`.
/// `#[db_type(type = "citext")]` says how the database spells the type.
#[proc_macro_derive(DbType, attributes(db_type))]
pub fn db_type(input: TokenStream) -> TokenStream {
    expand::newtype(&parse_macro_input!(input)).into()
}

/// Makes the SQL in a constant part of the schema: views, functions, triggers, sequences, extensions, policies and whatever
/// else the engine defines by a `CREATE` statement and is no table.
///
/// ```ignore
/// #[db_object(postgres)]
/// const TOUCH: &str = "
///     CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
///     BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
///     CREATE TRIGGER tasks_touch BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION touch();
/// ";
///
/// #[db_object]
/// const OPEN_TASKS: &str = include_str!("open_tasks.sql");
/// ```
///
/// The words in parentheses are the engines it is for (`postgres`, `sqlite`, `mysql`); none are all of them. The text is a
/// literal or `include_str!` with a path relative to the file, and may hold several statements. What depends on a change
/// is dropped and made again around it.
#[proc_macro_attribute]
pub fn db_object(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::object(args.into(), &parse_macro_input!(item)).into()
}

/// A migrations folder inside the program: gives a `&'static Embedded` of the folder at a path relative to the package's
/// Cargo.toml.
///
/// ```ignore
/// let db = Db::builder(url)
///     .migrations(kickdb::embed_migrations!("migrations"))
///     .on_boot(Boot::Apply)
///     .connect()
///     .await?;
/// ```
#[proc_macro]
pub fn embed_migrations(input: TokenStream) -> TokenStream {
    embed::embed(&parse_macro_input!(input)).into()
}
