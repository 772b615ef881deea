//! Questions on the terminal. Only asked where [`Terminal::may_ask`](crate::terminal::Terminal::may_ask).

use inquire::validator::Validation;
use inquire::{Confirm, InquireError, Select, Text};

use crate::failure::Failure;
use crate::safe;

/// One of several answers; gives the index of the chosen one.
pub(crate) fn choose(question: &str, answers: Vec<String>) -> Result<usize, Failure> {
    let answers = answers
        .iter()
        .map(|answer| safe::one_line(answer).into_owned())
        .collect();
    Select::new(&safe::one_line(question), answers)
        .without_filtering()
        .with_help_message("↑↓ to move, Enter to choose, Esc to stop")
        .raw_prompt()
        .map(|answer| answer.index)
        .map_err(|error| given_up(&error))
}

/// A text; `checked` says what is wrong with one.
pub(crate) fn text(
    question: &str,
    example: &str,
    help: &str,
    checked: impl Fn(&str) -> Result<(), String> + Clone + 'static,
) -> Result<String, Failure> {
    Text::new(&safe::one_line(question))
        .with_placeholder(example)
        .with_help_message(help)
        .with_validator(move |text: &str| {
            Ok(match checked(text) {
                Ok(()) => Validation::Valid,
                Err(reason) => Validation::Invalid(reason.into()),
            })
        })
        .prompt()
        .map_err(|error| given_up(&error))
}

/// Yes or no; Enter alone is no.
pub(crate) fn confirm(question: &str) -> Result<bool, Failure> {
    Confirm::new(&safe::one_line(question))
        .with_default(false)
        .prompt()
        .map_err(|error| given_up(&error))
}

fn given_up(error: &InquireError) -> Failure {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            Failure::usage("cancelled", "stopped at a question; nothing was changed")
                .help("run the command again to answer it")
        }
        other => Failure::usage("no_answer", format!("the question could not be asked: {other}"))
            .help("run with `--no-input` to get the flags that answer it"),
    }
}
