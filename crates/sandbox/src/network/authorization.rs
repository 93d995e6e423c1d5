//! Authorizations and what was done with them.

use holdfast_core::currency::Currency;
use holdfast_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::AccountKey;
use super::authorize::Purpose;
use super::card::Card;
use super::challenge::Challenge;
use super::decline::Decline;
use super::dispute::{DisputeIndex, Warning};
use super::idempotency::Fingerprint;
use super::name::Name;
use super::record::Sale;
use super::sums::Sums;

/// Where an authorization stands in the network's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthorizationIndex(pub(super) usize);

/// Where a movement stands in the network's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MovementIndex(pub(super) usize);

/// An issuer's answer to the wish to charge a card, and all that followed.
#[derive(Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The network's id.
    pub id: Name,
    /// The merchant's reference; no two authorizations share one.
    pub reference: Name,
    /// What it was asked for.
    pub purpose: Purpose,
    /// The card.
    pub card: Card,
    /// The kept card that it is, or becomes when the issuer approves.
    pub saved: Option<Name>,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// Who asks, as the cardholder's statement shows it.
    pub descriptor: Box<str>,
    /// Whether the card came by letter or by telephone.
    pub moto: bool,
    /// The network that was chosen to carry it.
    pub network: Option<Box<str>>,
    /// When it arrived, in sandbox time.
    pub created_at: Timestamp,
    /// From when on nothing is captured any more, in sandbox time.
    pub expires_at: Timestamp,
    /// How many captures it allows.
    pub captures_max: u16,
    /// How many captures it has had.
    pub captures: u16,
    /// How often it may be raised.
    pub increments_max: u16,
    /// How often it was raised.
    pub increments: u16,
    /// The issuer's code, told once it has approved.
    pub approval_code: Box<str>,
    /// What became of the amount.
    pub sums: Sums,
    /// Where it stands.
    pub state: State,
    /// How the cardholder was asked, if so.
    pub challenge: Option<Box<Challenge>>,
    /// When the cardholder complains about it, or did.
    pub complains_at: Option<Timestamp>,
    /// The dispute of it.
    pub dispute: Option<DisputeIndex>,
    /// The bank's warning of fraud.
    pub warning: Option<Warning>,
    /// The capture that comes with the approval.
    pub sale: Option<Sale>,
    /// Captures, voids and refunds, oldest first; refused ones too.
    pub movements: Vec<MovementIndex>,
    pub(super) fingerprint: Fingerprint,
}

/// Where an authorization stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The cardholder is being asked. Nothing is held yet.
    Challenged,
    /// The issuer said no.
    Declined(Decline),
    /// The issuer said yes, and what remains may be captured.
    Open,
    /// Nothing can be captured any more.
    Closed(Closing),
}

/// What closed an authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// All that was left was voided.
    Voided,
    /// Its life ended.
    Expired,
    /// It was a verification: nothing was ever held.
    Verified,
    /// The last capture: announced as final, or the last that the network allows.
    LastCapture,
}

/// The state in one word, as the wire has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The issuer said yes; `captured` and `released` say how far it went.
    Approved,
    /// The issuer said no, for good.
    Declined,
    /// The cardholder is being asked.
    Challenge,
    /// Voided before anything was captured.
    Voided,
    /// Ended before anything was captured.
    Expired,
}

impl Status {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Challenge => "challenge",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
}

impl Authorization {
    /// The state in one word.
    pub fn status(&self) -> Status {
        match self.state {
            State::Challenged => Status::Challenge,
            State::Declined(_) => Status::Declined,
            State::Closed(Closing::Voided) if self.sums.captured() == 0 => Status::Voided,
            State::Closed(Closing::Expired) if self.sums.captured() == 0 => Status::Expired,
            State::Open | State::Closed(_) => Status::Approved,
        }
    }

