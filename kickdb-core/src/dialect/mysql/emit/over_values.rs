//! Values that a foreign key to come would fail for, looked for before anything is done: what is done by then is not taken back.

use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::ident::Name;
use crate::plan::{KeyOverValues, Steps};

/// So many values are named.
const NAMED: usize = 5;

const POINTING_NOWHERE: &str = "fails, before anything is done, where a row points at nothing: mend it, or leave this out where the rows are \
                                mended below";
const POINTING_AT_NO_ROW: &str = "fails, before anything is done, where a row has a value: the table it points at is made here and holds no row. \
                                  Leave this out where that is filled below";

pub(super) fn look(found: &KeyOverValues<'_>, out: &mut Steps) {
    let row = |name: &Name| format!("kick_row.{}", ident(name));
    let values = found.set.iter().map(row).collect::<Vec<_>>();
    let mut conditions = values
        .iter()
        .map(|value| format!("{value} IS NOT NULL"))
        .collect::<Vec<_>>();
    if let Some((parents, columns)) = &found.among {
        let pairs = columns.iter().zip(&values);
        let same = pairs.map(|(column, value)| format!("kick_parent.{} = {value}", ident(column)));
        conditions.push(format!(
            "NOT EXISTS (SELECT 1 FROM {} AS kick_parent WHERE {})",
            table_name(parents),
            same.collect::<Vec<_>>().join(" AND ")
        ));
    }
    let filter = match conditions.is_empty() {
        true => String::new(),
        false => format!("\n    WHERE {}", conditions.join("\n      AND ")),
    };
    let block = format!(
        "BEGIN NOT ATOMIC\n  SET @kick_found = NULL;\n  SELECT CONCAT({}) INTO @kick_found\n    FROM {} AS kick_row{filter}\n    \
         HAVING COUNT(*) > 0;\n  IF @kick_found IS NOT NULL THEN\n    SET @kick_found = LEFT(@kick_found, 500);\n    \
         SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1452, MESSAGE_TEXT = @kick_found;\n  END IF;\nEND",
        message(found, &values),
        table_name(&found.rows),
    );
    let note = match found.among {
        Some(_) => POINTING_NOWHERE,
        None => POINTING_AT_NO_ROW,
    };
    out.push_outside(block, Some(note));
}

/// The parts of the sentence about the rows that are in the way.
fn message(found: &KeyOverValues<'_>, values: &[String]) -> String {
    let names = |columns: &[Name]| columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    let start = literal(&format!("{}: ", found.key.name));
    let said = match values {
        [] => literal(&format!(" rows of {} would point at nothing", found.rows)),
        _ => {
            let each = values.join(", ', ', ");
            format!(
                "{}, GROUP_CONCAT(DISTINCT CONCAT('(', {each}, ')') LIMIT {NAMED})",
                literal(&format!(" rows of {} have ({}) = ", found.rows, names(&found.set)))
            )
        }
    };
    let end = match &found.among {
        Some((parents, columns)) => format!(", which is no ({}) of {parents}", names(columns)),
        None => format!(", and {} is made here and holds no row", found.key.references),
    };
    format!("{start}, COUNT(*), {said}, {}", literal(&end))
}
