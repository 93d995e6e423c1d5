//! The read side: lists for people and clients. It never feeds a decision.

use holdfast_core::currency::Currency;
use holdfast_core::event::{Event, EventKind};
use holdfast_core::id::{EventId, PaymentIntentId, PlatformId};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::row::{Row, RowKind};

use crate::StoreFuture;

/// How many items one page may have. Lists of the API have at most 100; the console asks for a
/// few more to know whether there is another page.
pub const PAGE_MAX: usize = 500;

/// Lists and sums.
pub trait ReadSide: Send + Sync {
    /// Rows of one kind, the newest first.
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>>;

    /// How many rows of a kind are in each state, by the state's name.
    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>>;

    /// Events, the newest first.
    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>>;

    /// One event.
    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>>;

    /// The journal of a payment, the oldest entry first.
    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>>;

    /// The balances of accounts that were ever posted to.
    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>>;

    /// How many effects wait, by the name of their kind.
    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>>;
}

/// A list of rows.
#[derive(Clone, Debug)]
pub struct RowsQuery {
    /// Whose.
    pub platform: PlatformId,
    /// Of which kind.
    pub kind: RowKind,
    /// Only those linked to this id: a payment's, a seller's.
    pub link: Option<String>,
    /// Only those in this state.
    pub state: Option<String>,
    /// Where to begin.
    pub page: Page,
}

/// A part of a list that is ordered by id, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Only what is older than this id.
    pub older_than: Option<String>,
    /// Only what is newer than this id. The page then ends right before that id.
    pub newer_than: Option<String>,
    /// At most so many, up to [`PAGE_MAX`].
    pub limit: usize,
}

impl Page {
    /// The newest `limit` items.
    pub fn first(limit: usize) -> Page {
        Page { older_than: None, newer_than: None, limit }
    }

    /// The limit within its bound.
    pub fn bounded_limit(&self) -> usize {
        self.limit.min(PAGE_MAX)
    }
}

/// A list of events.
#[derive(Clone, Debug)]
pub struct EventsQuery {
    /// Whose.
    pub platform: PlatformId,
    /// Only those of one payment.
    pub payment: Option<PaymentIntentId>,
    /// Only those of these kinds; all when empty.
    pub kinds: Vec<EventKind>,
    /// Where to begin.
    pub page: Page,
}

/// Which accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accounts {
    /// One.
    One(Account),
    /// Those of all sellers.
    Sellers,
    /// Everything but orders' and sellers' accounts.
    Platform,
    /// The sum of all orders' accounts, shown as one.
    HeldTotal,
}

/// What an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The account; `None` for the sum of many.
    pub account: Option<Account>,
    /// The currency.
    pub currency: Currency,
    /// Debits less credits, in minor units.
    pub signed_minor: i64,
}
