//! Changes of how rows are spread over partitions. A partition is never dropped: its rows would go with it.

use crate::dialect::mysql::partition::{Part, Partitioning, Parts, Rows};
use crate::dialect::mysql::syntax::idents;

/// The clause that spreads the rows of a table anew; `None` where there is nothing to do.
pub(super) fn clause(from: Option<&Partitioning>, to: Option<&Partitioning>) -> Option<String> {
    match (from, to) {
        (None, None) => None,
        (Some(from), Some(to)) if from == to => None,
        (Some(_), None) => Some("REMOVE PARTITIONING".to_owned()),
        (from, Some(to)) => {
            let piecewise = from
                .filter(|from| from.spreads_like(to))
                .and_then(|from| reorganize(from, to));
            Some(piecewise.unwrap_or_else(|| format!("PARTITION BY {}", to.text())))
        }
    }
}

/// Only the partitions that differ, where the others can stay as they are.
fn reorganize(from: &Partitioning, to: &Partitioning) -> Option<String> {
    let (Parts::Named(old), Parts::Named(new)) = (&from.parts, &to.parts) else {
        return None;
    };
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(old, new)| old == new)
        .count();
    let last = end == 0;
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let list = |parts: &[Part]| parts.iter().map(Part::text).collect::<Vec<_>>().join(", ");
    match (old, new) {
        ([], new) if last => Some(format!("ADD PARTITION ({})", list(new))),
        ([], _) | (_, []) => None,
        (old, new) if holds(old, new, last) => {
            let names = idents(old.iter().map(|part| &part.name));
            Some(format!("REORGANIZE PARTITION {names} INTO ({})", list(new)))
        }
        _ => None,
    }
}

/// Whether the new partitions take every row that the old ones can hold, which the server asks of a reorganization.
fn holds(old: &[Part], new: &[Part], last: bool) -> bool {
    match (old.last().map(|part| &part.rows), new.last().map(|part| &part.rows)) {
        (Some(Rows::LessThan(before)), Some(Rows::LessThan(after))) => {
            let open = |bound: &str| bound.split(',').all(|bound| bound == "MAXVALUE");
            before == after || last && open(after)
        }
        (Some(Rows::In(_)), Some(Rows::In(_))) => {
            let mut before: Vec<&str> = old.iter().flat_map(values).collect();
            let mut after: Vec<&str> = new.iter().flat_map(values).collect();
            before.sort_unstable();
            after.sort_unstable();
            before == after
        }
        _ => false,
    }
}

fn values(part: &Part) -> impl Iterator<Item = &str> {
    let values = match &part.rows {
        Rows::In(values) => values.as_str(),
        _ => "",
    };
    values.split(',')
}
