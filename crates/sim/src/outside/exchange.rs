//! One exchange with the processor: there, perhaps done, and back, with all that may go wrong.

use std::time::Duration;

use holdfast_core::dispute::report::ResponseOutcome;
use holdfast_core::effect::Ask;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::AuthorizationOutcome;
use holdfast_core::payment::method::SaveOutcome;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::time::{Span, Timestamp};

use super::Outside;
use crate::faults::CallFault;
use crate::processor::{Look, Request};

/// What became of one exchange with the processor.
pub(super) enum Heard<T> {
    Answer(T),
    NeverSent,
    Nothing,
}

/// What the program is told where the processor told it nothing.
pub(super) trait Unheard {
    /// A look found that the request never arrived.
    const NOT_FOUND: Self;
    /// No byte left.
    const NEVER_SENT: Self;
    /// Anything may have happened.
    const UNKNOWN: Self;
}

impl Outside {
    /// Asks the processor as `ask` says: sends, looks, or looks and then sends what never arrived.
    pub(super) async fn ask<T: Unheard>(
        &self,
        ask: Ask,
        request: Request,
        look: impl Fn(Timestamp) -> Look<T>,
        deliver: impl Fn(Timestamp) -> T,
    ) -> T {
        if ask != Ask::First {
            match (self.look(look).await, ask) {
                (Heard::Answer(Look::Found(outcome)), _) => return outcome,
                (Heard::Answer(Look::Nothing), Ask::Again) => {}
                (Heard::Answer(Look::Nothing), Ask::First | Ask::Look) => return T::NOT_FOUND,
                (Heard::NeverSent | Heard::Nothing, _) => return T::UNKNOWN,
            }
        }
        match self.send(request, deliver).await {
            Heard::Answer(outcome) => outcome,
            Heard::NeverSent if ask == Ask::First => T::NEVER_SENT,
            // An earlier request may have left.
            Heard::NeverSent | Heard::Nothing => T::UNKNOWN,
        }
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
    pub(super) async fn look<T>(&self, find: impl Fn(Timestamp) -> Look<T>) -> Heard<Look<T>> {
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
}

impl Unheard for AuthorizationOutcome {
    const NOT_FOUND: Self = AuthorizationOutcome::NotFound;
    const NEVER_SENT: Self = AuthorizationOutcome::NeverSent;
    const UNKNOWN: Self = AuthorizationOutcome::Unknown;
}

impl Unheard for VerificationOutcome {
    const NOT_FOUND: Self = VerificationOutcome::NotFound;
    const NEVER_SENT: Self = VerificationOutcome::NeverSent;
    const UNKNOWN: Self = VerificationOutcome::Unknown;
}

impl Unheard for AskedOutcome {
    const NOT_FOUND: Self = AskedOutcome::Unknown;
    const NEVER_SENT: Self = AskedOutcome::NeverSent;
    const UNKNOWN: Self = AskedOutcome::Unknown;
}

impl Unheard for PayoutOutcome {
    const NOT_FOUND: Self = PayoutOutcome::Unknown;
    const NEVER_SENT: Self = PayoutOutcome::NeverSent;
    const UNKNOWN: Self = PayoutOutcome::Unknown;
}

impl Unheard for ResponseOutcome {
    const NOT_FOUND: Self = ResponseOutcome::Unknown;
    const NEVER_SENT: Self = ResponseOutcome::NeverSent;
    const UNKNOWN: Self = ResponseOutcome::Unknown;
}

impl Unheard for SaveOutcome {
    const NOT_FOUND: Self = SaveOutcome::Unknown;
    const NEVER_SENT: Self = SaveOutcome::Unknown;
    const UNKNOWN: Self = SaveOutcome::Unknown;
}

fn span(time: Duration) -> Span {
    Span::from_ms(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}
