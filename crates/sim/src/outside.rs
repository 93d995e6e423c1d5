//! The world as the engine reaches it: the processor and the receivers, behind a network that
//! loses, delays and repeats.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::command::DeliveryOutcome;
use holdfast_core::dispute::command::{ComplaintsRequest, RespondRequest};
use holdfast_core::dispute::report::{ComplaintsOutcome, ResponseOutcome};
use holdfast_core::effect::{
    Ask, AuthorizeRequest, CaptureRequest, PayoutRequest, RefundRequest, SaveCardRequest,
    VerifyRequest,
};
use holdfast_core::event::Event;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::AuthorizationOutcome;
use holdfast_core::payment::method::SaveOutcome;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::time::{Span, Timestamp};
use holdfast_core::webhook::WebhookEndpoint;
use holdfast_engine::{System, World, WorldFuture};
use holdfast_sandbox::network::authorization::Kind;

use crate::faults::{CallFault, Faults};
use crate::machine::Machine;
use crate::processor::{Look, Processor, Request, kind_of};
use crate::receivers::Receivers;
use crate::trace::Trace;

/// The outside during one life of the program.
pub(crate) struct Outside {
    pub(crate) processor: Arc<Processor>,
    pub(crate) receivers: Arc<Receivers>,
    pub(crate) machine: Arc<Machine>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) trace: Arc<Trace>,
}

/// What became of one exchange with the processor.
enum Heard<T> {
    Answer(T),
    NeverSent,
    Nothing,
}

impl Outside {
    fn now(&self) -> Timestamp {
        self.machine.now()
    }

    /// Sends a request: over there, perhaps done, and back.
    async fn send<T>(&self, request: Request, deliver: impl Fn(Timestamp) -> T) -> Heard<T> {
        let fault = self.faults.of_call(self.now());
        tokio::time::sleep(self.faults.way()).await;
        let answer = match fault {
            CallFault::NeverSent => return Heard::NeverSent,
            CallFault::LostBefore => None,
            CallFault::Late(time) => {
                self.processor.delay(self.now().after(span(time)), request);
                None
            }
            CallFault::LostAfter => {
                deliver(self.now());
                None
            }
            CallFault::Twice => {
                deliver(self.now());
                Some(deliver(self.now()))
            }
            CallFault::None => Some(deliver(self.now())),
        };
        tokio::time::sleep(self.faults.way()).await;
        answer.map_or(Heard::Nothing, Heard::Answer)
    }

    /// Looks something up: there and back, if nothing is lost on either way.
    async fn look<T>(&self, find: impl Fn(Timestamp) -> Look<T>) -> Heard<Look<T>> {
        let fault = self.faults.of_call(self.now());
        tokio::time::sleep(self.faults.way()).await;
        let found = find(self.now());
        tokio::time::sleep(self.faults.way()).await;
        match fault {
            CallFault::None | CallFault::Twice => Heard::Answer(found),
            CallFault::NeverSent => Heard::NeverSent,
            CallFault::LostBefore | CallFault::LostAfter | CallFault::Late(_) => Heard::Nothing,
        }
    }

    async fn send_authorization(&self, request: &AuthorizeRequest) -> Heard<AuthorizationOutcome> {
        let wire = Request::Authorize(request.clone());
        self.send(wire, |now| self.processor.authorize(now, request)).await
    }

    async fn ask_authorization(&self, request: &AuthorizeRequest) -> AuthorizationOutcome {
        if request.ask == Ask::First {
            return match self.send_authorization(request).await {
                Heard::Answer(outcome) => outcome,
                Heard::NeverSent => AuthorizationOutcome::NeverSent,
                Heard::Nothing => AuthorizationOutcome::Unknown,
            };
        }
        let look = |now| self.processor.look_at_authorization(now, request);
        match (self.look(look).await, request.ask) {
            (Heard::Answer(Look::Found(outcome)), _) => outcome,
            (Heard::Answer(Look::Nothing), Ask::Again) => {
                match self.send_authorization(request).await {
                    Heard::Answer(outcome) => outcome,
                    Heard::NeverSent | Heard::Nothing => AuthorizationOutcome::Unknown,
                }
            }
            (Heard::Answer(Look::Nothing), Ask::First | Ask::Look) => {
                AuthorizationOutcome::NotFound
            }
            (Heard::NeverSent | Heard::Nothing, _) => AuthorizationOutcome::Unknown,
        }
    }

