//! Names of tables and types as one text: `users`, `billing.invoices`; a part with a dot or a quote in it stands in quotes.

use crate::ident::{Name, Qualified};

pub(super) fn text(name: &Qualified) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", part(schema), part(&name.name)),
        None => part(&name.name),
    }
}

fn part(name: &Name) -> String {
    let name = name.as_str();
    if name.contains(['.', '"']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

/// Reads what [`text`] has written; `None` where a part is missing.
pub(super) fn read(text: &str) -> Option<Qualified> {
    let (first, rest) = take(text)?;
    if rest.is_empty() {
        return Some(Qualified::local(first));
    }
    let name = rest.strip_prefix('.')?;
    let name = match take(name) {
        Some((name, "")) => name,
        // Another tool does not quote: all after the first dot is the name.
        _ => Name::new(name).ok()?,
    };
    Some(Qualified {
        schema: Some(first),
        name,
    })
}

fn take(text: &str) -> Option<(Name, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        return Some((Name::new(&text[..end]).ok()?, &text[end..]));
    };
    let mut from = 0;
    loop {
        let end = from + quoted[from..].find('"')?;
        if quoted[end + 1..].starts_with('"') {
            from = end + 2;
        } else {
            let name = quoted[..end].replace("\"\"", "\"");
            return Some((Name::new(name).ok()?, &quoted[end + 1..]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{read, text};
    use crate::ident::{Name, Qualified};

    #[test]
    fn every_name_is_read_as_it_was_written() {
        for (schema, name, written) in [
            (None, "users", "users"),
            (Some("billing"), "invoices", "billing.invoices"),
            (None, "a.b", "\"a.b\""),
            (Some("a.b"), "c\"d", "\"a.b\".\"c\"\"d\""),
            (None, "\"", "\"\"\"\""),
        ] {
            let name = Qualified {
                schema: schema.map(|schema| Name::new(schema).unwrap()),
                name: Name::new(name).unwrap(),
            };
            assert_eq!(text(&name), written);
            assert_eq!(read(written), Some(name));
        }
        assert_eq!(read(""), None);
        assert_eq!(read("a."), None);
        assert_eq!(read("\"a"), None);
    }
}
