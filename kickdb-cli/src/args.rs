//! What can be said on the command line.

mod migrate;

pub(crate) use self::migrate::{AdoptArgs, MigrateCommand, RebaseArgs, RunArgs, SquashArgs, TenantKind, Tool};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Migrations and schema of a Rust program, from its structs.
#[derive(Debug, Parser)]
#[command(name = "kickdb", bin_name = "cargo kickdb", version, about, max_term_width = 110)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// How results are written; `json` is one document on stdout
    #[arg(long, global = true, value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// The database, instead of the configured one
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// One of the `[target.<name>]` tables; without it all of them where that makes sense
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) target: Option<String>,
    /// The configuration file, instead of `kickdb.toml` beside Cargo.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print errors and results only
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colour; `NO_COLOR` is respected
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorWhen,
    /// Never ask; a question becomes an error that names the flags to answer it
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people; what is SQL is nothing but SQL.
    #[value(alias = "sql")]
    Human,
    Json,
    /// Annotations of a pull request: `check` and `lint` only
    Github,
    /// For code scanning services: `lint` only
    Sarif,
    /// The form of `snapshot.json`, of `introspect` alone.
    #[value(hide = true)]
    Snapshot,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up a package: kickdb.toml, the migrations folder and a first table
    Init(InitArgs),
    /// Turn what changed in the structs into a migration
    Generate(GenerateArgs),
    /// For CI: source, last snapshot and the migrations folder agree (exit 3 where they do not)
    Check,
    /// Look at migrations, review, apply and reverse them
    #[command(subcommand, arg_required_else_help = true)]
    Migrate(MigrateCommand),
    /// The SQL that turns one schema into another
    Diff(DiffArgs),
    /// Write a database's schema as Rust source, or bring source up to it
    Introspect(IntrospectArgs),
    /// Compare the database with the last applied snapshot (exit 3 where they differ)
    Drift(DriftArgs),
    /// What is dangerous in migrations, or in any file of SQL (exit 3 where something is refused)
    Lint(LintArgs),
    /// What is set up, what is not, and how to fix it
    Doctor,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// What `init` takes.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The database engine: `postgres`, `sqlite`, …
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// Where migrations are kept
    #[arg(long, value_name = "DIR", default_value = "migrations")]
    pub(crate) migrations_dir: String,
    /// Only print the annotated configuration
    #[arg(long)]
    pub(crate) print: bool,
}

/// What `generate` takes.
#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// What the migration is about, like `add_users`
    pub(crate) name: String,
    /// An empty migration, for SQL of your own
    #[arg(long)]
    pub(crate) empty: bool,
    /// Print the SQL and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write it without having run it on a scratch database
    #[arg(long)]
    pub(crate) no_proof: bool,
    /// The tables are in use: several migrations, none of which keeps programs from them for longer than a moment
    #[arg(long, conflicts_with = "empty")]
    pub(crate) online: bool,
    #[command(flatten)]
    pub(crate) answers: Answers,
}

impl GenerateArgs {
    /// Those of an empty migration.
    pub(crate) fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            empty: true,
            dry_run: false,
            no_proof: true,
            online: false,
            answers: Answers::default(),
        }
    }
}

/// Answers to "was it renamed, or does it go?" and "what do the rows that are there get?".
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Answers {
    /// What has a new name: `tasks=cards`, `tasks.removed_at=deleted_at`
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// What really goes: `tasks`, `tasks.removed_at`
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_drop: Vec<String>,
    /// What rows get that are there when a column must have a value: `tasks.title='none'`, `tasks.title=lower(name)`
    #[arg(long, value_name = "COLUMN=SQL")]
    pub(crate) backfill: Vec<String>,
    /// Where no row needs one, because the table is empty or none holds NULL: `tasks.title`
    #[arg(long, value_name = "COLUMN")]
    pub(crate) no_backfill: Vec<String>,
}