    /// Asks for a capture, a void or a refund, as `ask` says.
    async fn ask_movement(
        &self,
        ask: Ask,
        request: Request,
        look: impl Fn(Timestamp) -> Look<AskedOutcome>,
        deliver: impl Fn(Timestamp) -> AskedOutcome,
    ) -> AskedOutcome {
        if ask == Ask::First {
            return match self.send(request, deliver).await {
                Heard::Answer(outcome) => outcome,
                Heard::NeverSent => AskedOutcome::NeverSent,
                Heard::Nothing => AskedOutcome::Unknown,
            };
        }
        match (self.look(look).await, ask) {
            (Heard::Answer(Look::Found(outcome)), _) => outcome,
            (Heard::Answer(Look::Nothing), Ask::Again) => match self.send(request, deliver).await {
                Heard::Answer(outcome) => outcome,
                Heard::NeverSent | Heard::Nothing => AskedOutcome::Unknown,
            },
            (Heard::Answer(Look::Nothing), Ask::First | Ask::Look)
            | (Heard::NeverSent | Heard::Nothing, _) => AskedOutcome::Unknown,
        }
    }

    async fn ask_payout(&self, request: &PayoutRequest) -> PayoutOutcome {
        let look = |now| self.processor.look_at_payout(now, request);
        if request.ask != Ask::First {
            match (self.look(look).await, request.ask) {
                (Heard::Answer(Look::Found(outcome)), _) => return outcome,
                (Heard::Answer(Look::Nothing), Ask::Again) => {}
                (Heard::Answer(Look::Nothing), Ask::First | Ask::Look)
                | (Heard::NeverSent | Heard::Nothing, _) => return PayoutOutcome::Unknown,
            }
        }
        let wire = Request::Payout(request.clone());
        match self.send(wire, |now| self.processor.pay_out(now, request)).await {
            Heard::Answer(outcome) => outcome,
            Heard::NeverSent if request.ask == Ask::First => PayoutOutcome::NeverSent,
            Heard::NeverSent | Heard::Nothing => PayoutOutcome::Unknown,
        }
    }

    async fn ask_response(&self, request: &RespondRequest) -> ResponseOutcome {
        let wire = Request::Respond(request.clone());
        let send = || self.send(wire.clone(), |now| self.processor.respond(now, request));
        if request.ask == Ask::First {
            return match send().await {
                Heard::Answer(outcome) => outcome,
                Heard::NeverSent => ResponseOutcome::NeverSent,
                Heard::Nothing => ResponseOutcome::Unknown,
            };
        }
        let reference = request.own_reference();
        let look = |now| self.processor.look_at_response(now, &reference);
        match (self.look(look).await, request.ask) {
            (Heard::Answer(Look::Found(outcome)), _) => outcome,
            (Heard::Answer(Look::Nothing), Ask::Again) => match send().await {
                Heard::Answer(outcome) => outcome,
                Heard::NeverSent | Heard::Nothing => ResponseOutcome::Unknown,
            },
            (Heard::Answer(Look::Nothing), Ask::First | Ask::Look)
            | (Heard::NeverSent | Heard::Nothing, _) => ResponseOutcome::Unknown,
        }
    }

    fn told(&self, what: std::fmt::Arguments<'_>) {
        self.trace.line(self.now(), what);
    }
}

