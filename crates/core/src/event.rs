//! Events: what happened, for the audit log, the webhooks and the payment's timeline.

use serde::{Deserialize, Serialize};

use crate::id::{CommandId, EventId, PaymentIntentId};
use crate::row::Row;
use crate::time::Timestamp;

/// Something that happened, with the object as it was right after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The command that did it.
    pub command: CommandId,
    /// What.
    pub kind: EventKind,
    /// The payment whose timeline it belongs to.
    pub payment: Option<PaymentIntentId>,
    /// To how many receivers it goes.
    pub deliveries: u32,
    /// The object, as this very commit left it.
    pub object: Row,
}

macro_rules! events {
    ($($variant:ident = $name:literal,)*) => {
        /// The kinds of events. The names are those of the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind {
            $(
                #[doc = concat!("`", $name, "`.")]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl EventKind {
            /// All kinds.
            pub const ALL: &'static [EventKind] = &[$(EventKind::$variant,)*];

            /// The word of the wire.
            pub fn name(self) -> &'static str {
                match self { $(EventKind::$variant => $name,)* }
            }
        }
    };
}

events! {
    AccountUpdated = "account.updated",
    ChargeCaptured = "charge.captured",
    ChargeExpired = "charge.expired",
    ChargeFailed = "charge.failed",
    ChargeRefunded = "charge.refunded",
    ChargeSucceeded = "charge.succeeded",
    CheckoutSessionCompleted = "checkout.session.completed",
    CheckoutSessionExpired = "checkout.session.expired",
    HeldFundsCreated = "held_funds.created",
    HeldFundsFrozen = "held_funds.frozen",
    HeldFundsRefunded = "held_funds.refunded",
    HeldFundsReleased = "held_funds.released",
    OrderCanceled = "order.canceled",
    OrderCancelRequested = "order.cancel_requested",
    OrderCaptureFailed = "order.capture_failed",
    OrderClaimOpened = "order.claim_opened",
    OrderClaimRuled = "order.claim_ruled",
    OrderCompleted = "order.completed",
    OrderCreated = "order.created",
    OrderDelivered = "order.delivered",
    OrderProtectionExtended = "order.protection_extended",
    OrderRefunded = "order.refunded",
    OrderShipped = "order.shipped",
    PaymentIntentAmountCapturableUpdated = "payment_intent.amount_capturable_updated",
    PaymentIntentCanceled = "payment_intent.canceled",
    PaymentIntentCreated = "payment_intent.created",
    PaymentIntentPaymentFailed = "payment_intent.payment_failed",
    PaymentIntentProcessing = "payment_intent.processing",
    PaymentIntentRequiresAction = "payment_intent.requires_action",
    PaymentIntentSucceeded = "payment_intent.succeeded",
    RefundCreated = "refund.created",
    RefundFailed = "refund.failed",
    RefundUpdated = "refund.updated",
    TestClockAdvancing = "test_helpers.test_clock.advancing",
    TestClockReady = "test_helpers.test_clock.ready",
}