    /// Why it was declined, if it was.
    pub fn decline(&self) -> Option<Decline> {
        match self.state {
            State::Declined(decline) => Some(decline),
            State::Challenged | State::Open | State::Closed(_) => None,
        }
    }

    /// The status of the first answer, before anything followed.
    pub fn first_status(&self) -> Status {
        match (&self.challenge, self.state) {
            (Some(_), _) => Status::Challenge,
            (None, State::Declined(_)) => Status::Declined,
            (None, State::Challenged | State::Open | State::Closed(_)) => Status::Approved,
        }
    }

    /// Whether nothing was raised about it yet.
    pub(super) fn is_uncomplained(&self) -> bool {
        self.dispute.is_none() && self.warning.is_none()
    }

    /// The account that pays.
    pub fn account(&self) -> AccountKey {
        AccountKey::new(self.card.profile, self.currency)
    }
}

/// A capture, a void or a refund, done or refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Movement {
    /// The network's id.
    pub id: Name,
    /// The merchant's reference; no two of one kind share one.
    pub reference: Name,
    /// What it belongs to.
    pub authorization: AuthorizationIndex,
    /// What it is.
    pub kind: Kind,
    /// In minor units of the authorization's currency; positive, unless it was refused.
    pub amount: i64,
    /// Whether it was done.
    pub outcome: Outcome,
    /// When, in sandbox time.
    pub created_at: Timestamp,
    /// For a refund that the cardholder's bank will send back: when.
    pub(super) fails_at: Option<Timestamp>,
    pub(super) fingerprint: Fingerprint,
}

/// What a movement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Takes a part of what is held.
    Capture,
    /// Holds more than before.
    Increment,
    /// Gives a part of what is held back.
    Void,
    /// Gives a part of what was captured back.
    Refund,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] = [Kind::Capture, Kind::Increment, Kind::Void, Kind::Refund];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Increment => "increment",
            Self::Void => "void",
            Self::Refund => "refund",
        }
    }
}

/// What became of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Succeeded,
    /// Refused when it was asked for, and so for good.
    Refused(MovementRefusal),
    /// Done at first, then sent back by the cardholder's bank.
    FailedLater,
}

/// What the bank says of a refund that it sends back.
pub const LATER_FAILURE: &str = "expired_or_canceled_card";

impl Outcome {
    /// The status on the wire.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Refused(_) | Self::FailedLater => "failed",
        }
    }

    /// Why it failed, if it did.
    pub const fn failure_code(self) -> Option<&'static str> {
        match self {
            Self::Succeeded => None,
            Self::Refused(refusal) => Some(refusal.code()),
            Self::FailedLater => Some(LATER_FAILURE),
        }
    }
}

/// Why the network refused a capture, a void or a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementRefusal {
    /// The currency is not the authorization's.
    CurrencyMismatch,
    /// The issuer never approved the authorization.
    NotApproved,
    /// All of it was voided.
    AlreadyVoided,
    /// Its life is over.
    AuthorizationExpired,
    /// It allows no further capture.
    CapturesExhausted,
    /// Everything was captured: nothing is left to void.
    NothingLeft,
    /// More than what is left.
    AmountTooLarge,
    /// It may not be raised, or not once more, or something of it is used already.
    NotIncremental,
    /// The issuer does not hold more: the account does not have it.
    InsufficientFunds,
    /// The cardholder is not being asked any more.
    NotAsked,
}

impl MovementRefusal {
    /// The code on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CurrencyMismatch => "currency_mismatch",
            Self::NotApproved => "not_approved",
            Self::AlreadyVoided => "already_voided",
            Self::AuthorizationExpired => "authorization_expired",
            Self::CapturesExhausted => "captures_exhausted",
            Self::NothingLeft => "nothing_left",
            Self::AmountTooLarge => "amount_too_large",
            Self::NotIncremental => "not_incremental",
            Self::InsufficientFunds => "insufficient_funds",
            Self::NotAsked => "not_asked",
        }
    }
}
