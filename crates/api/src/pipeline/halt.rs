//! Why a handler stops before its end.

use holdfast_core::refusal::Refusal;
use holdfast_engine::{StoreError, SubmitError};

use crate::error::ApiError;
use crate::refusals;
use crate::reply::Reply;

/// Why a handler stops before its end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The answer is an error.
    Error(ApiError),
    /// The domain said no; a handler may know more about it.
    Refused(Refusal),
    /// The request was answered before, under its idempotency key.
    Replay(Reply),
}

impl Halt {
    /// The answer.
    pub(crate) fn into_reply(self) -> Result<Reply, ApiError> {
        match self {
            Halt::Error(error) => Err(error),
            Halt::Refused(refusal) => Err(refusals::refused(refusal)),
            Halt::Replay(reply) => Ok(reply),
        }
    }

    /// The same, where `NotFound` is about the object `id`.
    pub(crate) fn about(self, object: &str, id: &str) -> Halt {
        match self {
            Halt::Refused(Refusal::NotFound) => Halt::Error(ApiError::not_found(object, id)),
            Halt::Error(_) | Halt::Refused(_) | Halt::Replay(_) => self,
        }
    }
}

impl From<ApiError> for Halt {
    fn from(error: ApiError) -> Halt {
        Halt::Error(error)
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Halt {
        Halt::Error(refusals::store(&error))
    }
}

impl From<SubmitError> for Halt {
    fn from(error: SubmitError) -> Halt {
        match error {
            SubmitError::Refused(refusal) => Halt::Refused(refusal),
            SubmitError::Store(_) | SubmitError::Busy | SubmitError::Bug(_) => {
                Halt::Error(refusals::not_carried_out(&error))
            }
        }
    }
}
