//! What is left of an object that was deleted.

use serde::Serialize;

/// The answer to a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deleted {
    /// Of the object that is gone.
    pub id: String,
    /// Its kind, e.g. `webhook_endpoint`.
    pub object: &'static str,
    deleted: bool,
}

impl Deleted {
    /// The answer to the deletion of the object `id` of the kind `object`.
    pub fn new(object: &'static str, id: String) -> Deleted {
        Deleted { id, object, deleted: true }
    }
}
