//! What the processor does with the wish to keep a card.

use holdfast_core::currency::Currency;
use holdfast_core::effect::{Ask, SaveCardRequest, VerifyRequest};
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Decline};
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::method::{SaveOutcome, SavedCard};
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::time::Timestamp;
use holdfast_sandbox::network::authorize::{Authorize, Purpose, ThreeDs};
use holdfast_sandbox::network::saved::Save;

use super::answer::{self, Telling};
use super::receive::stamp;
use super::{Books, Processor};

impl Processor {
    /// Receives the wish for a token that lasts.
    pub(crate) fn save_card(&self, now: Timestamp, request: &SaveCardRequest) -> SaveOutcome {
        self.books().save_card(now, request)
    }

    /// Receives the wish to have a card verified, or looks it up.
    pub(crate) fn verify(&self, now: Timestamp, request: &VerifyRequest) -> VerificationOutcome {
        self.books().verify(now, request)
    }
}

impl Books {
    fn save_card(&mut self, now: Timestamp, request: &SaveCardRequest) -> SaveOutcome {
        self.settle(now);
        let reference = request.method.to_string();
        let wish =
            Save { reference: reference.as_str().into(), token: request.token.reveal().into() };
        let seed = self.seed();
        let Ok(change) = self.network.save_card(&wish, &stamp("save_card", &reference), &seed)
        else {
            return SaveOutcome::Failed(Decline::processing_error());
        };
        let id = self.apply(now, change);
        match self.network.saved_card(&id) {
            None => SaveOutcome::Unknown,
            Some(kept) => SaveOutcome::Saved(SavedCard {
                token: CardToken::new(id.to_string()),
                summary: answer::card(&kept.card),
            }),
        }
    }

    fn verify(&mut self, now: Timestamp, request: &VerifyRequest) -> VerificationOutcome {
        self.settle(now);
        let reference = request.attempt.to_string();
        let found = self.network.find_authorization(&reference);
        let (index, telling) = match (found, request.ask) {
            (Some(index), Ask::First | Ask::Again | Ask::Look) => (index, Telling::Now),
            (None, Ask::Look) => return VerificationOutcome::NotFound,
            (None, Ask::First | Ask::Again) => {
                let (seed, at) = (self.seed(), self.now(now));
                let stamp = stamp("verify", &reference);
                let wish = wish(request, &reference);
                let Ok(change) = self.network.authorize(at, &wish, &stamp, &seed) else {
                    let decline = Decline::processing_error();
                    return VerificationOutcome::Declined { decline, card: None };
                };
                (self.apply(now, change), Telling::First)
            }
        };
        let nothing = Money::zero(Currency::USD);
        let told = self.network.authorization(index);
        match answer::authorization(told, nothing, telling) {
            AuthorizationOutcome::Approved { authorization, card } => match authorization.saved {
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
        save: true,
        purpose: Purpose::Verification,
    }
}
