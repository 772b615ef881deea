//! The statements that make objects, in their one spelling.

use crate::dialect::mysql::syntax::{ident_str, literal};
use crate::lex::{Kind, Lexis, tokens};

/// What stands between a trigger's head and its body.
pub(super) const FOR_EACH_ROW: &str = "FOR EACH ROW";

/// `user@host` where the object runs with the rights of somebody else than who is asked.
type Definer = Option<String>;

pub(in crate::dialect::mysql) struct View {
    pub(in crate::dialect::mysql) name: String,
    /// The names of its columns in parentheses; empty where the query says them, as the server keeps it.
    pub(in crate::dialect::mysql) columns: String,
    pub(in crate::dialect::mysql) algorithm: Option<String>,
    pub(in crate::dialect::mysql) definer: Definer,
    pub(in crate::dialect::mysql) invoker: bool,
    pub(in crate::dialect::mysql) select: String,
    /// `LOCAL` or `CASCADED`.
    pub(in crate::dialect::mysql) check: Option<String>,
}

pub(in crate::dialect::mysql) struct Trigger {
    pub(in crate::dialect::mysql) name: String,
    pub(in crate::dialect::mysql) table: String,
    pub(in crate::dialect::mysql) definer: Definer,
    /// `BEFORE` or `AFTER`.
    pub(in crate::dialect::mysql) timing: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub(in crate::dialect::mysql) event: String,
    pub(in crate::dialect::mysql) body: String,
}

pub(in crate::dialect::mysql) struct Routine {
    pub(in crate::dialect::mysql) name: String,
    pub(in crate::dialect::mysql) definer: Definer,
    pub(in crate::dialect::mysql) parameters: Vec<Parameter>,
    /// The type of a function's value.
    pub(in crate::dialect::mysql) returns: Option<String>,
    pub(in crate::dialect::mysql) characteristics: Characteristics,
    pub(in crate::dialect::mysql) body: String,
    /// Whether it is read in the mode `ORACLE`, which has another grammar.
    pub(in crate::dialect::mysql) oracle: bool,
}

pub(in crate::dialect::mysql) struct Parameter {
    /// `IN`, `OUT` or `INOUT`.
    pub(in crate::dialect::mysql) mode: String,
    pub(in crate::dialect::mysql) name: String,
    pub(in crate::dialect::mysql) ty: String,
}

#[derive(Default)]
pub(in crate::dialect::mysql) struct Characteristics {
    /// `NO SQL`, `READS SQL DATA`, …
    pub(in crate::dialect::mysql) data: Option<String>,
    pub(in crate::dialect::mysql) deterministic: bool,
    pub(in crate::dialect::mysql) invoker: bool,
    pub(in crate::dialect::mysql) comment: String,
}

pub(in crate::dialect::mysql) struct Event {
    pub(in crate::dialect::mysql) name: String,
    pub(in crate::dialect::mysql) definer: Definer,
    pub(in crate::dialect::mysql) schedule: Schedule,
    pub(in crate::dialect::mysql) preserve: bool,
    /// `DISABLE` and the like.
    pub(in crate::dialect::mysql) state: Option<String>,
    pub(in crate::dialect::mysql) comment: String,
    pub(in crate::dialect::mysql) body: String,
}

pub(in crate::dialect::mysql) enum Schedule {
    At(String),
    Every {
        /// `1 DAY`.
        interval: String,
        starts: Option<String>,
        ends: Option<String>,
    },
}

fn definer(definer: &Definer) -> String {
    let Some(account) = definer else { return String::new() };
    match account.rsplit_once('@') {
        Some((user, host)) => format!("DEFINER = {}@{} ", ident_str(user), ident_str(host)),
        None => format!("DEFINER = {} ", ident_str(account)),
    }
}

impl View {
    pub(in crate::dialect::mysql) fn sql(&self) -> String {
        let algorithm = self.algorithm.as_ref().filter(|algorithm| *algorithm != "UNDEFINED");
        let algorithm = algorithm.map(|algorithm| format!("ALGORITHM = {algorithm} "));
        let security = if self.invoker { "SQL SECURITY INVOKER " } else { "" };
        let check = self.check.as_ref().filter(|check| *check != "NONE");
        let check = check.map(|check| format!(" WITH {check} CHECK OPTION"));
        format!(
            "CREATE {}{}{security}VIEW {}{} AS {}{}",
            algorithm.unwrap_or_default(),
            definer(&self.definer),
            ident_str(&self.name),
            if self.columns.is_empty() {
                String::new()
            } else {
                format!(" {}", self.columns)
            },
            self.select,
            check.unwrap_or_default(),
        )
    }
}

