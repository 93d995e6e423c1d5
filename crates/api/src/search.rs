//! Search: which objects fit a query of the dialect, `status:"succeeded" AND amount>1000`.
//!
//! A query is read here into clauses and asked of objects as the API shows them, so that a resource
//! becomes searchable by naming its [`Field`]s.

use serde_json::Value;

use crate::codes;
use crate::error::ApiError;
use crate::list::Created;
use crate::params::TIMESTAMP_MAX;

mod parse;
#[cfg(test)]
mod tests;

/// A field that may be searched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Its name in queries: the path of the object's fields, joined by dots.
    pub(crate) name: &'static str,
    /// What may be asked of it.
    pub(crate) kind: Kind,
}

/// What may be asked of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The whole of it, in any case of letters: `currency:"eur"`, `disputed:"true"`.
    Token,
    /// The whole of it or a part: `email~"example"`.
    Text,
    /// How large it is: `amount>1000`.
    Number,
    /// The client's own notes: `metadata["order"]:"7"`.
    Metadata,
}

/// The fields that every searchable object has.
pub(crate) const COMMON: [Field; 2] = [
    Field { name: "created", kind: Kind::Number },
    Field { name: "metadata", kind: Kind::Metadata },
];

/// The longest query, in characters: ten clauses with the longest notes.
pub(crate) const QUERY_CHARS_MAX: usize = 8_000;
/// The most clauses of a query; as in the dialect.
pub(crate) const CLAUSES_MAX: usize = 10;
/// The fewest characters of a part that is looked for; as in the dialect.
pub(crate) const PART_CHARS_MIN: usize = 3;

/// A query that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    clauses: Vec<Clause>,
    joined_by: Joint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Clause {
    is_negated: bool,
    /// The names that lead to the value, from the object down.
    path: Vec<String>,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// Whether there is nothing.
    Null,
    /// Whether it is this, in small letters.
    Is(String),
    /// Whether this, in small letters, is in it.
    Holds(String),
    /// Whether it is within these, both ends included.
    Within(i64, i64),
}

impl Query {
    /// Reads a query about objects with these fields, beside [`COMMON`].
    ///
    /// # Refusals
    /// 400 `search_query_invalid` with `query`, saying where and why.
    pub(crate) fn parse(text: &str, fields: &[Field]) -> Result<Query, ApiError> {
        parse::query(text, fields).map_err(|why| {
            let message = format!("Invalid query: {why}");
            ApiError::param(codes::SEARCH_QUERY_INVALID, "query", message)
        })
    }

    /// Whether an object fits, as the API shows it.
    pub(crate) fn fits(&self, object: &Value) -> bool {
        let mut fit = self.clauses.iter().map(|clause| clause.fits(object));
        match self.joined_by {
            Joint::And => fit.all(|fits| fits),
            Joint::Or => fit.any(|fits| fits),
        }
    }

    /// The time that all objects that fit were made in, so that no others are looked at.
    pub(crate) fn created(&self) -> Created {
        let bounds = self.clauses.iter().filter_map(|clause| match clause.test {
            Test::Within(from, to) if !clause.is_negated && clause.path == ["created"] => {
                Some(Created { from: from.clamp(0, TIMESTAMP_MAX), to: to.min(TIMESTAMP_MAX) })
            }
            Test::Null | Test::Is(_) | Test::Holds(_) | Test::Within(..) => None,
        });
        match self.joined_by {
            Joint::And => bounds.fold(Created::ALL, Created::and),
            Joint::Or => Created::ALL,
        }
    }
}

impl Clause {
    fn fits(&self, object: &Value) -> bool {
        let value = self.path.iter().try_fold(object, |at, name| at.get(name));
        self.test.fits(value.unwrap_or(&Value::Null)) != self.is_negated
    }
}

impl Test {
    fn fits(&self, value: &Value) -> bool {
        // An expanded reference is found by its id.
        let value = value.get("id").unwrap_or(value);
        match self {
            Test::Null => value.is_null(),
            Test::Is(text) => text_of(value).is_some_and(|found| found == *text),
            Test::Holds(part) => text_of(value).is_some_and(|found| found.contains(part.as_str())),
            Test::Within(from, to) => {
                value.as_i64().is_some_and(|number| (*from..=*to).contains(&number))
            }
        }
    }
}

/// A value as text in small letters; nothing for what is not one value.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_lowercase()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
