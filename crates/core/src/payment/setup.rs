//! Saving a card without a payment: the intent that the buyer sees, and the attempts to have the
//! card's bank agree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::BillingDetails;
use crate::id::{
    CheckoutSessionId, CustomerId, PaymentMethodId, SellerId, SetupAttemptId, SetupIntentId,
};
use crate::listed::Listed;
use crate::payment::attempt::{Challenge, Decline};
use crate::payment::card::{CardSummary, CardToken};
use crate::payment::details::CardTerms;
use crate::payment::method::SavedCard;
use crate::payment::notes::ThreeDSecure;
use crate::payment::usage::FutureUsage;
use crate::secret::Secret;
use crate::stored::is_default;
use crate::time::Timestamp;

/// The wish to save a card, over any number of attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupIntent {
    /// Its id.
    pub id: SetupIntentId,
    /// When it was made.
    pub created: Timestamp,
    /// For whom.
    pub customer: Option<CustomerId>,
    /// The card that is tried or was saved; nothing while one is awaited.
    pub method: Option<PaymentMethodId>,
    /// The platform's own words.
    pub description: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// What the card is kept for.
    pub usage: FutureUsage,
    /// The seller whose business it is, where the platform says so.
    pub on_behalf_of: Option<SellerId>,
    /// Whether the platform left the choice of the method to us, and whether with redirects.
    pub automatic: Option<Redirects>,
    /// How the card is verified.
    #[serde(default, skip_serializing_if = "is_default")]
    pub terms: Box<SetupTerms>,
    /// What lets the buyer's browser see and confirm it.
    pub secret: Secret,
    /// The visit to the pay page that it belongs to: then it is confirmed and ended there only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<CheckoutSessionId>,
    /// The latest attempt, whatever became of it.
    pub latest: Option<SetupAttemptId>,
    /// Where it stands.
    pub state: SetupState,
}

/// What the platform says of how a card is verified and kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetupTerms {
    /// Whether the bank is to be told to ask the buyer.
    pub three_d_secure: ThreeDSecure,
    /// How the card will be charged.
    pub card: CardTerms,
    /// The ways to pay that the platform allows; all of them when it does not say.
    pub allowed_types: Option<Vec<String>>,
    /// The ways to pay that the platform excludes.
    pub excluded_types: Option<Vec<String>>,
}

/// Whether methods that send the buyer to another page may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redirects {
    /// They may.
    Always,
    /// They may not.
    Never,
}

/// Where the wish to save a card stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupState {
    /// A card is needed; the last one may have been declined.
    RequiresPaymentMethod {
        /// The last decline.
        last: Option<Box<FailedSetup>>,
    },
    /// A card is there; nobody has said that it is to be saved now.
    RequiresConfirmation,
    /// The bank was asked, and its answer is not known yet.
    Processing,
    /// The bank wants to hear from the buyer.
    RequiresAction {
        /// The bank's page.
        challenge: Challenge,
        /// Where the buyer comes back to.
        return_url: Option<String>,
    },
    /// The card is saved.
    Succeeded,
    /// Nothing will be saved any more.
    Canceled {
        /// When.
        at: Timestamp,
        /// Why, where the platform said.
        reason: Option<SetupCancelReason>,
    },
}

/// An attempt that the bank declined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedSetup {
    /// Why.
    pub decline: Decline,
    /// The card's id.
    pub method: PaymentMethodId,
    /// The card, when the network knew it.
    pub card: Option<CardSummary>,
    /// Whose card it is, as far as the buyer said.
    pub billing: BillingDetails,
}

/// Why a setup was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupCancelReason {
    /// The buyer left.
    Abandoned,
    /// The same card was being saved twice.
    Duplicate,
    /// The buyer asked for it.
    RequestedByCustomer,
}

impl SetupCancelReason {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            SetupCancelReason::Abandoned => "abandoned",
            SetupCancelReason::Duplicate => "duplicate",
            SetupCancelReason::RequestedByCustomer => "requested_by_customer",
        }
    }
}

/// One try to have a card's bank agree to its being saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupAttempt {
    /// Its id, and our reference at the network.
    pub id: SetupAttemptId,
    /// When it was made.
    pub created: Timestamp,
    /// What it is a try of.
    pub setup: SetupIntentId,
    /// For whom.
    pub customer: Option<CustomerId>,
    /// The card's id.
    pub method: PaymentMethodId,
    /// The card, by its token.
    pub token: CardToken,
    /// What the card is kept for.
    pub usage: FutureUsage,
    /// Whose card it is, as far as the buyer said.
    pub billing: BillingDetails,
    /// Notes on the card.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub method_metadata: BTreeMap<String, String>,
    /// Whether the bank is to be told to ask the buyer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub three_d_secure: ThreeDSecure,
    /// Whether the buyer gave the card by letter or by telephone.
    #[serde(default, skip_serializing_if = "is_default")]
    pub moto: bool,
    /// The brand that the buyer chose on a card of two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The card, as the network described it with its first answer.
    pub card: Option<CardSummary>,
    /// Where the buyer comes back to from the bank's page.
    pub return_url: Option<String>,
    /// What is known of it.
    pub state: VerificationState,
}

/// What is known of an attempt to save a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerificationState {
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
    /// The bank agrees, and the network keeps the card.
    Verified,
    /// The answer was no, or nothing was ever asked.
    Declined(Decline),
}

/// What the network answered to a verification, or what is known instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerificationOutcome {
    /// The bank agrees, and the network keeps the card.
    Verified(SavedCard),
    /// A definite no.
    Declined {
        /// Why.
        decline: Decline,
        /// The card, when the network knew it.
        card: Option<CardSummary>,
    },
    /// The bank wants to hear from the buyer first.
    Challenged {
        /// Where, and until when.
        challenge: Challenge,
        /// The card.
        card: CardSummary,
    },
    /// The network says that it never received this request.
    NotFound,
    /// No byte left: it may be sent again freely.
    NeverSent,
    /// Anything else.
    Unknown,
}

impl SetupState {
    /// The word of the wire.
    pub fn name(&self) -> &'static str {
        match self {
            SetupState::RequiresPaymentMethod { .. } => "requires_payment_method",
            SetupState::RequiresConfirmation => "requires_confirmation",
            SetupState::Processing => "processing",
            SetupState::RequiresAction { .. } => "requires_action",
            SetupState::Succeeded => "succeeded",
            SetupState::Canceled { .. } => "canceled",
        }
    }
}

impl VerificationState {
    /// Whether the bank's final word is missing.
    pub fn is_open(&self) -> bool {
        match self {
            VerificationState::Sending { .. }
            | VerificationState::Unknown { .. }
            | VerificationState::Challenged { .. } => true,
            VerificationState::Verified | VerificationState::Declined(_) => false,
        }
    }

    /// The name that people and filters use.
    pub fn name(&self) -> &'static str {
        match self {
            VerificationState::Sending { .. } => "sending",
            VerificationState::Unknown { .. } => "unknown",
            VerificationState::Challenged { .. } => "challenged",
            VerificationState::Verified => "verified",
            VerificationState::Declined(_) => "declined",
        }
    }
}

impl Listed for SetupIntent {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let customer = self.customer.iter().map(ToString::to_string);
        customer.chain(self.method.iter().map(ToString::to_string)).collect()
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn is_under_way(&self) -> bool {
        matches!(self.state, SetupState::Processing)
    }
}

impl Listed for SetupAttempt {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.setup.to_string(), self.method.to_string()]
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }
}
