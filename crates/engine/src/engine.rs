//! The engine: what handlers hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use holdfast_core::id::{Id, IdSource, PlatformId};
use holdfast_core::key::RowKey;
use holdfast_core::payment::card::{CardToken, TokenSeen};
use holdfast_core::row::{Record, Row};
use holdfast_core::rules::Rules;
use holdfast_core::time::{Span, Timestamp};
use holdfast_core::view::StoredRow;
use holdfast_store::{Lease, ReadSide, Store, StoreError};
use tokio::sync::Notify;

use crate::committer::Committer;
use crate::ids::Ids;
use crate::perform::World;
use crate::runner::Runner;
use crate::waiters::Waiters;

/// What a node does with effects.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// How long an effect is taken for. Twice as long as the longest call of the outside, or more,
    /// so that only the effects of a process that is gone are taken by another.
    pub lease: Span,
    /// Whether effects are performed here. Otherwise they are left to the other nodes.
    pub performs: bool,
}

impl Default for Work {
    fn default() -> Work {
        Work { lease: Span::seconds(60), performs: true }
    }
}

/// How often a row is looked at that another node may change: its change wakes nobody here.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The machine below: its clock and its randomness. Simulations bring their own.
pub trait System: Send + Sync {
    /// The time, which nobody moves.
    fn now(&self) -> Timestamp;
    /// 64 bits that nobody can foresee.
    fn random(&self) -> u64;
}

/// The one way to change anything. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) world: Arc<dyn World>,
    system: Arc<dyn System>,
    ids: Ids,
    pub(crate) rules: Rules,
    /// How far the platform's clock is ahead of the system's, in milliseconds.
    ahead_ms: AtomicI64,
    pub(crate) committer: Committer,
    pub(crate) waiters: Waiters,
    pub(crate) runner: Runner,
    lease: Span,
    performs: AtomicBool,
    /// Rung when a clock was sent somewhere.
    pub(crate) clock_sent: Notify,
}

impl Engine {
    /// Starts the engine: its committer, and the runner that performs effects. Must be called
    /// within a tokio runtime.
    ///
    /// What an engine before has left, and timers, wait for [`Engine::restore_clock`]. The engine
    /// ends when the last of its clones is dropped and what is under way is done.
    pub fn start(
        store: Arc<dyn Store>,
        world: Arc<dyn World>,
        system: Arc<dyn System>,
        rules: Rules,
    ) -> Engine {
        Engine::start_node(store, world, system, rules, Work::default())
    }

    /// The same for one of several nodes, which says what it does with effects.
    pub fn start_node(
        store: Arc<dyn Store>,
        world: Arc<dyn World>,
        system: Arc<dyn System>,
        rules: Rules,
        work: Work,
    ) -> Engine {
        let (committer, waiting) = Committer::new();
        let (runner, todo) = Runner::new();
        let inner = Inner {
            store,
            world,
            system,
            ids: Ids::default(),
            rules,
            ahead_ms: AtomicI64::new(0),
            committer,
            waiters: Waiters::default(),
            runner,
            lease: work.lease,
            performs: AtomicBool::new(work.performs),
            clock_sent: Notify::new(),
        };
        let engine = Engine { inner: Arc::new(inner) };
        // Neither keeps the engine alive, so that dropping it ends both.
        let weak = Arc::downgrade(&engine.inner);
        tokio::spawn(crate::committer::run(weak.clone(), waiting));
        tokio::spawn(crate::runner::run(weak, todo));
        engine
    }

    /// Takes no further effects and waits for those under way, at most `patience`. What is left
    /// is on disk and goes on with the next start.
    pub async fn stop(&self, patience: Duration) {
        self.inner.runner.stop(patience).await;
    }

    /// Begins to perform effects here, or leaves from now on all that are not under way to the
    /// other nodes.
    pub fn perform(&self, performs: bool) {
        self.inner.performs.store(performs, Ordering::Release);
    }

    /// Whether effects are performed here.
    pub fn performs(&self) -> bool {
        self.inner.performs()
    }

    /// Whether so much waits for the outside that nothing should be added to it.
    pub fn is_full(&self) -> bool {
        self.inner.runner.lanes.is_full()
    }

    /// The platform's time.
    pub fn now(&self) -> Timestamp {
        self.inner.now()
    }

