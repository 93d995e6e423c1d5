//! What the processor's books mean to whoever asks: as the connector of the sandbox reads them.

use holdfast_core::money::Money;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Challenge, Decline};
use holdfast_core::payment::authorization as held;
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken};
use holdfast_sandbox::network::authorization::{Authorization, Movement, Outcome, Status};
use holdfast_sandbox::network::card::{Brand, Card};
use holdfast_sandbox::network::decline;
use holdfast_sandbox::network::{Network, Refusal};

/// Which answer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// As the request was answered the first time, whatever has happened since.
    First,
    /// As things stand.
    Now,
}

/// What an authorization comes to for whoever asked for `asked`.
pub(super) fn authorization(
    network: &Network,
    found: &Authorization,
    asked: Money,
    telling: Telling,
) -> AuthorizationOutcome {
    let card = card(&found.card);
    let sums = found.sums;
    let status = match telling {
        Telling::First => found.first_status(),
        Telling::Now => found.status(),
    };
    let sold = network.sold_with(found).map(|index| network.movement(index));
    let taken = sold.map_or(0, |sold| sold.amount);
    let is_used = telling == Telling::Now
        && (sums.captured() != taken || sums.refunded() != 0 || sums.released() != 0);
    match status {
        // What becomes of a debit is told to whoever looks later, never at once.
        _ if telling == Telling::First && found.card.brand == Brand::SepaDebit => {
            AuthorizationOutcome::Pending { card }
        }
        // Money was moved under it already: that is no fresh hold.
        Status::Approved if is_used => AuthorizationOutcome::Unknown,
        Status::Approved => {
            let (reference, code) = (found.id.to_string(), found.approval_code.to_string());
            let (end, most) = (found.expires_at, found.captures_max);
            let authorization = held::Authorization::new(reference, code, asked, end, most);
            let saved = found.saved.as_deref().map(|id| CardToken::new(id.to_owned()));
            let authorization = authorization
                .with_saved(saved)
                .settling_at_once(found.card.profile.settles_at_once)
                .growing_up_to(found.increments_max)
                .expecting_disputes(found.card.profile.complaint.is_some());
            let capture = sold.map(|sold| sold.id.to_string());
            AuthorizationOutcome::Approved { authorization, capture, card }
        }
        Status::Declined => {
            let facts = found.decline().map(decline::Decline::facts);
            let decline = facts.map_or_else(Decline::processing_error, told);
            AuthorizationOutcome::Declined { decline, card: Some(card) }
        }
        Status::Challenge => challenged(found, card),
        Status::Voided | Status::Expired if sums.captured() != 0 => AuthorizationOutcome::Unknown,
        Status::Voided | Status::Expired => {
            let decline = Decline::processing_error();
            AuthorizationOutcome::Declined { decline, card: Some(card) }
        }
    }
}

fn challenged(found: &Authorization, card: CardSummary) -> AuthorizationOutcome {
    match &found.challenge {
        None => AuthorizationOutcome::Unknown,
        Some(challenge) => AuthorizationOutcome::Challenged {
            challenge: Challenge {
                url: format!("http://127.0.0.1:4004/challenge/{}", challenge.id),
                expires_at: challenge.expires_at,
                authorization: Some(found.id.to_string()),
            },
            card,
        },
    }
}

fn told(facts: decline::DeclineFacts) -> Decline {
    Decline {
        code: facts.code.to_owned(),
        decline_code: facts.decline_code.map(str::to_owned),
        advice: facts.advice.map(str::to_owned),
        network_code: facts.network_code.map(str::to_owned),
    }
}

/// What a request comes to of which the network keeps nothing.
pub(super) fn refused(refusal: Refusal) -> AuthorizationOutcome {
    match refusal {
        Refusal::UnknownToken | Refusal::TokenAlreadyUsed => {
            let decline = Decline::processing_error();
            AuthorizationOutcome::Declined { decline, card: None }
        }
        Refusal::Declined(decline) => {
            AuthorizationOutcome::Declined { decline: told(decline.facts()), card: None }
        }
        Refusal::KeyReused
        | Refusal::ReferenceInUse
        | Refusal::UnknownAuthorization
        | Refusal::UnknownDispute
        | Refusal::ClockBackwards => AuthorizationOutcome::Unknown,
    }
}

/// What a capture, a void or a refund comes to.
pub(super) fn movement(found: &Movement, telling: Telling) -> AskedOutcome {
    let succeeded = || AskedOutcome::Succeeded { reference: found.id.to_string() };
    match (found.outcome, telling) {
        (Outcome::Succeeded, _) | (Outcome::FailedLater, Telling::First) => succeeded(),
        (Outcome::Refused(_), _) | (Outcome::FailedLater, Telling::Now) => {
            let code = found.outcome.failure_code().unwrap_or("processing_error");
            AskedOutcome::Failed { code: code.to_owned() }
        }
    }
}

pub(super) fn card(card: &Card) -> CardSummary {
    CardSummary {
        brand: card.brand.name().to_owned(),
        last4: card.last4.to_string(),
        exp_month: card.exp_month,
        exp_year: card.exp_year,
        funding: card.funding.name().to_owned(),
        country: Some(card.country.to_string()),
        cvc_check: CardCheck::Pass,
        fingerprint: Some(card.fingerprint()),
        co_brand: card.co_brand().map(|brand| brand.name().to_owned()),
    }
}
