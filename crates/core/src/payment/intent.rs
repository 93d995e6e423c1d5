//! The payment as the buyer and the shop see it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::BillingDetails;
use crate::id::{
    AttemptId, CheckoutSessionId, CustomerId, IncrementId, OrderId, PaymentIntentId,
    PaymentMethodId,
};
use crate::listed::Listed;
use crate::money::Money;
use crate::payment::attempt::{Challenge, Decline};
use crate::payment::capture_method::CaptureMethod;
use crate::payment::card::{CardSummary, CardToken};
use crate::payment::notes::{ChargeNotes, Notes, ReturnTo};
use crate::payment::usage::FutureUsage;
use crate::secret::Secret;
use crate::stored::is_default;
use crate::time::Timestamp;

/// One payment of a buyer, over any number of attempts and orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentIntent {
    /// Its id.
    pub id: PaymentIntentId,
    /// When it was made.
    pub created: Timestamp,
    /// What is to be paid.
    pub amount: Money,
    /// What was taken from the card so far.
    pub captured: Money,
    /// When the money is taken.
    pub capture_method: CaptureMethod,
    /// Who pays, where the platform knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The card that pays or is to pay; nothing while one is awaited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PaymentMethodId>,
    /// What the card is kept for, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub future_usage: Option<FutureUsage>,
    /// Whether the processor decides in days, so that nobody waits for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// The wish for a larger hold whose answer is awaited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growing: Option<IncrementId>,
    /// The visit to the pay page that made it.
    pub session: Option<CheckoutSessionId>,
    /// The orders that it pays for, once it is authorized.
    pub orders: Vec<OrderId>,
    /// What the buyer's statement and the console say.
    pub description: Option<String>,
    /// Where a receipt goes.
    pub receipt_email: Option<String>,
    /// Links the payment with transfers of the platform.
    pub transfer_group: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// What else the platform says about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: Notes,
    /// What lets the buyer's browser see and confirm it.
    pub secret: Secret,
    /// Where it stands.
    pub state: IntentState,
}

/// Where a payment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentState {
    /// A card is needed; the last one may have been declined.
    RequiresPaymentMethod {
        /// The last decline.
        last: Option<Box<FailedAttempt>>,
    },
    /// A card is there; the buyer has not said *Pay now*.
    RequiresConfirmation {
        /// The card.
        token: CardToken,
    },
    /// The bank was asked, and its answer is not known yet.
    Processing {
        /// The attempt in question.
        attempt: AttemptId,
    },
    /// The bank wants to hear from the buyer.
    RequiresAction {
        /// The attempt in question.
        attempt: AttemptId,
        /// The bank's page.
        challenge: Challenge,
    },
    /// The bank holds the money; some of it is still to be taken.
    RequiresCapture {
        /// The approved attempt.
        attempt: AttemptId,
        /// What can still be taken.
        capturable: Money,
    },
    /// All that was to be taken is taken.
    Succeeded {
        /// The approved attempt.
        attempt: AttemptId,
    },
    /// Nothing will be taken any more.
    Canceled {
        /// When.
        at: Timestamp,
        /// Why.
        reason: CancelReason,
        /// The approved attempt, when there was one.
        attempt: Option<AttemptId>,
    },
}

/// An attempt that the bank declined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedAttempt {
    /// The attempt.
    pub attempt: AttemptId,
    /// Why.
    pub decline: Decline,
    /// The card, when the processor knew it.
    pub card: Option<CardSummary>,
    /// The card's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PaymentMethodId>,
    /// Whose card it is, as far as the buyer said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing: Option<BillingDetails>,
}

/// Why a payment was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The buyer left.
    Abandoned,
    /// A clock of ours, or the end of the authorization.
    Automatic,
    /// The same purchase was being paid twice.
    Duplicate,
    /// The session was over.
    Expired,
    /// The payment is not the cardholder's.
    Fraudulent,
    /// The platform asked for it and did not say why.
    NotGiven,
    /// The buyer asked for it.
    RequestedByCustomer,
}

impl CancelReason {
    /// The word of the wire, for what it has words for, and of tests and figures.
    pub fn name(self) -> &'static str {
        match self {
            CancelReason::Abandoned => "abandoned",
            CancelReason::Automatic => "automatic",
            CancelReason::Duplicate => "duplicate",
            CancelReason::Expired => "expired",
            CancelReason::Fraudulent => "fraudulent",
            CancelReason::NotGiven => "not_given",
            CancelReason::RequestedByCustomer => "requested_by_customer",
        }
    }
}

impl PaymentIntent {
    /// Where the bank's page sends the buyer.
    pub(crate) fn return_page(&self, to: &ReturnTo) -> String {
        format!("{}/{}/{}/return", to.page, self.id, self.secret.reveal())
    }

    /// What a charge of the payment repeats of it.
    pub(crate) fn charge_notes(&self) -> ChargeNotes {
        ChargeNotes {
            description: self.description.clone(),
            receipt_email: self.receipt_email.clone(),
            transfer_group: self.transfer_group.clone(),
            metadata: self.metadata.clone(),
            notes: self.notes.clone(),
            fraud_report: None,
        }
    }

    /// The latest attempt, whatever became of it.
    pub fn attempt(&self) -> Option<AttemptId> {
        match &self.state {
            IntentState::RequiresPaymentMethod { last } => last.as_ref().map(|last| last.attempt),
            IntentState::RequiresConfirmation { .. } => None,
            IntentState::Processing { attempt }
            | IntentState::RequiresAction { attempt, .. }
            | IntentState::RequiresCapture { attempt, .. }
            | IntentState::Succeeded { attempt } => Some(*attempt),
            IntentState::Canceled { attempt, .. } => *attempt,
        }
    }

    /// What can still be taken from the card.
    pub fn capturable(&self) -> Money {
        match self.state {
            IntentState::RequiresCapture { capturable, .. } => capturable,
            IntentState::RequiresPaymentMethod { .. }
            | IntentState::RequiresConfirmation { .. }
            | IntentState::Processing { .. }
            | IntentState::RequiresAction { .. }
            | IntentState::Succeeded { .. }
            | IntentState::Canceled { .. } => Money::zero(self.amount.currency()),
        }
    }
}

impl IntentState {
    /// The word of the wire.
    pub fn name(&self) -> &'static str {
        match self {
            IntentState::RequiresPaymentMethod { .. } => "requires_payment_method",
            IntentState::RequiresConfirmation { .. } => "requires_confirmation",
            IntentState::Processing { .. } => "processing",
            IntentState::RequiresAction { .. } => "requires_action",
            IntentState::RequiresCapture { .. } => "requires_capture",
            IntentState::Succeeded { .. } => "succeeded",
            IntentState::Canceled { .. } => "canceled",
        }
    }
}

impl Listed for PaymentIntent {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let session = self.session.iter().map(ToString::to_string);
        let goes_to = self.notes.transfer_data.iter().map(|data| data.destination.to_string());
        session.chain(self.customer.iter().map(ToString::to_string)).chain(goes_to).collect()
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.id)
    }

    fn is_under_way(&self) -> bool {
        let is_asked = !self.pending && matches!(self.state, IntentState::Processing { .. });
        is_asked || self.growing.is_some()
    }
}
