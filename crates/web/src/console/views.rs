//! What the console shows. Plain values: the handlers fill them.

use holdfast_core::money::Money;
use holdfast_core::time::Timestamp;

pub use super::shell::{ConsoleNotice, ConsoleShell, Neighbours, Section};
use super::status::{AttemptStatus, DeliveryStatus, Funding, MoveKind, MoveStatus, PaymentStatus};
use crate::order::status::OrderStatus;
use crate::order::views::{CancelRequest, Claim, Ending, Parcel};
use crate::pay::views::{Card, Line};

/// The figures of the first page.
#[derive(Clone, Debug)]
pub struct Home {
    /// The sums, one row per currency.
    pub figures: Vec<Figures>,
    /// The platform's own balance, one row per currency.
    pub own: Vec<OwnBalance>,
    /// How many payments stand in an unknown outcome.
    pub unknown_outcomes: u64,
    /// Since when the oldest of them is unknown.
    pub oldest_unknown: Option<Timestamp>,
    /// How many orders wait for their seller to ship.
    pub to_ship: u64,
    /// How many claims wait for a ruling.
    pub open_claims: u64,
    /// How many deliveries of events failed and will be tried again.
    pub deliveries_retrying: u64,
    /// How many deliveries were given up.
    pub deliveries_failed: u64,
    /// How many webhook endpoints there are.
    pub endpoints: u64,
    /// The sellers with the largest balances.
    pub sellers: Vec<SellerRow>,
    /// The last few payments.
    pub recent: Vec<PaymentRow>,
}

/// The sums of one currency.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The currency's upper-case code.
    pub currency: String,
    /// Set aside by the buyers' banks, and captured when it is shipped.
    pub on_cards: Money,
    /// Captured and held for orders.
    pub held: Money,
    /// Of the held: what waits for receipt or the end of protection only, and is not frozen.
    pub to_release: Money,
    /// Released and owed to sellers, over all of them.
    pub sellers_available: Money,
}

/// The platform's own balance in one currency.
#[derive(Clone, Debug)]
pub struct OwnBalance {
    /// The currency's upper-case code.
    pub currency: String,
    /// What can be transferred or paid out, with the fees. Below nothing where disputes took more.
    pub available: Money,
    /// What the processor has not settled yet and what is held for orders.
    pub pending: Money,
    /// Of what is available: fees.
    pub fees: Money,
}

/// One page of the list of payments.
#[derive(Clone, Debug)]
pub struct Payments {
    /// The state that is listed; all when `None`.
    pub filter: Option<PaymentStatus>,
    /// The payments, newest first.
    pub rows: Vec<PaymentRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

impl Payments {
    /// What the addresses of the next pages keep of this one's.
    pub fn query(&self) -> String {
        self.filter.map(|status| format!("status={}&", status.name())).unwrap_or_default()
    }
}

/// Where a list goes on: cursors for `?after=` and `?before=`.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// The id before which the newer page ends.
    pub newer: Option<String>,
    /// The id after which the older page begins.
    pub older: Option<String>,
}

/// One payment in a list.
#[derive(Clone, Debug)]
pub struct PaymentRow {
    /// The payment's id, `pi_...`.
    pub id: String,
    /// How it stands.
    pub status: PaymentStatus,
    /// Whether its outcome is unknown.
    pub unknown: bool,
    /// What the buyer pays.
    pub amount: Money,
    /// When it was made.
    pub created: Timestamp,
    /// The card of the last attempt.
    pub card: Option<Card>,
    /// The sellers, joined.
    pub sellers: String,
}

/// One payment with all that happened to it.
#[derive(Clone, Debug)]
pub struct Payment {
    /// What the list shows.
    pub row: PaymentRow,
    /// The checkout session, where there is one.
    pub session: Option<String>,
    /// The shop's own reference, where it gave one.
    pub reference: Option<String>,
    /// Held on the card and not captured.
    pub capturable: Money,
    /// Captured.
    pub captured: Money,
    /// Given back to the buyer.
    pub refunded: Money,
    /// Every attempt to authorize it, oldest first.
    pub attempts: Vec<Attempt>,
    /// The orders it pays for.
    pub orders: Vec<OrderRow>,
    /// Its captures, held funds and refunds, oldest first.
    pub moves: Vec<Move>,
    /// The events, oldest first.
    pub events: Vec<EventRow>,
    /// The journal entries, oldest first.
    pub journal: Vec<Entry>,
}

