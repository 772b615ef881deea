//! Characters that a text cannot have. A NUL byte: PostgreSQL has none, and the SQL of the others would end there.

use super::Refusal;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, Schema};

/// What is wrong with a text, and what to do about it.
pub(super) struct Wrong {
    pub(super) is: fn(char) -> bool,
    pub(super) what: &'static str,
    pub(super) help: &'static str,
}

const NUL: Wrong = Wrong {
    is: |c| c == '\0',
    what: "holds a NUL byte, which no text of a database can",
    help: "leave it out, or keep such values in a column of bytes",
};

/// Refuses a NUL byte in what is declared as a text.
pub(super) fn refuse(schema: &Schema, refusals: &mut Vec<Refusal>) {
    refuse_each(schema, &NUL, refusals);
}

/// Refuses such a character in what is declared as a text.
pub(super) fn refuse_each(schema: &Schema, wrong: &Wrong, refusals: &mut Vec<Refusal>) {
    for e in schema.enums.values() {
        let texts = e.values.iter().chain(&e.comment);
        texts.for_each(|text| look(text, (&e.name, None), "a text of the enum", wrong, refusals));
    }
    for table in schema.tables.values() {
        let comment = table.comment.iter();
        comment.for_each(|text| look(text, (&table.name, None), "the comment", wrong, refusals));
        for column in &table.columns {
            let place = (&table.name, Some(&column.name));
            texts(column).for_each(|(text, what)| look(text, place, what, wrong, refusals));
        }
    }
}

fn texts(column: &Column) -> impl Iterator<Item = (&String, &'static str)> {
    let default = match &column.value {
        ColumnValue::Default(Expr::Text(text)) => Some((text, "the default")),
        _ => None,
    };
    default
        .into_iter()
        .chain(column.comment.iter().map(|text| (text, "the comment")))
}

fn look(text: &str, place: (&Qualified, Option<&Name>), what: &str, wrong: &Wrong, refusals: &mut Vec<Refusal>) {
    if text.contains(wrong.is) {
        refusals.push(Refusal {
            object: Some(place.0.clone()),
            part: place.1.cloned(),
            message: format!("{what} {}", wrong.what),
            help: Some(wrong.help.to_owned()),
        });
    }
}
