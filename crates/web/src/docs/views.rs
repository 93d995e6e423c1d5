//! What the pages of the reference show: plain values.

pub use super::prose::Prose;

/// The whole reference.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// What there is to know before the first request.
    pub introduction: Prose,
    /// The dated version of the dialect.
    pub version: String,
    /// The resources, each with its operations.
    pub resources: Vec<Resource>,
    /// The objects that answers are made of, in the order of their names.
    pub objects: Vec<Object>,
    /// The error codes, by what they are about.
    pub codes: Vec<(String, Vec<Code>)>,
}

/// A resource and what can be done with it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// As paths and scopes of keys name it.
    pub name: String,
    /// As people read it.
    pub title: String,
    /// Its page.
    pub path: String,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name for programs, which is its anchor on the page.
    pub id: String,
    /// One line.
    pub summary: String,
    /// More than the line, where there is more to say.
    pub description: Option<Prose>,
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Which keys may call it.
    pub keys: &'static str,
    /// What it reads.
    pub parameters: Vec<Field>,
    /// What it answers.
    pub answer: Option<Kind>,
    /// An answer that was given once.
    pub example: Option<String>,
}

/// A parameter, or a field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its whole name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it has to be given, or is always there.
    pub required: bool,
    /// What there is to know of it.
    pub description: Option<Prose>,
}

/// The kind of a value.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// As people read it: `text of at most 250 characters`.
    pub words: String,
    /// The page of the object, where it is one.
    pub object: Option<String>,
}

/// An object of answers.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<Prose>,
    /// What it holds.
    pub fields: Vec<Field>,
}

/// An error code.
#[derive(Clone, Debug)]
pub struct Code {
    /// The word that programs branch on.
    pub code: String,
    /// What happened.
    pub meaning: Prose,
    /// What to do about it.
    pub advice: Prose,
}
