//! This machine's clock beside the database's. Deadlines and leases are read off each node's own
//! clock, so a node whose clock says another time than that of all others does nothing by it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use holdfast_core::time::{Span, Timestamp};
use holdfast_engine::{Engine, System};
use holdfast_store::postgres::PostgresStore;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::ops::Health;
use crate::system::Machine;

/// What part of a lease two clocks may differ by. An effect is begun with half of its lease left,
/// so that two nodes that are off to both sides are still not at it at once.
const PART_OF_LEASE: i64 = 12;
/// How often the clocks are compared.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Compares the clocks.
#[derive(Clone)]
pub(crate) struct Clock {
    store: Arc<PostgresStore>,
    machine: Arc<Machine>,
    off_max: Span,
}

impl Clock {
    /// Of a node that takes effects for as long as `lease`.
    pub(crate) fn new(store: Arc<PostgresStore>, machine: Arc<Machine>, lease: Duration) -> Clock {
        let lease_ms = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
        Clock { store, machine, off_max: Span::from_ms(lease_ms / PART_OF_LEASE) }
    }

    /// Refuses a clock that is off.
    pub(crate) async fn check(&self) -> anyhow::Result<()> {
        match self.difference().await.context("the database's clock")? {
            Some(what) => bail!("{what}"),
            None => Ok(()),
        }
    }

    /// Keeps comparing until `stopping` says so. While the clock is off, nothing is performed here
    /// and `/readyz` sends everybody to the other nodes.
    pub(crate) async fn watch(
        self,
        engine: Engine,
        health: Health,
        mut stopping: watch::Receiver<bool>,
    ) {
        let performs = engine.performs();
        let mut was_off = false;
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => return,
                () = sleep(LOOK_EVERY) => {}
            }
            // A database that does not answer says nothing about the clock.
            let Ok(found) = self.difference().await else { continue };
            let is_off = found.is_some();
            if is_off != was_off {
                match found {
                    Some(what) => tracing::error!("nothing is begun here: {what}"),
                    None => tracing::info!("the clock is right again"),
                }
                engine.perform(performs && !is_off);
                health.set_clock_is_off(is_off);
                was_off = is_off;
            }
        }
    }

    /// What is wrong with this machine's clock, if anything is.
    async fn difference(&self) -> anyhow::Result<Option<String>> {
        let before = self.machine.now();
        let theirs = self.store.clock().await?;
        Ok(difference(before, theirs, self.machine.now(), self.off_max))
    }
}

/// The database said its time between two looks at ours.
fn difference(
    before: Timestamp,
    theirs: Timestamp,
    after: Timestamp,
    off_max: Span,
) -> Option<String> {
    let is_near = theirs >= before.before(off_max) && theirs <= after.after(off_max);
    (!is_near).then(|| {
        let (ours, theirs, bound) = (shown(after), shown(theirs), off_max.ms());
        format!(
            "this machine's clock says {ours} and the database's {theirs}: \
             they may differ by {bound} ms"
        )
    })
}

fn shown(time: Timestamp) -> String {
    let shown = jiff::Timestamp::from_millisecond(time.ms()).map(|time| time.to_string());
    shown.unwrap_or_else(|_| format!("{} ms since 1970", time.ms()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_when_the_way_there_and_back_does_not_explain_it() {
        let at = Timestamp::from_ms;
        let check = |before, theirs, after, is_off| {
            let found = difference(at(before), at(theirs), at(after), Span::from_ms(500));
            assert_eq!(found.is_some(), is_off, "{before} {theirs} {after}");
        };
        check(10_000, 10_001, 10_002, false);
        check(10_000, 9_500, 10_002, false);
        check(10_000, 9_499, 10_002, true);
        check(10_000, 10_502, 10_002, false);
        check(10_000, 10_503, 10_002, true);
        // A slow answer says less.
        check(10_000, 14_000, 14_500, false);
        let start = Timestamp::from_ms(1_795_176_000_000);
        let found = difference(start, start.after(Span::hours(1)), start, Span::seconds(5));
        assert_eq!(
            found.as_deref(),
            Some(
                "this machine's clock says 2026-11-20T12:00:00Z and the database's \
                 2026-11-20T13:00:00Z: they may differ by 5000 ms"
            )
        );
    }
}
