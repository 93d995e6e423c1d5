//! The movable clock: it goes to its target from deadline to deadline, so that everything happens
//! at its own time and in its order, as it would have if the days had really passed.

use std::time::Duration;

use holdfast_core::clock::TestClock;
use holdfast_core::command::{ClockStep, Command};
use holdfast_core::id::PlatformId;
use holdfast_core::row::{Record, RowKind};
use holdfast_core::time::{Span, Timestamp};
use holdfast_store::StoreError;
use holdfast_store::query::{Page, RowsQuery};

use crate::engine::Engine;
use crate::submit::{Submission, SubmitError};

/// How often to look whether what is due at a step is done.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long a step waits for what is due at it. A receiver that hangs must not stop the clock.
const STEP_PATIENCE: Duration = Duration::from_secs(15);

impl Engine {
    /// Sets the platform's clock to where it was before the last stop. To be called before any
    /// command is submitted: time never goes back.
    pub async fn restore_clock(&self, platform: PlatformId) -> Result<(), StoreError> {
        if let Some(clock) = self.clock(platform).await? {
            self.inner.set_ahead(clock.ahead);
        }
        Ok(())
    }

    /// The platform's clock, when it has one.
    pub async fn clock(&self, platform: PlatformId) -> Result<Option<TestClock>, StoreError> {
        let kind = RowKind::TestClock;
        let query = RowsQuery { platform, kind, link: None, state: None, page: Page::first(1) };
        let rows = self.read().rows(&query).await?;
        Ok(rows.first().and_then(TestClock::of_row).cloned())
    }

    /// Moves the clock wherever it is sent, until the engine is dropped. Never in live mode.
    pub async fn run_clock(&self, platform: PlatformId) {
        loop {
            if let Err(error) = self.move_clock(platform).await {
                tracing::error!(%error, "the clock could not be moved");
                tokio::time::sleep(STEP_PATIENCE).await;
                continue;
            }
            self.inner.clock_sent.notified().await;
        }
    }

    /// Goes to the clock's target, if it has one, stopping at each deadline on the way.
    async fn move_clock(&self, platform: PlatformId) -> Result<(), SubmitError> {
        while let Some(clock) = self.clock(platform).await? {
            let Some(target) = clock.target else { return Ok(()) };
            self.settle().await?;
            let next = self.inner.store.next_due().await?;
            let on_the_way = next.filter(|due| *due > self.now() && *due < target);
            match on_the_way {
                Some(due) => self.step(platform, &clock, due, ClockStep::OnTheWay).await?,
                None => {
                    self.step(platform, &clock, target, ClockStep::Arrived).await?;
                    self.settle().await?;
                }
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
        // Only once it is durable: after a crash the time must not be earlier than it was.
        self.inner.set_ahead(ahead);
        Ok(())
    }

    /// Waits until nothing is due any more.
    async fn settle(&self) -> Result<(), SubmitError> {
        let deadline = tokio::time::Instant::now() + STEP_PATIENCE;
        while tokio::time::Instant::now() < deadline {
            match self.inner.store.next_due().await? {
                Some(due) if due <= self.now() => tokio::time::sleep(LOOK_EVERY).await,
                Some(_) | None => return Ok(()),
            }
        }
        Ok(())
    }
}
