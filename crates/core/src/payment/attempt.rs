//! One try to charge a card for a payment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::BillingDetails;
use crate::dispute::Disputed;
use crate::id::{
    ApplicationFeeId, AttemptId, CaptureId, CheckoutSessionId, CustomerId, EntryId,
    PaymentIntentId, PaymentMethodId, TransferId,
};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::payment::authorization::Authorization;
use crate::payment::card::{CardSummary, CardToken};
use crate::payment::notes::ChargeNotes;
use crate::payment::usage::FutureUsage;
use crate::stored::is_default;
use crate::time::Timestamp;

/// One try to charge a card: what the wire calls a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id, and our reference at the processor.
    pub id: AttemptId,
    /// When it was made.
    pub created: Timestamp,
    /// The payment.
    pub intent: PaymentIntentId,
    /// The visit to the pay page that it came from.
    pub session: Option<CheckoutSessionId>,
    /// Whose card it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The card's id, whether it is kept or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PaymentMethodId>,
    /// Whose card it is, as far as the buyer said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing: Option<BillingDetails>,
    /// What the card is kept for, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub future_usage: Option<FutureUsage>,
    /// Whether the buyer is away, and so cannot be asked by the bank.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off_session: bool,
    /// Whether the payment fails where the bank wants to ask the buyer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fails_when_asked: bool,
    /// Notes on the card.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub method_metadata: BTreeMap<String, String>,
    /// Whether the processor has it and decides in days: nobody waits for the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// What was asked for.
    pub amount: Money,
    /// The card, by its token.
    pub token: CardToken,
    /// The card, as the processor described it with its first answer.
    pub card: Option<CardSummary>,
    /// Where the buyer comes back to from the bank's page.
    pub return_url: Option<String>,
    /// Captured money that was given back to the card.
    pub refunded: Money,
    /// Our reference of the capture that an approval is to bring with it; nothing where the money
    /// is taken later, if at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<CaptureId>,
    /// What the payment said when the card was tried.
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: Box<ChargeNotes>,
    /// Whether the bank asked the buyer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub was_challenged: bool,
    /// The journal's entry of the first capture.
    #[serde(default, skip_serializing_if = "is_default")]
    pub entry: Option<EntryId>,
    /// How often money was or is to be given back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub refunds: u32,
    /// What the cardholder's bank has raised against it, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputes: Vec<Disputed>,
    /// The network's names of the bank's early fraud warnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fraud_warnings: Vec<String>,
    /// The transfer that its first capture made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferId>,
    /// The platform's fee on that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_fee: Option<ApplicationFeeId>,
    /// What is known of it.
    pub state: AttemptState,
}

/// What is known of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// It is on disk and may have been sent.
    Sending {
        /// How often sending failed before a byte left.
        unsent: u32,
    },
    /// It was sent, and the answer is missing or makes no sense.
    Unknown {
        /// How often it has been looked into.
        looks: u32,
    },
    /// The bank wants to hear from the buyer first.
    Challenged {
        /// Where, and until when.
        challenge: Challenge,
        /// Whether a look at the outcome is on its way, so that reloads do not pile up looks.
        looking: bool,
    },
    /// The bank holds the amount.
    Authorized(Authorization),
    /// The answer was no, or nothing was ever asked.
    Declined(Decline),
}

/// The bank's question to the buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The bank's page.
    pub url: String,
    /// When the bank stops waiting.
    pub expires_at: Timestamp,
    /// The processor's own name of what is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
}

/// A definite no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decline {
    /// The code that clients branch on, as `card_declined` or `expired_card`.
    pub code: String,
    /// The issuer's reason, as `insufficient_funds`.
    pub decline_code: Option<String>,
    /// What to do: `confirm_card_data`, `do_not_try_again` or `try_again_later`.
    pub advice: Option<String>,
    /// The network's own code.
    pub network_code: Option<String>,
}

impl Decline {
    /// A decline of our own making: nothing was charged, and trying again may help.
    pub fn processing_error() -> Decline {
        Decline {
            code: "processing_error".to_owned(),
            decline_code: None,
            advice: Some("try_again_later".to_owned()),
            network_code: None,
        }
    }
}

impl Decline {
    /// The bank wants to hear from the buyer, and the platform does not want the buyer asked.
    pub fn authentication_required() -> Decline {
        Decline {
            code: "authentication_required".to_owned(),
            decline_code: Some("authentication_required".to_owned()),
            advice: None,
            network_code: None,
        }
    }

