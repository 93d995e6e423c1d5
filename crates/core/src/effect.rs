//! Effects: what is to be done outside, committed before it is done. Timers are effects too.

use serde::{Deserialize, Serialize};

use crate::id::{
    AttemptId, CaptureId, CheckoutSessionId, EffectId, EventId, OrderId, RefundId,
    WebhookEndpointId,
};
use crate::money::Money;
use crate::payment::card::CardToken;
use crate::payment::refund::RefundMethod;
use crate::row::RowKey;
use crate::time::{Span, Timestamp};

/// Something to do outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Its id. The command that records its outcome removes it.
    pub id: EffectId,
    /// When it is due.
    pub due: Timestamp,
    /// What to do, whole: performing it reads nothing else.
    pub kind: EffectKind,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// Ask the processor for an authorization, or look up what became of it.
    Authorize(AuthorizeRequest),
    /// Take a part of an authorization.
    Capture(CaptureRequest),
    /// Give money back.
    Refund(RefundRequest),
    /// Post an event to a receiver.
    Deliver(DeliverRequest),
    /// Tell the sandbox's processor what time it is.
    MoveClock {
        /// How far it is ahead of the system's clock.
        ahead: Span,
    },
    /// Let the core know that a moment has come.
    Timer(Timer),
}

/// How a processor is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// For the first time: just send.
    First,
    /// Again after an unknown outcome: look it up, and send again only if it never arrived.
    Again,
    /// Only look it up.
    Look,
}

/// An authorization to ask for. Our reference and idempotency key is the attempt's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizeRequest {
    /// The attempt.
    pub attempt: AttemptId,
    /// The card.
    pub token: CardToken,
    /// How much.
    pub amount: Money,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<String>,
    /// How to ask.
    pub ask: Ask,
}

/// A capture to ask for. Our reference and idempotency key is the capture's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureRequest {
    /// The capture.
    pub capture: CaptureId,
    /// The processor's name of the authorization.
    pub authorization: String,
    /// How much.
    pub amount: Money,
    /// How to ask.
    pub ask: Ask,
}

/// A refund to ask for. Our reference and idempotency key is the refund's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// The refund.
    pub refund: RefundId,
    /// The processor's name of the authorization.
    pub authorization: String,
    /// How much.
    pub amount: Money,
    /// Whether the money was taken already.
    pub method: RefundMethod,
    /// How to ask.
    pub ask: Ask,
}

/// An event to post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverRequest {
    /// The first effect of this delivery, which names its row.
    pub delivery: EffectId,
    /// The receiver.
    pub endpoint: WebhookEndpointId,
    /// The event.
    pub event: EventId,
    /// How often it was tried before.
    pub tries: u32,
}

/// The moments that the core wants to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// The seller should have shipped.
    ShipBy(OrderId),
    /// The seller should have answered the buyer's wish to cancel.
    CancelSilence(OrderId),
    /// The buyer's protection is over.
    ProtectionEnd(OrderId),
    /// The authorization nears its end.
    AuthorizationEnding(AttemptId),
    /// The pay page closes.
    SessionEnd(CheckoutSessionId),
}

impl Timer {
    /// The row that the moment is about.
    pub fn subject(&self) -> RowKey {
        match self {
            Timer::ShipBy(order) | Timer::CancelSilence(order) | Timer::ProtectionEnd(order) => {
                RowKey::Order(*order)
            }
            Timer::AuthorizationEnding(attempt) => RowKey::Attempt(*attempt),
            Timer::SessionEnd(session) => RowKey::CheckoutSession(*session),
        }
    }
}

/// Which queue an effect waits in, so that one kind of slowness does not delay the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Calls of the processor.
    Processor,
    /// Calls of the platform's own receivers.
    Webhook,
    /// Nothing outside at all.
    Internal,
}

impl EffectKind {
    /// The queue that the effect waits in.
    pub fn lane(&self) -> Lane {
        match self {
            EffectKind::Authorize(_)
            | EffectKind::Capture(_)
            | EffectKind::Refund(_)
            | EffectKind::MoveClock { .. } => Lane::Processor,
            EffectKind::Deliver(_) => Lane::Webhook,
            EffectKind::Timer(_) => Lane::Internal,
        }
    }

    /// The name that people and metrics use.
    pub fn name(&self) -> &'static str {
        match self {
            EffectKind::Authorize(_) => "authorize",
            EffectKind::Capture(_) => "capture",
            EffectKind::Refund(_) => "refund",
            EffectKind::Deliver(_) => "deliver",
            EffectKind::MoveClock { .. } => "move_clock",
            EffectKind::Timer(_) => "timer",
        }
    }
}
