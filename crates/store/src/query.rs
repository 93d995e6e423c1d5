//! The read side: lists for people and clients. It never feeds a decision.

use holdfast_core::currency::Currency;
use holdfast_core::event::{Event, EventKind};
use holdfast_core::id::{EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::RowKind;
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;

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

    /// Journal entries, the newest first.
    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>>;

    /// One journal entry.
    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>>;

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
    /// Only those linked to all of these ids: a payment's, a seller's. The first is the one that
    /// the store begins with, so it should be the rarest.
    pub links: Vec<String>,
    /// Only those in one of these states; in any when empty.
    pub states: Vec<String>,
    /// Only those made within this time.
    pub created: Created,
    /// Where to begin.
    pub page: Page,
}

impl RowsQuery {
    /// The newest `limit` rows of a kind.
    pub fn newest(platform: PlatformId, kind: RowKind, limit: usize) -> RowsQuery {
        let (links, states) = (Vec::new(), Vec::new());
        let (created, page) = (Created::default(), Page::first(limit));
        RowsQuery { platform, kind, links, states, created, page }
    }

    /// The same, of those that are linked to an id.
    #[must_use]
    pub fn linked(mut self, link: &impl ToString) -> RowsQuery {
        self.links.push(link.to_string());
        self
    }

    /// The same, of those in a state.
    #[must_use]
    pub fn in_state(mut self, state: &str) -> RowsQuery {
        self.states.push(state.to_owned());
        self
    }
}

/// A time within which something was made, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub to: Timestamp,
}

impl Default for Created {
    /// All of time.
    fn default() -> Created {
        Created { from: Timestamp::from_ms(i64::MIN), to: Timestamp::from_ms(i64::MAX) }
    }
}

impl Created {
    /// Whether a moment is within it.
    pub fn includes(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.to
    }
}

/// A list of journal entries, the newest first.
#[derive(Clone, Debug)]
pub struct EntriesQuery {
    /// Whose.
    pub platform: PlatformId,
    /// Only those that post to one of these accounts; to any when empty. A short list of accounts
    /// that few entries post to: a seller's.
    pub accounts: Vec<Account>,
    /// Only those about this: a charge, a refund, a transfer, a payout.
    pub source: Option<String>,
    /// Only those posted within this time.
    pub created: Created,
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
    /// Only those that happened within this time.
    pub created: Created,
    /// Where to begin.
    pub page: Page,
}

/// Which accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accounts {
    /// One.
    One(Account),
    /// Those of all sellers: what is pending, available, and on its way to their banks.
    Sellers,
    /// Everything but orders' and sellers' accounts.
    Platform,
    /// The sum of all orders' accounts, shown as one.
    HeldTotal,
}

impl Accounts {
    /// Each of [`Accounts::Platform`]. There is one account for each order, and nobody reads them
    /// all to find these few.
    pub(crate) const OF_PLATFORM: [Account; 8] = [
        Account::Bank,
        Account::PlatformAvailable,
        Account::PlatformDisputes,
        Account::PlatformFees,
        Account::PlatformPaying,
        Account::PlatformPending,
        Account::ProcessorClearing,
        Account::RefundsPending,
    ];

    /// [`Accounts::OF_PLATFORM`] as a list of SQL.
    pub(crate) fn of_platform() -> String {
        let names = Accounts::OF_PLATFORM.map(|account| format!("'{account}'"));
        names.join(", ")
    }
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
