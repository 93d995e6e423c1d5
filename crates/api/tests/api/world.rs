//! A bank that does as the card's token says, and a machine with a clock and numbers of its own.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use holdfast_core::bank::BankBehaviour;
use holdfast_core::command::DeliveryOutcome;
use holdfast_core::dispute::command::{ComplaintsRequest, RespondRequest};
use holdfast_core::dispute::report::{ComplaintsOutcome, ResponseOutcome};
use holdfast_core::effect::{
    Ask, AuthorizeRequest, CaptureRequest, HoldRequest, PayoutRequest, RefundRequest,
    SaveCardRequest, VerifyRequest,
};
use holdfast_core::event::Event;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Challenge, Decline};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken, KnownToken, TokenSeen};
use holdfast_core::payment::method::{SaveOutcome, SavedCard};
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::time::{Span, Timestamp};
use holdfast_core::webhook::WebhookEndpoint;
use holdfast_engine::{System, World, WorldFuture};
use tokio::sync::Notify;

use crate::disputing::Desk;

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
    /// What it was asked to authorize.
    pub(crate) authorized: Mutex<Vec<AuthorizeRequest>>,
    /// What it was asked to hold more, or to ask no more. It does not hold 666.00 more.
    pub(crate) held: Mutex<Vec<HoldRequest>>,
    /// What it was asked to verify.
    pub(crate) verified: Mutex<Vec<VerifyRequest>>,
    /// Whether refunds are left without an answer.
    pub(crate) refunds_unanswered: AtomicBool,
    /// Whether payouts are there at once.
    pub(crate) payouts_arrived: AtomicBool,
    /// What webhooks were sent: to where, and the event.
    pub(crate) delivered: Mutex<Vec<(String, Event)>>,
    /// The most signatures that a delivery was sent with.
    pub(crate) signatures: AtomicUsize,
    /// What cardholders dispute.
    pub(crate) disputes: Desk,
    /// Lets `tok_slow` and `tok_reluctant` go on.
    pub(crate) go_on: Notify,
    /// Rung when one of them is being asked about. The first is agreed to; the second may not
    /// become a customer's when that is asked for the first time.
    pub(crate) asked: Notify,
}

