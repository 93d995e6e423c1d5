//! A card becomes a token, and a token an authorization.

use holdfast_core::currency::Currency;
use holdfast_core::time::Timestamp;
use serde::Serialize;

use super::account::{AccountKey, Channel};
use super::authorization::{AuthorizationIndex, Kind};
use super::card::Card;
use super::challenge::CHALLENGE_LIFE;
use super::decline::Decline;
use super::dispute::COMPLAINS_AFTER;
use super::idempotency::{Made, Stamp};
use super::movement::CAPTURE_PREFIX;
use super::name::Name;
use super::profile::{Behaviour, Verdict};
use super::random::Seed;
use super::record::{AuthorizationMade, ChallengeStarted, FirstVerdict, Record, Sale, TokenIssued};
use super::saved::Redeemed;
use super::{Change, Network, Refusal};

/// The wish to charge a card.
#[derive(Clone, Debug)]
pub struct Authorize {
    /// The merchant's reference, unique among authorizations.
    pub reference: Name,
    /// The card's token.
    pub token: Box<str>,
    /// In minor units, positive; nothing for a verification.
    pub amount: i64,
    /// Of this currency.
    pub currency: Currency,
    /// Who asks, as the cardholder's statement shows it.
    pub descriptor: Box<str>,
    /// Where the cardholder goes after a challenge.
    pub return_url: Option<Box<str>>,
    /// Whether the merchant wants the cardholder asked.
    pub three_ds: ThreeDs,
    /// Whether the cardholder is away, and so cannot be asked.
    pub off_session: bool,
    /// Whether the network is to keep the card when the issuer approves.
    pub save: bool,
    /// Whether it is to be one that can be raised.
    pub incremental: bool,
    /// Whether the card came by letter or by telephone: its holder is not there to be asked.
    pub moto: bool,
    /// Which of the card's networks carries it; the card's own brand without one.
    pub network: Option<Box<str>>,
    /// The merchant's reference of a capture of all of it, which comes with the approval; unique
    /// among captures.
    pub capture: Option<Name>,
    /// What it is asked for.
    pub purpose: Purpose,
}

/// Whether the merchant wants the cardholder asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreeDs {
    /// Only when the issuer wants it.
    Automatic,
    /// Whenever it is possible.
    Any,
}

/// What an issuer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The money of a payment.
    Payment,
    /// Nothing but its word that the card may be kept.
    Verification,
}

/// A token of the network.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) card: Card,
    pub(super) at: Option<Timestamp>,
    /// The reference of the one authorization that it was used for.
    pub(super) used_by: Option<Name>,
}

impl Network {
    /// Exchanges a card for a token. The answer is the token.
    pub fn issue_token(
        &self,
        now: Timestamp,
        card: Card,
        stamp: &Stamp,
        seed: &Seed,
    ) -> Result<Change<Name>, Refusal> {
        match self.made_under(stamp)? {
            Some(Made::Token(token)) => return Ok(Change::none(token.clone())),
            Some(
                Made::Authorization(_)
                | Made::Movement(_)
                | Made::Saved(_)
                | Made::Answer(_)
                | Made::Payout(_),
            ) => {
                return Err(Refusal::KeyReused);
            }
            None => {}
        }
        let id: Name = seed.id("tok_").into();
        let stamp = stamp.clone();
        let record =
            Record::TokenIssued(TokenIssued { id: id.clone(), card, at: Some(now), stamp });
        Ok(Change::recorded(id, record))
    }

    /// Asks the issuer of a card. The answer is the authorization, declined ones too.
    ///
    /// # Refusals
    /// `KeyReused` and `ReferenceInUse` when either names another request, `UnknownToken`, and
    /// `TokenAlreadyUsed` when the token was used for another reference. Nothing is kept of them.
    pub fn authorize(
        &self,
        now: Timestamp,
        request: &Authorize,
        stamp: &Stamp,
        seed: &Seed,
    ) -> Result<Change<AuthorizationIndex>, Refusal> {
        if let Some(index) = self.authorization_made(&request.reference, stamp)? {
            return Ok(Change::none(index));
        }
        let capture = request.capture.as_deref();
        if capture.is_some_and(|capture| self.find_movement(Kind::Capture, capture).is_some()) {
            return Err(Refusal::ReferenceInUse);
        }
        let redeemed = self.redeem(&request.token, &request.reference)?;
        let verdict = self.first_verdict(now, request, &redeemed, seed);
        let saved = match (request.save, redeemed.saved) {
            (true, None) => Some(seed.id("sbk_").into()),
            (_, saved) => saved,
        };
        let card = redeemed.card;
        let made = AuthorizationMade {
            id: seed.id("sba_").into(),
            reference: request.reference.clone(),
            token: request.token.clone(),
            amount: request.amount,
            currency: request.currency,
            descriptor: request.descriptor.clone(),
            expires_at: now.after(card.brand.authorization_life()),
            captures_max: card.brand.captures_max(),
            increments_max: if request.incremental { card.brand.increments_max() } else { 0 },
            approval_code: seed.approval_code(),
            sale: sale(now, request, &card, seed),
            card,
            saved,
            verdict,
            moto: request.moto,
            network: request.network.clone(),
            stamp: stamp.clone(),
        };
        let index = AuthorizationIndex(self.authorizations.len());
        let made = Box::new(made);
        let record = match request.purpose {
            Purpose::Payment => Record::Authorization(made),
            Purpose::Verification => Record::Verification(made),
        };
        Ok(Change::recorded(index, record))
    }

