//! The parameters of a request, read by taking them out: what nobody took is unknown.
//!
//! A handler takes what it knows by name and type; [`Params::read`] then refuses the rest as
//! `parameter_unknown`. So no field can be posted back by mistake or on purpose, and a
//! misspelled parameter never passes as an absent one.

use std::ops::RangeInclusive;

use crate::codes;
use crate::digest::sha256_of_parts;
use crate::error::ApiError;
use crate::expand::Wanted;
use crate::form::{Body, Entry, Shape, leaves, tree, tree_within};
use crate::list::Created;

mod recorder;
mod scalar;

pub(crate) use recorder::{Note, Record, Recorder, Seen, Shape as ReadAs};
pub(crate) use scalar::{Pairs, Scalar};

/// The parameters of a request or of one of its nested objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    spelled: String,
    entries: Vec<Entry>,
    /// The time that a page was narrowed to.
    created: Option<Created>,
    /// Writes down what is read; only where the API describes itself.
    recorder: Option<Recorder>,
    /// What of the answer is to be whole.
    wanted: Wanted,
}

/// A parameter of an update that may also be taken away, by an empty value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<T> {
    /// Not given: stays as it is.
    Keep,
    /// Given empty: becomes null.
    Unset,
    /// Given.
    Set(T),
}

impl<T: Clone> Change<T> {
    /// Makes the change on a field.
    pub fn apply_to(&self, field: &mut Option<T>) {
        match self {
            Change::Keep => {}
            Change::Unset => *field = None,
            Change::Set(value) => *field = Some(value.clone()),
        }
    }
}

/// The largest array that a reader takes where it names no bound of its own.
pub const ITEMS_MAX: usize = 100;

/// The latest time that is read: the last second of the year 9999.
pub const TIMESTAMP_MAX: i64 = 253_402_300_799;

impl Params {
    /// Reads the query string and the form body of a request. Both may hold parameters, no
    /// parameter may be in both.
    ///
    /// # Refusals
    /// 400 naming the parameter that cannot be read; 413 for more than 2 MiB.
    pub fn decode(query: Option<&str>, body: &[u8]) -> Result<Params, ApiError> {
        Ok(Params::of_entries(tree(query.unwrap_or_default().as_bytes(), body)?))
    }

    /// The same of a body whose route lets it be larger.
    pub(crate) fn of_body(query: Option<&str>, body: Body<'_>) -> Result<Params, ApiError> {
        Ok(Params::of_entries(tree_within(query.unwrap_or_default().as_bytes(), body)?))
    }

    fn of_entries(entries: Vec<Entry>) -> Params {
        let (spelled, wanted) = (String::new(), Wanted::default());
        Params { spelled, entries, created: None, recorder: None, wanted }
    }

    /// Parameters whose reading is written down.
    pub(crate) fn described(entries: Vec<Entry>, recorder: Recorder) -> Params {
        Params { recorder: Some(recorder), ..Params::of_entries(entries) }
    }

    /// The same for an operation of whose answer something may be wanted whole.
    #[must_use]
    pub(crate) fn wanting(self, wanted: Wanted) -> Params {
        Params { wanted, ..self }
    }

    /// What of the answer is to be whole.
    pub(crate) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Who writes down what is read, where somebody does.
    pub(crate) fn recorder(&self) -> Option<&Recorder> {
        self.recorder.as_ref()
    }

    /// Says more of a parameter than its reader does, for the reference: a value that is taken,
    /// a pattern, a sentence. Costs nothing where nobody writes it down.
    pub(crate) fn note(&self, name: &str, note: impl FnOnce() -> Note) {
        if let Some(recorder) = &self.recorder {
            recorder.note(name, note());
        }
    }

    /// A value that `name` takes, where the code checks more than the reader: without one, the
    /// reference would not come to see what is read after it.
    pub(crate) fn example(&self, name: &str, value: &str) {
        self.note(name, || Note { example: Some(value.to_owned()), ..Note::default() });
    }