impl World for Bank {
    fn authorize<'a>(
        &'a self,
        request: &'a AuthorizeRequest,
    ) -> WorldFuture<'a, AuthorizationOutcome> {
        self.authorized.lock().unwrap().push(request.clone());
        Box::pin(async move {
            self.disputes.note(request);
            match profile(&request.token) {
                "tok_threeDSecureRequired" if request.off_session || request.moto => {
                    declined("authentication_required", Some("authentication_required"))
                }
                "tok_chargeDeclined" => declined("card_declined", Some("generic_decline")),
                "tok_insufficientFunds" => declined("card_declined", Some("insufficient_funds")),
                "tok_chargeDeclinedExpiredCard" => declined("expired_card", None),
                "tok_sepaDebit_succeeds" if request.ask != Ask::First => approved(request),
                "tok_sepaDebit_fails" if request.ask != Ask::First => {
                    declined("card_declined", Some("generic_decline"))
                }
                "tok_sepaDebit_succeeds" | "tok_sepaDebit_fails" => {
                    let card = CardSummary { brand: "sepa_debit".into(), ..card() };
                    AuthorizationOutcome::Pending { card }
                }
                "tok_silent" => AuthorizationOutcome::Unknown,
                "tok_threeDSecureRequired" => self.challenged(request),
                "tok_slow" => {
                    self.considered().await;
                    approved(request)
                }
                _ => approved(request),
            }
        })
    }

    fn complaints<'a>(
        &'a self,
        request: &'a ComplaintsRequest,
    ) -> WorldFuture<'a, ComplaintsOutcome> {
        let complaints = self.disputes.complaints(&request.attempt.to_string());
        Box::pin(std::future::ready(ComplaintsOutcome::Known(complaints)))
    }

    fn respond<'a>(&'a self, request: &'a RespondRequest) -> WorldFuture<'a, ResponseOutcome> {
        Box::pin(std::future::ready(self.disputes.respond(request)))
    }

    fn capture<'a>(&'a self, request: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome> {
        self.disputes.taken(request);
        Box::pin(async { AskedOutcome::Succeeded { reference: "sbc_1".into() } })
    }

    fn change_hold<'a>(&'a self, request: &'a HoldRequest) -> WorldFuture<'a, AskedOutcome> {
        self.held.lock().unwrap().push(request.clone());
        let outcome = match request.amount.minor() {
            66_600 => AskedOutcome::Failed { code: "insufficient_funds".into() },
            66_601 => AskedOutcome::Failed { code: "not_incremental".into() },
            66_602 => AskedOutcome::Unknown,
            _ => AskedOutcome::Succeeded { reference: "sbi_1".into() },
        };
        Box::pin(async { outcome })
    }

    fn refund<'a>(&'a self, _: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome> {
        let outcome = if self.refunds_unanswered.load(Ordering::Relaxed) {
            AskedOutcome::Unknown
        } else {
            AskedOutcome::Succeeded { reference: "sbr_1".into() }
        };
        Box::pin(async { outcome })
    }

    fn save_card<'a>(&'a self, request: &'a SaveCardRequest) -> WorldFuture<'a, SaveOutcome> {
        Box::pin(async move {
            if request.check && profile(&request.token).ends_with("_chargeDeclined") {
                return SaveOutcome::Failed(decline("card_declined", Some("generic_decline")));
            }
            if request.round > 0 && profile(&request.token) == "tok_hesitant" {
                return SaveOutcome::Unknown;
            }
            if request.check && request.round > 0 {
                match profile(&request.token) {
                    "tok_slow" => self.considered().await,
                    "tok_reluctant" if request.round == 1 => {
                        self.considered().await;
                        let decline = decline("card_declined", Some("generic_decline"));
                        return SaveOutcome::Failed(decline);
                    }
                    _ => {}
                }
            }
            match request.token.reveal() {
                "tok_unheardOf" => SaveOutcome::Failed(decline("resource_missing", None)),
                "tok_silent" => SaveOutcome::Unknown,
                _ => SaveOutcome::Saved(saved(&request.token)),
            }
        })
    }

    fn verify<'a>(&'a self, request: &'a VerifyRequest) -> WorldFuture<'a, VerificationOutcome> {
        self.verified.lock().unwrap().push(request.clone());
        Box::pin(async move {
            let given = self.codes_given.load(Ordering::Relaxed) && request.ask != Ask::First;
            match profile(&request.token) {
                "tok_chargeDeclined" => VerificationOutcome::Declined {
                    decline: decline("card_declined", Some("generic_decline")),
                    card: Some(card()),
                },
                "tok_silent" => VerificationOutcome::Unknown,
                "tok_threeDSecureRequired" if !given => {
                    let (challenge, card) = (challenge(), card());
                    VerificationOutcome::Challenged { challenge, card }
                }
                _ => VerificationOutcome::Verified(saved(&request.token)),
            }
        })
    }

    fn token<'a>(&'a self, token: &'a CardToken) -> WorldFuture<'a, TokenSeen> {
        let known = |name: Option<&str>, created, used| {
            let name = name.map(str::to_owned);
            TokenSeen::Known(KnownToken { card: card(), name, created, used })
        };
        let made = Some(Timestamp::from_ms(START_MS));
        let seen = match token.reveal() {
            "tok_1unused" => known(Some("Ada Lovelace"), made, false),
            "tok_1used" => known(None, made, true),
            "tok_unheardOf" => TokenSeen::NotFound,
            "tok_silent" => TokenSeen::Unknown,
            _ => known(None, None, false),
        };
        Box::pin(async { seen })
    }

    fn payout<'a>(&'a self, request: &'a PayoutRequest) -> WorldFuture<'a, PayoutOutcome> {
        let reference = format!("sbo_{}", request.payout);
        let answered = self.payouts_arrived.load(Ordering::Relaxed) || request.ask == Ask::Look;
        let arrives_at = Timestamp::from_ms(START_MS).after(Span::days(4));
        let outcome = match request.account {
            BankBehaviour::Pays if answered => PayoutOutcome::Paid { reference },
            BankBehaviour::Pays => PayoutOutcome::Accepted { reference, arrives_at },
            BankBehaviour::NoAccount
            | BankBehaviour::AccountClosed
            | BankBehaviour::InsufficientFunds
            | BankBehaviour::DebitNotAuthorized
            | BankBehaviour::InvalidCurrency => {
                PayoutOutcome::Failed { code: request.account.name().into() }
            }
        };
        Box::pin(async { outcome })
    }

    fn deliver<'a>(
        &'a self,
        endpoint: &'a WebhookEndpoint,
        event: &'a Event,
    ) -> WorldFuture<'a, DeliveryOutcome> {
        Box::pin(async {
            if endpoint.url.contains("/hangs") {
                std::future::pending::<()>().await;
            }
            let secrets = endpoint.secrets(Timestamp::from_ms(START_MS)).len();
            self.signatures.fetch_max(secrets, Ordering::Relaxed);
            self.delivered.lock().unwrap().push((endpoint.url.clone(), event.clone()));
            if endpoint.url.contains("/fails") {
                return DeliveryOutcome::Refused { status: Some(503) };
            }
            DeliveryOutcome::Accepted { status: 200 }
        })
    }

    fn move_clock(&self, _: Span) -> WorldFuture<'_, bool> {
        Box::pin(async { true })
    }
}

