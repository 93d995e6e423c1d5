//! The rows and the books of an installation that has stopped.

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::PlatformId;
use holdfast_core::key::RowKind;
use holdfast_core::ledger::JournalEntry;
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::Refund;
use holdfast_core::row::Record;
use holdfast_core::transfer::{Transfer, TransferReversal};
use holdfast_core::webhook::Delivery;
use holdfast_store::ReadSide;
use holdfast_store::query::{Accounts, Balance, PAGE_MAX, Page, RowsQuery};

use crate::server::{self, Place};

/// Everything that money depends on.
pub(crate) struct Books {
    pub(crate) sessions: Vec<CheckoutSession>,
    pub(crate) intents: Vec<PaymentIntent>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) captures: Vec<Capture>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) orders: Vec<Order>,
    pub(crate) held: Vec<HeldFunds>,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) reversals: Vec<TransferReversal>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) journal: Vec<JournalEntry>,
    /// Balances of accounts; those of orders as one sum.
    pub(crate) balances: Vec<Balance>,
}

impl Books {
    /// Reads what a program has left that has stopped.
    pub(crate) async fn of(place: &Place) -> Books {
        let store = place.store().await;
        let keys = server::read(&place.data().join("dev-keys.json"));
        let platform = serde_json::from_value(keys["platform"].clone()).expect("a platform");
        let store = Reader { store, platform };
        let intents: Vec<PaymentIntent> = store.rows(RowKind::PaymentIntent).await;
        Books {
            sessions: store.rows(RowKind::CheckoutSession).await,
            attempts: store.rows(RowKind::Attempt).await,
            captures: store.rows(RowKind::Capture).await,
            refunds: store.rows(RowKind::Refund).await,
            orders: store.rows(RowKind::Order).await,
            held: store.rows(RowKind::HeldFunds).await,
            transfers: store.rows(RowKind::Transfer).await,
            reversals: store.rows(RowKind::TransferReversal).await,
            deliveries: store.rows(RowKind::Delivery).await,
            journal: store.journal(&intents).await,
            balances: store.balances().await,
            intents,
        }
    }
}

struct Reader {
    store: Box<dyn ReadSide>,
    platform: PlatformId,
}

impl Reader {
    /// All rows of a kind.
    async fn rows<R: Record>(&self, kind: RowKind) -> Vec<R> {
        let mut all = Vec::new();
        let mut page = Page::first(PAGE_MAX);
        loop {
            let (platform, page_now) = (self.platform, page.clone());
            let query = RowsQuery { page: page_now, ..RowsQuery::newest(platform, kind, PAGE_MAX) };
            let rows = self.store.rows(&query).await.expect("rows");
            all.extend(rows.iter().map(|row| R::of_row(row).expect("a row of its kind").clone()));
            match rows.last() {
                Some(last) if rows.len() == PAGE_MAX => page.older_than = Some(last.key().id()),
                Some(_) | None => return all,
            }
        }
    }

    async fn journal(&self, intents: &[PaymentIntent]) -> Vec<JournalEntry> {
        let mut entries = Vec::new();
        for intent in intents {
            let journal = self.store.journal(self.platform, intent.id).await;
            entries.extend(journal.expect("a journal"));
        }
        entries
    }

    async fn balances(&self) -> Vec<Balance> {
        let mut balances = Vec::new();
        for accounts in [Accounts::Platform, Accounts::Sellers, Accounts::HeldTotal] {
            balances.extend(self.store.balances(self.platform, accounts).await.expect("balances"));
        }
        balances
    }
}
