//! What the ledger file holds: one record per line, each the whole of one change.
//!
//! The records alone tell what became of every authorization: `authorization` (and, when its
//! cardholder was asked, `challenge_ended`) says whether the issuer approved, `movement` what was
//! captured, released and refunded, `authorization_expired` and `refund_failed` the rest.

use holdfast_core::bank::BankBehaviour;
use holdfast_core::currency::Currency;
use holdfast_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::Channel;
use super::authorization::{Kind, MovementRefusal};
use super::card::Card;
use super::challenge::ChallengeResult;
use super::decline::Decline;
use super::dispute::{AnswerKind, AnswerRefusal, Complaint, Verdict};
use super::idempotency::Stamp;
use super::name::Name;
use super::payout::Speed;

/// A line of the ledger file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// 1, 2, 3 and so on: a missing line shows.
    pub seq: u64,
    /// When, in sandbox time.
    pub at: Timestamp,
    /// What.
    pub entry: Record,
}

/// A change of the network's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A card became a token.
    TokenIssued(TokenIssued),
    /// An issuer answered the wish to charge a card.
    Authorization(Box<AuthorizationMade>),
    /// An issuer answered the wish to keep a card: an authorization of nothing.
    Verification(Box<AuthorizationMade>),
    /// A token that can be used once was exchanged for one that lasts.
    CardSaved(CardSaved),
    /// A capture, an increment, a void or a refund was done or refused.
    Movement(MovementMade),
    /// Another code was sent to the cardholder; the first comes with the authorization.
    CodeSent(CodeSent),
    /// The cardholder gave a wrong code.
    WrongCode(WrongCode),
    /// The cardholder confirmed, or did not.
    ChallengeEnded(ChallengeEnded),
    /// What was left of an authorization went back at the end of its life.
    AuthorizationExpired(AuthorizationExpired),
    /// The cardholder's bank sent a refund back.
    RefundFailed(RefundFailed),
    /// The cardholder's bank raised something about a charge.
    DisputeRaised(DisputeRaised),
    /// The merchant answered a dispute.
    DisputeAnswered(DisputeAnswered),
    /// The bank decided a dispute.
    DisputeDecided(DisputeDecided),
    /// The bank received a payout.
    Payout(PayoutReceived),
    /// The sandbox's clock was moved.
    ClockMoved(ClockMoved),
    /// A cardholder's credit limit was changed.
    LimitChanged(LimitChanged),
}

impl Record {
    /// The network's id of the authorization that the record is about, if it is about one.
    pub fn authorization(&self) -> Option<&Name> {
        match self {
            Self::Authorization(made) | Self::Verification(made) => Some(&made.id),
            Self::Movement(made) => Some(&made.authorization),
            Self::CodeSent(sent) => Some(&sent.authorization),
            Self::WrongCode(wrong) => Some(&wrong.authorization),
            Self::ChallengeEnded(ended) => Some(&ended.authorization),
            Self::AuthorizationExpired(expired) => Some(&expired.authorization),
            Self::RefundFailed(failed) => Some(&failed.authorization),
            Self::DisputeRaised(raised) => Some(&raised.authorization),
            Self::DisputeAnswered(made) => Some(&made.authorization),
            Self::DisputeDecided(decided) => Some(&decided.authorization),
            Self::TokenIssued(_)
            | Self::CardSaved(_)
            | Self::Payout(_)
            | Self::ClockMoved(_)
            | Self::LimitChanged(_) => None,
        }
    }
}

/// A card became a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssued {
    /// The token, good for one authorization.
    pub id: Name,
    /// What it stands for.
    pub card: Card,
    /// When. Ledgers of before do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The request.
    pub stamp: Stamp,
}

/// A token that can be used once was exchanged for one that lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardSaved {
    /// The token that lasts.
    pub id: Name,
    /// The merchant's reference.
    pub reference: Name,
    /// The token that was presented.
    pub token: Box<str>,
    /// The card behind it.
    pub card: Card,
    /// The request.
    pub stamp: Stamp,
}

/// An issuer answered the wish to charge a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationMade {
    /// The network's id.
    pub id: Name,
    /// The merchant's reference.
    pub reference: Name,
    /// The token that was presented.
    pub token: Box<str>,
    /// The card behind it.
    pub card: Card,
    /// The kept card that it is, or becomes when the issuer approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<Name>,
    /// In minor units.
    pub amount: i64,
    /// Of this currency.
    #[serde(with = "lower_case")]
    pub currency: Currency,
    /// Who asks, as the cardholder's statement shows it.
    pub descriptor: Box<str>,
    /// From when on nothing is captured any more.
    pub expires_at: Timestamp,
    /// How many captures it allows.
    pub captures_max: u16,
    /// How often it may be raised.
    #[serde(default, skip_serializing_if = "is_none_allowed")]
    pub increments_max: u16,
    /// The issuer's code.
    pub approval_code: Box<str>,
    /// Whether the card came by letter or by telephone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moto: bool,
    /// The network that was chosen to carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Box<str>>,
    /// The capture of all of it that comes with the approval, if the issuer approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Sale>,
    /// What the issuer said.
    pub verdict: FirstVerdict,
    /// The request.
    pub stamp: Stamp,
}

