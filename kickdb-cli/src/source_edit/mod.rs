//! Source that is brought up to a schema: written anew, or changed where it is without touching what somebody has edited.
//!
//! What changed is found by comparing schemas, not texts. Only the items that say what changed are edited, and in them only
//! the fields, attributes and variants that do; what came of it is read again and compared with what was wanted.

mod enums;
mod files;
mod known;
mod objects;
mod relations;
mod structs;
mod text;
mod update;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kickdb_core::decl::{Item, Problem, Resolved, resolve};
use kickdb_core::dialect::Dialect;
use kickdb_core::diff::{Change, Renames, diff};
use kickdb_core::ir::Schema;
use kickdb_core::lower::{self, Origin};
use kickdb_core::raise::{Known, Unsaid, print, raise};
use serde_json::{Value, json};

pub(crate) use self::update::{managed, update};
use crate::collect::{Texts, collect_with};
use crate::config::shown;
use crate::describe;
use crate::failure::{Diagnostic, Failure};
use crate::parallel;
use crate::terminal::Terminal;

/// The source that declares a schema.
pub(crate) struct Crate {
    root: PathBuf,
    sources: Vec<String>,
    pub(crate) items: Vec<Item>,
}

impl Crate {
    /// The source of a package.
    pub(crate) fn read(root: &Path, sources: &[String]) -> Result<Self, Failure> {
        Self::with(root, sources, Texts::default())
    }

    /// The source that a file belongs to: the package's, where a `mod` leads to the file, else the file alone.
    pub(crate) fn around(root: &Path, sources: &[String], file: &Path) -> Result<Self, Failure> {
        let name = shown(root, file);
        let whole = Self::read(root, sources).ok();
        if let Some(whole) = whole.filter(|whole| whole.files().any(|known| *known == *name)) {
            return Ok(whole);
        }
        Self::read(root, &[file.display().to_string()])
    }

    fn with(root: &Path, sources: &[String], texts: Texts) -> Result<Self, Failure> {
        let found = collect_with(root, sources, texts)?;
        if !found.problems.is_empty() {
            return Err(refused(root, &found.problems));
        }
        Ok(Self {
            root: root.to_owned(),
            sources: sources.to_vec(),
            items: found.items,
        })
    }

    /// The same source with other texts in some files.
    fn instead(&self, files: &[FileText]) -> Result<Self, Failure> {
        let texts = files.iter().map(|file| (file.path.clone(), file.after.clone()));
        Self::with(&self.root, &self.sources, Arc::new(texts.collect()))
    }

    pub(crate) fn resolve(&self, dialect: &dyn Dialect) -> Result<Resolved, Failure> {
        resolve(&self.items, dialect).map_err(|problems| refused(&self.root, &problems))
    }

    /// The files that declare something, as they are shown.
    fn files(&self) -> impl Iterator<Item = &str> {
        let items = self.items.iter();
        items
            .map(|item| &*item.ident().place.file)
            .filter(|file| !file.is_empty())
    }

    /// The file that declares most tables: where new ones go.
    pub(crate) fn main_file(&self) -> Option<PathBuf> {
        let tables = self.items.iter().filter(|item| matches!(item, Item::Table(_)));
        let mut counted = std::collections::BTreeMap::new();
        for item in tables {
            *counted.entry(&*item.ident().place.file).or_insert(0_usize) += 1;
        }
        let most = counted
            .into_iter()
            .max_by_key(|(file, tables)| (*tables, std::cmp::Reverse(*file)));
        most.map(|(file, _)| self.root.join(file))
    }
}

fn refused(root: &Path, problems: &[Problem]) -> Failure {
    let diagnostics = problems.iter().map(|problem| Diagnostic::problem(root, problem));
    Failure {
        diagnostics: diagnostics.collect(),
        ..Failure::new("declaration", "the source cannot be read; nothing was written")
            .help("correct the places above, then run the command again")
    }
}

/// A file with its text before and after.
#[derive(Clone, Debug)]
pub(crate) struct FileText {
    pub(crate) path: PathBuf,
    pub(crate) shown: String,
    /// `None` where the file is new.
    pub(crate) before: Option<String>,
    pub(crate) after: String,
}

