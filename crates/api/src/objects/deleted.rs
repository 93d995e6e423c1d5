//! What is left of an object that was deleted.

use schemars::JsonSchema;
use serde::Serialize;

/// The answer to a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deleted {
    /// Of the object that is gone.
    pub id: String,
    /// Its kind, e.g. `webhook_endpoint`.
    pub object: &'static str,
    #[schemars(extend("const" = true))]
    deleted: bool,
}

impl Deleted {
    /// The answer to the deletion of the object `id` of the kind `object`.
    pub fn new(object: &'static str, id: String) -> Deleted {
        Deleted { id, object, deleted: true }
    }
}

/// An object, or what is left of it: clients look at what they have deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "{T}OrDeleted")]
pub enum OrDeleted<T> {
    /// It is there.
    Object(Box<T>),
    /// It was deleted.
    Deleted(Deleted),
}