/// One attempt to authorize a payment.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which one it is, from 1.
    pub number: u32,
    /// How it ended.
    pub status: AttemptStatus,
    /// When the processor was asked.
    pub at: Timestamp,
    /// What was asked for.
    pub amount: Money,
    /// The card.
    pub card: Option<Card>,
    /// The reference under which the processor knows it.
    pub reference: String,
    /// The address of the buyer's receipt, where the bank agreed.
    pub receipt: Option<String>,
    /// The processor's code of a decline.
    pub decline: Option<String>,
    /// Until when an approval may be captured.
    pub expires_at: Option<Timestamp>,
}

/// Money that was taken, kept or given back.
#[derive(Clone, Debug)]
pub struct Move {
    /// What it is.
    pub kind: MoveKind,
    /// Its id, under which the processor knows a capture and a refund too.
    pub id: String,
    /// How it stands.
    pub status: MoveStatus,
    /// How much.
    pub amount: Money,
    /// When it was asked for.
    pub at: Timestamp,
    /// The orders whose money it is, joined.
    pub orders: String,
    /// The processor's code of a failure.
    pub failure: Option<String>,
}

/// One page of the log of events.
#[derive(Clone, Debug)]
pub struct Events {
    /// The events, newest first.
    pub events: Vec<EventRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

/// One event of the log.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The event's id, `evt_...`.
    pub id: String,
    /// Its type, such as `payment_intent.succeeded`.
    pub kind: String,
    /// When it happened.
    pub at: Timestamp,
    /// What it happened to.
    pub object: String,
}

/// One journal entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entry's number or id.
    pub id: String,
    /// The command that made it.
    pub command: String,
    /// When.
    pub at: Timestamp,
    /// Its postings; debits and credits sum to the same in each currency.
    pub postings: Vec<Posting>,
}

/// One posting.
#[derive(Clone, Debug)]
pub struct Posting {
    /// The account's name in the chart of accounts.
    pub account: String,
    /// Which side it is on.
    pub side: Side,
    /// How much, never negative.
    pub amount: Money,
}

/// The side of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left side.
    Debit,
    /// The right side.
    Credit,
}

/// One page of the list of orders.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The state that is listed; all when `None`.
    pub filter: Option<OrderStatus>,
    /// The seller whose orders are listed; those of all when `None`.
    pub seller: Option<OrdersOf>,
    /// The orders, newest first.
    pub rows: Vec<OrderRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

impl Orders {
    /// What the addresses of the next pages keep of this one's.
    pub fn query(&self) -> String {
        let status = self.filter.map(|status| format!("status={}&", status.name()));
        let seller = self.seller.as_ref().map(|seller| format!("seller={}&", seller.id));
        status.unwrap_or_default() + &seller.unwrap_or_default()
    }
}

/// Whose orders a list shows.
#[derive(Clone, Debug)]
pub struct OrdersOf {
    /// The seller's id.
    pub id: String,
    /// The seller's name.
    pub name: String,
}

/// One order in a list.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// The order's id, `ord_...`.
    pub id: String,
    /// How it stands.
    pub status: OrderStatus,
    /// The seller's name.
    pub seller: String,
    /// What the buyer paid for it.
    pub total: Money,
    /// When it was made.
    pub created: Timestamp,
    /// Until when the seller has to ship, as long as it is not shipped.
    pub ship_by: Option<Timestamp>,
    /// Whether it can be shipped now.
    pub can_ship: bool,
}

/// One order with what may be done to it.
#[derive(Clone, Debug)]
pub struct ConsoleOrder {
    /// What the list shows.
    pub row: OrderRow,
    /// The payment's id.
    pub payment: String,
    /// What was bought.
    pub lines: Vec<Line>,
    /// What is taken off the lines, less than nothing.
    pub discount: Option<Money>,
    /// This order's part of the shipping.
    pub shipping: Option<Money>,
    /// Where its money is.
    pub funding: Funding,
    /// Why it is over, once it is.
    pub ending: Option<Ending>,
    /// What is held for it now.
    pub held: Money,
    /// What was released to the seller, before the fee.
    pub released: Money,
    /// What went back to the buyer.
    pub refunded: Money,
    /// The platform's fee, once taken.
    pub fee: Option<Money>,
    /// The parcel, once shipped.
    pub parcel: Option<Parcel>,
    /// Until when the money is held if the buyer does nothing.
    pub protection_ends_at: Option<Timestamp>,
    /// The buyer's request to cancel, while it is open.
    pub cancel_requested: Option<CancelRequest>,
    /// The claim, once opened.
    pub claim: Option<Claim>,
    /// Whether it may be marked as delivered.
    pub can_deliver: bool,
    /// Whether it may be canceled.
    pub can_cancel: bool,
    /// Whether its claim may be ruled.
    pub can_rule: bool,
    /// What was wrong with the form that came in.
    pub error: Option<OrderFormError>,
    /// The events, oldest first.
    pub events: Vec<EventRow>,
}

