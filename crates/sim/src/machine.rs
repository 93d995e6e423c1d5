//! The machine below the engine: its clock is the runtime's paused clock, its randomness the
//! seed's.

use std::sync::Arc;

use holdfast_core::time::{Span, Timestamp};
use holdfast_engine::System;
use tokio::time::Instant;

use crate::random::Dice;

/// The machine during one life of the program.
#[derive(Debug)]
pub(crate) struct Machine {
    started: Instant,
    started_at: Timestamp,
    dice: Arc<Dice>,
}

impl Machine {
    /// A program that starts at a moment. Within its runtime only.
    pub(crate) fn start(started_at: Timestamp, dice: Arc<Dice>) -> Machine {
        Machine { started: Instant::now(), started_at, dice }
    }
}

impl System for Machine {
    fn now(&self) -> Timestamp {
        let ms = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.started_at.after(Span::from_ms(ms))
    }

    fn random(&self) -> u64 {
        self.dice.lock().next()
    }
}