impl FileText {
    /// What changes, as a unified diff.
    pub(crate) fn diff(&self) -> String {
        let before = self.before.as_deref().unwrap_or_default();
        similar::TextDiff::from_lines(before, &self.after)
            .unified_diff()
            .context_radius(3)
            .header(&format!("a/{}", self.shown), &format!("b/{}", self.shown))
            .to_string()
            .trim_end()
            .to_owned()
    }
}

/// Source that is about to be written, with the schema that it declares.
pub(crate) struct Draft {
    pub(crate) declared: Schema,
    files: Vec<FileText>,
    unsaid: Vec<Unsaid>,
    changes: Vec<String>,
    items: Vec<Item>,
}

impl Draft {
    /// Compares what is declared with what was wanted: whatever still differs is not said.
    pub(crate) fn judge(self, wanted: &Schema, dialect: &dyn Dialect, unsettled: &[String]) -> Written {
        let mut unsaid = self.unsaid;
        let sayable = sayable(wanted, &self.declared, &unsaid);
        let left = diff(&self.declared, &sayable, &Renames::default()).changes;
        let mut table = String::new();
        for line in describe::lines(&left, dialect) {
            if line.inner {
                unsaid.push(Unsaid::new(
                    format!("{table}: {}", line.text),
                    "the source says something else",
                ));
                continue;
            }
            table.clone_from(&line.text);
            if !left.iter().any(
                |change| matches!(change, Change::AlterTable { to, .. } if line.text == format!("table {}", to.name)),
            ) {
                unsaid.push(Unsaid::new(line.text, "the source says something else"));
            }
        }
        unsaid.extend(
            unsettled
                .iter()
                .map(|open| Unsaid::new(open.clone(), "whether the source says the same is not known")),
        );
        let tables = self.items.iter().filter(|item| matches!(item, Item::Table(_))).count();
        Written {
            files: self.files,
            unsaid,
            changes: self.changes,
            items: self.items,
            tables,
        }
    }
}

/// The schema without what is not said already.
fn sayable(wanted: &Schema, declared: &Schema, unsaid: &[Unsaid]) -> Schema {
    let is_left = |what: &str| unsaid.iter().any(|one| one.what == what);
    let mut schema = wanted.clone();
    schema.tables.retain(|name, _| !is_left(&format!("table {name}")));
    schema.objects.retain(|id, _| !is_left(&id.to_string()));
    for table in schema.tables.values_mut() {
        let name = &table.name.clone();
        table
            .foreign_keys
            .retain(|key, _| !is_left(&format!("foreign key {name}.{key}")));
        table
            .inherits
            .retain(|parent| !is_left(&format!("INHERITS {parent} of table {name}")));
        if let Some(partition) = &table.partition
            && is_left(&format!("PARTITION OF {} of table {name}", partition.of))
        {
            table.partition = None;
        }
        for column in &mut table.columns {
            let said = declared.tables.get(name).and_then(|table| table.column(&column.name));
            if let Some(said) = said.filter(|_| is_left(&format!("value of column {name}.{}", column.name))) {
                column.value.clone_from(&said.value);
            }
        }
    }
    schema
}

/// Source that can be written.
pub(crate) struct Written {
    /// The files that change.
    pub(crate) files: Vec<FileText>,
    pub(crate) unsaid: Vec<Unsaid>,
    /// What the source is brought up to.
    pub(crate) changes: Vec<String>,
    pub(crate) items: Vec<Item>,
    pub(crate) tables: usize,
}

impl Written {
    /// A text that belongs to no file yet.
    pub(crate) fn text(text: String) -> Self {
        Self {
            files: vec![FileText {
                path: PathBuf::new(),
                shown: String::new(),
                before: None,
                after: text,
            }],
            unsaid: Vec::new(),
            changes: Vec::new(),
            items: Vec::new(),
            tables: 0,
        }
    }

