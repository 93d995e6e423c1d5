//! The network's objects as JSON.

use holdfast_core::bank::BankBehaviour;
use holdfast_core::currency::Currency;
use holdfast_core::time::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use super::reply::Reply;
use crate::network::Network;
use crate::network::authorization::{
    Authorization, AuthorizationIndex, Kind, MovementIndex, Outcome, Status,
};
use crate::network::authorize::{Purpose, ThreeDs};
use crate::network::card::{Brand, Card, CoBrand};
use crate::network::challenge;
use crate::network::decline::DeclineFacts;
use crate::network::payout::{PayoutIndex, Progress, Speed};
use crate::network::saved::{SavedCard, SeenToken};

/// `POST /network/tokens`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// The profile of a published test card.
    pub(crate) profile: String,
    /// `visa`, `mastercard`, `amex` or `discover`.
    pub(crate) brand: String,
    /// Four digits.
    pub last4: String,
    /// 1 to 12.
    pub(crate) exp_month: u8,
    /// Four digits.
    pub(crate) exp_year: u16,
    /// `credit`, `debit`, `prepaid` or `unknown`.
    pub(crate) funding: String,
    /// Two letters; the profile's country when absent.
    #[serde(default)]
    pub(crate) country: Option<String>,
    /// At most 120 characters.
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// `POST /network/authorizations`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorizeRequest {
    /// The merchant's reference.
    pub(crate) reference: String,
    /// The card's token.
    pub(crate) token: String,
    /// In minor units.
    pub(crate) amount: i64,
    /// A code of ISO 4217.
    pub(crate) currency: String,
    /// The statement text.
    pub(crate) descriptor: String,
    /// Where the cardholder goes after a challenge.
    #[serde(default)]
    pub(crate) return_url: Option<String>,
    /// Whether the merchant wants the cardholder asked.
    #[serde(default)]
    pub(crate) three_ds: ThreeDsWish,
    /// Whether the cardholder is away.
    #[serde(default)]
    pub(crate) off_session: bool,
    /// Whether the card is to be kept when the issuer approves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) save: bool,
    /// Whether it is to be one that can be raised.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) incremental: bool,
    /// Whether the card came by letter or by telephone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) moto: bool,
    /// Which of the card's networks carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) network: Option<String>,
    /// The merchant's reference of a capture of all of it, which is to come with the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capture: Option<String>,
}

/// `POST /network/cards`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaveRequest {
    /// The merchant's reference.
    pub(crate) reference: String,
    /// The card's token.
    pub(crate) token: String,
    /// Whether its issuer is asked first.
    #[serde(default)]
    pub(crate) check: bool,
}

/// `POST /network/tokens/look`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenLook {
    /// The token.
    pub(crate) token: String,
}

/// `POST /network/verifications`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyRequest {
    /// The merchant's reference.
    pub(crate) reference: String,
    /// The card's token.
    pub(crate) token: String,
    /// The statement text.
    pub(crate) descriptor: String,
    /// Where the cardholder goes after a challenge.
    #[serde(default)]
    pub(crate) return_url: Option<String>,
    /// Whether the merchant wants the cardholder asked.
    #[serde(default, skip_serializing_if = "ThreeDsWish::is_automatic")]
    pub(crate) three_ds: ThreeDsWish,
    /// Whether the card came by letter or by telephone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) moto: bool,
    /// Which of the card's networks carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) network: Option<String>,
}

/// Whether the merchant wants the cardholder asked.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ThreeDsWish {
    /// Only when the issuer wants it.
    #[default]
    Automatic,
    /// Whenever it is possible.
    Any,
}

impl ThreeDsWish {
    fn is_automatic(&self) -> bool {
        matches!(self, ThreeDsWish::Automatic)
    }

    /// The wish, as the network knows it.
    pub(crate) fn read(&self) -> ThreeDs {
        match self {
            ThreeDsWish::Automatic => ThreeDs::Automatic,
            ThreeDsWish::Any => ThreeDs::Any,
        }
    }
}

