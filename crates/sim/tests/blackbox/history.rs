//! What one client asked for and what it was told, put down before it was sent.

use std::collections::BTreeMap;

use serde_json::Value;

use super::api::Form;
use super::http::Answer;

/// One write request. Its key and its parameters never change, however often it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) key: String,
    pub(crate) path: String,
    pub(crate) form: Form,
    /// How often it was sent.
    pub(crate) tries: u32,
    /// The answer; without one, what became of it is unknown.
    pub(crate) answer: Option<Answer>,
}

/// All requests of one client, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct History(Vec<Operation>);

/// What can be said of many requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// How often each request was told to be done, by the last part of its address.
    pub(crate) done: BTreeMap<String, usize>,
    pub(crate) declined: usize,
    pub(crate) refused: usize,
    pub(crate) unknown: usize,
    /// Of all of these, those that were sent more than once.
    pub(crate) repeated: usize,
}

impl Operation {
    /// Whether the client was told that it was done, or that the bank said no: what was said once
    /// must be said for ever.
    pub(crate) fn acknowledged(&self) -> Option<&Answer> {
        self.answer.as_ref().filter(|answer| answer.is_ok() || answer.status == 402)
    }

    /// The last part of its address: what is done, or the kind of object that is made.
    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The object of a success.
    pub(crate) fn object(&self) -> Option<Value> {
        self.answer.as_ref().filter(|answer| answer.is_ok()).map(Answer::json)
    }
}

impl History {
    /// Puts a request down and answers with its place.
    pub(crate) fn put_down(&mut self, key: String, path: &str, form: Form) -> usize {
        let path = path.to_owned();
        self.0.push(Operation { key, path, form, tries: 0, answer: None });
        self.0.len() - 1
    }

    pub(crate) fn at(&mut self, place: usize) -> &mut Operation {
        &mut self.0[place]
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.0.iter()
    }
}

impl Tally {
    pub(crate) fn of<'a>(operations: impl Iterator<Item = &'a Operation>) -> Tally {
        let mut tally = Tally::default();
        for operation in operations {
            let count = match operation.answer.as_ref().map(|answer| answer.status) {
                Some(200) => tally.done.entry(operation.name().to_owned()).or_default(),
                Some(402) => &mut tally.declined,
                Some(_) => &mut tally.refused,
                None => &mut tally.unknown,
            };
            *count += 1;
            tally.repeated += usize::from(operation.tries > 1);
        }
        tally
    }
}
