//! How an engine tells what is in it: queries, and the pure reading of their answers.

use crate::ir::Schema;

/// How an engine tells what is in it: queries, and the pure reading of their answers.
pub trait Catalog {
    /// The queries. Each gives rows with one column of text, which are joined by line ends: one row with a JSON document, or,
    /// where an engine cuts long ones, a row for each object.
    fn catalog_queries(&self) -> &'static [&'static str];

    /// What is to be asked when the first answers are known, in a number that does not grow with the schema but for what the
    /// engine tells one by one alone. The answers follow the others; several columns are joined by NUL bytes.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn further_queries(&self, answers: &[String]) -> Result<Vec<String>, CatalogError> {
        let _ = answers;
        Ok(Vec::new())
    }

    /// Reads the answers, in the order of the queries, into a schema in normal form. Tables that start with `kick_` are
    /// left out.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn read_catalog(&self, answers: &[String]) -> Result<Schema, CatalogError>;

    /// What is asked besides for [`read_told`](Self::read_told); the answers follow all others.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn told_queries(&self, answers: &[String]) -> Result<Vec<String>, CatalogError> {
        let _ = answers;
        Ok(Vec::new())
    }

    /// The same, but with the expressions in the words of the server, where it rewrites them. For two databases of one version,
    /// each of which speaks for itself: what differs in words there is to be the same in words afterwards.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn read_told(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        self.read_catalog(answers)
    }

    /// A query for what may not be read, in rows of one text: the kind and the name, as an [`ObjectId`](crate::ir::ObjectId)
    /// or `table …` shows itself. What is read after all is taken off the list.
    fn unread_query(&self) -> &'static str;

    /// Asks who owns what, and who may do what: in rows of two texts a thing, by kind and name, with its owner; and in rows of one a
    /// line for people. `None` where a database holds no rights.
    fn all_rights_query(&self) -> Option<&'static str> {
        None
    }

    /// Asks for what a table has that says nothing of its own, where each database decides that (a collation).
    fn usual_query(&self) -> Option<&'static str> {
        None
    }

    /// Lets two schemas that were read where that is `usual`, in their order, say the same where they mean the same, and what
    /// they mean where they do not. It is the first database that will be changed.
    fn meet(&self, from: &mut Schema, to: &mut Schema, usual: [&str; 2]) {
        let _ = (from, to, usual);
    }

    /// Takes out of the second schema, which the first is to become, what was broken in its own database, so that no statement
    /// makes it: it stays as it is in the first. Says what, each in a few words.
    fn set_broken_aside(&self, from: &Schema, to: &mut Schema) -> Vec<String> {
        let _ = (from, to);
        Vec::new()
    }
}

/// An answer of a catalog that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database's catalog cannot be read: {message}")]
pub struct CatalogError {
    /// What was found, and where.
    pub message: String,
}
