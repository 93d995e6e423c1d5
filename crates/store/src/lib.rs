//! Where everything is kept: rows with versions, the journal, effects and events.
//!
//! [`Store`] is what decisions need: load rows, commit changes whole or not at all, claim effects
//! that are due. [`ReadSide`] serves lists and the console and never feeds a decision. Three stores
//! implement both and pass one conformance suite: [`sqlite::SqliteStore`], the embedded default,
//! [`postgres::PostgresStore`], for many nodes, and [`memory::MemoryStore`], for tests and
//! simulations.

pub mod memory;
pub mod moving;
pub mod postgres;
pub mod query;
pub mod retention;
pub mod sqlite;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use holdfast_core::change::Changes;
use holdfast_core::effect::Effect;
use holdfast_core::id::{EffectId, PlatformId};
use holdfast_core::key::RowKey;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;

pub use query::ReadSide;
pub use retention::{Old, Passing};

/// A future of a store, boxed so that stores can be chosen when the program starts.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// What decisions need of a store.
pub trait Store: ReadSide + Send + Sync {
    /// The rows under `keys`, in their order; nothing for those that are not there or belong to
    /// another platform.
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>>;

    /// Commits a batch in one durable step, each of its changes whole or not at all, in order;
    /// one outcome for each. An error says nothing about what was committed: whoever gets one
    /// has to look.
    ///
    /// Effects that are due by `lease.now` are leased to the caller until `lease.until`.
    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>>;

    /// Leases at most `limit` effects that are due and that nobody holds, the longest due first.
    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>>;

    /// Leases an effect for longer, if it is still leased until `held`: nobody else has had it
    /// since, and its outcome is not recorded. To be asked by whoever took its time before it
    /// performs an effect.
    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool>;

    /// When the next effect is due, leased or not: the first of all, or the first that is due
    /// later than `after`. `None` when there is none.
    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>>;

    /// Drops at most `limit` of what is old, the oldest first, and says how many went. Fewer than
    /// the limit went: nothing old is left but what somebody was writing at that moment.
    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize>;
}

/// For how long effects are taken. The lease runs on the system's clock, which nobody moves.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// What is due by now, on the platform's clock.
    pub due: Timestamp,
    /// The system's time: leases that ended before it are free.
    pub now: Timestamp,
    /// Until when the effects are taken, on the system's clock.
    pub until: Timestamp,
}

/// An effect and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedEffect {
    /// The platform.
    pub platform: PlatformId,
    /// The effect.
    pub effect: Effect,
    /// Until when it is leased, on the system's clock.
    pub leased_until: Timestamp,
    /// Whether somebody had it before and may have performed it: a process that is gone, or one
    /// that could not record what came of it.
    pub was_leased: bool,
}

/// What became of one command's changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Durable.
    Committed,
    /// A row, written or relied upon, had another version. Nothing was changed; look again.
    Conflict,
    /// Somebody else has recorded the outcome of one of the effects. Nothing was changed, and
    /// nothing is left to do.
    AlreadyRecorded,
    /// An account would have less than nothing, or more than can be counted, or something where it
    /// must be empty. Nothing was changed.
    LimitExceeded,
}

/// Why a store could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The disk or the database does not answer as it should. Trying again may help.
    Unavailable(String),
    /// What is stored cannot be understood.
    Corrupt(String),
    /// The address, the tables or the settings of a store are not what this program works with.
    Unusable(String),
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub fn retryable(&self) -> bool {
        match self {
            StoreError::Unavailable(_) => true,
            StoreError::Corrupt(_) | StoreError::Unusable(_) => false,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Unavailable(what) => write!(f, "the store does not answer: {what}"),
            StoreError::Corrupt(what) => write!(f, "the store holds what it should not: {what}"),
            StoreError::Unusable(why) => write!(f, "the store cannot be used: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}