    fn authorization_made(
        &self,
        reference: &str,
        stamp: &Stamp,
    ) -> Result<Option<AuthorizationIndex>, Refusal> {
        match self.made_under(stamp)? {
            Some(Made::Authorization(index)) => return Ok(Some(*index)),
            Some(
                Made::Token(_)
                | Made::Movement(_)
                | Made::Saved(_)
                | Made::Answer(_)
                | Made::Payout(_),
            ) => {
                return Err(Refusal::KeyReused);
            }
            None => {}
        }
        let Some(index) = self.find_authorization(reference) else { return Ok(None) };
        let same = self.authorization(index).fingerprint == stamp.fingerprint;
        if same { Ok(Some(index)) } else { Err(Refusal::ReferenceInUse) }
    }

    fn first_verdict(
        &self,
        now: Timestamp,
        request: &Authorize,
        redeemed: &Redeemed,
        seed: &Seed,
    ) -> FirstVerdict {
        let card = &redeemed.card;
        if card.is_expired(now) {
            return FirstVerdict::Declined(Decline::ExpiredCard);
        }
        if request.network.as_deref().is_some_and(|network| !card.is_carried_by(network)) {
            return FirstVerdict::Declined(Decline::NotSupported);
        }
        let profile = card.profile;
        let is_away = request.off_session || request.moto;
        let verdict = match (profile.behaviour, request.three_ds, is_away) {
            (Behaviour::Approve, _, _) => Verdict::Approve,
            // The card that everybody keeps and nobody can charge.
            (Behaviour::DeclinesCharges(decline), _, _) => match request.purpose {
                Purpose::Payment => Verdict::Decline(decline),
                Purpose::Verification => Verdict::Approve,
            },
            (Behaviour::Decline(decline), _, _) => Verdict::Decline(decline),
            (Behaviour::ChallengeUntilKept { then, .. }, _, true) if redeemed.confirmed => then,
            (Behaviour::ChallengeUntilKept { away, .. }, _, true) => Verdict::Decline(away),
            (Behaviour::Challenge { off_session, .. }, _, true) => off_session,
            (Behaviour::Challenge { .. } | Behaviour::ChallengeUntilKept { .. }, _, false)
            | (Behaviour::ChallengeIfAsked, ThreeDs::Any, false) => {
                return FirstVerdict::Challenge(start_challenge(now, request, seed));
            }
            (Behaviour::ErrorIfAsked, ThreeDs::Any, false) => {
                Verdict::Decline(Decline::AuthenticationError)
            }
            (Behaviour::ChallengeIfAsked | Behaviour::ErrorIfAsked, _, _) => Verdict::Approve,
        };
        match verdict {
            Verdict::Decline(decline) => FirstVerdict::Declined(decline),
            Verdict::Approve => {
                let account = self.account(AccountKey::new(profile, request.currency));
                if account.available() < request.amount {
                    FirstVerdict::Declined(Decline::InsufficientFunds)
                } else {
                    FirstVerdict::Approved
                }
            }
        }
    }
}

/// The capture that is to come with the approval.
fn sale(now: Timestamp, request: &Authorize, card: &Card, seed: &Seed) -> Option<Sale> {
    Some(Sale {
        id: seed.id(CAPTURE_PREFIX).into(),
        reference: request.capture.clone()?,
        complains_at: card.profile.complaint.map(|_| now.after(COMPLAINS_AFTER)),
    })
}

/// The first code goes out by text message at once; the page offers e-mail instead.
fn start_challenge(now: Timestamp, request: &Authorize, seed: &Seed) -> ChallengeStarted {
    ChallengeStarted {
        id: seed.challenge_id().into(),
        expires_at: now.after(CHALLENGE_LIFE),
        return_url: request.return_url.clone(),
        channel: Channel::Phone,
        code: seed.code(),
    }
}