/// A capture that comes with an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The network's id of the capture.
    pub id: Name,
    /// The merchant's reference of it.
    pub reference: Name,
    /// When the cardholder will complain about it, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complains_at: Option<Timestamp>,
}

fn is_none_allowed(increments_max: &u16) -> bool {
    *increments_max == 0
}

/// What an issuer said at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstVerdict {
    /// Yes: the amount is held.
    Approved,
    /// No.
    Declined(Decline),
    /// The cardholder is asked; nothing is held yet.
    Challenge(ChallengeStarted),
}

/// The cardholder is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeStarted {
    /// Names the page.
    pub id: Name,
    /// When it ends unanswered.
    pub expires_at: Timestamp,
    /// Where the cardholder goes afterwards.
    pub return_url: Option<Box<str>>,
    /// Where the first code went.
    pub channel: Channel,
    /// The first code.
    pub code: Box<str>,
}

/// A capture, an increment, a void or a refund was done or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementMade {
    /// The network's id.
    pub id: Name,
    /// What it belongs to.
    pub authorization: Name,
    /// The merchant's reference.
    pub reference: Name,
    /// What it is.
    pub kind: Kind,
    /// In minor units of the authorization's currency.
    pub amount: i64,
    /// Why it was refused; when it was, nothing moved.
    pub refused: Option<MovementRefusal>,
    /// For a last capture: what remained and went back with it. Else zero.
    pub released: i64,
    /// Whether nothing can be captured after it.
    pub closes: bool,
    /// For a refund that will be sent back: when.
    pub fails_at: Option<Timestamp>,
    /// For a capture that the cardholder will complain about: when.
    #[serde(default)]
    pub complains_at: Option<Timestamp>,
    /// The request.
    pub stamp: Stamp,
}

/// Another code was sent to the cardholder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// What it confirms.
    pub authorization: Name,
    /// Where it went.
    pub channel: Channel,
    /// The code. The cardholders are invented, and their phones are a page of the sandbox.
    pub code: Box<str>,
}

/// The cardholder gave a wrong code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongCode {
    /// What it should have confirmed.
    pub authorization: Name,
}

/// The cardholder confirmed, or did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeEnded {
    /// What it was about.
    pub authorization: Name,
    /// How it ended.
    pub result: ChallengeResult,
    /// Why the authorization was declined then; `None`: it was approved and the amount is held.
    pub decline: Option<Decline>,
    /// When the authorization's life ends, now that it has begun.
    pub expires_at: Timestamp,
    /// The capture of all of it that came with the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Sale>,
}

/// What was left of an authorization went back at the end of its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationExpired {
    /// Which.
    pub authorization: Name,
    /// How much, in minor units.
    pub released: i64,
}

/// The cardholder's bank sent a refund back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundFailed {
    /// What it belongs to.
    pub authorization: Name,
    /// The merchant's reference of the refund.
    pub reference: Name,
    /// How much, in minor units.
    pub amount: i64,
}

/// The cardholder's bank raised something about a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeRaised {
    /// What it is about.
    pub authorization: Name,
    /// The network's id.
    pub id: Name,
    /// What it is.
    pub complaint: Complaint,
    /// How much, in minor units.
    pub amount: i64,
    /// Until when an answer is waited for.
    pub due_by: Timestamp,
}

/// The merchant answered a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeAnswered {
    /// What it belongs to.
    pub authorization: Name,
    /// The dispute.
    pub dispute: Name,
    /// The merchant's reference of the answer.
    pub reference: Name,
    /// What it is. The evidence itself is the merchant's to keep.
    pub what: AnswerKind,
    /// Whether the bank will decide for the merchant.
    pub wins: bool,
    /// Until when the bank reads it.
    pub until: Timestamp,
    /// Why it was refused; when it was, nothing changed.
    pub refused: Option<AnswerRefusal>,
    /// The request.
    pub stamp: Stamp,
}

/// The bank received a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutReceived {
    /// The bank's id.
    pub id: Name,
    /// The platform's reference.
    pub reference: Name,
    /// The account, by what becomes of money for it.
    pub account: BankBehaviour,
    /// In minor units.
    pub amount: i64,
    /// Of this currency.
    #[serde(with = "lower_case")]
    pub currency: Currency,
    /// How fast it goes.
    pub speed: Speed,
    /// When it reaches the account, or does not.
    pub arrives_at: Timestamp,
    /// The request.
    pub stamp: Stamp,
}

/// The bank decided a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeDecided {
    /// What it belongs to.
    pub authorization: Name,
    /// The dispute.
    pub dispute: Name,
    /// How.
    pub verdict: Verdict,
}

/// The sandbox's clock was moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMoved {
    /// Sandbox time less the machine's time, in milliseconds.
    pub offset_ms: i64,
}

/// A cardholder's credit limit was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitChanged {
    /// Whose: the name of the test card's profile.
    pub profile: Box<str>,
    /// The account's currency.
    #[serde(with = "lower_case")]
    pub currency: Currency,
    /// The new limit, in minor units.
    pub limit: i64,
}

/// Currency codes are in lower case in the file, as they are on the wire.
mod lower_case {
    use holdfast_core::currency::Currency;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        currency: &Currency,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&currency.code().to_ascii_lowercase())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Currency, D::Error> {
        let code = String::deserialize(deserializer)?;
        Currency::parse(&code).ok_or_else(|| D::Error::custom(format!("unknown currency {code}")))
    }
}
