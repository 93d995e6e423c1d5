//! What the processor does with a request, and what it finds under a reference.

use holdfast_core::effect::{
    AuthorizeRequest, CaptureRequest, HoldChange, HoldRequest, RefundRequest,
};
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::AuthorizationOutcome;
use holdfast_core::payment::notes::ThreeDSecure;
use holdfast_core::payment::refund::RefundMethod;
use holdfast_core::time::Timestamp;
use holdfast_sandbox::network::authorization::Kind;
use holdfast_sandbox::network::authorize::{Authorize, Purpose, ThreeDs};
use holdfast_sandbox::network::card::Card;
use holdfast_sandbox::network::idempotency::{Fingerprint, Stamp};
use holdfast_sandbox::network::movement::{Move, Wanted};
use holdfast_sandbox::network::profile::Profile;

use super::answer::{self, Telling};
use super::{Books, Processor, Request};

/// What a look finds.
#[derive(Debug)]
pub(crate) enum Look<T> {
    /// This is what became of it.
    Found(T),
    /// It was never received.
    Nothing,
}

impl Processor {
    /// Receives the wish to charge a card.
    pub(crate) fn authorize(
        &self,
        now: Timestamp,
        request: &AuthorizeRequest,
    ) -> AuthorizationOutcome {
        self.books().authorize(now, request)
    }

    /// Receives the wish to take a part of an authorization.
    pub(crate) fn capture(&self, now: Timestamp, request: &CaptureRequest) -> AskedOutcome {
        self.books().capture(now, request)
    }

    /// Receives the wish to hold more, or to ask no more.
    pub(crate) fn change_hold(&self, now: Timestamp, request: &HoldRequest) -> AskedOutcome {
        self.books().change_hold(now, request)
    }

    /// Receives the wish to give money back.
    pub(crate) fn refund(&self, now: Timestamp, request: &RefundRequest) -> AskedOutcome {
        self.books().refund(now, request)
    }

    /// Looks an authorization up.
    pub(crate) fn look_at_authorization(
        &self,
        now: Timestamp,
        request: &AuthorizeRequest,
    ) -> Look<AuthorizationOutcome> {
        let mut books = self.books();
        books.settle(now);
        match books.network.find_authorization(&request.attempt.to_string()) {
            None => Look::Nothing,
            Some(index) => {
                let found = books.network.authorization(index);
                let network = &books.network;
                Look::Found(answer::authorization(network, found, request.amount, Telling::Now))
            }
        }
    }

    /// Looks a capture, a void or a refund up.
    pub(crate) fn look_at_movement(
        &self,
        now: Timestamp,
        kind: Kind,
        reference: &impl ToString,
    ) -> Look<AskedOutcome> {
        let mut books = self.books();
        books.settle(now);
        match books.network.find_movement(kind, &reference.to_string()) {
            None => Look::Nothing,
            Some(index) => {
                Look::Found(answer::movement(books.network.movement(index), Telling::Now))
            }
        }
    }
}

/// What a refund is at the network.
pub(crate) fn kind_of(method: RefundMethod) -> Kind {
    match method {
        RefundMethod::Reversal => Kind::Void,
        RefundMethod::Return => Kind::Refund,
    }
}

/// What a change of a hold is at the network.
pub(crate) fn kind_of_change(change: HoldChange) -> Kind {
    match change {
        HoldChange::Raise(_) => Kind::Increment,
        HoldChange::GiveUp { .. } => Kind::Void,
    }
}

impl Books {
    pub(super) fn issue_token(&mut self, now: Timestamp, profile: &str) -> Option<String> {
        let card = Card::of_profile(Profile::named(profile)?);
        let seed = self.seed();
        let stamp = stamp("token", &seed.id("key_"));
        let change = self.network.issue_token(now, card, &stamp, &seed).ok()?;
        Some(self.apply(now, change).to_string())
    }

    /// Receives what the network has held back.
    pub(super) fn receive_late(&mut self, now: Timestamp, is_due: impl Fn(Timestamp) -> bool) {
        let late = std::mem::take(&mut self.late);
        let (due, waiting): (Vec<_>, Vec<_>) = late.into_iter().partition(|(at, _)| is_due(*at));
        self.late.extend(waiting);
        for (_, request) in due {
            match request {
                Request::Authorize(request) => drop(self.authorize(now, &request)),
                Request::Capture(request) => drop(self.capture(now, &request)),
                Request::Hold(request) => drop(self.change_hold(now, &request)),
                Request::Refund(request) => drop(self.refund(now, &request)),
                Request::Payout(request) => drop(self.pay_out(now, &request)),
                Request::Respond(request) => drop(self.respond(now, &request)),
                Request::SaveCard(request) => drop(self.save_card(now, &request)),
                Request::Verify(request) => drop(self.verify(now, &request)),
            }
        }
    }

