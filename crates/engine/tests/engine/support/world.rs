//! A world that approves, unless it is told otherwise, and that remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use holdfast_core::command::DeliveryOutcome;
use holdfast_core::dispute::command::{ComplaintsRequest, RespondRequest};
use holdfast_core::dispute::report::{Complaints, ComplaintsOutcome, ResponseOutcome};
use holdfast_core::effect::{
    Ask, AuthorizeRequest, CaptureRequest, PayoutRequest, RefundRequest, SaveCardRequest,
    VerifyRequest,
};
use holdfast_core::event::Event;
use holdfast_core::key::RowKey;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{Attempt, AuthorizationOutcome};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken};
use holdfast_core::payment::method::{SaveOutcome, SavedCard};
use holdfast_core::payment::refund::Refund;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::row::Record;
use holdfast_core::time::Span;
use holdfast_core::webhook::WebhookEndpoint;
use holdfast_engine::{World, WorldFuture};
use holdfast_store::Store;

use super::{START, id};

/// A receiver at an address that begins so takes what it gets and never answers.
pub(crate) const HANGS: &str = "http://hangs";

pub(crate) struct FakeWorld {
    /// Where what the world is asked for must be durable before it is asked.
    store: Arc<dyn Store>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    answers: VecDeque<AuthorizationOutcome>,
    /// How long an authorization takes.
    takes: Duration,
    authorized: Vec<(String, Ask)>,
    captured: Vec<i64>,
    refunded: Vec<i64>,
    delivered: Vec<(String, Event)>,
    clock: Vec<Span>,
    /// How payouts, responses and kept cards were asked for.
    asked: Vec<(&'static str, Ask)>,
}

impl FakeWorld {
    pub(crate) fn new(store: Arc<dyn Store>) -> FakeWorld {
        FakeWorld { store, state: Mutex::default() }
    }

    /// Answers the next authorization like this; those without a word are approved.
    pub(crate) fn answer(&self, outcome: AuthorizationOutcome) {
        self.state.lock().unwrap().answers.push_back(outcome);
    }

    /// Takes so long for an authorization from now on.
    pub(crate) fn take(&self, time: Duration) {
        self.state.lock().unwrap().takes = time;
    }

    /// The references of the authorizations that were asked for, and how.
    pub(crate) fn authorized(&self) -> Vec<(String, Ask)> {
        self.state.lock().unwrap().authorized.clone()
    }

    pub(crate) fn captured(&self) -> Vec<i64> {
        self.state.lock().unwrap().captured.clone()
    }

    pub(crate) fn refunded(&self) -> Vec<i64> {
        self.state.lock().unwrap().refunded.clone()
    }

    /// The events that a receiver was sent.
    pub(crate) fn delivered_to(&self, url: &str) -> Vec<Event> {
        let state = self.state.lock().unwrap();
        let sent = state.delivered.iter().filter(|(to, _)| to == url);
        sent.map(|(_, event)| event.clone()).collect()
    }

    /// How payouts, responses and kept cards were asked for, by name.
    pub(crate) fn asked(&self) -> Vec<(&'static str, Ask)> {
        self.state.lock().unwrap().asked.clone()
    }

    fn note(&self, name: &'static str, ask: Ask) {
        self.state.lock().unwrap().asked.push((name, ask));
    }

    pub(crate) fn clock(&self) -> Vec<Span> {
        self.state.lock().unwrap().clock.clone()
    }

    async fn must_be_durable(&self, key: RowKey) -> Arc<holdfast_core::row::Row> {
        let found = self.store.load(id(1), &[key]).await.unwrap();
        found.into_iter().next().flatten().expect("asked for before it was committed").row
    }
}

pub(crate) fn approved(request: &AuthorizeRequest) -> AuthorizationOutcome {
    let (reference, code) = (format!("auth {}", request.attempt), "A1".to_owned());
    let end = START.after(Span::days(7));
    let authorization = Authorization::new(reference, code, request.amount, end, 50);
    AuthorizationOutcome::Approved { authorization, capture: None, card: card() }
}

pub(crate) fn card() -> CardSummary {
    CardSummary {
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
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
        Box::pin(async move {
            let row = self.must_be_durable(Attempt::key(&request.attempt)).await;
            let attempt = Attempt::of_row(&row).unwrap();
            assert!(request.ask != Ask::First || attempt.is_open(), "{:?}", attempt.state);
            let takes = {
                let mut state = self.state.lock().unwrap();
                state.authorized.push((request.attempt.to_string(), request.ask));
                state.takes
            };
            tokio::time::sleep(takes).await;
            let answer = self.state.lock().unwrap().answers.pop_front();
            answer.unwrap_or_else(|| approved(request))
        })
    }

    fn capture<'a>(&'a self, request: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async move {
            self.must_be_durable(Capture::key(&request.capture)).await;
            self.state.lock().unwrap().captured.push(request.amount.minor());
            AskedOutcome::Succeeded { reference: request.capture.to_string() }
        })
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async move {
            self.must_be_durable(Refund::key(&request.refund)).await;
            self.state.lock().unwrap().refunded.push(request.amount.minor());
            AskedOutcome::Succeeded { reference: request.refund.to_string() }
        })
    }

    fn complaints<'a>(&'a self, _: &'a ComplaintsRequest) -> WorldFuture<'a, ComplaintsOutcome> {
        Box::pin(std::future::ready(ComplaintsOutcome::Known(Complaints::default())))
    }

    fn respond<'a>(&'a self, request: &'a RespondRequest) -> WorldFuture<'a, ResponseOutcome> {
        self.note("respond", request.ask);
        Box::pin(std::future::ready(ResponseOutcome::Unknown))
    }

    fn payout<'a>(&'a self, request: &'a PayoutRequest) -> WorldFuture<'a, PayoutOutcome> {
        self.note("payout", request.ask);
        Box::pin(std::future::ready(PayoutOutcome::Unknown))
    }

    fn save_card<'a>(&'a self, request: &'a SaveCardRequest) -> WorldFuture<'a, SaveOutcome> {
        self.note("save_card", request.ask);
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
        event: &'a Event,
    ) -> WorldFuture<'a, DeliveryOutcome> {
        Box::pin(async move {
            let sent = (endpoint.url.clone(), event.clone());
            self.state.lock().unwrap().delivered.push(sent);
            if endpoint.url.starts_with(HANGS) {
                std::future::pending::<()>().await;
            }
            DeliveryOutcome::Accepted { status: 200 }
        })
    }

    fn move_clock(&self, ahead: Span) -> WorldFuture<'_, bool> {
        self.state.lock().unwrap().clock.push(ahead);
        Box::pin(std::future::ready(true))
    }
}
