//! Effects: what is to be done outside, committed before it is done. Timers are effects too.

pub(crate) mod ask;

use serde::{Deserialize, Serialize};

use crate::bank::BankBehaviour;
use crate::dispute::command::{ComplaintsRequest, RespondRequest};
use crate::event::Origin;
use crate::id::{
    AttemptId, CaptureId, CheckoutSessionId, EffectId, EventId, IncrementId, OrderId,
    PaymentMethodId, PayoutId, RefundId, ReportRunId, SetupAttemptId, TestClockId,
    WebhookEndpointId,
};
use crate::key::RowKey;
use crate::money::Money;
use crate::payment::card::CardToken;
use crate::payment::notes::ThreeDSecure;
use crate::payment::refund::RefundMethod;
use crate::payout::PayoutMethod;
use crate::time::{Span, Timestamp};

pub use ask::Ask;

/// Something to do outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Its id. The command that records its outcome removes it.
    pub id: EffectId,
    /// When it is due.
    pub due: Timestamp,
    /// What to do, whole: performing it reads nothing else.
    pub kind: EffectKind,
    /// The client's request that asked for it, which the events of its outcome name again. Only
    /// for what a processor is asked: what a timer brings about is nobody's request any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// Ask the processor for an authorization, or look up what became of it.
    Authorize(AuthorizeRequest),
    /// Take a part of an authorization.
    Capture(CaptureRequest),
    /// Raise a hold, or give up the question whether there is to be one.
    Hold(HoldRequest),
    /// Give money back.
    Refund(RefundRequest),
    /// Look what was raised about an authorization.
    Complaints(ComplaintsRequest),
    /// Give evidence to the network, or accept a dispute.
    Respond(RespondRequest),
    /// Make a report from the journal.
    Report(ReportRunId),
    /// Pay a balance out, or look up what became of it.
    Payout(PayoutRequest),
    /// Ask the network to keep a card.
    SaveCard(SaveCardRequest),
    /// Ask a card's bank whether it may be kept, or look up what it said.
    Verify(VerifyRequest),
    /// Post an event to a receiver.
    Deliver(DeliverRequest),
    /// Tell the sandbox's processor what time it is.
    MoveClock {
        /// How far it is ahead of the system's clock.
        ahead: Span,
    },
    /// Let the core know that a moment has come.
    Timer(Timer),
    /// Tell the core what the platform's balance is: something has just become available.
    ReportBalance,
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
    /// Who asks, as the buyer's statement shows it.
    #[serde(default)]
    pub descriptor: String,
    /// Whether the bank is to ask the buyer.
    #[serde(default)]
    pub three_d_secure: ThreeDSecure,
    /// Whether the buyer is away, and so cannot be asked by the bank.
    #[serde(default)]
    pub off_session: bool,
    /// Whether the network is to keep the card when the bank approves.
    #[serde(default)]
    pub save: bool,
    /// Whether the hold is to be one that can grow.
    #[serde(default)]
    pub incremental: bool,
    /// Whether the buyer gave the card by letter or by telephone, and so cannot be asked.
    #[serde(default)]
    pub moto: bool,
    /// Which of the card's networks is to carry it; the card's own choice without one.
    #[serde(default)]
    pub network: Option<String>,
    /// Our reference of the capture of the whole amount that is to come with the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<CaptureId>,
    /// How to ask.
    pub ask: Ask,
}

/// A card to be kept. Our reference and idempotency key is the payment method's id, with the round
/// where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveCardRequest {
    /// The payment method.
    pub method: PaymentMethodId,
    /// The card, by a token that can be used once, or by the one that it is kept under.
    pub token: CardToken,
    /// Whether its bank is to be asked, because the card becomes a customer's.
    #[serde(default)]
    pub check: bool,
    /// The how-manieth question about a kept card it is; 0 for a card that is not kept yet.
    #[serde(default)]
    pub round: u32,
    /// How to ask.
    pub ask: Ask,
}

impl SaveCardRequest {
    /// Our reference and idempotency key.
    pub fn reference(&self) -> String {
        match self.round {
            0 => self.method.to_string(),
            round => format!("{}_{round}", self.method),
        }
    }
}

