//! What the processor does with the wish to keep a card.

use holdfast_core::currency::Currency;
use holdfast_core::effect::{SaveCardRequest, VerifyRequest};
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Decline};
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::method::{SaveOutcome, SavedCard};
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::time::Timestamp;
use holdfast_sandbox::network::Refusal;
use holdfast_sandbox::network::authorize::{Authorize, Purpose, ThreeDs};
use holdfast_sandbox::network::saved::{self as kept, Save};

use super::answer::{self, Telling};
use super::receive::{Look, stamp};
use super::{Books, Processor};

/// What a verification asks for.
const NOTHING: Money = Money::zero(Currency::USD);

impl Processor {
    /// Receives the wish for a token that lasts.
    pub(crate) fn save_card(&self, now: Timestamp, request: &SaveCardRequest) -> SaveOutcome {
        self.books().save_card(now, request)
    }

    /// Looks up what became of the wish for a token that lasts.
    pub(crate) fn look_at_saved_card(
        &self,
        now: Timestamp,
        request: &SaveCardRequest,
    ) -> Look<SaveOutcome> {
        let mut books = self.books();
        books.settle(now);
        match books.network.find_saved(&request.reference()) {
            None => Look::Nothing,
            Some(kept) => Look::Found(saved(kept)),
        }
    }

    /// Receives the wish to have a card verified.
    pub(crate) fn verify(&self, now: Timestamp, request: &VerifyRequest) -> VerificationOutcome {
        self.books().verify(now, request)
    }

    /// Looks a verification up.
    pub(crate) fn look_at_verification(
        &self,
        now: Timestamp,
        request: &VerifyRequest,
    ) -> Look<VerificationOutcome> {
        let mut books = self.books();
        books.settle(now);
        match books.network.find_authorization(&request.attempt.to_string()) {
            None => Look::Nothing,
            Some(index) => {
                let found = books.network.authorization(index);
                let found = answer::authorization(&books.network, found, NOTHING, Telling::Now);
                Look::Found(verification(found))
            }
        }
    }
}

impl Books {
    pub(super) fn save_card(&mut self, now: Timestamp, request: &SaveCardRequest) -> SaveOutcome {
        self.settle(now);
        let reference = request.reference();
        let wish = Save {
            reference: reference.as_str().into(),
            token: request.token.reveal().into(),
            check: request.check,
        };
        let (seed, at) = (self.seed(), self.now(now));
        let stamp = stamp("save_card", &reference);
        match self.network.save_card(at, &wish, &stamp, &seed) {
            Err(Refusal::UnknownToken | Refusal::TokenAlreadyUsed | Refusal::Declined(_)) => {
                SaveOutcome::Failed(Decline::processing_error())
            }
            Err(
                Refusal::KeyReused
                | Refusal::ReferenceInUse
                | Refusal::UnknownAuthorization
                | Refusal::UnknownDispute
                | Refusal::ClockBackwards,
            ) => SaveOutcome::Unknown,
            Ok(change) => {
                let id = self.apply(now, change);
                self.network.saved_card(&id).map_or(SaveOutcome::Unknown, saved)
            }
        }
    }

    pub(super) fn verify(
        &mut self,
        now: Timestamp,
        request: &VerifyRequest,
    ) -> VerificationOutcome {
        self.settle(now);
        let reference = request.attempt.to_string();
        let wish = wish(request, &reference);
        let (seed, at) = (self.seed(), self.now(now));
        match self.network.authorize(at, &wish, &stamp("verify", &reference), &seed) {
            Err(refusal) => verification(answer::refused(refusal)),
            Ok(change) => {
                let index = self.apply(now, change);
                let made = self.network.authorization(index);
                verification(answer::authorization(&self.network, made, NOTHING, Telling::First))
            }
        }
    }
}

/// What a kept card is to whoever wanted it kept.
fn saved(kept: &kept::SavedCard) -> SaveOutcome {
    SaveOutcome::Saved(SavedCard {
        token: CardToken::new(kept.id.to_string()),
        summary: answer::card(&kept.card),
    })
}

/// What an authorization of nothing says about keeping its card.
fn verification(outcome: AuthorizationOutcome) -> VerificationOutcome {
    match outcome {
        AuthorizationOutcome::Approved { authorization, card, .. } => match authorization.saved {
            Some(token) => VerificationOutcome::Verified(SavedCard { token, summary: card }),
            None => VerificationOutcome::Unknown,
        },
        AuthorizationOutcome::Declined { decline, card } => {
            VerificationOutcome::Declined { decline, card }
        }
        AuthorizationOutcome::Challenged { challenge, card } => {
            VerificationOutcome::Challenged { challenge, card }
        }
        AuthorizationOutcome::NotFound => VerificationOutcome::NotFound,
        AuthorizationOutcome::NeverSent => VerificationOutcome::NeverSent,
        AuthorizationOutcome::Pending { .. } | AuthorizationOutcome::Unknown => {
            VerificationOutcome::Unknown
        }
    }
}

fn wish(request: &VerifyRequest, reference: &str) -> Authorize {
    Authorize {
        reference: reference.into(),
        token: request.token.reveal().into(),
        amount: 0,
        currency: Currency::USD,
        descriptor: "HOLDFAST".into(),
        return_url: request.return_url.as_deref().map(Into::into),
        three_ds: ThreeDs::Automatic,
        off_session: false,
        incremental: false,
        save: true,
        moto: request.moto,
        network: request.network.as_deref().map(Into::into),
        capture: None,
        purpose: Purpose::Verification,
    }
}
