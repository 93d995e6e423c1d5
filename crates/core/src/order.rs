//! One seller's part of a purchase, from the payment to the buyer's receipt.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::checkout::Line;
use crate::id::{
    CaptureId, CheckoutSessionId, HeldFundsId, OrderId, PaymentIntentId, RefundId, SellerId,
};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::payment::notes::Shipping;
use crate::secret::Secret;
use crate::time::Timestamp;

/// One seller's part of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// When it was made: when the bank approved the payment.
    pub created: Timestamp,
    /// The payment, shared with the other sellers' orders.
    pub intent: PaymentIntentId,
    /// The visit to the pay page.
    pub session: CheckoutSessionId,
    /// Who ships.
    pub seller: SellerId,
    /// What was bought.
    pub lines: Vec<Line>,
    /// What the lines cost, before anything is taken off.
    pub items: Money,
    /// What is taken off each of the lines, in their order; empty where nothing is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Money>,
    /// This order's share of the shipping.
    pub shipping: Money,
    /// What the buyer pays for it: the lines less what is taken off, and the shipping.
    pub total: Money,
    /// What goes, or went, back to the buyer.
    pub refunded: Money,
    /// The address for mails about the order.
    pub customer_email: Option<String>,
    /// Where its goods go, as far as the buyer or the shop has said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<Box<Shipping>>,
    /// What lets the buyer's browser see the order.
    pub secret: Secret,
    /// Copied from the session.
    pub metadata: BTreeMap<String, String>,
    /// The parcels on their way.
    pub shipments: Vec<Shipment>,
    /// Where its money is.
    pub funding: Funding,
    /// Where the order stands.
    pub state: OrderState,
}

/// Where an order's money is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// Held on the card by the bank.
    Authorized,
    /// Being taken from the card.
    Capturing {
        /// The capture in question.
        capture: CaptureId,
    },
    /// Taken, and held for the seller or already released.
    Held {
        /// Where.
        held_funds: HeldFundsId,
    },
    /// Being given back without having been taken.
    Returning {
        /// The refund in question.
        refund: RefundId,
    },
    /// Given back without having been taken.
    Returned,
    /// The processor refused to take it although the goods were shipped.
    CaptureFailed {
        /// The processor's code.
        code: String,
    },
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Who carries it.
    pub carrier: Option<String>,
    /// The number to follow it by.
    pub tracking_number: Option<String>,
    /// When it left.
    pub at: Timestamp,
}

/// Where an order stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Paid; the seller has to ship.
    AwaitingShipment {
        /// Until when.
        ship_by: Timestamp,
        /// The buyer's wish to cancel, when there is one.
        cancel_request: Option<CancelRequest>,
    },
    /// On its way.
    Shipped {
        /// When it left.
        at: Timestamp,
        /// How long the buyer is protected.
        protection: Protection,
    },
    /// At the buyer's door.
    Delivered {
        /// When it arrived.
        at: Timestamp,
        /// How long the buyer is protected.
        protection: Protection,
    },
    /// The buyer says that something is wrong; the money is frozen.
    InClaim {
        /// What is wrong.
        claim: Claim,
    },
    /// Done: the money went to the seller, or was split by a ruling.
    Completed {
        /// When.
        at: Timestamp,
        /// How it came to it.
        how: ReleaseReason,
    },
    /// Never shipped; the money went back.
    Canceled {
        /// When.
        at: Timestamp,
        /// Why.
        reason: OrderCancelReason,
    },
    /// The whole sum went back to the buyer.
    Refunded {
        /// When.
        at: Timestamp,
    },
}

/// The time in which the buyer may object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// Its end: the money is then released.
    pub ends_at: Timestamp,
    /// How often the buyer extended it.
    pub extensions: u8,
}

/// A buyer's wish to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelRequest {
    /// When it was said.
    pub at: Timestamp,
    /// When silence cancels the order.
    pub answer_by: Timestamp,
}

/// What a buyer objects to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// When it was opened.
    pub at: Timestamp,
    /// Of what kind.
    pub reason: ClaimReason,
    /// In the buyer's words.
    pub description: Option<String>,
}