    /// The buyer was not heard before the payment was called off.
    pub fn not_authenticated() -> Decline {
        Decline {
            code: "payment_intent_authentication_failure".to_owned(),
            decline_code: None,
            advice: None,
            network_code: None,
        }
    }
}

impl Attempt {
    /// The hold, when there is one.
    pub fn authorization(&self) -> Option<&Authorization> {
        match &self.state {
            AttemptState::Authorized(authorization) => Some(authorization),
            AttemptState::Sending { .. }
            | AttemptState::Unknown { .. }
            | AttemptState::Challenged { .. }
            | AttemptState::Declined(_) => None,
        }
    }

    /// The hold, to be changed.
    pub fn authorization_mut(&mut self) -> Option<&mut Authorization> {
        match &mut self.state {
            AttemptState::Authorized(authorization) => Some(authorization),
            AttemptState::Sending { .. }
            | AttemptState::Unknown { .. }
            | AttemptState::Challenged { .. }
            | AttemptState::Declined(_) => None,
        }
    }

    /// What the network has taken back in disputes and not returned.
    pub fn withdrawn(&self) -> Result<Money, MoneyError> {
        Money::sum(self.amount.currency(), self.disputes.iter().map(|it| it.withdrawn))
    }

    /// Whether a dispute keeps the money of the payment's orders where it is.
    pub fn is_frozen(&self) -> bool {
        self.disputes.iter().any(|it| it.freezes)
    }

    /// Whether anybody can object to it: money was taken, or may have been.
    pub fn may_be_disputed(&self) -> bool {
        let taken =
            |hold: &Authorization| hold.captured.is_positive() || hold.capturing.is_positive();
        self.is_open() || self.authorization().is_some_and(taken)
    }

    /// Captured money that is neither given back nor taken back in a dispute.
    pub fn refundable(&self) -> Result<Money, MoneyError> {
        let captured = self.authorization().map(|hold| hold.captured);
        let captured = captured.unwrap_or(Money::zero(self.amount.currency()));
        captured.checked_sub(self.refunded)?.checked_sub(self.withdrawn()?)
    }

    /// Whether the processor's final word is missing.
    pub fn is_open(&self) -> bool {
        match self.state {
            AttemptState::Sending { .. }
            | AttemptState::Unknown { .. }
            | AttemptState::Challenged { .. } => true,
            AttemptState::Authorized(_) | AttemptState::Declined(_) => false,
        }
    }
}

impl AttemptState {
    /// The name that people and filters use.
    pub fn name(&self) -> &'static str {
        match self {
            AttemptState::Sending { .. } => "sending",
            AttemptState::Unknown { .. } => "unknown",
            AttemptState::Challenged { .. } => "challenged",
            AttemptState::Authorized(_) => "authorized",
            AttemptState::Declined(_) => "declined",
        }
    }
}

/// What a processor answered to an authorization, or what is known instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationOutcome {
    /// The bank holds exactly the amount that was asked for.
    Approved {
        /// The hold, as it is before anything of it is taken.
        authorization: Authorization,
        /// The processor's own name of the capture that came with it, of the whole amount and under
        /// the reference that was asked for; nothing where it says of none.
        capture: Option<String>,
        /// The card.
        card: CardSummary,
    },
    /// The processor has it and decides later: of a debit of a bank account.
    Pending {
        /// The bank account.
        card: CardSummary,
    },
    /// A definite no.
    Declined {
        /// Why.
        decline: Decline,
        /// The card, when the processor knew it.
        card: Option<CardSummary>,
    },
    /// The bank wants to hear from the buyer first.
    Challenged {
        /// Where, and until when.
        challenge: Challenge,
        /// The card.
        card: CardSummary,
    },
    /// The processor says that it never received this request.
    NotFound,
    /// No byte left: it may be sent again freely.
    NeverSent,
    /// Anything else.
    Unknown,
}

/// The link by which lists find the charges of a transfer group.
pub fn group_link(transfer_group: &str) -> String {
    format!("group:{transfer_group}")
}

impl Listed for Attempt {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let group = self.notes.transfer_group.as_deref().map(group_link);
        let method = self.method.iter().map(ToString::to_string);
        let customer = self.customer.iter().map(ToString::to_string);
        let payment = std::iter::once(self.intent.to_string());
        payment.chain(method).chain(customer).chain(group).collect()
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }
}
