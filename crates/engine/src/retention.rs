//! Dropping what was kept for long enough, a little at a time, so that no payment waits for it.

use std::time::Duration;

use holdfast_core::time::{Span, Timestamp};
use holdfast_store::{Old, Passing, StoreError};
use tokio::time::Instant;

use crate::engine::Engine;

/// How many rows one turn drops. The embedded store writes nothing else meanwhile, for a few
/// milliseconds.
const TURN: usize = 50;
/// How many times as long as its turn the job rests after it: it takes a tenth of one writer's time
/// at most, and less when others want it.
const REST: u32 = 9;
/// The shortest rest: what a sync of the disk takes.
const REST_MIN: Duration = Duration::from_millis(5);
/// How often to look whether something has grown old.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How long links and tokens are kept: they let somebody in for minutes, and are looked at when
/// somebody says that one of them did not.
const LINKS: Span = Span::days(30);

/// For how long things are kept that are not kept for ever. It runs on the system's clock, which
/// nobody moves: a platform whose clock was moved on keeps them longer.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Replies to idempotent requests.
    pub replies: Span,
    /// Events, and what became of delivering them.
    pub events: Span,
}

impl Default for Retention {
    /// Replies for a month; events until a chargeback of the last release is decided.
    fn default() -> Retention {
        Retention { replies: Span::days(30), events: Span::days(180) }
    }
}

impl Retention {
    /// What is old at a moment, in the order in which it is to be dropped.
    fn old(self, now: Timestamp) -> [Old; Passing::ALL.len()] {
        Passing::ALL.map(|what| {
            let kept = match what {
                Passing::Replies => self.replies,
                Passing::Events | Passing::Deliveries => self.events,
                Passing::AccountLinks | Passing::BankTokens => LINKS,
            };
            Old { what, before: Timestamp::from_ms(now.ms().saturating_sub(kept.ms())) }
        })
    }
}

impl Engine {
    /// Drops what has grown old, as long as effects are performed here. Ends with whoever runs it.
    pub async fn run_retention(&self, retention: Retention) {
        loop {
            if self.performs() {
                match self.drop_old(retention).await {
                    Ok(0) => {}
                    Ok(dropped) => tracing::info!(dropped, "dropped what was old"),
                    Err(error) => tracing::error!(%error, "what is old could not be dropped"),
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Drops all that is old by now, and says how much it was.
    pub async fn drop_old(&self, retention: Retention) -> Result<usize, StoreError> {
        let mut dropped = 0;
        for old in retention.old(self.system_now()) {
            loop {
                let begun = Instant::now();
                let turn = self.inner.store.drop_old(old, TURN).await?;
                dropped += turn;
                if turn < TURN {
                    break;
                }
                tokio::time::sleep((begun.elapsed() * REST).max(REST_MIN)).await;
            }
        }
        Ok(dropped)
    }
}
