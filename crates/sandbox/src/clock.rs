//! The machine's clock and its randomness: the only places where either is read.

use std::time::{SystemTime, UNIX_EPOCH};

use holdfast_core::time::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::network::random::{SEED_BYTES, Seed};

/// The machine has no random bytes to give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoRandomness;

/// The machine's time.
#[allow(clippy::disallowed_methods, reason = "the sandbox is a clock of its own")]
pub(crate) fn machine_now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The random bytes of one request.
///
/// # Errors
/// [`NoRandomness`] when the system has none.
pub(crate) fn seed() -> Result<Seed, NoRandomness> {
    let mut bytes = [0; SEED_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(Seed::new(bytes))
}