    fn authorize(&mut self, now: Timestamp, request: &AuthorizeRequest) -> AuthorizationOutcome {
        self.settle(now);
        let reference = request.attempt.to_string();
        let wish = Authorize {
            reference: reference.as_str().into(),
            token: request.token.reveal().into(),
            amount: request.amount.minor(),
            currency: request.amount.currency(),
            descriptor: request.descriptor.as_str().into(),
            return_url: request.return_url.as_deref().map(Into::into),
            three_ds: match request.three_d_secure {
                ThreeDSecure::Automatic => ThreeDs::Automatic,
                ThreeDSecure::Any | ThreeDSecure::Challenge => ThreeDs::Any,
            },
            off_session: request.off_session,
            save: request.save,
            incremental: request.incremental,
            moto: request.moto,
            network: request.network.as_deref().map(Into::into),
            capture: request
                .capture
                .filter(|_| self.takes_at_once)
                .map(|capture| capture.to_string().as_str().into()),
            purpose: Purpose::Payment,
        };
        let (seed, at) = (self.seed(), self.now(now));
        let change = self.network.authorize(at, &wish, &stamp("authorize", &reference), &seed);
        match change {
            Err(refusal) => answer::refused(refusal),
            Ok(change) => {
                let index = self.apply(now, change);
                let made = self.network.authorization(index);
                answer::authorization(&self.network, made, request.amount, Telling::First)
            }
        }
    }

    pub(super) fn let_go(&mut self, now: Timestamp, reference: &str) {
        self.settle(now);
        let Some(index) = self.network.find_authorization(reference) else { return };
        let id = self.network.authorization(index).id.to_string();
        let own = format!("back office {}", self.seed().id(""));
        self.move_money(now, &id, &own, Wanted::Void { amount: None });
    }

    fn capture(&mut self, now: Timestamp, request: &CaptureRequest) -> AskedOutcome {
        let (amount, currency) = (request.amount.minor(), request.amount.currency());
        let what = Wanted::Capture { amount, currency, last: false };
        self.move_money(now, &request.authorization, &request.capture.to_string(), what)
    }

    fn change_hold(&mut self, now: Timestamp, request: &HoldRequest) -> AskedOutcome {
        let (amount, currency) = (request.amount.minor(), request.amount.currency());
        let what = match request.change {
            HoldChange::Raise(_) => Wanted::Increment { amount, currency },
            HoldChange::GiveUp { .. } => Wanted::GiveUp { amount },
        };
        self.move_money(now, &request.authorization, &request.own_reference(), what)
    }

    fn refund(&mut self, now: Timestamp, request: &RefundRequest) -> AskedOutcome {
        let (amount, currency) = (request.amount.minor(), request.amount.currency());
        let what = match request.method {
            RefundMethod::Reversal => Wanted::Void { amount: Some(amount) },
            RefundMethod::Return => Wanted::Refund { amount, currency },
        };
        self.move_money(now, &request.authorization, &request.refund.to_string(), what)
    }

    fn move_money(
        &mut self,
        now: Timestamp,
        authorization: &str,
        reference: &str,
        what: Wanted,
    ) -> AskedOutcome {
        self.settle(now);
        let wish = Move { authorization: authorization.into(), reference: reference.into(), what };
        let (seed, at) = (self.seed(), self.now(now));
        match self.network.move_money(at, &wish, &stamp(what.kind().name(), reference), &seed) {
            // It answers such a request with an error that is neither a yes nor a no.
            Err(_) => AskedOutcome::Unknown,
            Ok(change) => {
                let index = self.apply(now, change);
                answer::movement(self.network.movement(index), Telling::First)
            }
        }
    }
}

/// Our references are our idempotency keys, and the same request is the same to the byte.
pub(super) fn stamp(operation: &str, reference: &str) -> Stamp {
    let fingerprint = Fingerprint::of(operation, reference.as_bytes());
    Stamp { key: reference.into(), fingerprint }
}
