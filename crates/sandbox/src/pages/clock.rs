//! Moves Holdfast's clock through its API, as any tester would.

use std::time::Duration;

use holdfast_core::time::Timestamp;
use serde::Deserialize;

use crate::world::World;

/// How long one call of the API may take. Moving the clock makes many deadlines come at once.
const DEADLINE: Duration = Duration::from_secs(20);
/// The longest answer that is read.
const ANSWER_MAX: usize = 64 * 1024;

/// Why the clock was not moved.
#[derive(Debug)]
pub(super) enum ClockError {
    /// The API did not answer, or not in time.
    Unreachable,
    /// It answered with this status.
    Refused(u16),
    /// It answered with something else than test clocks.
    Unreadable,
}

impl std::fmt::Display for ClockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => f.write_str("the API does not answer"),
            Self::Refused(status) => write!(f, "the API answered with status {status}"),
            Self::Unreadable => f.write_str("the API named no test clock"),
        }
    }
}

#[derive(Deserialize)]
struct Clocks {
    data: Vec<Clock>,
}

#[derive(Deserialize)]
struct Clock {
    id: String,
}

/// Asks the API to move its clock to `to`; it moves the sandbox's along.
///
/// # Errors
/// [`ClockError`].
pub(super) async fn advance(world: &World, to: Timestamp) -> Result<(), ClockError> {
    let clocks = format!("{}/v1/test_helpers/test_clocks", world.config.api_url);
    let listed = answer(world, world.client.get(format!("{clocks}?limit=1"))).await?;
    let listed: Clocks = serde_json::from_slice(&listed).map_err(|_| ClockError::Unreadable)?;
    let clock = listed.data.first().ok_or(ClockError::Unreadable)?;
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !clock.id.bytes().all(word) {
        return Err(ClockError::Unreadable);
    }
    // Up to the next whole second, so that the clock never arrives before the moment asked for.
    let seconds = to.seconds() + i64::from(to.ms() % 1_000 != 0);
    let advance = world
        .client
        .post(format!("{clocks}/{}/advance", clock.id))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("frozen_time={seconds}"));
    answer(world, advance).await.map(drop)
}

async fn answer(world: &World, call: reqwest::RequestBuilder) -> Result<Vec<u8>, ClockError> {
    let call = call.timeout(DEADLINE).bearer_auth(&world.config.api_key);
    let mut answer = call.send().await.map_err(|_| ClockError::Unreachable)?;
    if !answer.status().is_success() {
        return Err(ClockError::Refused(answer.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| ClockError::Unreachable)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER_MAX {
            return Err(ClockError::Unreadable);
        }
    }
    Ok(bytes)
}
