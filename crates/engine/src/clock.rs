//! The movable clock: it goes to its target from deadline to deadline, so that everything happens
//! at its own time and in its order, as it would have if the days had really passed.

use std::time::Duration;

use holdfast_core::clock::{PLATFORM_CLOCK, TestClock};
use holdfast_core::command::{ClockStep, Command};
use holdfast_core::id::PlatformId;
use holdfast_core::key::RowKind;
use holdfast_core::row::Record;
use holdfast_core::time::{Span, Timestamp};
use holdfast_store::StoreError;
use holdfast_store::query::RowsQuery;

use crate::engine::Engine;
use crate::submit::{Submission, SubmitError};

/// How often to look whether what is due at a step is done.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long a step waits for what is due at it: longer than a call of the processor takes.
const STEP_PATIENCE: Duration = Duration::from_secs(15);
/// How long it waits when only receivers of webhooks are still at it, or nobody at all. A receiver
/// that hangs must not stop the clock.
const DELIVERY_PATIENCE: Duration = Duration::from_secs(2);
/// How often to look whether the clock was sent somewhere by a commit that told nobody: the store
/// carried it out and lost its answer.
const LOOK_FOR_TARGET: Duration = Duration::from_secs(5);

impl Engine {
    /// Sets the platform's clock to where it was before the last stop, and goes on with what is
    /// due by it. To be called before any command is submitted: time never goes back.
    pub async fn restore_clock(&self, platform: PlatformId) -> Result<(), StoreError> {
        if let Some(clock) = self.clock(platform).await? {
            self.inner.set_ahead(clock.ahead);
        }
        self.inner.runner.look();
        Ok(())
    }

    /// The platform's clock, when it has one.
    pub async fn clock(&self, platform: PlatformId) -> Result<Option<TestClock>, StoreError> {
        let kind = RowKind::TestClock;
        let query = RowsQuery::newest(platform, kind, 1).in_state(PLATFORM_CLOCK);
        let rows = self.read().rows(&query).await?;
        Ok(rows.first().and_then(TestClock::of_row).cloned())
    }

    /// Moves the clock wherever it is sent, until the engine is dropped. Never in live mode.
    pub async fn run_clock(&self, platform: PlatformId) {
        loop {
            if let Err(error) = self.move_clock(platform).await {
                tracing::error!(%error, "the clock could not be moved");
            }
            let sent = self.inner.clock_sent.notified();
            let _ = tokio::time::timeout(LOOK_FOR_TARGET, sent).await;
        }
    }

    /// Goes to the clock's target, if it has one, stopping at each deadline on the way.
    async fn move_clock(&self, platform: PlatformId) -> Result<(), SubmitError> {
        while let Some(clock) = self.clock(platform).await? {
            // A step that is durable counts even if its answer was lost.
            self.inner.set_ahead(clock.ahead);
            let Some(target) = clock.target else { return Ok(()) };
            self.settle().await?;
            let now = self.now();
            if now < target {
                let next = self.inner.store.next_due(Some(now)).await?;
                let to = next.map_or(target, |due| due.min(target));
                self.step(platform, &clock, to, ClockStep::OnTheWay).await?;
            } else {
                // Whoever sees it arrived finds everything done that was due on the way.
                self.step(platform, &clock, now, ClockStep::Arrived).await?;
            }
        }
        Ok(())
    }

    async fn step(
        &self,
        platform: PlatformId,
        clock: &TestClock,
        to: Timestamp,
        step: ClockStep,
    ) -> Result<(), SubmitError> {
        let further = to.since(self.now());
        let ahead = Span::from_ms(self.inner.ahead().ms().saturating_add(further.ms()));
        let command = Command::StepTestClock(clock.id, ahead, step);
        self.submit(Submission::new(platform, command)).await?;
        self.tell_the_processor().await;
        // Only once it is durable: after a crash the time must not be earlier than it was.
        self.inner.set_ahead(ahead);
        self.inner.runner.look();
        Ok(())
    }

    /// Waits until the processor has heard of the step, so that what is due at it meets a
    /// processor whose clock is as late: what it did in between has happened by then.
    async fn tell_the_processor(&self) {
        let begun = tokio::time::Instant::now();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if !self.inner.runner.lanes.is_busy() || begun.elapsed() >= STEP_PATIENCE {
                return;
            }
        }
    }

    /// Waits until nothing is due any more, or until waiting has lasted long enough.
    async fn settle(&self) -> Result<(), SubmitError> {
        let begun = tokio::time::Instant::now();
        loop {
            let next = self.inner.store.next_due(None).await?;
            if next.is_none_or(|due| due > self.now()) {
                return Ok(());
            }
            let busy = self.inner.runner.lanes.is_busy();
            let patience = if busy { STEP_PATIENCE } else { DELIVERY_PATIENCE };
            if begun.elapsed() >= patience {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
