//! What the buyer's order pages show. Plain values: the handlers fill them.

use holdfast_core::money::Money;
use holdfast_core::order::{ClaimReason, OrderCancelReason, ReleaseReason};
use holdfast_core::time::Timestamp;

use super::status::{OrderStatus, cancel_key, release_key};
use crate::format::days_left;
use crate::pay::views::Line;
use crate::texts::Texts;

/// The order page.
#[derive(Clone, Debug)]
pub struct Order {
    /// The order's id.
    pub id: String,
    /// The page's own path with its secret, `/o/{order}/{secret}`: what the forms post below.
    pub path: String,
    /// The seller's name.
    pub seller: String,
    /// How the order stands.
    pub status: OrderStatus,
    /// Why it is over, once it is.
    pub ending: Option<Ending>,
    /// The engine's time, for what is left of a clock.
    pub now: Timestamp,
    /// What happened and what is still to come, oldest first.
    pub timeline: Vec<Step>,
    /// What was bought.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub items: Money,
    /// What is taken off the lines, less than nothing.
    pub discount: Option<Money>,
    /// This order's part of the shipping; `None` where nothing is shipped.
    pub shipping: Option<Money>,
    /// What the buyer paid for this order.
    pub total: Money,
    /// What went back to the buyer; `None` when nothing did.
    pub refunded: Option<Money>,
    /// Until when the seller has to ship, as long as it is not shipped.
    pub ship_by: Option<Timestamp>,
    /// The parcel, once shipped.
    pub parcel: Option<Parcel>,
    /// Until when the money is held if the buyer does nothing.
    pub protection_ends_at: Option<Timestamp>,
    /// Since when the seller has been asked to cancel, and until when an answer is due.
    pub cancel_requested: Option<CancelRequest>,
    /// The claim, once opened.
    pub claim: Option<Claim>,
    /// What the buyer may do now.
    pub actions: Actions,
    /// The path of the payment's receipt.
    pub receipt: Option<String>,
    /// What came of what the buyer just did.
    pub notice: Option<OrderNotice>,
}

impl Order {
    /// Begun days until the protection ends.
    pub fn protection_days(&self) -> Option<i64> {
        self.protection_ends_at.map(|end| days_left(self.now, end))
    }

    /// Begun days until the seller has to have shipped.
    pub fn ship_days(&self) -> Option<i64> {
        self.ship_by.map(|end| days_left(self.now, end))
    }
}

/// Why an order is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is completed, and the seller has the money.
    Completed(ReleaseReason),
    /// It is canceled, and the buyer keeps or gets back the money.
    Canceled(OrderCancelReason),
}

impl Ending {
    /// The text that says why.
    pub fn key(self) -> &'static str {
        match self {
            Ending::Completed(reason) => release_key(reason),
            Ending::Canceled(reason) => cancel_key(reason),
        }
    }
}

/// One step of an order's life.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// When it happened; `None` when it is still to come.
    pub at: Option<Timestamp>,
}

/// The steps of an order's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The bank said yes.
    Paid,
    /// The seller shipped it.
    Shipped,
    /// It arrived.
    Delivered,
    /// The buyer confirmed, or the protection ended: the seller gets the money.
    Completed,
    /// The protection was extended.
    Extended,
    /// The buyer asked the seller to cancel.
    CancelRequested,
    /// It was called off.
    Canceled,
    /// The buyer opened a claim.
    ClaimOpened,
    /// The claim was ruled.
    ClaimRuled,
    /// Money went back.
    Refunded,
}

impl StepKind {
    /// All steps.
    pub const ALL: [StepKind; 10] = [
        StepKind::Paid,
        StepKind::Shipped,
        StepKind::Delivered,
        StepKind::Completed,
        StepKind::Extended,
        StepKind::CancelRequested,
        StepKind::Canceled,
        StepKind::ClaimOpened,
        StepKind::ClaimRuled,
        StepKind::Refunded,
    ];

    /// The text that names the step.
    pub fn key(self) -> &'static str {
        match self {
            StepKind::Paid => "step-paid",
            StepKind::Shipped => "step-shipped",
            StepKind::Delivered => "step-delivered",
            StepKind::Completed => "step-completed",
            StepKind::Extended => "step-extended",
            StepKind::CancelRequested => "step-cancel-requested",
            StepKind::Canceled => "step-canceled",
            StepKind::ClaimOpened => "step-claim-opened",
            StepKind::ClaimRuled => "step-claim-ruled",
            StepKind::Refunded => "step-refunded",
        }
    }
}

/// What the seller said of the parcel.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Who carries it.
    pub carrier: Option<String>,
    /// Its number there.
    pub tracking_number: Option<String>,
    /// When it was handed over.
    pub shipped_at: Timestamp,
    /// When it arrived, once known.
    pub delivered_at: Option<Timestamp>,
}

/// The buyer has asked the seller to cancel.
#[derive(Clone, Copy, Debug)]
pub struct CancelRequest {
    /// Until when the seller may answer; silence cancels.
    pub answer_by: Timestamp,
}

/// The buyer's claim.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What is claimed.
    pub reason: ClaimReason,
    /// The buyer's own words.
    pub description: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// How it was ruled, once it was.
    pub ruling: Option<Ruling>,
}

