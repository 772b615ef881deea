//! Functions of queries, by what they mean; each engine says how it spells them.

/// A function of a query.
///
/// An engine gives a template in which `{0}`, `{1}`, … stand for the arguments, in parentheses where they need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Function {
    /// The text in lower case.
    Lower,
    /// The text in upper case.
    Upper,
    /// How many characters a text has.
    CharLength,
    /// The text without spaces at both ends.
    Trim,
    /// The text without spaces at its start.
    TrimStart,
    /// The text without spaces at its end.
    TrimEnd,
    /// Two texts behind each other.
    Concat,
    /// From this character on, counted from 1, so many.
    Substring,
    /// Each place of a text put in for another text.
    Replace,
    /// Where a text begins in another one, counted from 1; 0 where it does not.
    Position,
    /// The number without its sign.
    Abs,
    /// The number with the other sign.
    Negate,
    /// The nearest whole number.
    Round,
    /// The greatest whole number that is not greater.
    Floor,
    /// The least whole number that is not less.
    Ceil,
    /// A whole number by another one, cut off; NULL where that is zero.
    DivideWhole,
    /// A number by another one; NULL where that is zero.
    Divide,
    /// What is left of a division; NULL where the divisor is zero.
    Remainder,
    /// The first one that is not NULL.
    Coalesce,
    /// NULL where both are equal, or else the first.
    NullIf,
    /// An instant as a clock on the wall shows it in UTC.
    Utc,
    /// The year.
    Year,
    /// The month, from 1.
    Month,
    /// The day of the month, from 1.
    Day,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// The second, without its fraction.
    Second,
    /// The day of the week, Sunday being 0.
    Weekday,
    /// The date of a date with a time.
    DateOf,
    /// The start of the year, as what a clock on the wall shows.
    StartOfYear,
    /// The start of the month.
    StartOfMonth,
    /// The start of the day.
    StartOfDay,
    /// The start of the hour.
    StartOfHour,
    /// What a clock on the wall shows in UTC, as an instant again.
    FromUtc,
    /// So many seconds later.
    AddSeconds,
    /// The seconds from the second one to the first, with their fraction.
    SecondsBetween,
    /// A part of a JSON document as text, without quotes; the second argument is the path to it.
    JsonText,
    /// A part of a JSON document.
    JsonPart,
    /// Whether a JSON document has this path.
    JsonHas,
    /// Whether a JSON document holds another one.
    JsonContains,
    /// Whether a list has a value.
    ListHas,
    /// Whether a list has every value of another one.
    ListHasAll,
    /// Whether two lists have a value in common.
    ListOverlaps,
    /// [`ListHas`](Function::ListHas) of a list of texts.
    ListHasText,
    /// [`ListHasAll`](Function::ListHasAll) of lists of texts.
    ListHasAllText,
    /// [`ListOverlaps`](Function::ListOverlaps) of lists of texts.
    ListOverlapsText,
    /// How many values a list has.
    ListLength,
    /// Whether a text matches words to be searched for.
    Search,
    /// How far two vectors are from each other, as the crow flies.
    DistanceL2,
    /// The sum of how far they are from each other in each dimension.
    DistanceL1,
    /// One less the cosine of the angle between them.
    DistanceCosine,
    /// Their inner product, with the other sign.
    NegativeInnerProduct,
    /// All values of a group as a list.
    ListOfGroup,
    /// All texts of a group, with a text between them.
    TextOfGroup,
}

impl Function {
    /// Whether its arguments are in the types of their columns, where the other functions take what the program reads.
    pub(crate) fn is_of_columns(self) -> bool {
        matches!(
            self,
            Self::DistanceL2 | Self::DistanceL1 | Self::DistanceCosine | Self::NegativeInnerProduct
        )
    }
}

/// A step of a path into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonStep {
    /// The value of a key.
    Key(String),
    /// The value at a position, from 0.
    At(u32),
}

/// The path in the language of SQL/JSON, `$."a"[0]`.
pub(crate) fn json_path(steps: &[JsonStep]) -> String {
    let mut path = String::from("$");
    for step in steps {
        match step {
            JsonStep::Key(key) => {
                path.push_str(".\"");
                for character in key.chars() {
                    if matches!(character, '"' | '\\') {
                        path.push('\\');
                    }
                    path.push(character);
                }
                path.push('"');
            }
            JsonStep::At(at) => path.push_str(&format!("[{at}]")),
        }
    }
    path
}

/// How rows are locked for the time of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Nobody else may change or lock them.
    Update,
    /// Nobody else may change them.
    Share,
    /// Rows that somebody else has locked are left out.
    SkipLocked,
    /// A row that somebody else has locked is an error.
    NoWait,
}

/// How two tables are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// Rows that match.
    Inner,
    /// And rows of what comes before that have no match.
    Left,
    /// And rows of the table that have no match.
    Right,
    /// And both.
    Full,
    /// Each row with each.
    Cross,
    /// A subquery for each row.
    Lateral,
    /// And rows for which it gives nothing.
    LeftLateral,
}