/// A capture.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaptureRequest {
    /// The merchant's reference.
    pub(crate) reference: String,
    /// In minor units.
    pub(crate) amount: i64,
    /// The authorization's currency.
    pub(crate) currency: String,
    /// Whether the rest is given back. Required: to guess it would move money.
    #[serde(rename = "final")]
    pub(crate) last: bool,
}

/// A void.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoidRequest {
    /// The merchant's reference.
    pub(crate) reference: String,
    /// In minor units; all that is left when absent.
    #[serde(default)]
    pub(crate) amount: Option<i64>,
    /// Whether it is about a question to the cardholder that is not answered yet, and about nothing
    /// else. Then the amount is required.
    #[serde(default)]
    pub(crate) while_asked: bool,
}

/// An increment.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncrementRequest {
    /// The merchant's reference.
    pub(crate) reference: String,
    /// How much more, in minor units.
    pub(crate) amount: i64,
    /// The authorization's currency.
    pub(crate) currency: String,
}

/// A refund.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundRequest {
    /// The merchant's reference.
    pub(crate) reference: String,
    /// In minor units.
    pub(crate) amount: i64,
    /// The authorization's currency.
    pub(crate) currency: String,
}

/// A payout.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayoutRequest {
    /// The platform's reference.
    pub(crate) reference: String,
    /// A word that names a test account by what becomes of money for it.
    pub(crate) account: BankBehaviour,
    /// In minor units.
    pub(crate) amount: i64,
    /// A code of ISO 4217.
    pub(crate) currency: String,
    /// How fast.
    pub(crate) method: Speed,
}

/// Which answer to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// As the request was answered the first time, whatever has happened since.
    First,
    /// As things stand.
    Now,
}

#[derive(Serialize)]
struct AuthorizationObject<'a> {
    id: &'a str,
    reference: &'a str,
    status: &'static str,
    amount: i64,
    #[serde(serialize_with = "lower_case")]
    currency: Currency,
    captured: i64,
    refunded: i64,
    released: i64,
    created_at: i64,
    expires_at: i64,
    captures_max: u16,
    increments_max: u16,
    disputes_expected: bool,
    settles_at_once: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    moto: bool,
    network: &'a str,
    authorization_code: Option<&'a str>,
    card: CardObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saved_card: Option<&'a str>,
    #[serde(skip_serializing_if = "is_payment")]
    purpose: Purpose,
    decline: Option<DeclineFacts>,
    /// The capture that came with the approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<MovementObject<'a>>,
    challenge: Option<ChallengeObject>,
    authentication: Option<&'static str>,
}

#[derive(Serialize)]
struct CardObject<'a> {
    brand: &'static str,
    last4: &'a str,
    exp_month: u8,
    exp_year: u16,
    funding: &'static str,
    country: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    co_brand: Option<&'static str>,
    fingerprint: String,
    cvc_check: &'static str,
    address_line1_check: &'static str,
    address_postal_code_check: &'static str,
}

#[derive(Serialize)]
struct ChallengeObject {
    url: String,
    expires_at: i64,
    flow: &'static str,
}

#[derive(Serialize)]
struct MovementObject<'a> {
    id: &'a str,
    reference: &'a str,
    authorization: &'a str,
    kind: &'static str,
    status: &'static str,
    amount: i64,
    #[serde(serialize_with = "lower_case")]
    currency: Currency,
    created_at: i64,
    failure_code: Option<&'static str>,
}

#[derive(Serialize)]
struct PayoutObject<'a> {
    id: &'a str,
    reference: &'a str,
    kind: &'static str,
    status: &'static str,
    amount: i64,
    #[serde(serialize_with = "lower_case")]
    currency: Currency,
    method: &'static str,
    created_at: i64,
    arrives_at: i64,
    failure_code: Option<&'static str>,
}

#[derive(Serialize)]
struct LedgerEntry<'a> {
    #[serde(flatten)]
    authorization: AuthorizationObject<'a>,
    captures: Vec<MovementObject<'a>>,
    increments: Vec<MovementObject<'a>>,
    voids: Vec<MovementObject<'a>>,
    refunds: Vec<MovementObject<'a>>,
}

