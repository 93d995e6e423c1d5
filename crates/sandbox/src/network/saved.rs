//! Cards that the network keeps for a merchant, so that they can be charged again.

use holdfast_core::time::Timestamp;

use super::authorize::Token;
use super::card::Card;
use super::decline::Decline;
use super::idempotency::{Fingerprint, Made, Stamp};
use super::name::Name;
use super::profile::{Behaviour, Profile};
use super::random::Seed;
use super::record::{CardSaved, Record};
use super::{Change, Network, Refusal};

/// The wish to keep a card.
#[derive(Clone, Debug)]
pub struct Save {
    /// The merchant's reference, unique among kept cards.
    pub reference: Name,
    /// The card's token: one that can be used once, a shortcut, or a kept card's own.
    pub token: Box<str>,
    /// Whether its issuer is asked first. Its no keeps nothing.
    pub check: bool,
}

/// A card that the network keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCard {
    /// The network's name of it, which is a token that can be used again and again.
    pub id: Name,
    /// The card.
    pub card: Card,
    /// Whether its cardholder has confirmed that it is kept.
    pub confirmed: bool,
    pub(super) fingerprint: Option<Fingerprint>,
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenToken {
    /// The card.
    pub card: Card,
    /// When it was made; nothing for those that are published.
    pub at: Option<Timestamp>,
    /// Whether it was used.
    pub used: bool,
}

/// A card as a request may charge it.
pub(super) struct Redeemed {
    pub(super) card: Card,
    /// The kept card that it is, when it is one.
    pub(super) saved: Option<Name>,
    /// Whether its cardholder has confirmed that it is kept.
    pub(super) confirmed: bool,
}

impl Redeemed {
    fn once(card: Card) -> Redeemed {
        Redeemed { card, saved: None, confirmed: false }
    }
}

impl Network {
    /// The kept card with this name of the network's.
    pub fn saved_card(&self, id: &str) -> Option<&SavedCard> {
        self.saved.get(id)
    }

    /// The kept card with the merchant's reference; `None`: it was never received.
    pub fn find_saved(&self, reference: &str) -> Option<&SavedCard> {
        self.saved.get(self.by_saved.get(reference)?)
    }

    /// How many cards are kept.
    pub fn saved_count(&self) -> usize {
        self.saved.len()
    }

    /// Exchanges a token that can be used once for one that can be used again. The answer is that.
    ///
    /// # Refusals
    /// As of an authorization, and `Declined` where the issuer is asked and does not agree.
    pub fn save_card(
        &self,
        now: Timestamp,
        wish: &Save,
        stamp: &Stamp,
        seed: &Seed,
    ) -> Result<Change<Name>, Refusal> {
        match self.made_under(stamp)? {
            Some(Made::Saved(id)) => return Ok(Change::none(id.clone())),
            Some(
                Made::Token(_)
                | Made::Authorization(_)
                | Made::Movement(_)
                | Made::Answer(_)
                | Made::Payout(_),
            ) => {
                return Err(Refusal::KeyReused);
            }
            None => {}
        }
        if let Some(known) = self.find_saved(&wish.reference) {
            let same = known.fingerprint == Some(stamp.fingerprint);
            let id = known.id.clone();
            return if same { Ok(Change::none(id)) } else { Err(Refusal::ReferenceInUse) };
        }
        let Redeemed { card, saved, .. } = self.redeem(&wish.token, &wish.reference)?;
        if wish.check {
            if let Some(decline) = objection(&card, now) {
                return Err(Refusal::Declined(decline));
            }
            // It is kept already: the issuer's word is all that was wanted.
            if let Some(id) = saved {
                return Ok(Change::none(id));
            }
        }
        let id: Name = seed.id("sbk_").into();
        let record = Record::CardSaved(CardSaved {
            id: id.clone(),
            reference: wish.reference.clone(),
            token: wish.token.clone(),
            card,
            stamp: stamp.clone(),
        });
        Ok(Change::recorded(id, record))
    }

    /// What a token stands for; `None`: there is no such token.
    pub fn look_at_token(&self, token: &str) -> Option<SeenToken> {
        if let Some(profile) = Profile::of_shortcut(token) {
            return Some(SeenToken { card: Card::of_profile(profile), at: None, used: false });
        }
        let token: &Token = self.tokens.get(token)?;
        let used = token.used_by.is_some();
        Some(SeenToken { card: token.card.clone(), at: token.at, used })
    }

    /// The card behind a token.
    pub(super) fn redeem(&self, token: &str, reference: &str) -> Result<Redeemed, Refusal> {
        if let Some(profile) = Profile::of_shortcut(token) {
            return Ok(Redeemed::once(Card::of_profile(profile)));
        }
        if let Some(saved) = self.saved.get(token) {
            let (card, id) = (saved.card.clone(), saved.id.clone());
            return Ok(Redeemed { card, saved: Some(id), confirmed: saved.confirmed });
        }
        let token: &Token = self.tokens.get(token).ok_or(Refusal::UnknownToken)?;
        match &token.used_by {
            Some(used_by) if **used_by != *reference => Err(Refusal::TokenAlreadyUsed),
            Some(_) | None => Ok(Redeemed::once(token.card.clone())),
        }
    }
}

/// Why an issuer does not let a card be kept as a customer's, asked without its cardholder: what it
/// would decline in any case. Whether it wants to hear from the cardholder shows with the first
/// charge, and so does a failure to ask.
fn objection(card: &Card, now: Timestamp) -> Option<Decline> {
    if card.is_expired(now) {
        return Some(Decline::ExpiredCard);
    }
    match card.profile.behaviour {
        Behaviour::Decline(Decline::AuthenticationError) => None,
        Behaviour::Decline(decline) => Some(decline),
        Behaviour::Approve
        | Behaviour::Challenge { .. }
        | Behaviour::ChallengeUntilKept { .. }
        | Behaviour::DeclinesCharges(_)
        | Behaviour::ChallengeIfAsked
        | Behaviour::ErrorIfAsked => None,
    }
}