/// The kinds of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimReason {
    /// The parcel did not come.
    NotReceived,
    /// The goods are not what was sold.
    NotAsDescribed,
    /// The goods are broken.
    Damaged,
    /// Anything else.
    Other,
}

impl ClaimReason {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            ClaimReason::NotReceived => "not_received",
            ClaimReason::NotAsDescribed => "not_as_described",
            ClaimReason::Damaged => "damaged",
            ClaimReason::Other => "other",
        }
    }
}

/// Why an order was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderCancelReason {
    /// The buyer asked, and the seller agreed or was silent.
    RequestedByBuyer,
    /// The seller cannot deliver.
    RequestedBySeller,
    /// The platform decided.
    RequestedByPlatform,
    /// The seller did not ship in time.
    NotShipped,
    /// The authorization neared its end.
    AuthorizationEnding,
    /// The whole sum was refunded before it was shipped.
    Refunded,
}

impl OrderCancelReason {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            OrderCancelReason::RequestedByBuyer => "requested_by_buyer",
            OrderCancelReason::RequestedBySeller => "requested_by_seller",
            OrderCancelReason::RequestedByPlatform => "requested_by_platform",
            OrderCancelReason::NotShipped => "not_shipped",
            OrderCancelReason::AuthorizationEnding => "authorization_ending",
            OrderCancelReason::Refunded => "refunded",
        }
    }
}

/// Why held funds were released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseReason {
    /// The buyer has the goods.
    BuyerConfirmed,
    /// The buyer did not object in time.
    ProtectionEnded,
    /// A claim was ruled.
    Ruling,
    /// An operator did it.
    Operator,
}

impl ReleaseReason {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            ReleaseReason::BuyerConfirmed => "buyer_confirmed",
            ReleaseReason::ProtectionEnded => "protection_ended",
            ReleaseReason::Ruling => "ruling",
            ReleaseReason::Operator => "operator",
        }
    }
}

impl Order {
    /// What is taken off its lines.
    pub fn discount(&self) -> Result<Money, MoneyError> {
        Money::sum(self.total.currency(), self.discounts.iter().copied())
    }

    /// What the order still costs the buyer.
    pub fn payable(&self) -> Result<Money, MoneyError> {
        self.total.checked_sub(self.refunded)
    }

    /// The end of the buyer's protection, while it runs.
    pub fn protection(&self) -> Option<Protection> {
        match &self.state {
            OrderState::Shipped { protection, .. } | OrderState::Delivered { protection, .. } => {
                Some(*protection)
            }
            OrderState::AwaitingShipment { .. }
            | OrderState::InClaim { .. }
            | OrderState::Completed { .. }
            | OrderState::Canceled { .. }
            | OrderState::Refunded { .. } => None,
        }
    }

    /// Where the money was taken to, once it was taken.
    pub fn held_funds(&self) -> Option<HeldFundsId> {
        match self.funding {
            Funding::Held { held_funds } => Some(held_funds),
            Funding::Authorized
            | Funding::Capturing { .. }
            | Funding::Returning { .. }
            | Funding::Returned
            | Funding::CaptureFailed { .. } => None,
        }
    }

    /// Whether the seller still has to ship.
    pub fn awaits_shipment(&self) -> bool {
        matches!(self.state, OrderState::AwaitingShipment { .. })
    }
}

impl OrderState {
    /// The word of the wire.
    pub fn name(&self) -> &'static str {
        match self {
            OrderState::AwaitingShipment { .. } => "awaiting_shipment",
            OrderState::Shipped { .. } => "shipped",
            OrderState::Delivered { .. } => "delivered",
            OrderState::InClaim { .. } => "in_claim",
            OrderState::Completed { .. } => "completed",
            OrderState::Canceled { .. } => "canceled",
            OrderState::Refunded { .. } => "refunded",
        }
    }
}

impl Funding {
    /// The word of the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Funding::Authorized => "authorized",
            Funding::Capturing { .. } => "capturing",
            Funding::Held { .. } => "held",
            Funding::Returning { .. } => "returning",
            Funding::Returned => "returned",
            Funding::CaptureFailed { .. } => "capture_failed",
        }
    }
}

impl Listed for Order {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.intent.to_string(), self.session.to_string(), self.seller.to_string()]
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }
}