/// A verification to ask for: an authorization of nothing, after which the network keeps the card.
/// Our reference and idempotency key is the attempt's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyRequest {
    /// The attempt.
    pub attempt: SetupAttemptId,
    /// The card.
    pub token: CardToken,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<String>,
    /// Whether the bank is to ask the buyer.
    #[serde(default)]
    pub three_d_secure: ThreeDSecure,
    /// Whether the buyer gave the card by letter or by telephone, and so cannot be asked.
    #[serde(default)]
    pub moto: bool,
    /// Which of the card's networks is to carry it; the card's own choice without one.
    #[serde(default)]
    pub network: Option<String>,
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

/// A change of what a bank holds, or would hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRequest {
    /// The attempt.
    pub attempt: HoldOf,
    /// The processor's name of the authorization.
    pub authorization: String,
    /// How much more is to be held; what would be held, where that is given up: nothing, where a
    /// card was to be kept.
    pub amount: Money,
    /// What is to become of it.
    pub change: HoldChange,
    /// How to ask.
    pub ask: Ask,
}

/// Whose hold it is, or whose question whether there is to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum HoldOf {
    /// A payment's attempt.
    Payment(AttemptId),
    /// An attempt to keep a card, of which nothing is ever held.
    Setup(SetupAttemptId),
}

impl HoldOf {
    /// The row of the attempt.
    pub fn key(self) -> RowKey {
        match self {
            HoldOf::Payment(attempt) => RowKey::Attempt(attempt),
            HoldOf::Setup(attempt) => RowKey::SetupAttempt(attempt),
        }
    }
}

/// What is to become of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldChange {
    /// The bank is to hold more. The id is our reference and idempotency key.
    Raise(IncrementId),
    /// The cardholder need not be asked any more.
    GiveUp {
        /// How often it was asked for without an answer.
        tries: u32,
        /// When the question runs out by itself.
        until: Timestamp,
    },
}

impl HoldRequest {
    /// Our reference at the processor, and our idempotency key.
    pub fn own_reference(&self) -> String {
        match self.change {
            HoldChange::Raise(increment) => increment.to_string(),
            // One question is asked of a cardholder for each attempt, and given up once.
            HoldChange::GiveUp { .. } => format!("{}_given_up", self.attempt.key().id()),
        }
    }
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

/// A payout to send. Our reference and idempotency key is the payout's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutRequest {
    /// The payout.
    pub payout: PayoutId,
    /// How much.
    pub amount: Money,
    /// How fast.
    pub method: PayoutMethod,
    /// The account, as the sandbox's bank knows it.
    pub account: BankBehaviour,
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
    /// The processor settles what was captured of a charge.
    Settlement(AttemptId),
    /// A clock that moves nothing but itself arrives.
    ClockArrives(TestClockId),
    /// A payout leaves, or should have arrived.
    Payout(PayoutId),
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
            Timer::Settlement(attempt) => RowKey::Sale(*attempt),
            Timer::ClockArrives(clock) => RowKey::TestClock(*clock),
            Timer::Payout(payout) => RowKey::Payout(*payout),
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
    /// Reports, which read much and are in no hurry.
    Report,
    /// Nothing outside at all.
    Internal,
}

impl EffectKind {
    /// The queue that the effect waits in.
    pub fn lane(&self) -> Lane {
        match self {
            EffectKind::Authorize(_)
            | EffectKind::Capture(_)
            | EffectKind::Hold(_)
            | EffectKind::Refund(_)
            | EffectKind::Complaints(_)
            | EffectKind::Respond(_)
            | EffectKind::Payout(_)
            | EffectKind::SaveCard(_)
            | EffectKind::Verify(_)
            | EffectKind::MoveClock { .. } => Lane::Processor,
            EffectKind::Report(_) => Lane::Report,
            EffectKind::Deliver(_) => Lane::Webhook,
            EffectKind::Timer(_) | EffectKind::ReportBalance => Lane::Internal,
        }
    }

    /// The name that people and metrics use.
    pub fn name(&self) -> &'static str {
        match self {
            EffectKind::Authorize(_) => "authorize",
            EffectKind::Capture(_) => "capture",
            EffectKind::Hold(_) => "hold",
            EffectKind::Refund(_) => "refund",
            EffectKind::Complaints(_) => "complaints",
            EffectKind::Respond(_) => "respond",
            EffectKind::Report(_) => "report",
            EffectKind::Payout(_) => "payout",
            EffectKind::SaveCard(_) => "save_card",
            EffectKind::Verify(_) => "verify",
            EffectKind::Deliver(_) => "deliver",
            EffectKind::MoveClock { .. } => "move_clock",
            EffectKind::Timer(_) => "timer",
            EffectKind::ReportBalance => "report_balance",
        }
    }
}
