//! A card that may be used again: its token at the network and what may be shown of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::BillingDetails;
use crate::customer::Customer;
use crate::event::kind::EventKind;
use crate::id::{CustomerId, PaymentMethodId};
use crate::listed::Listed;
use crate::payment::attempt::Decline;
use crate::payment::card::{CardSummary, CardToken};
use crate::time::Timestamp;

/// A card that may be used again, or was made so explicitly. A card that was charged and not kept
/// has an id, too, but no row: its attempt knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMethod {
    /// Its id, and our reference at the network.
    pub id: PaymentMethodId,
    /// When it was made.
    pub created: Timestamp,
    /// Whose it is. Set once and never to another customer.
    pub customer: Option<CustomerId>,
    /// Whose card it is, as far as the buyer said.
    pub billing: BillingDetails,
    /// Whether it may be shown to the buyer again.
    pub allow_redisplay: Option<Redisplay>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// How often its bank was asked whether it may become a customer's, apart from the time when
    /// it was made.
    #[serde(default)]
    pub rounds: u32,
    /// What becomes of the customer once the bank has agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brings: Option<Box<Brings>>,
    /// Why its bank did not agree the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Decline>,
    /// What is known of it.
    pub state: MethodState,
}

/// What is written of a customer when the bank of its card has agreed, and not before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brings {
    /// The customer, where it is a new one: without its card it is not made.
    pub customer: Option<Customer>,
    /// What is told beside that it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<EventKind>,
    /// Whether the card is charged when the platform names none.
    pub is_default: bool,
}

/// What is known of a card that is to be used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodState {
    /// The network is being asked for a token that can be used again.
    Saving {
        /// The token that can be used once.
        token: CardToken,
        /// How often it was asked without an answer.
        tries: u32,
    },
    /// It is kept, and its bank is being asked whether it may become a customer's.
    Attaching {
        /// The card.
        card: SavedCard,
        /// Whose it is to be.
        to: CustomerId,
        /// How often it was asked without an answer.
        tries: u32,
    },
    /// It can be charged.
    Saved {
        /// The card.
        card: SavedCard,
    },
    /// It was taken from its customer and is never charged again.
    Detached {
        /// The card.
        card: SavedCard,
    },
    /// The network has refused to keep it.
    Failed {
        /// The token that can be used once, for whoever still asks with it.
        token: CardToken,
        /// Why.
        decline: Decline,
    },
}

/// A card as the network keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCard {
    /// The network's name of it, which grants charges.
    pub token: CardToken,
    /// What may be shown of it.
    pub summary: CardSummary,
}

/// Whether a saved card may be shown to the buyer again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redisplay {
    /// On every page of the platform.
    Always,
    /// Where the buyer saved it.
    Limited,
    /// Nobody said.
    Unspecified,
}

impl Redisplay {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            Redisplay::Always => "always",
            Redisplay::Limited => "limited",
            Redisplay::Unspecified => "unspecified",
        }
    }
}

/// What the network answered to the wish to keep a card, or what is known instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It keeps the card.
    Saved(SavedCard),
    /// A definite no.
    Failed(Decline),
    /// Nothing is known. Asking again is safe: the reference is the same.
    Unknown,
}

impl PaymentMethod {
    /// The card, when the network has described it.
    pub fn card(&self) -> Option<&SavedCard> {
        match &self.state {
            MethodState::Saved { card }
            | MethodState::Attaching { card, .. }
            | MethodState::Detached { card } => Some(card),
            MethodState::Saving { .. } | MethodState::Failed { .. } => None,
        }
    }
}

impl MethodState {
    /// The name that people and filters use.
    pub fn name(&self) -> &'static str {
        match self {
            MethodState::Saving { .. } => "saving",
            MethodState::Attaching { .. } => "attaching",
            MethodState::Saved { .. } => "saved",
            MethodState::Detached { .. } => "detached",
            MethodState::Failed { .. } => "failed",
        }
    }
}

impl Listed for PaymentMethod {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        self.customer.iter().map(ToString::to_string).collect()
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn is_under_way(&self) -> bool {
        matches!(self.state, MethodState::Saving { .. } | MethodState::Attaching { .. })
    }
}