/// What `diff` takes. A source is a database URL, `migrations:DIR[@id]`, `snapshot:FILE`, `source:DIR` or `empty:DIALECT`.
#[derive(Debug, Args)]
#[command(
    after_help = "SRC is a database URL, `migrations:DIR[@id]`, `snapshot:FILE`, `source:CRATE_DIR` or `empty:DIALECT`."
)]
pub(crate) struct DiffArgs {
    /// What there is
    #[arg(long, value_name = "SRC")]
    pub(crate) from: String,
    /// What there shall be
    #[arg(long, value_name = "SRC")]
    pub(crate) to: String,
    /// The way back instead
    #[arg(long)]
    pub(crate) down: bool,
    #[command(flatten)]
    pub(crate) answers: Answers,
}

/// What `lint` takes.
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Migrations by id or an unambiguous part of it, or files of SQL (`-` is stdin); without any, the migrations that are not
    /// applied, or not reviewed where there is no database to ask
    #[arg(value_name = "ID|FILE")]
    pub(crate) what: Vec<String>,
    /// Every migration of the folder
    #[arg(long, conflicts_with = "what")]
    pub(crate) all: bool,
    /// Of which engine the files are, instead of the project's
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// Allow a hazard of the migrations, in all they do or in one thing: `drop_column=tasks.note`; kept in meta.json
    #[arg(long, value_name = "CODE[=OBJECT]", requires = "because", requires = "what")]
    pub(crate) allow: Option<String>,
    /// Why it is allowed
    #[arg(long, value_name = "REASON", requires = "allow", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) because: Option<String>,
    /// Print what a hazard is, how it comes, and what to do instead
    #[arg(long, value_name = "CODE", conflicts_with_all = ["what", "all", "allow"])]
    pub(crate) explain: Option<String>,
}

/// What `drift` takes.
#[derive(Debug, Args)]
pub(crate) struct DriftArgs {
    /// Write a migration that puts the database right, under this name
    #[arg(long, value_name = "NAME", group = "written")]
    pub(crate) fix: Option<String>,
    /// Write what differs into the structs: the database is right
    #[arg(long, group = "written")]
    pub(crate) adopt: bool,
    /// Print what `--fix` or `--adopt` would write, and write nothing
    #[arg(long, requires = "written")]
    pub(crate) dry_run: bool,
    /// Write it without having run it on a scratch database
    #[arg(long, requires = "fix")]
    pub(crate) no_proof: bool,
    #[command(flatten)]
    pub(crate) answers: Answers,
}

/// What `introspect` takes.
#[derive(Debug, Args)]
#[command(after_help = "`--format snapshot` writes the form of snapshot.json instead of Rust source.")]
pub(crate) struct IntrospectArgs {
    /// Where to write; a file that is there is brought up to the database and keeps your edits. Without it: stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Show what would be written and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Reads `500ms`, `5s`, `2m` or `1h`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let wrong = || format!("`{text}` is not a duration; write a number and a unit, like `500ms`, `5s`, `2m` or `1h`");
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let millis = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    number.checked_mul(millis).map(Duration::from_millis).ok_or_else(wrong)
}

/// The arguments without the word that cargo puts in front: `cargo kickdb x` runs `cargo-kickdb kickdb x`.
pub(crate) fn without_cargo_word(mut args: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    if args.get(1).is_some_and(|word| word == "kickdb") {
        args.remove(1);
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert!(duration("5").is_err());
        assert!(duration("").is_err());
        assert!(duration("99999999999999999999h").is_err());
    }

    #[test]
    fn cargo_s_own_word_is_dropped_once() {
        let args = |words: &[&str]| words.iter().map(Into::into).collect::<Vec<std::ffi::OsString>>();
        assert_eq!(
            without_cargo_word(args(&["cargo-kickdb", "kickdb", "check"])),
            args(&["cargo-kickdb", "check"])
        );
        assert_eq!(
            without_cargo_word(args(&["kickdb", "check"])),
            args(&["kickdb", "check"])
        );
    }
}
