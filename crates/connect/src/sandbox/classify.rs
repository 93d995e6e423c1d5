//! What an answer of the network means: all of it is said here, by functions of nothing but what
//! was asked and what was heard.
//!
//! A yes is a success that can be read and names our reference, our amount and our currency. A no
//! is a decline or a refusal (402) of the network. Not sent is what never had a connection.
//! Anything else is a doubt, and so an unknown outcome.

use std::fmt;

use holdfast_core::currency::Currency;
use holdfast_core::effect::AuthorizeRequest;
use holdfast_core::money::Money;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Challenge, Decline};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken, KnownToken, TokenSeen};
use holdfast_core::payment::method::{SaveOutcome, SavedCard};
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::time::Timestamp;

use crate::client::{Answer, Lost};

use super::decline;
use super::question::{Kind, Question};
use super::wire::{
    self, AuthorizationObject, AuthorizationStatus, CardObject, ChallengeObject, MovementObject,
    MovementStatus, PayoutObject, PayoutStatus, SavedObject, TokenObject,
};

#[cfg(test)]
mod tests;

/// What was heard of a question, and how it was put.
pub(super) struct Heard {
    pub(super) how: How,
    pub(super) answer: Result<Answer, Lost>,
}

/// How a question was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Sent, and never before as far as anybody knows.
    Sent,
    /// Sent again, after the network said that it had not received it.
    SentAgain,
    /// Only looked up.
    Looked,
}

/// Why an answer proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// There is none, or not all of it.
    NoAnswer,
    /// A status that is neither a yes nor a no.
    Status(u16),
    /// It is not the object that belongs to the question.
    Unreadable,
    /// This field of it belongs to another question.
    Other(&'static str),
    /// It was received, and the network has not decided.
    Pending,
    /// The network never received it, which for this question is no answer yet.
    NotReceived,
    /// Money was moved under it already, though nobody here has heard of it.
    Used,
}

/// What the network says of an authorization.
///
/// A hold that the network calls voided or expired, with nothing ever taken, is a decline of our
/// own making: the issuer holds nothing any more, nothing was charged and nothing can be. It is
/// met when an answer was lost and the look at it came after the hold's end, or when somebody has
/// let the hold go at the network itself. (For an attempt whose approval is recorded the core
/// takes no notice of it.) A hold of which something was taken or let go, of which the core knows
/// nothing, is a doubt: it stays before an operator's eyes instead of becoming a fresh hold.
pub(super) fn authorization(
    request: &AuthorizeRequest,
    heard: &Heard,
) -> Result<AuthorizationOutcome, Doubt> {
    let (object, card) = match answer(&request.attempt.to_string(), request.amount, heard)? {
        Told::Object(object, card) => (*object, card),
        Told::Refused(code) => {
            let decline = decline::refused(&code);
            return Ok(AuthorizationOutcome::Declined { decline, card: None });
        }
        Told::NotReceived => return Ok(AuthorizationOutcome::NotFound),
        Told::NeverSent => return Ok(AuthorizationOutcome::NeverSent),
    };
    match object.status {
        AuthorizationStatus::Approved => approved(request, object, card),
        AuthorizationStatus::Declined => {
            let decline = object.decline.map_or_else(decline::without_reason, decline::of);
            Ok(AuthorizationOutcome::Declined { decline, card: Some(card) })
        }
        AuthorizationStatus::Challenge => {
            let challenge =
                object.challenge.as_ref().and_then(|asked| challenge(&object.id, asked));
            let challenge = challenge.ok_or(Doubt::Unreadable)?;
            Ok(AuthorizationOutcome::Challenged { challenge, card })
        }
        AuthorizationStatus::Pending => Ok(AuthorizationOutcome::Pending { card }),
        AuthorizationStatus::Voided | AuthorizationStatus::Expired => {
            if object.captured != 0 || object.refunded != 0 {
                return Err(Doubt::Used);
            }
            let decline = Decline::processing_error();
            Ok(AuthorizationOutcome::Declined { decline, card: Some(card) })
        }
    }
}

