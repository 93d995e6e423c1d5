//! A bank that does as the card's token says, and a machine with a clock and numbers of its own.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use holdfast_core::command::DeliveryOutcome;
use holdfast_core::effect::{Ask, AuthorizeRequest, CaptureRequest, RefundRequest};
use holdfast_core::event::Event;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Challenge, Decline};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::card::{CardCheck, CardSummary};
use holdfast_core::time::{Span, Timestamp};
use holdfast_core::webhook::WebhookEndpoint;
use holdfast_engine::{System, World, WorldFuture};
use tokio::sync::Notify;

/// 2026-11-20 12:00 UTC, a Friday.
pub(crate) const START_MS: i64 = 1_795_176_000_000;

/// A machine whose clock starts at [`START_MS`].
pub(crate) struct Machine {
    started: Instant,
    count: AtomicU64,
}

impl Machine {
    pub(crate) fn new() -> Machine {
        Machine { started: Instant::now(), count: AtomicU64::new(1) }
    }
}

impl System for Machine {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap();
        Timestamp::from_ms(START_MS + elapsed)
    }

    fn random(&self) -> u64 {
        // Spread over all bits (the multiplier of splitmix64).
        self.count.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// The outside.
#[derive(Default)]
pub(crate) struct Bank {
    /// Whether buyers who are asked for a code have given it.
    pub(crate) codes_given: AtomicBool,
    /// What webhooks were sent: to where, and the event.
    pub(crate) delivered: Mutex<Vec<(String, Event)>>,
    /// Lets `tok_slow` go on.
    pub(crate) go_on: Notify,
    /// Rung when `tok_slow` is being asked about.
    pub(crate) asked: Notify,
}

impl World for Bank {
    fn authorize<'a>(
        &'a self,
        request: &'a AuthorizeRequest,
    ) -> WorldFuture<'a, AuthorizationOutcome> {
        Box::pin(async move {
            match request.token.reveal() {
                "tok_chargeDeclined" => declined("card_declined", Some("generic_decline")),
                "tok_insufficientFunds" => declined("card_declined", Some("insufficient_funds")),
                "tok_chargeDeclinedExpiredCard" => declined("expired_card", None),
                "tok_silent" => AuthorizationOutcome::Unknown,
                "tok_threeDSecureRequired" => self.challenged(request),
                "tok_slow" => {
                    self.asked.notify_one();
                    self.go_on.notified().await;
                    approved(request)
                }
                _ => approved(request),
            }
        })
    }

    fn capture<'a>(&'a self, _: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async { AskedOutcome::Succeeded { reference: "sbc_1".into() } })
    }

    fn refund<'a>(&'a self, _: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async { AskedOutcome::Succeeded { reference: "sbr_1".into() } })
    }

    fn deliver<'a>(
        &'a self,
        endpoint: &'a WebhookEndpoint,
        event: &'a Event,
    ) -> WorldFuture<'a, DeliveryOutcome> {
        self.delivered.lock().unwrap().push((endpoint.url.clone(), event.clone()));
        Box::pin(async { DeliveryOutcome::Accepted })
    }

    fn move_clock(&self, _: Span) -> WorldFuture<'_, bool> {
        Box::pin(async { true })
    }
}

impl Bank {
    fn challenged(&self, request: &AuthorizeRequest) -> AuthorizationOutcome {
        if request.ask != Ask::First && self.codes_given.load(Ordering::Relaxed) {
            return approved(request);
        }
        let url = "http://127.0.0.1:4004/challenge/1".into();
        let expires_at = Timestamp::from_ms(START_MS).after(Span::hours(1));
        AuthorizationOutcome::Challenged { challenge: Challenge { url, expires_at }, card: card() }
    }

    /// Waits until an event of this type was delivered to `url`.
    pub(crate) async fn delivered_to(&self, url: &str, kind: &str) -> Event {
        for _ in 0..1_000 {
            if let Some(event) = self.find_delivered(url, kind) {
                return event;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("no {kind} was delivered to {url}");
    }

    fn find_delivered(&self, url: &str, kind: &str) -> Option<Event> {
        let delivered = self.delivered.lock().unwrap();
        let found = delivered.iter().find(|(to, event)| to == url && event.kind.name() == kind);
        found.map(|(_, event)| event.clone())
    }
}

fn approved(request: &AuthorizeRequest) -> AuthorizationOutcome {
    let expires_at = Timestamp::from_ms(START_MS).after(Span::days(7));
    let (reference, code) = (format!("sba_{}", request.attempt), "A1B2C3".into());
    let authorization = Authorization::new(reference, code, request.amount, expires_at, 10);
    AuthorizationOutcome::Approved { authorization, card: card() }
}

fn declined(code: &str, reason: Option<&str>) -> AuthorizationOutcome {
    let decline = Decline {
        code: code.into(),
        decline_code: reason.map(str::to_owned),
        advice: Some("try_again_later".into()),
        network_code: Some("51".into()),
    };
    AuthorizationOutcome::Declined { decline, card: Some(card()) }
}

fn card() -> CardSummary {
    CardSummary {
        brand: "visa".into(),
        last4: "3184".into(),
        exp_month: 12,
        exp_year: 2030,
        funding: "credit".into(),
        country: Some("US".into()),
        cvc_check: CardCheck::Pass,
    }
}