    fn shape(&self, name: &str, shape: impl FnOnce() -> ReadAs) {
        if let Some(recorder) = &self.recorder {
            recorder.shape(name, shape());
        }
    }

    /// A digest of all parameters, the same for any order and spelling of them.
    pub fn digest(&self) -> [u8; 32] {
        let leaves = leaves(&self.entries);
        sha256_of_parts(leaves.iter().flat_map(|(path, value)| [path.as_bytes(), value.as_bytes()]))
    }

    /// Reads all parameters by `read` and refuses what it left.
    ///
    /// # Refusals
    /// Those of `read`, then `parameter_unknown`.
    pub fn read<T>(
        mut self,
        read: impl FnOnce(&mut Params) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let value = read(&mut self)?;
        self.finish()?;
        Ok(value)
    }

    /// Refuses what has not been taken, with the first as `param`.
    pub fn finish(self) -> Result<(), ApiError> {
        let Some(first) = self.entries.first() else { return Ok(()) };
        let names: Vec<&str> = self.entries.iter().map(|entry| entry.spelled.as_str()).collect();
        let plural = if names.len() == 1 { "" } else { "s" };
        let message = format!("Received unknown parameter{plural}: {}", names.join(", "));
        // The message names them all, but not without end.
        let message = message.chars().take(MESSAGE_CHARS_MAX).collect::<String>();
        Err(ApiError::param(codes::PARAMETER_UNKNOWN, &first.spelled, message))
    }

    /// How `param` of these parameters is spelled from the root: `a[b][param]`.
    pub fn spelled(&self, name: &str) -> String {
        if self.spelled.is_empty() { name.into() } else { format!("{}[{name}]", self.spelled) }
    }

    /// How these parameters themselves are spelled from the root: `line_items[0]`.
    pub fn place(&self) -> &str {
        &self.spelled
    }

    /// Whether `name` was given and not yet taken.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// Whether `name` was given as one value.
    pub fn is_scalar(&self, name: &str) -> bool {
        self.shape(name, || ReadAs::Scalar);
        let scalar = |entry: &Entry| matches!(entry.shape, Shape::Scalar(_));
        self.entries.iter().any(|entry| entry.name == name && scalar(entry))
    }

    /// Whether `name` was given as one value, and an empty one.
    pub fn is_empty_text(&self, name: &str) -> bool {
        let is_empty =
            |entry: &Entry| matches!(&entry.shape, Shape::Scalar(value) if value.is_empty());
        self.entries.iter().any(|entry| entry.name == name && is_empty(entry))
    }

    /// The error for a required parameter that is absent.
    pub fn missing(&self, name: &str) -> ApiError {
        ApiError::missing(&self.spelled(name))
    }

    /// A text of at most `chars_max` characters. Empty is refused.
    pub fn text(&mut self, name: &str, chars_max: usize) -> Result<Option<String>, ApiError> {
        self.shape(name, || ReadAs::Text { chars_max });
        self.scalar(name)?.map(|scalar| scalar.text(chars_max)).transpose()
    }

    /// A required text of 1 to `chars_max` characters.
    pub fn required_text(&mut self, name: &str, chars_max: usize) -> Result<String, ApiError> {
        self.text(name, chars_max)?.ok_or_else(|| self.missing(name))
    }

    /// A text of at most `chars_max` characters that an empty value takes away.
    pub fn text_change(
        &mut self,
        name: &str,
        chars_max: usize,
    ) -> Result<Change<String>, ApiError> {
        self.shape(name, || ReadAs::Text { chars_max });
        self.shape(name, || ReadAs::Unset);
        Ok(match self.scalar(name)? {
            None => Change::Keep,
            Some(scalar) if scalar.value.is_empty() => Change::Unset,
            Some(scalar) => Change::Set(scalar.text(chars_max)?),
        })
    }