/// What the network says of a verification. One that is neither declined nor asked about has to
/// come with the name of the kept card: there is nothing else to have of it.
pub(super) fn verification(
    question: &Question<'_>,
    heard: &Heard,
) -> Result<VerificationOutcome, Doubt> {
    let (object, card) = match answer(&question.reference, question.amount, heard)? {
        Told::Object(object, card) => (*object, card),
        Told::Refused(code) => {
            let decline = decline::refused(&code);
            return Ok(VerificationOutcome::Declined { decline, card: None });
        }
        Told::NotReceived => return Ok(VerificationOutcome::NotFound),
        Told::NeverSent => return Ok(VerificationOutcome::NeverSent),
    };
    match object.status {
        AuthorizationStatus::Approved => {
            let token = saved_token(object.saved_card)?.ok_or(Doubt::Unreadable)?;
            Ok(VerificationOutcome::Verified(SavedCard { token, summary: card }))
        }
        AuthorizationStatus::Declined => {
            let decline = object.decline.map_or_else(decline::without_reason, decline::of);
            Ok(VerificationOutcome::Declined { decline, card: Some(card) })
        }
        AuthorizationStatus::Challenge => {
            let challenge =
                object.challenge.as_ref().and_then(|asked| challenge(&object.id, asked));
            let challenge = challenge.ok_or(Doubt::Unreadable)?;
            Ok(VerificationOutcome::Challenged { challenge, card })
        }
        AuthorizationStatus::Pending => Err(Doubt::Pending),
        AuthorizationStatus::Voided | AuthorizationStatus::Expired => {
            let decline = Decline::processing_error();
            Ok(VerificationOutcome::Declined { decline, card: Some(card) })
        }
    }
}

/// What the network says of the wish to keep a card.
pub(super) fn saved_card(question: &Question<'_>, heard: &Heard) -> Result<SaveOutcome, Doubt> {
    let object: SavedObject = match verdict(heard)? {
        Verdict::Object(body) => wire::read(body).ok_or(Doubt::Unreadable)?,
        Verdict::Refused(code) => {
            let body = heard.answer.as_ref().map(|answer| answer.body.as_slice());
            let declined = body.ok().and_then(wire::error_decline).map(decline::of);
            let decline = declined.unwrap_or_else(|| decline::refused(&code));
            return Ok(SaveOutcome::Failed(decline));
        }
        Verdict::NotReceived => return Err(Doubt::NotReceived),
        Verdict::NeverSent => return Err(Doubt::NoAnswer),
    };
    if object.reference != question.reference {
        return Err(Doubt::Other("reference"));
    }
    let token = saved_token(Some(object.id))?.ok_or(Doubt::Unreadable)?;
    let summary = card(&object.card).ok_or(Doubt::Unreadable)?;
    Ok(SaveOutcome::Saved(SavedCard { token, summary }))
}

/// What the network says of a token. What is no clear answer says nothing.
pub(super) fn token(answer: Option<Answer>) -> TokenSeen {
    let Some(answer) = answer else { return TokenSeen::Unknown };
    if answer.status == 404 {
        let is_unknown = wire::error_code(&answer.body).as_deref() == Some("unknown_token");
        return if is_unknown { TokenSeen::NotFound } else { TokenSeen::Unknown };
    }
    let object = wire::read::<TokenObject>(&answer.body).filter(|_| answer.status == 200);
    let known = object.and_then(|object| {
        Some(KnownToken {
            card: card(&object.card)?,
            name: object.name.filter(|name| name.chars().count() <= CARD_NAME_MAX),
            created: object.created_at.map(Timestamp::from_ms),
            used: object.used,
        })
    });
    known.map_or(TokenSeen::Unknown, TokenSeen::Known)
}

/// The longest name on a card that is shown.
const CARD_NAME_MAX: usize = 120;

/// The name of a kept card, which is stored and sent back.
fn saved_token(id: Option<String>) -> Result<Option<CardToken>, Doubt> {
    match id {
        Some(id) if !wire::is_name(&id) => Err(Doubt::Unreadable),
        id => Ok(id.map(CardToken::new)),
    }
}

/// What the network tells of an authorization or a verification.
enum Told {
    /// It, and its card.
    Object(Box<AuthorizationObject>, CardSummary),
    Refused(String),
    NotReceived,
    NeverSent,
}

fn answer(reference: &str, amount: Money, heard: &Heard) -> Result<Told, Doubt> {
    let object: AuthorizationObject = match verdict(heard)? {
        Verdict::Object(body) => wire::read(body).ok_or(Doubt::Unreadable)?,
        Verdict::Refused(code) => return Ok(Told::Refused(code)),
        Verdict::NotReceived => return Ok(Told::NotReceived),
        Verdict::NeverSent => return Ok(Told::NeverSent),
    };
    if object.reference != reference {
        return Err(Doubt::Other("reference"));
    }
    same_money(amount, object.amount, &object.currency)?;
    if !wire::is_name(&object.id) {
        return Err(Doubt::Unreadable);
    }
    let card = card(&object.card).ok_or(Doubt::Unreadable)?;
    Ok(Told::Object(Box::new(object), card))
}

