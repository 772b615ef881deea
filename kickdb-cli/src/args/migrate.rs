//! What stands behind `migrate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::duration;

/// What stands behind `migrate`.
#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    /// What is applied, what is pending, and whether it may run
    Status {
        /// Exit 3 where a migration is pending
        #[arg(long)]
        exit_code: bool,
    },
    /// Show the SQL of migrations and what is dangerous in it, then mark them reviewed
    Review {
        /// The migrations, by id or by an unambiguous part of it
        #[arg(required_unless_present = "all")]
        ids: Vec<String>,
        /// Every migration that is not reviewed yet
        #[arg(long, conflicts_with = "ids")]
        all: bool,
        /// Mark them without asking
        #[arg(long, short)]
        yes: bool,
    },
    /// Write an empty migration, for SQL of your own
    Make {
        /// What the migration is about
        name: String,
    },
    /// For CI: hashes, reviews, order and branches of the folder (exit 3 where something is wrong)
    Verify,
    /// Apply everything that is pending
    Latest(RunArgs),
    /// Apply the next migration
    Up {
        /// Up to and with this one
        #[arg(long, value_name = "ID")]
        to: Option<String>,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Reverse the most recent migration
    Down {
        /// Down to this one, which stays applied
        #[arg(long, value_name = "ID")]
        to: Option<String>,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Reverse the last batch
    Rollback {
        /// Reverse everything
        #[arg(long)]
        all: bool,
        /// Allow `--all` outside of development
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Reverse the most recent migration and apply it again
    Redo(RunArgs),
    /// Reverse everything and apply it again
    Reset {
        /// Allow it outside of development
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Take over the history of another tool, with its rows
    Adopt(AdoptArgs),
    /// Two branches met: put the younger one's migrations behind the older one's, and the journal in order
    Rebase(RebaseArgs),
    /// Make one of several migrations that follow each other; databases that have them all go on behind it
    Squash(SquashArgs),
    /// Record the changed files of an applied migration as they are; runs nothing
    Accept {
        /// The migration, by its id or by an unambiguous part of it
        id: String,
        /// Why the database is right all the same; not needed where only comments or white space differ
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Say what would be recorded and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Record migrations as applied in a database that has their schema already; runs nothing
    Baseline {
        /// The newest migration that is in the database, by its id or by an unambiguous part of it
        id: String,
        /// Do not compare the database with what the migration leaves behind
        #[arg(long)]
        force: bool,
        /// Say what would be recorded and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Look at a migration that stopped half-way, and say whether its last statement was done
    Repair {
        /// The statement's work is in the database: the next run goes on behind it
        #[arg(long, conflicts_with = "undone")]
        done: bool,
        /// Nothing of the statement is in the database: the next run begins with it
        #[arg(long)]
        undone: bool,
    },
}

/// How migrations are run.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RunArgs {
    /// Print the exact SQL and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Wait so long for another runner, like `60s`
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
    /// Allow that enum values go
    #[arg(long)]
    pub(crate) confirm_enum_drop: bool,
    /// Do it in many databases: `one,two`, `file:PATH` with a name in each line, or `query:SELECT …` on the configured one
    #[arg(long, value_name = "WHO")]
    pub(crate) tenants: Option<String>,
    /// What the name of a tenant is, where the URL has no `{tenant}` in it
    #[arg(
        long,
        value_enum,
        default_value = "database",
        requires = "tenants",
        value_name = "KIND"
    )]
    pub(crate) tenant_kind: TenantKind,
    /// In so many of them at once
    #[arg(long, default_value_t = 4, requires = "tenants", value_name = "NUMBER")]
    pub(crate) parallel: usize,
}

/// What the name of a tenant is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TenantKind {
    /// A database on the server of the configured URL
    #[default]
    Database,
    /// A schema of the configured database
    Schema,
}

/// A tool whose history can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    Sqlx,
    Diesel,
    SeaOrm,
    Refinery,
    Kickjs,
}

impl Tool {
    /// As it calls itself.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Sqlx => "sqlx",
            Self::Diesel => "diesel",
            Self::SeaOrm => "sea-orm",
            Self::Refinery => "refinery",
            Self::Kickjs => "kickjs",
        }
    }
}

/// What `migrate adopt` takes.
#[derive(Debug, Args)]
pub(crate) struct AdoptArgs {
    /// The tool that has migrated the database so far
    #[arg(long, value_enum)]
    pub(crate) from: Tool,
    /// Where its files are, instead of `migrations`
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Take over what is in the database as one migration, whatever led there
    #[arg(long)]
    pub(crate) squash: bool,
    /// Say what would be taken over and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What `migrate rebase` takes.
#[derive(Debug, Args)]
pub(crate) struct RebaseArgs {
    /// The first migration of the branch that is put last, instead of the younger one
    #[arg(long, value_name = "ID")]
    pub(crate) r#move: Option<String>,
    /// Which side is taken where both changed one thing: `column tasks.title=older`
    #[arg(long, value_name = "THING=SIDE")]
    pub(crate) take: Vec<String>,
    /// A migration whose hand-written SQL fits as it is
    #[arg(long, value_name = "ID")]
    pub(crate) keep_sql: Vec<String>,
    /// A migration that is made anew, without what was written into it by hand
    #[arg(long, value_name = "ID")]
    pub(crate) regenerate: Vec<String>,
    /// A migration that is given up: its folder is deleted
    #[arg(long, value_name = "ID")]
    pub(crate) discard: Vec<String>,
    /// Show what would be written and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write it without having run it on a scratch database
    #[arg(long)]
    pub(crate) no_proof: bool,
}

/// What `migrate squash` takes.
#[derive(Debug, Args)]
pub(crate) struct SquashArgs {
    /// The first and the last one, by ids or unambiguous parts of them
    #[arg(value_name = "FROM..TO")]
    pub(crate) range: String,
    /// Show what would be written and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write it without having run it on a scratch database
    #[arg(long)]
    pub(crate) no_proof: bool,
}
