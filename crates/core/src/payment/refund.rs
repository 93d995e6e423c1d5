//! Giving money back to the cardholder, whether it was taken already or only held on the card.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{
    AttemptId, EntryId, OrderId, PaymentIntentId, RefundId, SellerId, TransferReversalId,
};
use crate::listed::Listed;
use crate::money::Money;
use crate::payment::asked::Asked;
use crate::stored::is_default;
use crate::time::Timestamp;

/// One refund: one request to the processor, with the parts of the orders that pay for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Its id, and our reference at the processor.
    pub id: RefundId,
    /// When it was asked for.
    pub created: Timestamp,
    /// The payment.
    pub intent: PaymentIntentId,
    /// The attempt whose money goes back.
    pub attempt: AttemptId,
    /// How much, the sum of the shares.
    pub amount: Money,
    /// How the processor gives it back.
    pub method: RefundMethod,
    /// Who pays for it.
    pub shares: Vec<RefundShare>,
    /// Why.
    pub reason: RefundReason,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// What else goes back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pulls: Pulls,
    /// The journal's entry of it; `None` for money that never left the card.
    #[serde(default, skip_serializing_if = "is_default")]
    pub entry: Option<EntryId>,
    /// The journal's entry of what came back after all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub failure_entry: Option<EntryId>,
    /// What was taken back of the charge's own transfer.
    #[serde(default)]
    pub reversal: Option<TransferReversalId>,
    /// What is known of it.
    pub state: Asked,
}

/// What goes back beside the buyer's money, as the platform asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pulls {
    /// From the seller: what the payment was transferred to.
    pub transfer: bool,
    /// From the platform: its fee on the payment.
    pub fee: bool,
}

/// How the processor gives money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundMethod {
    /// A part of the authorization is let go; the money never left the card.
    Reversal,
    /// Captured money is sent back.
    Return,
}

/// Why money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// The platform asked for it and did not say why.
    NotGiven,
    /// The buyer asked for it.
    RequestedByCustomer,
    /// The same purchase was paid twice.
    Duplicate,
    /// The payment was not the cardholder's.
    Fraudulent,
    /// The order was cancelled before it was shipped.
    OrderCanceled,
    /// The payment was cancelled.
    PaymentCanceled,
    /// The authorization neared its end and nothing was shipped.
    AuthorizationEnded,
    /// The last capture took less than the authorization.
    PartialCapture,
    /// A claim was ruled for the buyer.
    Ruling,
    /// The bank's approval arrived after the attempt had been given up.
    LateApproval,
}

impl RefundReason {
    /// The word of the wire, for the reasons that are ours as well.
    pub fn name(self) -> &'static str {
        match self {
            RefundReason::NotGiven => "not_given",
            RefundReason::RequestedByCustomer => "requested_by_customer",
            RefundReason::Duplicate => "duplicate",
            RefundReason::Fraudulent => "fraudulent",
            RefundReason::OrderCanceled => "order_canceled",
            RefundReason::PaymentCanceled => "payment_canceled",
            RefundReason::AuthorizationEnded => "authorization_ended",
            RefundReason::PartialCapture => "partial_capture",
            RefundReason::Ruling => "ruling",
            RefundReason::LateApproval => "late_approval",
        }
    }
}

/// The part of a refund that one order, or the platform, pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundShare {
    /// The order; `None` when the payment has none.
    pub order: Option<OrderId>,
    /// From the held funds, from the platform's own sales, or from the authorization for a
    /// reversal.
    pub held: Money,
    /// The part of `held` that came from a sale that was not settled.
    #[serde(default)]
    pub unsettled: Option<Money>,
    /// From the seller's balance, for money that was released already.
    pub seller: Money,
    /// Whose balance that is; `None` when the payment has no order.
    pub seller_account: Option<SellerId>,
    /// From the platform's fees: the commission on released money goes back with it.
    pub fee: Money,
}

impl RefundShare {
    /// A share that comes whole from what is held.
    pub fn of_held(order: Option<OrderId>, amount: Money) -> RefundShare {
        let none = Money::zero(amount.currency());
        let (held, unsettled) = (amount, None);
        RefundShare { order, held, unsettled, seller: none, seller_account: None, fee: none }
    }

    /// The whole share.
    pub fn total(&self) -> Result<Money, crate::money::MoneyError> {
        self.held.checked_add(self.seller)?.checked_add(self.fee)
    }
}

impl Listed for Refund {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let orders = self.shares.iter().filter_map(|share| share.order);
        let payment = [self.intent.to_string(), self.attempt.to_string()];
        let sellers: BTreeSet<_> =
            self.shares.iter().filter_map(|share| share.seller_account).collect();
        let orders = orders.map(|order| order.to_string());
        let sellers = sellers.iter().map(ToString::to_string);
        payment.into_iter().chain(orders).chain(sellers).collect()
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }

    fn is_under_way(&self) -> bool {
        self.state.is_open()
    }
}