    /// A whole number within `range`, written in ASCII digits without sign, point or exponent
    /// (but a minus where the range allows one).
    pub fn integer(
        &mut self,
        name: &str,
        range: RangeInclusive<i64>,
    ) -> Result<Option<i64>, ApiError> {
        self.shape(name, || ReadAs::Integer { least: *range.start(), most: *range.end() });
        self.scalar(name)?.map(|scalar| scalar.integer(&range)).transpose()
    }

    /// A required whole number within `range`.
    pub fn required_integer(
        &mut self,
        name: &str,
        range: RangeInclusive<i64>,
    ) -> Result<i64, ApiError> {
        self.integer(name, range)?.ok_or_else(|| self.missing(name))
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        self.shape(name, || ReadAs::Boolean);
        self.scalar(name)?.map(|scalar| scalar.boolean()).transpose()
    }

    /// One of the words of `table`, as what stands beside it.
    pub fn choice<T: Copy>(
        &mut self,
        name: &str,
        table: &[(&str, T)],
    ) -> Result<Option<T>, ApiError> {
        let words = || table.iter().map(|(word, _)| (*word).to_owned()).collect();
        self.shape(name, || ReadAs::Choice(words()));
        self.scalar(name)?.map(|scalar| scalar.choice(table)).transpose()
    }

    /// A required word of `table`.
    pub fn required_choice<T: Copy>(
        &mut self,
        name: &str,
        table: &[(&str, T)],
    ) -> Result<T, ApiError> {
        self.choice(name, table)?.ok_or_else(|| self.missing(name))
    }

    /// A time in whole seconds since 1970, from 0 to the end of the year 9999.
    pub fn timestamp(&mut self, name: &str) -> Result<Option<i64>, ApiError> {
        self.shape(name, || ReadAs::Timestamp);
        let Some(scalar) = self.scalar(name)? else { return Ok(None) };
        let seconds = scalar.integer(&(0..=TIMESTAMP_MAX)).map_err(|_| {
            let message = format!("Invalid timestamp: {} must be seconds since 1970.", scalar.name);
            ApiError::param(codes::PARAMETER_INVALID_TIMESTAMP, &scalar.name, message)
        })?;
        Ok(Some(seconds))
    }

    /// An array of at most `items_max` texts of at most `chars_max` characters. One empty value
    /// is the empty array, as SDKs write it.
    pub fn texts(
        &mut self,
        name: &str,
        items_max: usize,
        chars_max: usize,
    ) -> Result<Option<Vec<String>>, ApiError> {
        self.shape(name, || ReadAs::Texts { items_max, chars_max });
        let Some(entries) = self.array(name, items_max)? else { return Ok(None) };
        let texts = entries.into_iter().map(|entry| Scalar::of(entry)?.text(chars_max));
        texts.collect::<Result<Vec<String>, ApiError>>().map(Some)
    }

    /// An array of at most `items_max` objects, each read to its end by `read`.
    pub fn list<T>(
        &mut self,
        name: &str,
        items_max: usize,
        mut read: impl FnMut(&mut Params) -> Result<T, ApiError>,
    ) -> Result<Option<Vec<T>>, ApiError> {
        self.shape(name, || ReadAs::List { items_max });
        let recorder = self.recorder.as_ref().map(|recorder| recorder.within(name).element());
        let Some(entries) = self.array(name, items_max)? else { return Ok(None) };
        let items =
            entries.into_iter().map(|entry| Params::of(entry, recorder.clone())?.read(&mut read));
        items.collect::<Result<Vec<T>, ApiError>>().map(Some)
    }