/// The answer about an authorization.
pub(crate) fn authorization(
    network: &Network,
    index: AuthorizationIndex,
    telling: Telling,
    origin: &str,
) -> Reply {
    let object = authorization_object(network.authorization(index), telling, origin);
    Reply::ok(&with_capture(network, index, telling, object))
}

#[derive(Serialize)]
struct SavedObject<'a> {
    id: &'a str,
    reference: &'a str,
    card: CardObject<'a>,
}

/// The answer about a kept card.
pub(crate) fn saved(card: &SavedCard, reference: &str) -> Reply {
    let object = SavedObject { id: &card.id, reference, card: card_object(&card.card) };
    Reply::ok(&object)
}

#[derive(Serialize)]
struct TokenObject<'a> {
    card: CardObject<'a>,
    name: Option<&'a str>,
    created_at: Option<i64>,
    used: bool,
}

/// The answer about a token.
pub(crate) fn token(token: &SeenToken) -> Reply {
    Reply::ok(&TokenObject {
        card: card_object(&token.card),
        name: token.card.name.as_deref(),
        created_at: token.at.map(Timestamp::ms),
        used: token.used,
    })
}

fn is_payment(purpose: &Purpose) -> bool {
    *purpose == Purpose::Payment
}

/// The answer about a capture, a void or a refund. The first answer to a refused one is an error.
pub(crate) fn movement(network: &Network, index: MovementIndex, telling: Telling) -> Reply {
    let object = movement_object(network, index, telling);
    match (telling, network.movement(index).outcome) {
        (Telling::First, Outcome::Refused(refusal)) => {
            let message = format!("the {} was refused, for good", object.kind);
            Reply::error(402, refusal.code(), &message)
        }
        (Telling::First | Telling::Now, _) => Reply::ok(&object),
    }
}

/// The answer about a payout, as things stand at `now`.
pub(crate) fn payout(network: &Network, index: PayoutIndex, now: Timestamp) -> Reply {
    let payout = network.payout(index);
    let progress = payout.progress(now);
    Reply::ok(&PayoutObject {
        id: &payout.id,
        reference: &payout.reference,
        kind: "payout",
        status: progress.name(),
        amount: payout.amount,
        currency: payout.currency,
        method: payout.speed.name(),
        created_at: payout.created_at.ms(),
        arrives_at: payout.arrives_at.ms(),
        failure_code: match progress {
            Progress::Failed(code) => Some(code),
            Progress::Pending | Progress::Paid => None,
        },
    })
}

/// Appends the authorizations from the `start`th on, at most `count`, with all that was done with
/// each, as JSON objects between commas. Comes back with how many they were.
pub(crate) fn ledger_part(
    network: &Network,
    (start, count): (usize, usize),
    origin: &str,
    to: &mut Vec<u8>,
) -> serde_json::Result<usize> {
    let mut written = 0;
    for authorization in network.authorizations_from(start).iter().take(count) {
        let of_kind = |kind: Kind| {
            let movements = authorization.movements.iter().copied();
            let of_kind = movements.filter(move |index| network.movement(*index).kind == kind);
            of_kind.map(|index| movement_object(network, index, Telling::Now)).collect()
        };
        if start + written > 0 {
            to.push(b',');
        }
        serde_json::to_writer(
            &mut *to,
            &LedgerEntry {
                authorization: authorization_object(authorization, Telling::Now, origin),
                captures: of_kind(Kind::Capture),
                increments: of_kind(Kind::Increment),
                voids: of_kind(Kind::Void),
                refunds: of_kind(Kind::Refund),
            },
        )?;
        written += 1;
    }
    Ok(written)
}

/// What an approval says of the capture that came with it: with the first answer, unless the
/// cardholder was asked or the approval itself is told later.
fn with_capture<'a>(
    network: &'a Network,
    index: AuthorizationIndex,
    telling: Telling,
    object: AuthorizationObject<'a>,
) -> AuthorizationObject<'a> {
    let is_told = object.status == Status::Approved.name();
    let sold = network.sold_with(network.authorization(index)).filter(|_| is_told);
    let Some(sold) = sold else { return object };
    let capture = movement_object(network, sold, telling);
    let captured = object.captured.max(capture.amount);
    AuthorizationObject { captured, capture: Some(capture), ..object }
}