fn span(time: Duration) -> Span {
    Span::from_ms(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

impl World for Outside {
    fn authorize<'a>(
        &'a self,
        request: &'a AuthorizeRequest,
    ) -> WorldFuture<'a, AuthorizationOutcome> {
        Box::pin(async move {
            let outcome = self.ask_authorization(request).await;
            let (attempt, ask) = (request.attempt, request.ask);
            self.told(format_args!("authorize {attempt} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn capture<'a>(&'a self, request: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async move {
            let (capture, ask) = (request.capture, request.ask);
            let look = |now| self.processor.look_at_movement(now, Kind::Capture, capture);
            let deliver = |now| self.processor.capture(now, request);
            let wire = Request::Capture(request.clone());
            let outcome = self.ask_movement(ask, wire, look, deliver).await;
            self.told(format_args!("capture {capture} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async move {
            let (refund, ask) = (request.refund, request.ask);
            let kind = kind_of(request.method);
            let look = |now| self.processor.look_at_movement(now, kind, refund);
            let deliver = |now| self.processor.refund(now, request);
            let wire = Request::Refund(request.clone());
            let outcome = self.ask_movement(ask, wire, look, deliver).await;
            self.told(format_args!("{} {refund} {ask:?}: {outcome:?}", kind.name()));
            outcome
        })
    }

    fn complaints<'a>(
        &'a self,
        request: &'a ComplaintsRequest,
    ) -> WorldFuture<'a, ComplaintsOutcome> {
        Box::pin(async move {
            let attempt = request.attempt;
            let outcome = match self.look(|now| self.processor.complaints(now, attempt)).await {
                Heard::Answer(Look::Found(complaints)) => ComplaintsOutcome::Known(complaints),
                Heard::Answer(Look::Nothing) | Heard::NeverSent | Heard::Nothing => {
                    ComplaintsOutcome::Unknown
                }
            };
            self.told(format_args!("complaints {attempt} {:?}: {outcome:?}", request.cause));
            outcome
        })
    }

    fn save_card<'a>(&'a self, request: &'a SaveCardRequest) -> WorldFuture<'a, SaveOutcome> {
        Box::pin(async move {
            tokio::time::sleep(self.faults.way()).await;
            let outcome = self.processor.save_card(self.now(), request);
            self.told(format_args!("save {} {:?}: {outcome:?}", request.method, request.ask));
            outcome
        })
    }

    fn respond<'a>(&'a self, request: &'a RespondRequest) -> WorldFuture<'a, ResponseOutcome> {
        Box::pin(async move {
            let outcome = self.ask_response(request).await;
            let (reference, ask) = (request.own_reference(), request.ask);
            self.told(format_args!("respond {reference} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn verify<'a>(&'a self, request: &'a VerifyRequest) -> WorldFuture<'a, VerificationOutcome> {
        Box::pin(async move {
            tokio::time::sleep(self.faults.way()).await;
            let outcome = self.processor.verify(self.now(), request);
            self.told(format_args!("verify {} {:?}: {outcome:?}", request.attempt, request.ask));
            outcome
        })
    }

    fn payout<'a>(&'a self, request: &'a PayoutRequest) -> WorldFuture<'a, PayoutOutcome> {
        Box::pin(async move {
            let outcome = self.ask_payout(request).await;
            let (payout, ask) = (request.payout, request.ask);
            self.told(format_args!("payout {payout} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn deliver<'a>(
        &'a self,
        endpoint: &'a WebhookEndpoint,
        event: &'a Event,
    ) -> WorldFuture<'a, DeliveryOutcome> {
        Box::pin(async move {
            tokio::time::sleep(self.faults.way()).await;
            let fault = self.faults.of_receiver();
            if fault.unwrap_or(true) {
                self.receivers.receive(endpoint.id, event);
            }
            match fault {
                None => DeliveryOutcome::Accepted { status: 200 },
                Some(true) => DeliveryOutcome::Refused { status: None },
                Some(false) => DeliveryOutcome::Refused { status: Some(500) },
            }
        })
    }

    fn move_clock(&self, ahead: Span) -> WorldFuture<'_, bool> {
        Box::pin(async move {
            let fault = self.faults.of_call(self.now());
            tokio::time::sleep(self.faults.way()).await;
            let heard = !matches!(fault, CallFault::NeverSent | CallFault::LostBefore);
            self.processor.move_clock(self.now(), if heard { ahead } else { Span::ZERO });
            self.told(format_args!("clock {} {fault:?}", ahead.ms()));
            fault == CallFault::None || fault == CallFault::Twice
        })
    }
}