    /// A nested object, read to its end by `read`.
    pub fn map<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Params) -> Result<T, ApiError>,
    ) -> Result<Option<T>, ApiError> {
        self.shape(name, || ReadAs::Map);
        let recorder = self.recorder.as_ref().map(|recorder| recorder.within(name));
        self.take(name).map(|entry| Params::of(entry, recorder)?.read(read)).transpose()
    }

    /// A nested object that an empty value takes away.
    pub fn map_change<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Params) -> Result<T, ApiError>,
    ) -> Result<Change<T>, ApiError> {
        self.shape(name, || ReadAs::Map);
        self.shape(name, || ReadAs::Unset);
        let recorder = self.recorder.as_ref().map(|recorder| recorder.within(name));
        match self.take(name) {
            None => Ok(Change::Keep),
            Some(Entry { shape: Shape::Scalar(value), .. }) if value.is_empty() => {
                Ok(Change::Unset)
            }
            Some(entry) => Params::of(entry, recorder)?.read(read).map(Change::Set),
        }
    }

    /// A nested object whose names are the client's own, as pairs in the order they were given.
    pub(crate) fn pairs(&mut self, name: &str) -> Result<Option<Pairs>, ApiError> {
        self.shape(name, || ReadAs::Pairs);
        Ok(match self.take(name) {
            None => None,
            Some(Entry { shape: Shape::Scalar(value), .. }) if value.is_empty() => {
                Some(Pairs::Cleared)
            }
            Some(entry) => {
                let entries = Params::of(entry, None)?.entries.into_iter();
                let pairs = entries.map(|entry| Ok((entry.name.clone(), Scalar::of(entry)?)));
                Some(Pairs::Given(pairs.collect::<Result<_, ApiError>>()?))
            }
        })
    }

    /// Takes what was given under `name`, whatever it is: for what clients send by habit and what
    /// has no meaning here.
    pub fn ignore(&mut self, name: &str) {
        self.take(name);
    }

    /// The time that the page was narrowed to, if that was read already.
    pub(crate) fn created(&self) -> Option<Created> {
        self.created
    }

    /// Keeps the time that the page is narrowed to, for lists that look at it themselves.
    pub(crate) fn put_back(&mut self, created: Created) {
        self.created = Some(created);
    }

    fn take(&mut self, name: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.name == name)?;
        Some(self.entries.remove(at))
    }

    fn scalar(&mut self, name: &str) -> Result<Option<Scalar>, ApiError> {
        self.take(name).map(Scalar::of).transpose()
    }

    /// The elements of an array in their order.
    fn array(&mut self, name: &str, items_max: usize) -> Result<Option<Vec<Entry>>, ApiError> {
        let Some(entry) = self.take(name) else { return Ok(None) };
        let refuse = |message: String| {
            Err(ApiError::param(codes::PARAMETER_INVALID_ARRAY, &entry.spelled, message))
        };
        let mut elements = match entry.shape {
            Shape::Scalar(value) if value.is_empty() => return Ok(Some(Vec::new())),
            Shape::Scalar(_) => return refuse(format!("Invalid array: {name}[0]=value.")),
            Shape::Branch(elements) => elements,
        };
        if elements.len() > items_max {
            return refuse(format!("{name} may hold at most {items_max} values."));
        }
        if elements.iter().all(|element| element.name.is_empty()) {
            return Ok(Some(elements));
        }
        // The name of an index is short, so the longer of two is the larger.
        elements.sort_by(|a, b| (a.name.len(), &a.name).cmp(&(b.name.len(), &b.name)));
        let counted =
            elements.iter().enumerate().all(|(at, element)| element.name == at.to_string());
        if !counted {
            return refuse(format!("Invalid array: the indexes of {name} must count from 0."));
        }
        Ok(Some(elements))
    }

    fn of(entry: Entry, recorder: Option<Recorder>) -> Result<Params, ApiError> {
        let spelled = entry.spelled;
        let named = |inner: &Entry| !inner.name.is_empty();
        match entry.shape {
            Shape::Branch(entries) if entries.iter().all(named) => {
                Ok(Params { spelled, recorder, ..Params::of_entries(entries) })
            }
            Shape::Branch(_) | Shape::Scalar(_) => {
                let message = format!("Invalid object: write {spelled}[key]=value.");
                Err(ApiError::param(codes::PARAMETER_INVALID_OBJECT, &spelled, message))
            }
        }
    }
}

/// The most characters of a message that lists parameters.
const MESSAGE_CHARS_MAX: usize = 1_000;

#[cfg(test)]
mod tests;