/// What the network says of a capture, a void or a refund.
pub(super) fn movement(question: &Question<'_>, heard: &Heard) -> Result<AskedOutcome, Doubt> {
    let object: MovementObject = match verdict(heard)? {
        Verdict::Object(body) => wire::read(body).ok_or(Doubt::Unreadable)?,
        // The network keeps a refusal: it is the answer to this reference for ever.
        Verdict::Refused(code) => {
            return Ok(AskedOutcome::Failed { code: wire::code_or_error(Some(code)) });
        }
        Verdict::NotReceived => return Err(Doubt::NotReceived),
        Verdict::NeverSent => return Ok(AskedOutcome::NeverSent),
    };
    if object.reference != question.reference {
        return Err(Doubt::Other("reference"));
    }
    if object.kind != question.kind.name() {
        return Err(Doubt::Other("kind"));
    }
    if question.authorization != Some(object.authorization.as_str()) {
        return Err(Doubt::Other("authorization"));
    }
    same_money(question.amount, object.amount, &object.currency)?;
    match object.status {
        MovementStatus::Succeeded if wire::is_name(&object.id) => {
            Ok(AskedOutcome::Succeeded { reference: object.id })
        }
        MovementStatus::Succeeded => Err(Doubt::Unreadable),
        MovementStatus::Pending => Err(Doubt::Pending),
        MovementStatus::Failed => {
            Ok(AskedOutcome::Failed { code: wire::code_or_error(object.failure_code) })
        }
    }
}

/// What the bank says of a payout. One that it never received is a doubt to a look: only the
/// request that follows can make it a fact.
pub(super) fn payout(question: &Question<'_>, heard: &Heard) -> Result<PayoutOutcome, Doubt> {
    let object: PayoutObject = match verdict(heard)? {
        Verdict::Object(body) => wire::read(body).ok_or(Doubt::Unreadable)?,
        Verdict::Refused(code) => {
            return Ok(PayoutOutcome::Failed { code: wire::code_or_error(Some(code)) });
        }
        Verdict::NotReceived => return Err(Doubt::NotReceived),
        Verdict::NeverSent => return Ok(PayoutOutcome::NeverSent),
    };
    if object.reference != question.reference {
        return Err(Doubt::Other("reference"));
    }
    if object.kind != question.kind.name() {
        return Err(Doubt::Other("kind"));
    }
    same_money(question.amount, object.amount, &object.currency)?;
    if !wire::is_name(&object.id) {
        return Err(Doubt::Unreadable);
    }
    let (reference, arrives_at) = (object.id, Timestamp::from_ms(object.arrives_at));
    Ok(match object.status {
        PayoutStatus::Pending => PayoutOutcome::Accepted { reference, arrives_at },
        PayoutStatus::Paid => PayoutOutcome::Paid { reference },
        PayoutStatus::Failed => {
            PayoutOutcome::Failed { code: wire::code_or_error(object.failure_code) }
        }
    })
}

/// Whether a look has shown for certain that the network never received the question.
pub(super) fn is_never_received(heard: &Heard) -> bool {
    matches!(verdict(heard), Ok(Verdict::NotReceived))
}

/// Whether the sandbox did not move its clock because it is further ahead already.
pub(super) fn is_clock_ahead(answer: &Answer) -> bool {
    answer.status == 400 && wire::error_code(&answer.body).as_deref() == Some("clock_backwards")
}

/// What kind of answer was heard.
pub(super) enum Verdict<'a> {
    /// A success, to be read.
    Object(&'a [u8]),
    /// A definite no, with the network's code as it was sent.
    Refused(String),
    /// The network says that it never received the request.
    NotReceived,
    /// No byte of it left.
    NeverSent,
}

/// What kind of answer was heard.
pub(super) fn verdict(heard: &Heard) -> Result<Verdict<'_>, Doubt> {
    let answer = match (&heard.answer, heard.how) {
        (Ok(answer), _) => answer,
        (Err(Lost::NeverSent), How::Sent) => return Ok(Verdict::NeverSent),
        // An earlier request may have left: that this one did not says nothing about it.
        (Err(Lost::NeverSent), How::SentAgain | How::Looked) | (Err(Lost::NoAnswer), _) => {
            return Err(Doubt::NoAnswer);
        }
    };
    let code = || wire::error_code(&answer.body);
    match (answer.status, heard.how) {
        (200..=299, _) => Ok(Verdict::Object(&answer.body)),
        (402, How::Sent | How::SentAgain) => code().map(Verdict::Refused).ok_or(Doubt::Unreadable),
        (404, How::Looked) if code().as_deref() == Some("unknown_reference") => {
            Ok(Verdict::NotReceived)
        }
        (status, _) => Err(Doubt::Status(status)),
    }
}

