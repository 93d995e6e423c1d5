//! What the sandbox's page shows of the past: the last messages and the last happenings.

use std::collections::VecDeque;

use holdfast_core::currency::Currency;
use holdfast_core::time::Timestamp;

use super::Network;
use super::account::{Channel, Contact};
use super::authorization::{Authorization, Kind, MovementRefusal, Outcome};
use super::dispute::FRAUD_TYPE;
use super::name::Name;
use super::record::{FirstVerdict, Record};

/// How many text messages and e-mails are kept: more than anybody scrolls through.
pub const MESSAGES_MAX: usize = 200;
/// How many happenings are kept: a page of them.
pub const HAPPENINGS_MAX: usize = 100;

/// A code on its way to a cardholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When it was sent, in sandbox time.
    pub at: Timestamp,
    /// Text message or e-mail.
    pub channel: Channel,
    /// To whom.
    pub to: Contact,
    /// The bank that sends it.
    pub issuer: &'static str,
    /// The code.
    pub code: Box<str>,
    /// The merchant's reference of the authorization that it confirms.
    pub reference: Name,
    /// Who wants the money.
    pub descriptor: Box<str>,
    /// How much, in minor units.
    pub amount: i64,
    /// Of this currency.
    pub currency: Currency,
}

/// Something that happened at the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When, in sandbox time.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// The merchant's reference of the authorization.
    pub reference: Name,
    /// How much, in minor units of a currency.
    pub amount: Option<(i64, Currency)>,
    /// How it came out: a word of the wire.
    pub outcome: Option<&'static str>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// An issuer was asked for an authorization.
    Authorization,
    /// An issuer was asked whether a card may be kept.
    Verification,
    /// A card was kept.
    CardSaved,
    /// A capture, a void or a refund.
    Movement(Kind),
    /// The cardholder confirmed, or did not.
    Challenge,
    /// An authorization's life ended.
    Expiry,
    /// Another code was sent.
    Code,
    /// The cardholder gave a wrong code.
    WrongCode,
    /// The cardholder's bank raised or decided something, or the merchant answered it.
    Dispute,
}

impl Network {
    /// Keeps what the page shows of `record`, which has been applied.
    pub(super) fn remember(&mut self, at: Timestamp, record: &Record) {
        if let Some(message) = self.message(at, record) {
            push(&mut self.messages, message, MESSAGES_MAX);
        }
        if let Some(happening) = self.happening(at, record) {
            push(&mut self.happenings, happening, HAPPENINGS_MAX);
        }
        if let Some(capture) = self.capture_with(at, record) {
            push(&mut self.happenings, capture, HAPPENINGS_MAX);
        }
    }

    /// The capture that came with what a record approved.
    fn capture_with(&self, at: Timestamp, record: &Record) -> Option<Happening> {
        let may_approve = matches!(record, Record::Authorization(_) | Record::ChallengeEnded(_));
        let of = self.named(record.authorization().filter(|_| may_approve)?)?;
        let (what, reference) = (What::Movement(Kind::Capture), of.reference.clone());
        let amount = Some((self.movement(self.sold_with(of)?).amount, of.currency));
        let outcome = Some(Outcome::Succeeded.status());
        Some(Happening { at, what, reference, amount, outcome })
    }

    fn message(&self, at: Timestamp, record: &Record) -> Option<Message> {
        let (channel, code) = match record {
            Record::CodeSent(sent) => (sent.channel, &sent.code),
            Record::Authorization(made) | Record::Verification(made) => match &made.verdict {
                FirstVerdict::Challenge(started) => (started.channel, &started.code),
                FirstVerdict::Approved | FirstVerdict::Declined(_) => return None,
            },
            Record::TokenIssued(_)
            | Record::CardSaved(_)
            | Record::Movement(_)
            | Record::WrongCode(_)
            | Record::ChallengeEnded(_)
            | Record::AuthorizationExpired(_)
            | Record::RefundFailed(_)
            | Record::DisputeRaised(_)
            | Record::DisputeAnswered(_)
            | Record::DisputeDecided(_)
            | Record::Payout(_)
            | Record::ClockMoved(_)
            | Record::LimitChanged(_) => return None,
        };
        let of = self.named(record.authorization()?)?;
        Some(Message {
            at,
            channel,
            to: of.account().contact(),
            issuer: of.card.profile.brand.issuer(),
            code: code.clone(),
            reference: of.reference.clone(),
            descriptor: of.descriptor.clone(),
            amount: of.sums.amount(),
            currency: of.currency,
        })
    }

    fn happening(&self, at: Timestamp, record: &Record) -> Option<Happening> {
        if let Record::CardSaved(saved) = record {
            let (what, reference) = (What::CardSaved, saved.reference.clone());
            return Some(Happening { at, what, reference, amount: None, outcome: None });
        }
        let of = self.named(record.authorization()?)?;
        let (what, amount, outcome) = match record {
            Record::Verification(_) => (What::Verification, None, Some(of.first_status().name())),
            Record::Authorization(made) => {
                (What::Authorization, Some(made.amount), Some(of.first_status().name()))
            }
            Record::Movement(made) => {
                let refused = made.refused.map(MovementRefusal::code);
                let outcome = refused.unwrap_or(Outcome::Succeeded.status());
                (What::Movement(made.kind), Some(made.amount), Some(outcome))
            }
            Record::ChallengeEnded(ended) => {
                (What::Challenge, Some(of.sums.amount()), Some(ended.result.name()))
            }
            Record::AuthorizationExpired(expired) => (What::Expiry, Some(expired.released), None),
            Record::RefundFailed(failed) => {
                let outcome = Outcome::FailedLater.status();
                (What::Movement(Kind::Refund), Some(failed.amount), Some(outcome))
            }
            Record::DisputeRaised(_) | Record::DisputeAnswered(_) | Record::DisputeDecided(_) => {
                match of.dispute.map(|index| self.dispute(index)) {
                    Some(dispute) => (What::Dispute, Some(dispute.amount), Some(dispute.status())),
                    None => (What::Dispute, None, of.warning.as_ref().map(|_| FRAUD_TYPE)),
                }
            }
            Record::CodeSent(_) => (What::Code, None, None),
            Record::WrongCode(_) => (What::WrongCode, None, None),
            Record::TokenIssued(_)
            | Record::CardSaved(_)
            | Record::Payout(_)
            | Record::ClockMoved(_)
            | Record::LimitChanged(_) => return None,
        };
        let amount = amount.map(|amount| (amount, of.currency));
        Some(Happening { at, what, reference: of.reference.clone(), amount, outcome })
    }

    fn named(&self, authorization: &str) -> Option<&Authorization> {
        self.by_id.get(authorization).map(|index| self.authorization(*index))
    }
}

fn push<T>(list: &mut VecDeque<T>, item: T, items_max: usize) {
    if list.len() == items_max {
        list.pop_front();
    }
    list.push_back(item);
}
