use proc_macro2::{Span, TokenStream};

use syn::ext::IdentExt;

use super::Origin;
use crate::decl::{Problem, nearest};

/// A mistake in an item, at its span.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LowerError {
    /// Where.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl LowerError {
    /// The mistake as the command line shows it.
    #[must_use]
    pub fn problem(&self, origin: &Origin) -> Problem {
        let problem = Problem::new(&origin.place(self.span), self.message.clone());
        match &self.help {
            Some(help) => problem.help(help.clone()),
            None => problem,
        }
    }

    /// The mistake as the compiler shows it.
    #[must_use]
    pub fn to_compile_error(&self) -> TokenStream {
        let text = match &self.help {
            Some(help) => format!("{}\n  = help: {help}", self.message),
            None => self.message.clone(),
        };
        syn::Error::new(self.span, text).to_compile_error()
    }
}

/// Every mistake in an item; never empty as an error.
#[derive(Clone, Debug)]
pub struct LowerErrors(Vec<LowerError>);

impl LowerErrors {
    /// The mistakes in the order they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, LowerError> {
        self.0.iter()
    }

    /// The mistakes as the command line shows them.
    #[must_use]
    pub fn problems(&self, origin: &Origin) -> Vec<Problem> {
        self.iter().map(|error| error.problem(origin)).collect()
    }

    /// The mistakes as the compiler shows them.
    #[must_use]
    pub fn to_compile_error(&self) -> TokenStream {
        self.iter().map(LowerError::to_compile_error).collect()
    }
}

impl<'a> IntoIterator for &'a LowerErrors {
    type Item = &'a LowerError;
    type IntoIter = std::slice::Iter<'a, LowerError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Where the mistakes of one item are collected.
#[derive(Default)]
pub(super) struct Sink {
    errors: Vec<LowerError>,
    mentioned: Vec<syn::Ident>,
    /// What other tables are said to have.
    pub(super) links: Vec<Link>,
}

/// Fields that another struct is said to have, and the fields here that are compared with them.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) own: Vec<syn::Ident>,
    pub(super) target: syn::Path,
    pub(super) fields: Vec<syn::Ident>,
}

impl Sink {
    pub(super) fn add(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(LowerError {
            span,
            message: message.into(),
            help: Some(help.into()),
        });
    }

    pub(super) fn syntax(&mut self, error: &syn::Error, what: &str, help: impl Into<String>) {
        self.add(error.span(), format!("`{what}` cannot be read: {error}"), help);
    }

    /// A word that is none of those that are accepted.
    pub(super) fn unknown(&mut self, span: Span, message: impl Into<String>, word: &str, accepted: &[&str]) {
        let list = accepted
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let help = match nearest(word, accepted.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? accepted: {list}"),
            None => format!("accepted: {list}"),
        };
        self.add(span, message, help);
    }

    pub(super) fn push(&mut self, error: LowerError) {
        self.errors.push(error);
    }

    pub(super) fn len(&self) -> usize {
        self.errors.len()
    }

    /// A field of the struct itself is named here; whether it exists is seen once all fields are known.
    pub(super) fn mention(&mut self, field: &syn::Ident) {
        self.mentioned.push(field.clone());
    }

    /// Looks for every mentioned field.
    pub(super) fn check_mentioned(&mut self, fields: &[&syn::Ident], table: &syn::Ident) {
        let known: Vec<String> = fields.iter().map(|field| field.unraw().to_string()).collect();
        for ident in std::mem::take(&mut self.mentioned) {
            let word = ident.unraw().to_string();
            if !known.contains(&word) {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.unknown(ident.span(), format!("`{table}` has no field `{word}`"), &word, &known);
            }
        }
    }

    /// The value where there was no mistake, else all of them.
    pub(super) fn or<T>(self, value: T) -> Result<T, LowerErrors> {
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(LowerErrors(self.errors))
        }
    }
}
