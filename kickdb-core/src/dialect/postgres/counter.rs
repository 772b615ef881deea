//! The sequences behind identity and serial columns.

use super::MAX_IDENTIFIER;
use super::syntax::{bare, block, ident, literal, qualified};
use super::types::ddl;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Counter, Expr, Identity, IntBits, SqlType};

/// The name that PostgreSQL gives the sequence of a column: both names are cut, the longer first, to fit 63 bytes.
pub(super) fn usual_name(table: &Qualified, column: &Name) -> Qualified {
    numbered_name(table, column, 0)
}

/// The same where the first names are taken: with a number behind.
pub(super) fn numbered_name(table: &Qualified, column: &Name, number: usize) -> Qualified {
    let label = match number {
        0 => "seq".to_owned(),
        number => format!("seq{number}"),
    };
    table.sibling(object_name(table.name.as_str(), Some(column.as_str()), &label))
}

/// The name of a sequence that keeps where the counter of a column stands, while the column gets another one.
pub(super) fn kept_name(column: &Name) -> Name {
    object_name("kick", Some(column.as_str()), "counter")
}

/// `makeObjectName` of the server: it cuts by bytes, and then to whole characters.
pub(super) fn object_name(first: &str, second: Option<&str>, label: &str) -> Name {
    let room = MAX_IDENTIFIER - label.len() - 1 - second.map_or(0, |_| 1);
    let (mut one, mut two) = (first.len(), second.map_or(0, str::len));
    while one + two > room {
        if one > two {
            one -= 1;
        } else {
            two -= 1;
        }
    }
    let middle = second.map_or_else(String::new, |second| format!("_{}", cut(second, two)));
    Name::new(format!("{}{middle}_{label}", cut(first, one))).expect("names with a word behind them are a name")
}

fn cut(text: &str, mut bytes: usize) -> &str {
    while !text.is_char_boundary(bytes) {
        bytes -= 1;
    }
    &text[..bytes]
}

