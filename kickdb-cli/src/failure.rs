//! What a command ends with when it cannot do its work.

use std::path::{Path, PathBuf};

use kickdb_core::decl::{self, Problem};
use serde_json::{Value, json};

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or there was nothing to do.
    Done,
    /// Something failed.
    Failed,
    /// Wrong usage, or a decision is needed.
    Usage,
    /// The answer to the question is "no".
    No,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::No => 3,
        }
    }
}

/// An error as it is shown: what happened, where, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// A name that never changes, for programs.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// What to do next, one way out per line.
    pub(crate) help: Vec<String>,
    /// Places in files, each with its own message.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What only a program wants to know, such as the choices of a decision.
    pub(crate) data: Option<Box<Value>>,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            code,
            message: message.into(),
            help: Vec::new(),
            diagnostics: Vec::new(),
            data: None,
        }
    }

    /// Wrong usage, or a decision that is needed.
    pub(crate) fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::new(code, message)
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(crate) fn at(mut self, diagnostic: Diagnostic) -> Self {
        self.diagnostics.push(diagnostic);
        self
    }

    pub(crate) fn with_data(mut self, data: Value) -> Self {
        self.data = Some(Box::new(data));
        self
    }

    /// A file or folder that could not be used.
    pub(crate) fn io(doing: &str, path: &str, error: &std::io::Error) -> Self {
        Self::new("io", format!("cannot {doing} `{path}`: {error}")).help(way_out(error))
    }

    /// The error as one JSON object.
    pub(crate) fn json(&self) -> Value {
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "help": self.help,
        });
        if !self.diagnostics.is_empty() {
            error["diagnostics"] = self.diagnostics.iter().map(Diagnostic::json).collect();
        }
        if let Some(data) = &self.data {
            error["data"] = Value::clone(data);
        }
        json!({ "ok": false, "exit": self.exit.code(), "error": error })
    }
}

impl From<kickdb_core::Error> for Failure {
    fn from(error: kickdb_core::Error) -> Self {
        use kickdb_core::Error;
        // Something on the command line must change before it can work: that is not a failure of the work.
        let exit = match &error {
            Error::Validation { .. } | Error::UnknownMigration { .. } | Error::EnumDrop(_) => Exit::Usage,
            _ => Exit::Failed,
        };
        let mut failure = Self {
            exit,
            ..Self::new(error.code(), error.to_string())
        };
        if let Error::Folder {
            source: Some(source), ..
        } = &error
        {
            failure
                .help
                .extend(source.downcast_ref().map(way_out).map(str::to_owned));
        }
        failure
    }
}

/// What to do about an error of the file system.
fn way_out(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied => "check who owns it and its permissions",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "there is a file where a folder must be; move it away, or set another folder in kickdb.toml"
        }
        ErrorKind::StorageFull => "free some space, then run the command again",
        _ => "check the path and its file system",
    }
}

/// One message about a place in a file.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
    pub(crate) help: Option<String>,
    /// Other places that have to do with it.
    pub(crate) notes: Vec<(Place, String)>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The file, as it is shown: relative to the project where it is inside of it.
    pub(crate) shown: String,
    /// The file, as it is read again for its lines.
    pub(crate) path: PathBuf,
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
    /// How many characters are underlined, at least 1; at most the rest of the line.
    pub(crate) width: usize,
}

impl Place {
    /// The place of a declaration, in a file of the project in `root`.
    pub(crate) fn of(root: &Path, place: &decl::Place) -> Self {
        Self {
            shown: place.file.to_string(),
            path: root.join(&*place.file),
            line: place.line as usize,
            column: place.column as usize + 1,
            width: match place.end_line == place.line {
                true => (place.end_column.saturating_sub(place.column) as usize).max(1),
                false => usize::MAX,
            },
        }
    }
}

impl Diagnostic {
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
            help: None,
            notes: Vec::new(),
        }
    }

    pub(crate) fn place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A problem of a declaration, in a file of the project in `root`.
    pub(crate) fn problem(root: &Path, problem: &Problem) -> Self {
        let place = |place: &decl::Place| Place::of(root, place);
        Self {
            place: problem.place.as_ref().map(place),
            help: problem.help.clone(),
            notes: problem
                .notes
                .iter()
                .map(|note| (place(&note.place), note.message.clone()))
                .collect(),
            ..Self::error(problem.message.clone())
        }
    }

    pub(crate) fn json(&self) -> Value {
        let mut value = json!({
            "message": self.message,
        });
        if let Some(place) = &self.place {
            value["file"] = json!(place.shown);
            value["line"] = json!(place.line);
            value["column"] = json!(place.column);
        }
        if let Some(help) = &self.help {
            value["help"] = json!(help);
        }
        if !self.notes.is_empty() {
            let note = |(place, message): &(Place, String)| json!({ "message": message, "file": place.shown, "line": place.line, "column": place.column });
            value["notes"] = self.notes.iter().map(note).collect();
        }
        value
    }
}
