//! Which requests with an idempotency key are being worked on in this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::api::Api;
use crate::error::ApiError;
use crate::idempotency::{Fingerprint, Kept, Verdict, decide};

/// The keys of the requests under way, each within its scope.
#[derive(Default)]
pub(crate) struct InFlight {
    keys: Mutex<HashMap<String, Fingerprint>>,
}

/// A key that is this request's alone, until it is dropped: also when the request panics.
pub(crate) struct Held {
    api: Api,
    key: String,
}

impl Held {
    /// Takes a key for one request.
    ///
    /// # Refusals
    /// While another request has it: 409 if it is the same, else 400.
    pub(crate) fn take(api: &Api, key: &str, print: Fingerprint) -> Result<Held, ApiError> {
        let mut keys = api.in_flight().lock();
        let kept = keys.get(key).copied().map(Kept::InFlight);
        match decide(print, kept) {
            Verdict::Refuse(error) => return Err(error),
            Verdict::Execute | Verdict::Replay(_) => {}
        }
        keys.insert(key.to_owned(), print);
        Ok(Held { api: api.clone(), key: key.to_owned() })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.api.in_flight().lock().remove(&self.key);
    }
}

impl InFlight {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Fingerprint>> {
        // Whoever panicked while holding the lock left whole entries.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