/// The lowest and highest value of a type.
fn range(ty: &SqlType) -> (i64, i64) {
    match ty {
        SqlType::Int {
            bits: IntBits::B8 | IntBits::B16,
            ..
        } => (i64::from(i16::MIN), i64::from(i16::MAX)),
        SqlType::Int { bits: IntBits::B32, .. } => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// A counter with all that it does not say.
pub(super) struct Full {
    pub(super) ty: SqlType,
    pub(super) start: i64,
    pub(super) increment: i64,
    pub(super) min: i64,
    pub(super) max: i64,
    pub(super) cache: i64,
    pub(super) cycle: bool,
}

impl Full {
    /// The counter of a column of type `column`.
    pub(super) fn of(counter: &Counter, column: &SqlType) -> Self {
        let ty = counter.ty.as_ref().unwrap_or(column).clone();
        let increment = counter.increment.unwrap_or(1);
        let (lowest, highest) = range(&ty);
        let ascending = increment > 0;
        let min = counter.min.unwrap_or(if ascending { 1 } else { lowest });
        let max = counter.max.unwrap_or(if ascending { highest } else { -1 });
        Self {
            start: counter.start.unwrap_or(if ascending { min } else { max }),
            cache: counter.cache.unwrap_or(1),
            cycle: counter.cycle,
            ty,
            increment,
            min,
            max,
        }
    }

    /// The options as `CREATE SEQUENCE` takes them, those that are not the usual ones.
    pub(super) fn unusual(&self) -> String {
        let usual = Self::of(
            &Counter {
                increment: Some(self.increment),
                ..Counter::default()
            },
            &self.ty,
        );
        let start = if self.increment > 0 { self.min } else { self.max };
        let mut words = Vec::new();
        let mut say = |word: &str, is: i64, would_be: i64| {
            if is != would_be {
                words.push(format!("{word} {is}"));
            }
        };
        say("INCREMENT BY", self.increment, 1);
        say("MINVALUE", self.min, usual.min);
        say("MAXVALUE", self.max, usual.max);
        say("START WITH", self.start, start);
        say("CACHE", self.cache, 1);
        if self.cycle {
            words.push("CYCLE".to_owned());
        }
        words.join(" ")
    }

    /// What `ALTER SEQUENCE` says to get from one to the other; empty where they are the same.
    pub(super) fn changes(from: &Self, to: &Self) -> String {
        let say = |word: &str, was: i64, is: i64| (was != is).then(|| format!("{word} {is}"));
        // What was counted so far may lie outside; rows that are there are looked at afterwards.
        let narrower = to.min > from.min || to.max < from.max;
        let cycle = (from.cycle != to.cycle).then(|| if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        let words = [
            say("INCREMENT BY", from.increment, to.increment),
            say("MINVALUE", from.min, to.min),
            say("MAXVALUE", from.max, to.max),
            say("START WITH", from.start, to.start),
            narrower.then(|| format!("RESTART WITH {}", to.start)),
            say("CACHE", from.cache, to.cache),
            cycle,
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// What is left of it when it counts in another type: a bound that was the type's own is so afterwards.
    pub(super) fn retyped(self, ty: &SqlType) -> Self {
        let ((lowest, highest), (new_lowest, new_highest)) = (range(&self.ty), range(ty));
        Self {
            ty: ty.clone(),
            min: if self.min == lowest { new_lowest } else { self.min },
            max: if self.max == highest { new_highest } else { self.max },
            ..self
        }
    }

    /// Only what is not usual.
    fn counter(&self, name: Option<Qualified>, column: &SqlType) -> Counter {
        let (lowest, highest) = range(&self.ty);
        let ascending = self.increment > 0;
        let (min, max) = if ascending { (1, highest) } else { (lowest, -1) };
        let start = if ascending { self.min } else { self.max };
        let unusual = |is: i64, usual: i64| (is != usual).then_some(is);
        Counter {
            name,
            ty: (self.ty != *column).then(|| self.ty.clone()),
            start: unusual(self.start, start),
            increment: unusual(self.increment, 1),
            min: unusual(self.min, min),
            max: unusual(self.max, max),
            cache: unusual(self.cache, 1),
            cycle: self.cycle,
        }
    }
}

/// The counter of a column with all its options.
pub(super) fn full(column: &Column) -> Full {
    match &column.value {
        ColumnValue::Identity(_, Some(counter)) => Full::of(counter, &column.ty),
        _ => Full::of(&Counter::default(), &column.ty),
    }
}

/// The counter of an integer column in normal form, save for its name.
pub(super) fn normalize(counter: Option<Box<Counter>>, identity: Identity, column: &SqlType) -> Box<Counter> {
    let mut counter = counter.unwrap_or_default();
    // An identity counts in the type of its column.
    if identity != Identity::Serial {
        counter.ty = None;
    }
    let name = counter.name.take();
    Box::new(Full::of(&counter, column).counter(name, column))
}

/// The counter's sequence, and all its options, of a column whose value is in normal form.
pub(super) fn sequence(counter: Option<&Counter>, table: &Qualified, column: &Name) -> Qualified {
    let name = counter.and_then(|counter| counter.name.clone());
    name.unwrap_or_else(|| usual_name(table, column))
}

/// The sequence that a serial column draws from.
pub(super) fn create(sequence: &Qualified, full: &Full) -> String {
    let options = full.unusual();
    let space = if options.is_empty() { "" } else { " " };
    format!(
        "CREATE SEQUENCE {} AS {}{space}{options}",
        qualified(sequence),
        ddl(&full.ty)
    )
}

/// The default that draws from a sequence, as the server tells it.
pub(super) fn drawing(sequence: &Qualified) -> ColumnValue {
    let text = literal(&said(sequence));
    ColumnValue::Default(Expr::Sql(format!("nextval({text}::regclass)")))
}

/// Whether a value is nothing but that.
pub(super) fn is_drawing(value: &ColumnValue, sequence: &Qualified) -> bool {
    let ColumnValue::Default(Expr::Sql(sql)) = value else {
        return false;
    };
    let inner = sql.strip_prefix("nextval(").and_then(|rest| rest.strip_suffix(')'));
    let inner = inner.map(|inner| inner.strip_suffix("::regclass").unwrap_or(inner));
    inner.is_some_and(|inner| inner == literal(&said(sequence)) || inner == literal(&qualified(sequence)))
}

fn said(sequence: &Qualified) -> String {
    let name = bare(sequence.name.as_str());
    match &sequence.schema {
        Some(schema) => format!("{}.{name}", bare(schema.as_str())),
        None => name,
    }
}

/// What stands above the first of these statements.
const ONE_OWNER: &str = "A sequence goes with a table of the same owner only.";

/// Gives a sequence to a column, with which it goes. Who runs the script need not own the table, nor who owns the table the
/// sequence.
pub(super) fn give(sequence: &Qualified, table: &Qualified, column: &Name) -> [(String, Option<&'static str>); 2] {
    let (name, above) = (qualified(sequence), qualified(table));
    let owner = |of: &str| format!("(SELECT relowner FROM pg_class WHERE oid = {}::regclass)", literal(of));
    let (is, wanted) = (owner(&name), owner(&above));
    // One that goes with another table stays with that one's owner until it is free.
    let owns = block(&format!(
        "BEGIN\n  IF {is} <> {wanted} THEN\n    ALTER SEQUENCE {name} OWNED BY NONE;\n    \
         EXECUTE format('ALTER SEQUENCE %s OWNER TO %I', {}, pg_get_userbyid({wanted}));\n  END IF;\nEND",
        literal(&name)
    ));
    [(owns, Some(ONE_OWNER)), (goes_with(sequence, table, column), None)]
}

pub(super) fn goes_with(sequence: &Qualified, table: &Qualified, column: &Name) -> String {
    format!(
        "ALTER SEQUENCE {} OWNED BY {}.{}",
        qualified(sequence),
        qualified(table),
        ident(column)
    )
}

/// A sequence that was there by itself becomes that of a serial column.
pub(super) fn take_over(sequence: &Qualified, full: &Full) -> String {
    format!(
        "ALTER SEQUENCE {} AS {} INCREMENT BY {} MINVALUE {} MAXVALUE {} START WITH {} CACHE {} {}",
        qualified(sequence),
        ddl(&full.ty),
        full.increment,
        full.min,
        full.max,
        full.start,
        full.cache,
        if full.cycle { "CYCLE" } else { "NO CYCLE" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_as_the_server_cuts_them() {
        let name = |text: &str| Name::new(text).expect("it is a name");
        let table = |text: &str| Qualified::local(name(text));
        assert_eq!(usual_name(&table("tasks"), &name("id")).name.as_str(), "tasks_id_seq");
        let long = usual_name(&table(&"t".repeat(60)), &name(&"c".repeat(40)));
        assert_eq!(long.name.as_str(), format!("{}_{}_seq", "t".repeat(29), "c".repeat(29)));
        let uneven = usual_name(&table(&"t".repeat(63)), &name("id"));
        assert_eq!(uneven.name.as_str(), format!("{}_id_seq", "t".repeat(56)));
    }

    #[test]
    fn only_what_is_not_usual_is_said() {
        let int = SqlType::Int {
            bits: IntBits::B32,
            unsigned: false,
        };
        let counter = |counter: Counter| *normalize(Some(Box::new(counter)), Identity::Serial, &int);
        let usual = Counter {
            ty: Some(int.clone()),
            start: Some(1),
            increment: Some(1),
            min: Some(1),
            max: Some(2_147_483_647),
            cache: Some(1),
            ..Counter::default()
        };
        assert_eq!(counter(usual), Counter::default());
        let down = Counter {
            increment: Some(-1),
            ..Counter::default()
        };
        assert_eq!(counter(down.clone()), down);
        assert_eq!(Full::of(&down, &int).unusual(), "INCREMENT BY -1");
        let from_ten = Counter {
            start: Some(10),
            min: Some(10),
            ..Counter::default()
        };
        assert_eq!(Full::of(&from_ten, &int).unusual(), "MINVALUE 10");
    }
}
