use proc_macro2::Span;
use syn::parse::{ParseStream, Parser};

use super::Origin;
use super::attr::{self, Arg, Key, Value};
use super::error::Sink;
use crate::decl::CounterDecl;
use crate::ir::Identity;

const COUNTER: &[Key] = &[
    ("always", "always"),
    ("by_default", "by_default"),
    ("start", "start = 1000"),
    ("increment", "increment = 10"),
    ("min", "min = 1"),
    ("max", "max = 9999"),
    ("cache", "cache = 50"),
    ("cycle", "cycle"),
    ("name", "name = \"sequence_name\""),
    ("schema", "schema = \"app\""),
    ("type", "type = \"bigint\""),
];

/// Reads `identity(always, start = 1000)` or `serial(…)`: how it counts, and the options of the counter where it has some.
pub(super) fn read(arg: &Arg, origin: &Origin, errors: &mut Sink) -> (Identity, Option<CounterDecl>) {
    let Value::List(tokens, span) = &arg.value else {
        return (Identity::ByDefault, None);
    };
    let mut args = Vec::new();
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            attr::arg(input, &arg.key, COUNTER, &mut args, errors);
        }
        Ok(())
    };
    if let Err(error) = read.parse2(tokens.clone()) {
        errors.syntax(&error, &arg.key, "write `identity(always, start = 1000)`");
    }
    let mut identity = Identity::ByDefault;
    let mut counter = CounterDecl::default();
    for arg in &args {
        match arg.key.as_str() {
            "always" if arg.flag(errors) => identity = Identity::Always,
            "by_default" => {
                arg.flag(errors);
            }
            "start" => counter.start = arg.number(errors),
            "increment" => counter.increment = arg.number(errors),
            "min" => counter.min = arg.number(errors),
            "max" => counter.max = arg.number(errors),
            "cache" => counter.cache = arg.number(errors),
            "cycle" => counter.cycle = arg.flag(errors),
            "name" => counter.name = arg.text(origin, errors),
            "schema" => counter.schema = arg.text(origin, errors),
            "type" => counter.ty = arg.text(origin, errors),
            _ => {}
        }
    }
    refuse_zero(&counter, *span, errors);
    (identity, (counter != CounterDecl::default()).then_some(counter))
}

fn refuse_zero(counter: &CounterDecl, span: Span, errors: &mut Sink) {
    if counter.increment == Some(0) {
        errors.add(
            span,
            "a counter that adds 0 never counts",
            "write `increment = 1`, or leave it out",
        );
    }
}