impl Bank {
    async fn considered(&self) {
        self.asked.notify_one();
        self.go_on.notified().await;
    }

    fn challenged(&self, request: &AuthorizeRequest) -> AuthorizationOutcome {
        if request.ask != Ask::First && self.codes_given.load(Ordering::Relaxed) {
            return approved(request);
        }
        AuthorizationOutcome::Challenged { challenge: challenge(), card: card() }
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
    let authorization = authorization.with_saved(request.save.then(|| saved(&request.token).token));
    let authorization = authorization.growing_up_to(if request.incremental { 10 } else { 0 });
    let at_once = request.token.reveal() == "pm_card_bypassPending";
    let authorization = authorization.settling_at_once(at_once);
    let capture = request.capture.map(|capture| format!("sbp_{capture}"));
    AuthorizationOutcome::Approved { authorization, capture, card: card() }
}

fn declined(code: &str, reason: Option<&str>) -> AuthorizationOutcome {
    AuthorizationOutcome::Declined { decline: decline(code, reason), card: Some(card()) }
}

fn decline(code: &str, reason: Option<&str>) -> Decline {
    Decline {
        code: code.into(),
        decline_code: reason.map(str::to_owned),
        advice: Some("try_again_later".into()),
        network_code: Some("51".into()),
    }
}

fn challenge() -> Challenge {
    let url = "http://127.0.0.1:4004/challenge/1".into();
    Challenge {
        url,
        expires_at: Timestamp::from_ms(START_MS).after(Span::hours(1)),
        authorization: Some("sba_asked".into()),
    }
}

/// The bank keeps a card under a name that says which it is.
fn saved(token: &CardToken) -> SavedCard {
    let name = profile(token);
    SavedCard { token: CardToken::new(format!("sbk_{name}")), summary: card() }
}

/// The card behind a token: one of its own, or one that is kept.
fn profile(token: &CardToken) -> &str {
    token.reveal().strip_prefix("sbk_").unwrap_or(token.reveal())
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
        fingerprint: Some("abcdefghijklmnop".into()),
        co_brand: None,
    }
}