    /// The system's time, which nobody moves: for signatures and logs.
    pub fn system_now(&self) -> Timestamp {
        self.inner.system.now()
    }

    /// The platform's clocks and fees.
    pub fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    /// The lists.
    pub fn read(&self) -> &dyn ReadSide {
        &*self.inner.store
    }

    /// Rows by their keys, in their order.
    pub async fn load(
        &self,
        platform: PlatformId,
        keys: &[RowKey],
    ) -> Result<Vec<Option<StoredRow>>, StoreError> {
        self.inner.store.load(platform, keys).await
    }

    /// One row; `None` when it is not there, was deleted or belongs to another platform.
    pub async fn find<R: Record>(
        &self,
        platform: PlatformId,
        id: &R::Id,
    ) -> Result<Option<R>, StoreError> {
        let found = self.load(platform, &[R::key(id)]).await?;
        let row = found.into_iter().next().flatten().filter(|stored| !stored.row.is_gone());
        Ok(row.and_then(|stored| R::of_row(&stored.row).cloned()))
    }

    /// Waits until a row is as `settled` wants it, at most `patience`. Answers with the row as it
    /// was seen last.
    pub async fn wait_for<R: Record>(
        &self,
        platform: PlatformId,
        id: &R::Id,
        patience: Duration,
        settled: impl Fn(&R) -> bool + Send + Sync,
    ) -> Result<Option<R>, StoreError> {
        let settled = |row: &Row| R::of_row(row).is_none_or(&settled);
        let row = self.wait_for_row(platform, R::key(id), patience, settled).await?;
        Ok(row.and_then(|row| R::of_row(&row).cloned()))
    }

    /// The same for a row of any kind.
    pub async fn wait_for_row(
        &self,
        platform: PlatformId,
        key: RowKey,
        patience: Duration,
        settled: impl Fn(&Row) -> bool + Send + Sync,
    ) -> Result<Option<Arc<Row>>, StoreError> {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            // Registered before the look, so that a change in between is not missed.
            let changed = self.inner.waiters.register(key.clone());
            let found = self.load(platform, std::slice::from_ref(&key)).await?;
            let row = found.into_iter().next().flatten().map(|stored| stored.row);
            if row.as_deref().is_none_or(&settled) {
                return Ok(row);
            }
            let look_again = (tokio::time::Instant::now() + LOOK_AGAIN).min(deadline);
            let told = tokio::time::timeout_at(look_again, changed.changed()).await;
            if told.is_err() && look_again == deadline {
                return Ok(row);
            }
        }
    }

    /// What stands behind a token of a card, as the network says now.
    pub async fn token(&self, token: &CardToken) -> TokenSeen {
        self.inner.world.token(token).await
    }

    /// A fresh id, for a row that is made before its command: see `Command::Keep`.
    pub fn fresh_id<I: Id>(&self) -> I {
        self.ids().make()
    }

    /// Fresh ids for one command, larger than all that this engine has made before.
    pub(crate) fn ids(&self) -> IdSource {
        self.inner.ids.next(self.now().ms(), self.inner.system.random())
    }
}

impl Inner {
    pub(crate) fn now(&self) -> Timestamp {
        self.system.now().after(Span::from_ms(self.ahead_ms.load(Ordering::Acquire)))
    }

    /// How far the platform's clock is ahead. It only ever grows.
    pub(crate) fn ahead(&self) -> Span {
        Span::from_ms(self.ahead_ms.load(Ordering::Acquire))
    }

    pub(crate) fn set_ahead(&self, ahead: Span) {
        self.ahead_ms.fetch_max(ahead.ms(), Ordering::AcqRel);
    }

    /// The lease of effects that are taken now: of none where none are performed.
    pub(crate) fn lease(&self) -> Lease {
        let now = self.system.now();
        let due = if self.performs() { self.now() } else { Timestamp::from_ms(i64::MIN) };
        Lease { due, now, until: now.after(self.lease) }
    }

    pub(crate) fn performs(&self) -> bool {
        self.performs.load(Ordering::Acquire)
    }

    /// How much of a lease must be left to begin with an effect: half of it.
    pub(crate) fn left_min(&self) -> Span {
        Span::from_ms(self.lease.ms() / 2)
    }
}