/// How a claim was ruled: what each side got. One of the two is zero unless it was split.
#[derive(Clone, Copy, Debug)]
pub struct Ruling {
    /// What went back to the buyer.
    pub to_buyer: Money,
    /// What went to the seller, before the platform's fee.
    pub to_seller: Money,
    /// When.
    pub at: Timestamp,
}

/// What the buyer may do now. Each action stands on the page only while it is possible.
#[derive(Clone, Copy, Debug, Default)]
pub struct Actions {
    /// Confirm that everything arrived: `GET` and `POST {path}/receipt`.
    pub confirm: bool,
    /// Extend the protection: `POST {path}/extend`.
    pub extend: Option<Extension>,
    /// Call the order off: `GET` and `POST {path}/cancel`.
    pub cancel: bool,
    /// Open a claim: `GET` and `POST {path}/claim`.
    pub claim: bool,
}

impl Actions {
    /// Whether there is anything to do.
    pub fn any(&self) -> bool {
        self.confirm || self.extend.is_some() || self.cancel || self.claim
    }
}

/// What an extension of the protection would do.
#[derive(Clone, Copy, Debug)]
pub struct Extension {
    /// By how many days.
    pub days: u32,
    /// The end that it would have then.
    pub until: Timestamp,
    /// The end that it has now: the form posts it (`ends_at`, milliseconds), so that the same
    /// button pressed twice extends once.
    pub ends_at: Timestamp,
}

/// What came of what the buyer just did: `?done=` of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderNotice {
    /// Receipt is confirmed.
    Confirmed,
    /// The protection is extended.
    Extended,
    /// The order is canceled.
    Canceled,
    /// The seller has been asked to cancel.
    CancelRequested,
    /// The claim is open.
    Claimed,
    /// Not possible any more: the order has changed since the page was loaded.
    NotPossible,
}

impl OrderNotice {
    /// All notices.
    pub const ALL: [OrderNotice; 6] = [
        OrderNotice::Confirmed,
        OrderNotice::Extended,
        OrderNotice::Canceled,
        OrderNotice::CancelRequested,
        OrderNotice::Claimed,
        OrderNotice::NotPossible,
    ];

    /// The value of `?done=`.
    pub fn name(self) -> &'static str {
        match self {
            OrderNotice::Confirmed => "confirmed",
            OrderNotice::Extended => "extended",
            OrderNotice::Canceled => "canceled",
            OrderNotice::CancelRequested => "cancel_requested",
            OrderNotice::Claimed => "claimed",
            OrderNotice::NotPossible => "not_possible",
        }
    }

    /// The notice of a value of `?done=`.
    pub fn parse(name: &str) -> Option<OrderNotice> {
        OrderNotice::ALL.into_iter().find(|notice| notice.name() == name)
    }

    /// The text.
    pub fn key(self) -> &'static str {
        match self {
            OrderNotice::Confirmed => "notice-confirmed",
            OrderNotice::Extended => "notice-extended",
            OrderNotice::Canceled => "notice-canceled",
            OrderNotice::CancelRequested => "notice-cancel-requested",
            OrderNotice::Claimed => "notice-claimed",
            OrderNotice::NotPossible => "notice-not-possible",
        }
    }

    /// Whether the action was done.
    pub fn is_good(self) -> bool {
        self != OrderNotice::NotPossible
    }
}

/// The step before confirming receipt.
#[derive(Clone, Debug)]
pub struct ConfirmReceipt {
    /// See [`Order::path`].
    pub path: String,
    /// The seller's name.
    pub seller: String,
    /// What is released to the seller.
    pub held: Money,
    /// What should have arrived.
    pub lines: Vec<Line>,
}

impl ConfirmReceipt {
    /// The sentence that says what confirming does.
    pub fn effect(&self, t: &Texts) -> String {
        t.with_all("receipt-effect", &[("amount", &t.money(self.held)), ("seller", &self.seller)])
    }
}

/// The step before canceling.
#[derive(Clone, Debug)]
pub struct CancelOrder {
    /// See [`Order::path`].
    pub path: String,
    /// The seller's name.
    pub seller: String,
    /// What the buyer gets back.
    pub refund: Money,
    /// How many hours the seller has to object; `None` when it is canceled at once.
    pub answer_hours: Option<u32>,
}

/// The form of a claim, empty or as the buyer sent it.
#[derive(Clone, Debug)]
pub struct OpenClaim {
    /// See [`Order::path`].
    pub path: String,
    /// The seller's name.
    pub seller: String,
    /// What is held and can be claimed.
    pub held: Money,
    /// The reason chosen so far.
    pub reason: Option<ClaimReason>,
    /// The words written so far.
    pub description: String,
    /// Whether the form came without a reason.
    pub reason_missing: bool,
    /// What is wrong with the words.
    pub description_problem: Option<DescriptionProblem>,
}

/// What is wrong with a claim's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescriptionProblem {
    /// There is none.
    Missing,
    /// It is longer than [`DESCRIPTION_CHARS_MAX`].
    TooLong,
}

/// The longest description of a claim: half a page, which both sides will read.
pub const DESCRIPTION_CHARS_MAX: usize = 2_000;