impl Trigger {
    pub(in crate::dialect::mysql) fn sql(&self) -> String {
        format!(
            "CREATE {}TRIGGER {} {} {} ON {} {FOR_EACH_ROW}\n{}",
            definer(&self.definer),
            ident_str(&self.name),
            self.timing,
            self.event,
            ident_str(&self.table),
            self.body,
        )
    }
}

impl Routine {
    pub(in crate::dialect::mysql) fn sql(&self) -> String {
        let kind = if self.returns.is_some() {
            "FUNCTION"
        } else {
            "PROCEDURE"
        };
        let parameter = |parameter: &Parameter| {
            // A function takes where nothing is said, and gives as well from MariaDB 10.8 on.
            let mode = match self.returns {
                Some(_) if parameter.mode == "IN" => String::new(),
                _ => format!("{} ", parameter.mode),
            };
            match self.oracle {
                true => format!("{} {mode}{}", ident_str(&parameter.name), parameter.ty),
                false => format!("{mode}{} {}", ident_str(&parameter.name), parameter.ty),
            }
        };
        let parameters: Vec<String> = self.parameters.iter().map(parameter).collect();
        let word = if self.oracle { "RETURN" } else { "RETURNS" };
        let returns = self.returns.as_ref().map(|ty| format!(" {word} {ty}"));
        let aggregate = if self.is_aggregate() { "AGGREGATE " } else { "" };
        let parameters = match parameters.join(", ") {
            // An empty list is none there.
            none if none.is_empty() && self.oracle => none,
            list => format!("({list})"),
        };
        format!(
            "CREATE {}{aggregate}{kind} {}{parameters}{}{}\n{}",
            definer(&self.definer),
            ident_str(&self.name),
            returns.unwrap_or_default(),
            self.characteristics.sql(),
            self.body,
        )
    }
}

impl Routine {
    /// A function over the rows of a group asks for each of them, and no other one does
    /// (<https://mariadb.com/kb/en/stored-aggregate-functions/>).
    fn is_aggregate(&self) -> bool {
        let solid = tokens(&self.body, Lexis::MYSQL).filter(|token| token.kind == Kind::Word);
        let words: Vec<String> = solid.map(|token| token.text.to_ascii_uppercase()).collect();
        self.returns.is_some() && words.windows(4).any(|words| words == ["FETCH", "GROUP", "NEXT", "ROW"])
    }
}

impl Characteristics {
    fn sql(&self) -> String {
        let mut lines = Vec::new();
        lines.extend(self.data.clone().filter(|data| data != "CONTAINS SQL"));
        lines.extend(self.deterministic.then(|| "DETERMINISTIC".to_owned()));
        lines.extend(self.invoker.then(|| "SQL SECURITY INVOKER".to_owned()));
        lines.extend((!self.comment.is_empty()).then(|| format!("COMMENT {}", literal(&self.comment))));
        lines.iter().map(|line| format!("\n    {line}")).collect()
    }
}

impl Event {
    pub(in crate::dialect::mysql) fn sql(&self) -> String {
        let schedule = match &self.schedule {
            Schedule::At(time) => format!("AT {}", literal(time)),
            Schedule::Every { interval, starts, ends } => {
                let starts = starts.as_ref().map(|time| format!(" STARTS {}", literal(time)));
                let ends = ends.as_ref().map(|time| format!(" ENDS {}", literal(time)));
                format!(
                    "EVERY {interval}{}{}",
                    starts.unwrap_or_default(),
                    ends.unwrap_or_default()
                )
            }
        };
        let preserve = if self.preserve { " ON COMPLETION PRESERVE" } else { "" };
        let state = self.state.as_ref().map(|state| format!(" {state}"));
        let comment = match self.comment.as_str() {
            "" => String::new(),
            comment => format!(" COMMENT {}", literal(comment)),
        };
        format!(
            "CREATE {}EVENT {} ON SCHEDULE {schedule}{preserve}{}{comment} DO\n{}",
            definer(&self.definer),
            ident_str(&self.name),
            state.unwrap_or_default(),
            self.body,
        )
    }
}