fn authorization_object<'a>(
    of: &'a Authorization,
    telling: Telling,
    origin: &str,
) -> AuthorizationObject<'a> {
    let first = telling == Telling::First;
    let status = if first { of.first_status() } else { of.status() };
    let life = of.card.brand.authorization_life();
    let now = |sum: i64| if first { 0 } else { sum };
    // What becomes of a debit is told to whoever looks later, never at once.
    let pending = first && of.card.brand == Brand::SepaDebit;
    // A question that was given up was never approved, though the authorization ends as voided.
    let is_asked_in_vain = of.challenge.as_ref().is_some_and(|challenge| {
        challenge.progress != challenge::Progress::Ended(challenge::ChallengeResult::Passed)
    });
    let is_no = matches!(status, Status::Declined | Status::Challenge);
    let approved = !pending && !is_no && !is_asked_in_vain;
    let decline = of.decline().filter(|_| status == Status::Declined && !pending);
    AuthorizationObject {
        id: &of.id,
        reference: &of.reference,
        status: if pending { "pending" } else { status.name() },
        amount: if first { of.sums.first_amount() } else { of.sums.amount() },
        currency: of.currency,
        captured: now(of.sums.captured()),
        refunded: now(of.sums.refunded()),
        released: now(of.sums.released()),
        created_at: of.created_at.ms(),
        expires_at: if first { of.created_at.after(life).ms() } else { of.expires_at.ms() },
        captures_max: of.captures_max,
        increments_max: of.increments_max,
        disputes_expected: of.card.profile.complaint.is_some(),
        settles_at_once: of.card.profile.settles_at_once,
        moto: of.moto,
        network: of.network.as_deref().unwrap_or(of.card.brand.name()),
        authorization_code: approved.then_some(&*of.approval_code),
        card: card_object(&of.card),
        saved_card: of.saved.as_deref().filter(|_| approved),
        purpose: of.purpose,
        decline: decline.map(|decline| decline.facts()),
        capture: None,
        challenge: challenge_object(of, origin).filter(|_| status == Status::Challenge),
        authentication: of.challenge.as_ref().map(|challenge| match &challenge.progress {
            challenge::Progress::Ended(result) if !first => result.name(),
            challenge::Progress::Ended(_) | challenge::Progress::Waiting(_) => "pending",
        }),
    }
}

fn card_object(card: &Card) -> CardObject<'_> {
    let checks = card.profile.checks;
    CardObject {
        brand: card.brand.name(),
        last4: &card.last4,
        exp_month: card.exp_month,
        exp_year: card.exp_year,
        funding: card.funding.name(),
        country: &card.country,
        co_brand: card.co_brand().map(CoBrand::name),
        fingerprint: card.fingerprint(),
        cvc_check: checks.cvc.name(),
        address_line1_check: checks.address_line1.name(),
        address_postal_code_check: checks.postal_code.name(),
    }
}

fn challenge_object(of: &Authorization, origin: &str) -> Option<ChallengeObject> {
    let challenge = of.challenge.as_ref()?;
    Some(ChallengeObject {
        url: format!("{origin}/challenge/{}", challenge.id),
        expires_at: challenge.expires_at.ms(),
        flow: "otp",
    })
}

fn movement_object(
    network: &Network,
    index: MovementIndex,
    telling: Telling,
) -> MovementObject<'_> {
    let movement = network.movement(index);
    let of = network.authorization(movement.authorization);
    let outcome = match (telling, movement.outcome) {
        (Telling::First, Outcome::FailedLater) => Outcome::Succeeded,
        (Telling::First | Telling::Now, outcome) => outcome,
    };
    MovementObject {
        id: &movement.id,
        reference: &movement.reference,
        authorization: &of.id,
        kind: movement.kind.name(),
        status: outcome.status(),
        amount: movement.amount,
        currency: of.currency,
        created_at: movement.created_at.ms(),
        failure_code: outcome.failure_code(),
    }
}

pub(super) fn lower_case<S: Serializer>(
    currency: &Currency,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&currency.code().to_ascii_lowercase())
}
