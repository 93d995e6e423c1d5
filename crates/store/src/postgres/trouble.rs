//! What a failure of the database means: whether a second try may help.

use std::error::Error as _;

use rustls_tokio_postgres::rustls::Error;
use tokio_postgres::error::SqlState;

use crate::StoreError;

/// Why a step did not succeed. Nothing was committed by it, unless the step was a commit.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// Somebody else was quicker, or the database moves to another machine: it may work again.
    Passing(StoreError),
    /// The database understood, and refuses.
    Lasting(StoreError),
}

/// What the driver calls every failure of an encrypted line.
const TLS_FAILED: &str = "error performing TLS handshake";

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Trouble {
        let Some(refused) = error.as_db_error() else {
            let message = whole(&error);
            return if is_of_trust(&error) {
                Trouble::Lasting(StoreError::Unusable(message))
            } else {
                Trouble::Passing(StoreError::Unavailable(message))
            };
        };
        let message = format!("{} ({})", refused.message(), refused.code().code());
        if passes(refused.code()) {
            Trouble::Passing(StoreError::Unavailable(message))
        } else {
            Trouble::Lasting(StoreError::Corrupt(message))
        }
    }
}

/// What the driver says, with its causes: by itself it names only the step that failed.
pub(super) fn whole(error: &tokio_postgres::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        told = format!("{told}: {deeper}");
        cause = deeper.source();
    }
    told
}

/// Whether the line could not be encrypted, or the server did not prove its name. No second try
/// changes that, unlike a line that broke meanwhile.
fn is_of_trust(error: &tokio_postgres::Error) -> bool {
    let broke = |cause: &std::io::Error| !cause.get_ref().is_some_and(|inner| inner.is::<Error>());
    error.to_string() == TLS_FAILED
        && !error.source().and_then(|cause| cause.downcast_ref()).is_some_and(broke)
}

/// Whether the same transaction may be tried again: it lost against another one, or its server is
/// starting, stopping, full or no longer the one that writes.
fn passes(code: &SqlState) -> bool {
    let lost = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ];
    // Connections, resources, operators' interventions.
    let classes = ["08", "53", "57"];
    lost.contains(code) || classes.iter().any(|class| code.code().starts_with(class))
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> StoreError {
        match trouble {
            Trouble::Passing(error) | Trouble::Lasting(error) => error,
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        if error.retryable() { Trouble::Passing(error) } else { Trouble::Lasting(error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passes_is_tried_again() {
        let again = ["40001", "40P01", "55P03", "25006", "25P03", "08006", "53300", "57P01"];
        let never = ["23505", "22003", "42P01", "42501", "40002", "XX001"];
        for code in again {
            assert!(passes(&SqlState::from_code(code)), "{code}");
        }
        for code in never {
            assert!(!passes(&SqlState::from_code(code)), "{code}");
        }
    }
}