/// What is wrong with a form of the order page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderFormError {
    /// The carrier or the tracking number is too long.
    ParcelTooLong,
    /// The buyer's share of a split is no sum of this currency.
    SplitNotASum,
    /// The buyer's share is zero, all of it, or more than is held.
    SplitOutOfRange,
}

impl OrderFormError {
    /// All errors.
    pub const ALL: [OrderFormError; 3] = [
        OrderFormError::ParcelTooLong,
        OrderFormError::SplitNotASum,
        OrderFormError::SplitOutOfRange,
    ];

    /// The text.
    pub fn key(self) -> &'static str {
        match self {
            OrderFormError::ParcelTooLong => "ship-too-long",
            OrderFormError::SplitNotASum => "rule-split-no-sum",
            OrderFormError::SplitOutOfRange => "rule-split-range",
        }
    }

    /// Whether it belongs to the form of the claim.
    pub fn is_of_ruling(self) -> bool {
        self != OrderFormError::ParcelTooLong
    }
}

/// The longest carrier name and tracking number: the longest real ones have about 40 characters.
pub const PARCEL_CHARS_MAX: usize = 80;

/// The sellers and their balances.
#[derive(Clone, Debug)]
pub struct Sellers {
    /// The sellers, by name.
    pub rows: Vec<SellerRow>,
    /// Where the list goes on.
    pub pager: Pager,
}

/// One seller.
#[derive(Clone, Debug)]
pub struct SellerRow {
    /// The account's id, `acct_...`.
    pub id: String,
    /// The seller's name.
    pub name: String,
    /// The last four characters of bank accounts whose banks have refused a payout.
    pub stopped_banks: Vec<String>,
    /// The balances, one per currency; empty before the first payment.
    pub balances: Vec<SellerBalance>,
}

/// One seller's balance in one currency.
#[derive(Clone, Copy, Debug)]
pub struct SellerBalance {
    /// Held for the seller's orders.
    pub held: Money,
    /// Released and owed to the seller.
    pub available: Money,
    /// The platform's fees on what was released.
    pub fees: Money,
}

/// Over how many of the latest rows a table counts or sums at most. Reading them takes a tenth of
/// a second; whoever has more wants a report, not a page.
pub const COUNTED_MAX: usize = 10_000;

/// The webhook endpoints.
#[derive(Clone, Debug)]
pub struct Webhooks {
    /// The endpoints, newest first.
    pub endpoints: Vec<EndpointRow>,
}

/// One endpoint.
#[derive(Clone, Debug)]
pub struct EndpointRow {
    /// The endpoint's id, `we_...`.
    pub id: String,
    /// Where the events go.
    pub url: String,
    /// Whether it gets any.
    pub enabled: bool,
    /// Which events, joined; `*` for all.
    pub events: String,
    /// How many deliveries it took.
    pub delivered: u64,
    /// How many will be tried again.
    pub retrying: u64,
    /// How many were given up.
    pub failed: u64,
}

/// One endpoint with its last deliveries.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What the list shows.
    pub row: EndpointRow,
    /// The deliveries, newest first.
    pub deliveries: Vec<Delivery>,
    /// Where the list goes on.
    pub pager: Pager,
}

/// One event's delivery to one endpoint.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The event's id.
    pub event: String,
    /// The event's type.
    pub kind: String,
    /// How it stands.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub tries: u32,
    /// Each try that is known, oldest first.
    pub seen: Vec<Try>,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
}

/// One try of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// When it was over.
    pub at: Timestamp,
    /// What the endpoint answered; `None` when it did not answer.
    pub answer: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: u32,
}