    /// Writes the files.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        for file in &self.files {
            if let Some(folder) = file.path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| Failure::io("make the folder of", &file.shown, &error))?;
            }
            std::fs::write(&file.path, &file.after).map_err(|error| Failure::io("write", &file.shown, &error))?;
        }
        Ok(())
    }

    /// What changes and in which files, for people.
    pub(crate) fn show(&self, wrote: bool, terminal: &Terminal) {
        for line in &self.changes {
            terminal.result(format!("  {line}"));
        }
        for file in &self.files {
            let verb = if wrote { "Wrote" } else { "Would write" };
            match &file.before {
                Some(_) => {
                    let diff = file.diff();
                    let (shown, more) = if wrote { beginning(&diff) } else { (&*diff, 0) };
                    terminal.result(shown);
                    if more > 0 {
                        let lines = describe::count(more, "line");
                        terminal.say(format!("… and {lines} more, which your version control shows"));
                    }
                    terminal.say(format!("{verb} {}.", file.shown));
                }
                None => {
                    let tables = describe::count(self.tables, "table");
                    terminal.say(format!("{verb} {} with {tables}.", file.shown));
                    if !wrote {
                        terminal.result(file.after.trim_end());
                    }
                }
            }
        }
    }

    /// What is not in the source, on stderr.
    pub(crate) fn list(&self, unread: &[String], terminal: &Terminal) {
        for one in &self.unsaid {
            terminal.log(format!("not in the source: {one}"));
        }
        for thing in unread {
            terminal.log(format!("left alone: {thing}"));
        }
    }

    /// What is not in the source, for programs.
    pub(crate) fn unsaid_json(&self) -> Value {
        let unsaid = self.unsaid.iter();
        unsaid.map(|one| json!({ "what": one.what, "why": one.why })).collect()
    }

    pub(crate) fn json(&self) -> Value {
        let files = self.files.iter().map(|file| {
            let diff = file.before.is_some().then(|| file.diff());
            json!({ "file": file.shown, "new": file.before.is_none(), "diff": diff })
        });
        files.collect()
    }
}

/// The module that a new file's items are in while they are checked.
const NEW: &str = "schema";

/// Source for a whole schema.
pub(crate) fn fresh(schema: &Schema, dialect: &dyn Dialect, out: Option<&Path>) -> Result<Draft, Failure> {
    let known = Known {
        root: NEW.to_owned(),
        ..Known::default()
    };
    let raised = raise(schema, dialect, &known);
    let parts = print::parts(&raised.items, NEW, &raised.unsaid);
    let origin = Origin {
        file: "schema.rs".into(),
        module: NEW.to_owned(),
    };
    let unread = |problems: &[Problem]| {
        let diagnostics = problems
            .iter()
            .map(|problem| Diagnostic::error(problem.message.clone()));
        Failure {
            diagnostics: diagnostics.collect(),
            ..Failure::new(
                "introspect",
                "the source of this schema would not be valid; nothing was written",
            )
            .help("please report this, with the output of `--format snapshot`")
        }
    };
    let read = parallel::map(&pieces(&parts), 1, |piece| {
        lower::file(piece, &origin).map_err(|errors| errors.problems(&origin))
    });
    let mut items = Vec::new();
    for piece in read {
        items.extend(piece.map_err(|problems| unread(&problems))?);
    }
    let resolved = resolve(&items, dialect).map_err(|problems| unread(&problems))?;
    let path = out.unwrap_or(Path::new("")).to_owned();
    Ok(Draft {
        declared: resolved.schema,
        files: vec![FileText {
            shown: path.file_name().map_or(String::new(), |_| display(&path)),
            path,
            before: None,
            after: parts.concat(),
        }],
        unsaid: raised.unsaid,
        changes: Vec::new(),
        items: raised.items,
    })
}

/// Parts of a file put together to what is worth a thread.
fn pieces(parts: &[String]) -> Vec<String> {
    const WORTH: usize = 32 << 10;
    let mut pieces: Vec<String> = Vec::new();
    for part in parts {
        match pieces.last_mut() {
            Some(piece) if piece.len() < WORTH => piece.push_str(part),
            _ => pieces.push(part.clone()),
        }
    }
    pieces
}

/// A path as it is shown: from the working directory on where it is below it.
fn display(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

/// As much of a text as somebody reads in a terminal, and how many lines that leaves out.
fn beginning(text: &str) -> (&str, usize) {
    const SHOWN: usize = 200;
    match text.match_indices('\n').nth(SHOWN - 1) {
        Some((end, _)) => (&text[..end], text[end + 1..].lines().count()),
        None => (text, 0),
    }
}
