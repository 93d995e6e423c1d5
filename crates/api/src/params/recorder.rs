//! The describing mode of parameters: what is read is written down, so that the reference of the
//! API is made by the very code that reads.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_core::id::{CheckoutSessionId, Id};

use crate::error::ApiError;
use crate::render::checkout_session::WIRE_PREFIX;

/// Writes down what an operation reads, over any number of runs of its handler. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    inner: Arc<Mutex<Record>>,
    /// Where in the parameters this one stands: empty at the root, `line_items[]`.
    at: String,
}

/// What was written down.
#[derive(Clone, Default)]
pub(crate) struct Record {
    /// The parameters in the order in which they are read first.
    pub(crate) params: Vec<Seen>,
    /// How the last run ended; `None` where the handler did not come to read its parameters.
    pub(crate) end: Option<Result<(), ApiError>>,
    /// The prefix of the id in the path, where the handler looked at it.
    pub(crate) path_id: Option<&'static str>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// Its whole name, with `[]` for the elements of an array: `line_items[][quantity]`.
    pub(crate) path: String,
    /// As what it is read; several where it may be given in several ways.
    pub(crate) shapes: Vec<Shape>,
    /// What the reader says of it besides.
    pub(crate) note: Note,
}

/// As what a parameter is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A text of this many characters at most.
    Text { chars_max: usize },
    /// A whole number.
    Integer { least: i64, most: i64 },
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(Vec<String>),
    /// Seconds since 1970.
    Timestamp,
    /// An array of texts.
    Texts { items_max: usize, chars_max: usize },
    /// An array of objects, whose parameters are seen under `path[]`.
    List { items_max: usize },
    /// An object, whose parameters are seen under `path[...]`.
    Map,
    /// An object whose names are the client's own.
    Pairs,
    /// Something that is looked at as one value first, and read otherwise if it is none.
    Scalar,
    /// An empty value, which takes away what is there.
    Unset,
}

/// What a reader knows of a parameter beyond its shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Note {
    /// A regular expression that values fulfil.
    pub(crate) pattern: Option<String>,
    /// The only values that are taken, where they are known.
    pub(crate) words: Vec<String>,
    /// The word of JSON Schema for its format.
    pub(crate) format: Option<&'static str>,
    /// A value that is taken.
    pub(crate) example: Option<String>,
    /// The least number, where it is more than that of the shape.
    pub(crate) least: Option<i64>,
    /// The largest number, where it is less than that of the shape.
    pub(crate) most: Option<i64>,
    /// What it is, in a sentence.
    pub(crate) doc: Option<&'static str>,
}

impl Note {
    /// An id of a kind.
    pub(crate) fn id<I: Id>() -> Note {
        let prefix = if I::PREFIX == CheckoutSessionId::PREFIX { WIRE_PREFIX } else { I::PREFIX };
        Note {
            pattern: Some(format!("^{prefix}[0-9A-Za-z]+$")),
            example: Some(I::from_number(0).to_string().replacen(I::PREFIX, prefix, 1)),
            ..Note::default()
        }
    }
}

impl Recorder {
    /// Where in the parameters `name` stands.
    fn path(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.at) }
    }

    /// The same recorder for what is nested in `name`.
    pub(super) fn within(&self, name: &str) -> Recorder {
        Recorder { inner: Arc::clone(&self.inner), at: self.path(name) }
    }

    /// The same recorder for the elements of an array.
    pub(super) fn element(&self) -> Recorder {
        Recorder { inner: Arc::clone(&self.inner), at: format!("{}[]", self.at) }
    }

    pub(super) fn shape(&self, name: &str, shape: Shape) {
        let path = self.path(name);
        let mut record = self.record();
        let shapes = &mut record.seen(path).shapes;
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }

    pub(super) fn note(&self, name: &str, note: Note) {
        let path = self.path(name);
        let mut record = self.record();
        let known = &mut record.seen(path).note;
        known.pattern = note.pattern.or(known.pattern.take());
        for word in note.words {
            if !known.words.contains(&word) {
                known.words.push(word);
            }
        }
        known.format = note.format.or(known.format);
        known.example = note.example.or(known.example.take());
        known.least = note.least.or(known.least);
        known.most = note.most.or(known.most);
        known.doc = note.doc.or(known.doc);
    }

    /// How the run ended.
    pub(crate) fn ended(&self, end: Result<(), ApiError>) {
        self.record().end = Some(end);
    }

    /// The handler looked at the id in the path.
    pub(crate) fn path_id(&self, prefix: &'static str) {
        self.record().path_id = Some(prefix);
    }

    /// Takes how the last run ended, so that the next one starts anew.
    pub(crate) fn take_end(&self) -> Option<Result<(), ApiError>> {
        self.record().end.take()
    }

    /// A copy of what has been written down so far.
    pub(crate) fn so_far(&self) -> Record {
        self.record().clone()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        // Nothing is left half written by a reader that panicked.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn seen(&mut self, path: String) -> &mut Seen {
        let at = self.params.iter().position(|seen| seen.path == path);
        let at = at.unwrap_or_else(|| {
            self.params.push(Seen { path, shapes: Vec::new(), note: Note::default() });
            self.params.len() - 1
        });
        &mut self.params[at]
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("at", &self.at).finish_non_exhaustive()
    }
}

// The parameters of two requests are the same whoever writes them down.
impl PartialEq for Recorder {
    fn eq(&self, _: &Recorder) -> bool {
        true
    }
}

impl Eq for Recorder {}