fn approved(
    request: &AuthorizeRequest,
    object: AuthorizationObject,
    card: CardSummary,
) -> Result<AuthorizationOutcome, Doubt> {
    let asked = request.amount;
    let capture = came_with(request, &object)?;
    let taken = if capture.is_some() { asked.minor() } else { 0 };
    if object.captured != taken || object.refunded != 0 || object.released != 0 {
        return Err(Doubt::Used);
    }
    let saved = saved_token(object.saved_card)?;
    let code = object.authorization_code.unwrap_or_default();
    if object.captures_max == 0 || !(code.is_empty() || wire::is_name(&code)) {
        return Err(Doubt::Unreadable);
    }
    let expires_at = Timestamp::from_ms(object.expires_at);
    let authorization = Authorization::new(object.id, code, asked, expires_at, object.captures_max)
        .growing_up_to(object.increments_max)
        .settling_at_once(object.settles_at_once)
        .with_saved(saved)
        .expecting_disputes(object.disputes_expected);
    Ok(AuthorizationOutcome::Approved { authorization, capture, card })
}

/// The network's name of the capture that came with an approval, where it was asked for and done.
fn came_with(
    request: &AuthorizeRequest,
    object: &AuthorizationObject,
) -> Result<Option<String>, Doubt> {
    let (Some(reference), Some(capture)) = (request.capture, &object.capture) else {
        return Ok(None);
    };
    if capture.reference != reference.to_string() {
        return Err(Doubt::Other("reference"));
    }
    if capture.kind != Kind::Capture.name() {
        return Err(Doubt::Other("kind"));
    }
    if capture.authorization != object.id {
        return Err(Doubt::Other("authorization"));
    }
    same_money(request.amount, capture.amount, &capture.currency)?;
    match capture.status {
        MovementStatus::Succeeded if wire::is_name(&capture.id) => Ok(Some(capture.id.clone())),
        MovementStatus::Succeeded => Err(Doubt::Unreadable),
        MovementStatus::Pending => Err(Doubt::Pending),
        // It is asked for once more by itself, and then the network says why.
        MovementStatus::Failed => Ok(None),
    }
}

fn same_money(asked: Money, amount: i64, currency: &str) -> Result<(), Doubt> {
    if Currency::parse(currency) != Some(asked.currency()) {
        return Err(Doubt::Other("currency"));
    }
    if amount != asked.minor() {
        return Err(Doubt::Other("amount"));
    }
    Ok(())
}

fn challenge(authorization: &str, object: &ChallengeObject) -> Option<Challenge> {
    let expires_at = Timestamp::from_ms(object.expires_at);
    let authorization = Some(authorization.to_owned());
    let url = || object.url.clone();
    wire::is_page(&object.url).then(|| Challenge { url: url(), expires_at, authorization })
}

/// The card's summary; `None` when the digits or the date are none. Words that nobody knows become
/// `unknown`: an approval is not put in doubt because of a new brand.
fn card(object: &CardObject) -> Option<CardSummary> {
    let is_last4 =
        object.last4.len() == 4 && object.last4.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = (1..=12).contains(&object.exp_month) && (2000..=2199).contains(&object.exp_year);
    if !is_last4 || !is_date {
        return None;
    }
    let word = |text: &str| if wire::is_code(text) { text.to_owned() } else { unknown() };
    let funding = object.funding.as_str();
    let is_funding = matches!(funding, "credit" | "debit" | "prepaid");
    let is_country =
        |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    Some(CardSummary {
        brand: word(&object.brand),
        last4: object.last4.clone(),
        exp_month: object.exp_month,
        exp_year: object.exp_year,
        funding: if is_funding { funding.to_owned() } else { unknown() },
        country: object.country.clone().filter(is_country),
        fingerprint: object.fingerprint.clone().filter(|word| wire::is_name(word)),
        co_brand: object.co_brand.clone().filter(|word| wire::is_code(word)),
        cvc_check: match object.cvc_check.as_str() {
            "pass" => CardCheck::Pass,
            "fail" => CardCheck::Fail,
            "unavailable" => CardCheck::Unavailable,
            _ => CardCheck::Unchecked,
        },
    })
}

fn unknown() -> String {
    "unknown".to_owned()
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::NoAnswer => f.write_str("no answer, or not all of it"),
            Doubt::Status(status) => write!(f, "status {status}"),
            Doubt::Unreadable => f.write_str("not the object that was asked for"),
            Doubt::Other(field) => write!(f, "another {field} than was asked for"),
            Doubt::Pending => f.write_str("not decided yet"),
            Doubt::NotReceived => f.write_str("never received"),
            Doubt::Used => f.write_str("money was moved under it already"),
        }
    }
}
