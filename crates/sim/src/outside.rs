//! The world as the engine reaches it: the processor and the receivers, behind a network that
//! loses, delays and repeats.

mod exchange;

use std::sync::Arc;

use holdfast_core::command::DeliveryOutcome;
use holdfast_core::dispute::command::{ComplaintsRequest, RespondRequest};
use holdfast_core::dispute::report::{ComplaintsOutcome, ResponseOutcome};
use holdfast_core::effect::{
    AuthorizeRequest, CaptureRequest, HoldRequest, PayoutRequest, RefundRequest, SaveCardRequest,
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
use crate::processor::{Look, Processor, Request, kind_of, kind_of_change};
use crate::receivers::Receivers;
use crate::trace::Trace;

use exchange::Heard;

/// The outside during one life of the program.
pub(crate) struct Outside {
    pub(crate) processor: Arc<Processor>,
    pub(crate) receivers: Arc<Receivers>,
    pub(crate) machine: Arc<Machine>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) trace: Arc<Trace>,
}

impl Outside {
    fn now(&self) -> Timestamp {
        self.machine.now()
    }

    fn told(&self, what: std::fmt::Arguments<'_>) {
        self.trace.line(self.now(), what);
    }
}

impl World for Outside {
    fn authorize<'a>(
        &'a self,
        request: &'a AuthorizeRequest,
    ) -> WorldFuture<'a, AuthorizationOutcome> {
        Box::pin(async move {
            let (attempt, ask) = (request.attempt, request.ask);
            let look = |now| self.processor.look_at_authorization(now, request);
            let deliver = |now| self.processor.authorize(now, request);
            let wire = Request::Authorize(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
            self.told(format_args!("authorize {attempt} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn capture<'a>(&'a self, request: &'a CaptureRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async move {
            let (capture, ask) = (request.capture, request.ask);
            let look = |now| self.processor.look_at_movement(now, Kind::Capture, &capture);
            let deliver = |now| self.processor.capture(now, request);
            let wire = Request::Capture(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
            self.told(format_args!("capture {capture} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn change_hold<'a>(&'a self, request: &'a HoldRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async move {
            let (reference, ask) = (request.own_reference(), request.ask);
            let kind = kind_of_change(request.change);
            let look = |now| self.processor.look_at_movement(now, kind, &reference);
            let deliver = |now| self.processor.change_hold(now, request);
            let wire = Request::Hold(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
            self.told(format_args!("{} {reference} {ask:?}: {outcome:?}", kind.name()));
            outcome
        })
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> WorldFuture<'a, AskedOutcome> {
        Box::pin(async move {
            let (refund, ask) = (request.refund, request.ask);
            let kind = kind_of(request.method);
            let look = |now| self.processor.look_at_movement(now, kind, &refund);
            let deliver = |now| self.processor.refund(now, request);
            let wire = Request::Refund(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
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
            let (method, ask) = (request.method, request.ask);
            let look = |now| self.processor.look_at_saved_card(now, request);
            let deliver = |now| self.processor.save_card(now, request);
            let wire = Request::SaveCard(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
            self.told(format_args!("save {method} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn respond<'a>(&'a self, request: &'a RespondRequest) -> WorldFuture<'a, ResponseOutcome> {
        Box::pin(async move {
            let (reference, ask) = (request.own_reference(), request.ask);
            let look = |now| self.processor.look_at_response(now, &reference);
            let deliver = |now| self.processor.respond(now, request);
            let wire = Request::Respond(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
            self.told(format_args!("respond {reference} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn verify<'a>(&'a self, request: &'a VerifyRequest) -> WorldFuture<'a, VerificationOutcome> {
        Box::pin(async move {
            let (attempt, ask) = (request.attempt, request.ask);
            let look = |now| self.processor.look_at_verification(now, request);
            let deliver = |now| self.processor.verify(now, request);
            let wire = Request::Verify(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
            self.told(format_args!("verify {attempt} {ask:?}: {outcome:?}"));
            outcome
        })
    }

    fn payout<'a>(&'a self, request: &'a PayoutRequest) -> WorldFuture<'a, PayoutOutcome> {
        Box::pin(async move {
            let (payout, ask) = (request.payout, request.ask);
            let look = |now| self.processor.look_at_payout(now, request);
            let deliver = |now| self.processor.pay_out(now, request);
            let wire = Request::Payout(request.clone());
            let outcome = self.ask(ask, wire, look, deliver).await;
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
