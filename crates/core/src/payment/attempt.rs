//! One try to charge a card for a payment.

use serde::{Deserialize, Serialize};

use crate::id::{AttemptId, CheckoutSessionId, PaymentIntentId};
use crate::money::Money;
use crate::payment::authorization::Authorization;
use crate::payment::card::{CardSummary, CardToken};
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
        /// The hold.
        authorization: Authorization,
        /// The card.
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
