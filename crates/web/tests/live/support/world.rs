//! A world that answers by the card's token, and counts what it was asked.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use holdfast_core::command::DeliveryOutcome;
use holdfast_core::dispute::command::{ComplaintsRequest, RespondRequest};
use holdfast_core::dispute::report::{Complaints, ComplaintsOutcome, ResponseOutcome};
use holdfast_core::effect::{
    Ask, AuthorizeRequest, CaptureRequest, RefundRequest, SaveCardRequest, VerifyRequest,
};
use holdfast_core::event::Event;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Challenge, Decline};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken};
use holdfast_core::payment::method::{SaveOutcome, SavedCard};
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::time::Span;
use holdfast_core::webhook::WebhookEndpoint;
use holdfast_engine::{World, WorldFuture};

use super::{SANDBOX, START};

/// - `tok_visa` is approved, `tok_slow` after a moment;
/// - `tok_poor` is declined, `tok_used` is a token that was used before;
/// - `tok_challenge` asks the buyer first, and is approved once `passed`;
/// - `tok_unknown` gets no answer until `passed`.
#[derive(Default)]
pub(crate) struct FakeWorld {
    /// Whether the buyer has passed the challenge, or the network is back.
    pub(crate) passed: AtomicBool,
    asked: Mutex<Vec<(String, Ask)>>,
}

impl FakeWorld {
    /// How often a charge was asked for, other than to look it up.
    pub(crate) fn charges(&self) -> usize {
        self.asked.lock().unwrap().iter().filter(|(_, ask)| *ask == Ask::First).count()
    }

    async fn answer(&self, request: &AuthorizeRequest) -> AuthorizationOutcome {
        self.asked.lock().unwrap().push((request.attempt.to_string(), request.ask));
        let passed = self.passed.load(Ordering::Relaxed);
        match request.token.reveal() {
            "tok_poor" => declined("card_declined", Some("insufficient_funds")),
            "tok_used" => declined("token_already_used", None),
            "tok_challenge" if !passed => challenged(request),
            "tok_unknown" if !passed => AuthorizationOutcome::Unknown,
            "tok_slow" => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                approved(request)
            }
            _ => approved(request),
        }
    }
}

fn approved(request: &AuthorizeRequest) -> AuthorizationOutcome {
    let (reference, code) = (format!("sba_{}", request.attempt), "A1".to_owned());
    let authorization =
        Authorization::new(reference, code, request.amount, START.after(Span::days(7)), 50);
    AuthorizationOutcome::Approved { authorization, capture: None, card: card() }
}

fn declined(code: &str, decline_code: Option<&str>) -> AuthorizationOutcome {
    let decline = Decline {
        code: code.to_owned(),
        decline_code: decline_code.map(str::to_owned),
        advice: None,
        network_code: None,
    };
    AuthorizationOutcome::Declined { decline, card: Some(card()) }
}

fn challenged(request: &AuthorizeRequest) -> AuthorizationOutcome {
    let url = format!("{SANDBOX}/challenge/{}", request.attempt);
    let challenge =
        Challenge { url, expires_at: START.after(Span::seconds(600)), authorization: None };
    AuthorizationOutcome::Challenged { challenge, card: card() }
}

fn card() -> CardSummary {
    CardSummary {
        brand: "visa".to_owned(),
        last4: "3184".to_owned(),
        exp_month: 12,
        exp_year: 2034,
        funding: "credit".to_owned(),
        country: None,
        cvc_check: CardCheck::Pass,
        fingerprint: None,
        co_brand: None,
    }
}

impl World for FakeWorld {
    fn authorize<'a>(
        &'a self,
        request: &'a AuthorizeRequest,
    ) -> WorldFuture<'a, AuthorizationOutcome> {
        Box::pin(self.answer(request))
    }

    fn capture<'a>(&'a self, request: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome> {
        let reference = request.capture.to_string();
        Box::pin(std::future::ready(AskedOutcome::Succeeded { reference }))
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome> {
        let reference = request.refund.to_string();
        Box::pin(std::future::ready(AskedOutcome::Succeeded { reference }))
    }

    fn complaints<'a>(&'a self, _: &'a ComplaintsRequest) -> WorldFuture<'a, ComplaintsOutcome> {
        Box::pin(std::future::ready(ComplaintsOutcome::Known(Complaints::default())))
    }

    fn respond<'a>(&'a self, _: &'a RespondRequest) -> WorldFuture<'a, ResponseOutcome> {
        Box::pin(std::future::ready(ResponseOutcome::Unknown))
    }

    fn save_card<'a>(&'a self, _: &'a SaveCardRequest) -> WorldFuture<'a, SaveOutcome> {
        let token = CardToken::new("sbk_1".to_owned());
        Box::pin(async move { SaveOutcome::Saved(SavedCard { token, summary: card() }) })
    }

    fn verify<'a>(&'a self, _: &'a VerifyRequest) -> WorldFuture<'a, VerificationOutcome> {
        let token = CardToken::new("sbk_1".to_owned());
        let verified = SavedCard { token, summary: card() };
        Box::pin(async move { VerificationOutcome::Verified(verified) })
    }

    fn deliver<'a>(
        &'a self,
        endpoint: &'a WebhookEndpoint,
        _: &'a Event,
    ) -> WorldFuture<'a, DeliveryOutcome> {
        let refused = endpoint.url.contains("refuses");
        let outcome = if refused {
            DeliveryOutcome::Refused { status: Some(500) }
        } else {
            DeliveryOutcome::Accepted { status: 200 }
        };
        Box::pin(std::future::ready(outcome))
    }

    fn move_clock(&self, _: Span) -> WorldFuture<'_, bool> {
        Box::pin(std::future::ready(true))
    }
}
